package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.error.RowCountException;
import dev.howdah.error.SyntaxErrorException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Queries and what they return. */
class QueryIT extends DriverContract {

    @Test
    void rowsComeInOrderAndCanBeReadTwice() {
        Rows rows = db.query("select i, 'item ' || i as name from generate_series(1, $1::int) i order by i", 3);
        assertThat(rows.size()).isEqualTo(3);
        assertThat(rows.commandTag()).isEqualTo("SELECT 3");
        for (int again = 0; again < 2; again++) {
            int expected = 0;
            for (Row row : rows) {
                expected++;
                assertThat(row.getString("name")).isEqualTo("item " + expected);
                assertThat(row.getInt(0)).isEqualTo(expected);
                assertThat(row.getInt("i")).isEqualTo(expected);
            }
            assertThat(expected).isEqualTo(3);
        }
        assertThat(rows.stream().map(row -> row.getLong(0)).toList()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void queryOneWantsExactlyOneRow() {
        assertThat(db.queryOne("select 1, 2").getInt(1)).isEqualTo(2);
        assertThatThrownBy(() -> db.queryOne("select 1 where false")).isInstanceOf(RowCountException.class);
        RowCountException two =
                thrown(RowCountException.class, () -> db.queryOne("select * from generate_series(1, 2)"));
        assertThat(two.actual()).contains("2");
        assertThat(two.delivery()).isEqualTo(Delivery.COMPLETED);
    }

    @Test
    void queryValueIsNullForNullAndForNoRowAndRefusesTwo() {
        assertThat(db.queryValue("select 'x' || $1", String.class, "y")).isEqualTo("xy");
        assertThat(db.queryValue("select null::int", Integer.class)).isNull();
        assertThat(db.queryValue("select 1 where false", Integer.class)).isNull();
        assertThatThrownBy(() -> db.queryValue("values (1), (2)", Integer.class))
                .isInstanceOf(RowCountException.class);
    }

    @Test
    void aLoneNullIsOneNullParameter() {
        assertThat(db.queryValue("select $1::int is null", Boolean.class, (Object[]) null))
                .isTrue();
        assertThat(db.queryValue("select $1::int is null", Boolean.class, (Object) null))
                .isTrue();
    }

    @Test
    void aScriptReturnsTheResultOfEachStatement() {
        List<Result> results = db.script("create temp table script_t (x int); insert into script_t values (1), (2);"
                + "select x from script_t order by x; update script_t set x = x + 1 where x = 1; select 'last' as y");
        assertThat(results)
                .extracting(Result::commandTag)
                .containsExactly("CREATE TABLE", "INSERT 0 2", "SELECT 2", "UPDATE 1", "SELECT 1");
        assertThat(results).extracting(Result::rowCount).containsExactly(-1L, 2L, 2L, 1L, 1L);
        assertThat(results).extracting(Result::hasRows).containsExactly(false, false, true, false, true);
        assertThat(results.get(2).rows().values(Integer.class)).containsExactly(1, 2);
        assertThat(results.get(4).rows().first().getString("y")).isEqualTo("last");
    }

    @Test
    void executeReturnsTheLastResultOfAScript() {
        Result result = db.execute("create temp table last_t (x int); insert into last_t values (1), (2), (3)");
        assertThat(result.rowCount()).isEqualTo(3);
        assertThat(db.execute("update last_t set x = $1 where x > $2", 7, 1).rowCount())
                .isEqualTo(2);
        assertThat(db.execute("delete from last_t where x = $1 returning x", 1)
                        .rows()
                        .first()
                        .getInt("x"))
                .isEqualTo(1);
    }

    @Test
    void aScriptIsOneTransaction() {
        db.execute("create temp table atomic_t (x int)");
        assertThatThrownBy(() -> db.script("insert into atomic_t values (1); select 1 / 0"))
                .hasMessageContaining("22012");
        assertThat(db.queryValue("select count(*) from atomic_t", Long.class)).isZero();
    }

    @Test
    void anEmptyQueryIsNoError() {
        for (String nothing : List.of("", "   ", ";", "-- only a comment")) {
            assertThat(db.query(nothing).isEmpty()).isTrue();
            assertThat(db.execute(nothing).commandTag()).isEmpty();
            assertThat(db.execute(nothing).rowCount()).isEqualTo(-1);
            assertThat(db.execute(nothing).hasRows()).isFalse();
            assertThat(db.script(nothing)).hasSize(1);
        }
        assertThat(db.query("").columns()).isEmpty();
    }

    @Test
    void severalStatementsWithParametersAreRefusedByTheServer() {
        assertThatThrownBy(() -> db.execute("select $1::int; select 2", 1)).isInstanceOf(SyntaxErrorException.class);
    }

    @Test
    void rowsWithoutColumnsAreCounted() {
        db.execute("create temp table no_columns (x int); insert into no_columns values (1), (2), (3)");
        Rows rows = db.query("select from no_columns");
        assertThat(rows.size()).isEqualTo(3);
        assertThat(rows.columns()).isEmpty();
        assertThat(rows.get(2).size()).isZero();
        assertThat(rows.get(2).asMap()).isEmpty();
        assertThat(rows.get(2)).hasToString("[]");
        assertThatThrownBy(() -> rows.first().get(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(db.script("select from no_columns").getFirst().rows().size()).isEqualTo(3);
    }

    @Test
    void columnsOfOneNameAreReachedByIndexAndTheFirstByName() {
        Row row = db.query("select 1 as a, 2 as a, 3 as b").one();
        assertThat(row.getInt("a")).isEqualTo(1);
        assertThat(row.getInt(1)).isEqualTo(2);
        assertThat(row.columns()).extracting(Column::name).containsExactly("a", "a", "b");
        assertThat(row.asMap()).isEqualTo(Map.of("a", 1, "b", 3));
    }

    @Test
    void aMapKeepsTheOrderAndTheNulls() {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("z", 1);
        expected.put("y", null);
        expected.put("x", "three");
        assertThat(db.query("select 1 as z, null::text as y, 'three' as x")
                        .one()
                        .asMap())
                .containsExactlyEntriesOf(expected);
    }

    @Test
    void anUnknownColumnIsNamedTogetherWithThoseThatAreThere() {
        Row row = db.query("select 1 as one, 2 as two").one();
        assertThatThrownBy(() -> row.getInt("tree"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tree")
                .hasMessageContaining("one")
                .hasMessageContaining("two");
        assertThatThrownBy(() -> row.getInt(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> row.getInt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void columnsTellWhereTheyComeFrom() {
        db.execute("create temp table described (id int, name varchar(12), price numeric(8,2))");
        List<Column> columns =
                db.query("select name, price, 1 + id as next from described").columns();
        assertThat(columns).extracting(Column::name).containsExactly("name", "price", "next");
        assertThat(columns).extracting(Column::typeName).containsExactly("varchar", "numeric", "int4");
        assertThat(columns).extracting(Column::tableColumn).containsExactly(2, 3, 0);
        assertThat(columns.get(0).tableOid()).isEqualTo(db.queryValue("select 'described'::regclass::oid", Long.class));
        assertThat(columns.get(0).typeModifier()).isEqualTo(16);
        assertThat(columns.get(2).typeSize()).isEqualTo(4);
    }

    @Test
    void nullAsAPrimitiveNamesTheColumn() {
        Row row = db.query("select 7 as full, null::int as hollow").one();
        assertThatThrownBy(() -> row.getInt("hollow"))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("hollow")
                .hasMessageContaining("NULL");
        assertThatThrownBy(() -> row.getLong(1)).hasMessageContaining("hollow");
        assertThatThrownBy(() -> row.getShort(1)).hasMessageContaining("hollow");
        assertThatThrownBy(() -> row.getDouble(1)).hasMessageContaining("hollow");
        assertThatThrownBy(() -> row.getFloat(1)).hasMessageContaining("hollow");
        assertThatThrownBy(() -> row.getBoolean(1)).hasMessageContaining("hollow");
        assertThat(row.isNull("hollow")).isTrue();
        assertThat(row.isNull("full")).isFalse();
        assertThat(row.get("hollow", Integer.class)).isNull();
        assertThat(row.get("hollow")).isNull();
        assertThat(row.getString("hollow")).isNull();
        assertThat(row.getBytes("hollow")).isNull();
        assertThat(row.getBigDecimal("hollow")).isNull();
    }

    @Test
    void aNumberThatDoesNotFitIsRefusedNotCut() {
        Row row = db.query("select 2147483648 as big, 9223372036854775807 as max, 1e30::numeric as huge, 1.5 as half")
                .one();
        assertThat(row.getLong("big")).isEqualTo(2_147_483_648L);
        assertThatThrownBy(() -> row.getInt("big"))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("big");
        assertThatThrownBy(() -> row.getShort("max")).isInstanceOf(ConversionException.class);
        assertThatThrownBy(() -> row.getLong("huge")).isInstanceOf(ConversionException.class);
        assertThatThrownBy(() -> row.getInt("half")).isInstanceOf(ConversionException.class);
        assertThat(row.get("huge", BigInteger.class)).isEqualTo(BigInteger.TEN.pow(30));
        assertThatThrownBy(() -> db.query("select $1::int4", 3_000_000_000L))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("$1");
        assertThatThrownBy(() -> db.query("select $1::int8", BigInteger.TWO.pow(64)))
                .isInstanceOf(ConversionException.class);
        assertThat(db.queryValue("select $1::int8", BigInteger.class, BigInteger.TWO.pow(62)))
                .isEqualTo(BigInteger.TWO.pow(62));
    }

    @Test
    void aWrongCountOfParametersIsNamedAndNothingIsRun() {
        db.execute("create temp table counted (x int)");
        assertThatThrownBy(() -> db.query("insert into counted values ($1), ($2)", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2")
                .hasMessageContaining("1");
        assertThatThrownBy(() -> db.query("insert into counted values ($1)", 1, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.query("insert into counted values ($1)"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(db.queryValue("select count(*) from counted", Long.class)).isZero();
    }

    @Test
    void aParameterOfAClassThatDoesNotFitNamesItself() {
        ConversionException refused =
                thrown(ConversionException.class, () -> db.query("select $1::int, $2::int", 1, new Object()));
        assertThat(refused).hasMessageContaining("$2");
        assertThat(refused.delivery()).isEqualTo(Delivery.NOT_SENT);
    }

    @Test
    void theSameTextServesOtherParameters() {
        for (int i = 0; i < 10; i++) {
            assertThat(db.queryValue("select $1::int * $2::int", Integer.class, i, 3))
                    .isEqualTo(i * 3);
        }
    }

    @Test
    void rowsAreReadAsScalarsOfTheirOnlyColumn() {
        assertThat(db.query("select generate_series(1, 3)").as(Integer.class)).containsExactly(1, 2, 3);
        assertThat(db.query("values (1), (null)").values(Integer.class)).isEqualTo(Arrays.asList(1, null));
    }

    @Test
    void aClosedConnectionSaysSo() {
        PgConnection other = connect();
        other.close();
        expectLost(other);
        assertThatThrownBy(() -> other.query("select 1"))
                .isInstanceOf(dev.howdah.error.ConnectionClosedException.class)
                .hasMessageContaining("close()");
        other.close();
        assertThat(other.info().status()).isEqualTo(ConnectionStatus.CLOSED);
    }
}
