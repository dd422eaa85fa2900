package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.CheckViolationException;
import dev.howdah.error.ConversionException;
import dev.howdah.error.ServerException;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.sql.Sql;
import dev.howdah.type.AsIs;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches whose sets are bound as arrays. */
class BatchArraysIT extends DriverContract {

    private static final String INSERT = "insert into bulk(id, name) values ($1, $2)";

    @BeforeEach
    void emptyTable() {
        db.execute("create temp table bulk (id int primary key check (id < 1000000), name text)");
    }

    private long count() {
        return db.queryValue("select count(*) from bulk", Long.class);
    }

    private BatchResult arrays(String sql, Object... sets) {
        return db.executeMany(sql, Arrays.asList(sets), BatchMode.ARRAYS);
    }

    @Test
    void everyValueArrivesAsItDoesOneByOne() {
        db.execute("""
                create type pg_temp.mood as enum ('sad', 'ok', '"{so},so}\\');
                create domain pg_temp.small as numeric(6, 2) check (value < 1000);
                create temp table one (i2 int2, i4 int4, i8 int8, f8 float8, t text, v varchar(12), c char(4), ts timestamptz,
                    n numeric(12, 2), b bool, u uuid, j jsonb, y bytea, m pg_temp.mood, s pg_temp.small,
                    a aclitem, x box, o oid);
                create temp table other (like one)""");
        String me = db.queryValue("select current_user::text", String.class);
        List<List<Object>> sets = new ArrayList<>();
        String[] texts = {"plain", "", "NULL", "null", "a\"b\\c{d},e", "é€😀", " ' "};
        for (int i = 0; i < 300; i++) {
            String text = texts[i % texts.length];
            List<Object> set = new ArrayList<>(List.of(
                    (short) i,
                    -i,
                    1L << 40 | i,
                    i / 7.0,
                    text,
                    text,
                    i + "",
                    OffsetDateTime.parse("2026-01-01T00:00:00+02:00").plusHours(i),
                    new BigDecimal(i).movePointLeft(3),
                    i % 2 == 0,
                    new UUID(i, ~i),
                    "{\"k\": \"" + i + "\"}",
                    new byte[] {(byte) i, '\\', '"'},
                    i % 3 == 0 ? "sad" : "\"{so},so}\\",
                    new BigDecimal(i),
                    "=r/" + me,
                    "(" + i + ",1),(0,0)",
                    (long) i));
            if (i % 5 == 0) {
                set.set(i % set.size(), null);
            }
            sets.add(set);
        }
        String sql = " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
        BatchResult made = db.executeMany("insert into one" + sql, sets, BatchMode.ARRAYS);
        db.executeMany("insert into other" + sql, sets);
        assertThat(made.rowCount()).isEqualTo(300);
        assertThat(db.queryValue("select count(*) from one", Long.class)).isEqualTo(300);
        assertThat(db.query(
                                "select t::text from (select one::text t from one except all select other::text from other) d")
                        .values(String.class))
                .isEmpty();
    }

    @Test
    void valuesOfRowTypesAndOfTypesWithoutABinaryFormTravel() {
        db.execute("create type pg_temp.pair as (a int, b text); create temp table odd (p pg_temp.pair, a aclitem)");
        String me = db.queryValue("select current_user::text", String.class);
        record Pair(int a, String b) {}
        List<List<Object>> sets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sets.add(Arrays.asList(new Pair(i, "{\"" + i), i == 3 ? null : "=r/" + me));
        }
        db.executeMany("insert into odd values ($1, $2)", sets, BatchMode.ARRAYS);
        assertThat(db.query("select (p).a from odd where a is not null or (p).b = '{\"3'")
                        .values(Integer.class))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void aValueThatIsTextAmongOthersGoesAsText() {
        List<Object> sets = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sets.add(List.of(i % 10 == 5 ? new AsIs("" + i) : i, i == 50 ? new AsIs("'a\"b'") : "n\\" + i));
        }
        BatchResult made = db.executeMany(INSERT + " returning id", sets, BatchMode.ARRAYS);
        assertThat(made.rows().values(Integer.class))
                .isEqualTo(IntStream.range(0, 100).boxed().toList());
        assertThat(db.queryValue("select name from bulk where id = 50", String.class))
                .isEqualTo("a\"b");
        assertThat(db.queryValue("select name from bulk where id = 99", String.class))
                .isEqualTo("n\\99");
    }

    @Test
    void expressionsStringsAndCommentsStayWhatTheyAre() {
        BatchResult made = arrays("""
                /* values ($1) */ insert into bulk as "values (" ("id", name) -- values ($2)
                values ($1 * 2 -- twice )
                , lower($2) || ' $1 values (' || $2::text || E'\\'' || $$)$$)
                returning "values (".id, name""", List.of(1, "A"), List.of(2, "B"));
        assertThat(made.rows().values(Integer.class)).containsExactly(2, 4);
        assertThat(made.rows(1).get(0).getString("name")).isEqualTo("b $1 values (B')");
        db.execute("create temp table values (id int, n text)");
        assertThat(arrays("insert into values values ((select max(id) + $1 from bulk), $2)", List.of(1, "x"))
                        .rowCount())
                .isEqualTo(1);
        assertThat(db.queryValue("select id from pg_temp.values", Integer.class))
                .isEqualTo(5);
    }

    @Test
    void conflictsAreResolvedAndOnlyWhatIsKnownIsCounted() {
        BatchResult all = arrays(INSERT, List.of(1, "a"), List.of(2, "b"));
        assertThat(all.size()).isEqualTo(2);
        assertThat(all.rowCount(1)).isEqualTo(1);
        assertThat(all.rows(1).isEmpty()).isTrue();
        BatchResult some = arrays(
                INSERT + " on conflict (id) do nothing returning name",
                List.of(3, "c"),
                List.of(2, "x"),
                List.of(4, "d"));
        assertThat(some.rowCount()).isEqualTo(2);
        assertThat(some.rowCount(0)).isEqualTo(-1);
        assertThat(some.rows().values(String.class)).containsExactly("c", "d");
        assertThatThrownBy(() -> some.rows(0)).isInstanceOf(IllegalStateException.class);
        BatchResult changed = arrays(
                INSERT + " on conflict (id) do update set name = excluded.name || '!' returning name",
                List.of(2, "z"),
                List.of(5, "e"));
        assertThat(changed.rows(0).get(0).getString(0)).isEqualTo("z!");
        assertThat(changed.rows(1).get(0).getString(0)).isEqualTo("e");
    }

    @Test
    void statementsWrittenForArraysTakeOneElementOfEach() {
        arrays(INSERT, List.of(1, "a"), List.of(2, "b"), List.of(3, "c"));
        BatchResult changed = arrays(
                "update bulk b set name = u.name from unnest($1::int[], $2::text[]) as u (id, name) where b.id = u.id",
                List.of(1, "x"),
                Arrays.asList(2, null),
                List.of(9, "none"));
        assertThat(changed.rowCount()).isEqualTo(2);
        assertThat(changed.rowCount(0)).isEqualTo(-1);
        assertThat(db.query("select name from bulk order by id").values(String.class))
                .containsExactly("x", null, "c");
        assertThat(arrays("delete from bulk where id = any ($1)", List.of(1), List.of(3))
                        .rowCount())
                .isEqualTo(2);
        assertThat(count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into bulk values ($1, 'a'), (2, 'b')",
                "insert into bulk values ($1, default)",
                "insert into bulk values (1, 'a')",
                "insert into bulk values ($1, 'a') on conflict (id) do update set name = $2",
                "insert into bulk values ($1, 'a') returning $2::int",
                "insert into bulk values (cardinality($1::int[]), 'a')",
                "insert into bulk select $1, 'a'",
                "with x as (select 1) insert into bulk values ($1, 'a')",
                "update bulk set name = 'x' where id = $1",
                "update bulk set name = 'x' where id = any ($1::int[]) and name = $2",
                "select 1"
            })
    void whatCannotBeBoundAsArraysIsRefused(String sql) {
        assertThatThrownBy(() -> arrays(sql, List.of(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("BatchMode.PIPELINED");
        assertThat(count()).isZero();
    }

    @Test
    void aFailureNamesTheRangeOfSetsAndUndoesAll() {
        db.execute("insert into bulk values (500000, 'in the way')");
        for (int failing : new int[] {0, 6_543, 9_999}) {
            UniqueViolationException refused = thrown(
                    UniqueViolationException.class,
                    () -> db.executeMany(
                            INSERT,
                            BatchSets.of(10_000, i -> List.of(i == failing ? 500_000 : i, "x")),
                            BatchMode.ARRAYS));
            assertThat(refused.batchSet()).isEqualTo(-1);
            assertThat(failing).isBetween(refused.batchFirst(), refused.batchLast());
            assertThat(refused)
                    .hasMessageContaining("One of the sets " + refused.batchFirst() + " to " + refused.batchLast());
            assertThat(count()).isEqualTo(1);
        }
        CheckViolationException alone =
                thrown(CheckViolationException.class, () -> arrays(INSERT, List.of(1_000_000, "x")));
        assertThat(alone.batchSet()).isZero();
    }

    @Test
    void aValueThatIsRefusedHereIsNamedExactly() {
        for (int failing : new int[] {0, 1, 9_999}) {
            ConversionException refused = thrown(
                    ConversionException.class,
                    () -> db.executeMany(
                            INSERT,
                            BatchSets.of(10_000, i -> List.of(i, i == failing ? new Object() : "n")),
                            BatchMode.ARRAYS));
            assertThat(refused.batchSet()).isEqualTo(failing);
            assertThat(refused).hasMessageContaining("$2");
            assertThat(count()).isZero();
        }
        assertThatThrownBy(() -> arrays(INSERT, List.of(1, "a"), List.of(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Set 1 of the batch");
        assertThat(count()).isZero();
    }

    @Test
    void aFailureInsideATransactionAbortsIt() {
        try (Transaction tx = db.begin()) {
            arrays(INSERT, List.of(1, "a"));
            assertThatThrownBy(() -> arrays(INSERT, List.of(2, "b"), List.of(1, "again")))
                    .isInstanceOf(UniqueViolationException.class);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
            tx.rollback();
        }
        db.setAutocommit(false);
        arrays(INSERT, List.of(1, "a"));
        db.rollback();
        db.setAutocommit(true);
        assertThat(count()).isZero();
    }

    @Test
    void thousandsOfSetsAndValuesLargerThanAPageTravel() {
        int sets = place.amount(60_000, 10_000);
        BatchResult made =
                db.executeMany(INSERT, BatchSets.of(sets, i -> new Object[] {i, "name " + i}), BatchMode.ARRAYS);
        assertThat(made.size()).isEqualTo(sets);
        assertThat(made.rowCount()).isEqualTo(sets);
        assertThat(db.queryValue("select sum(id) from bulk", Long.class)).isEqualTo((long) sets * (sets - 1) / 2);
        String large = "w".repeat(1_000_000);
        assertThat(arrays(INSERT + " returning length(name)", List.of(-1, large), List.of(-2, "x"), List.of(-3, large))
                        .rows()
                        .values(Integer.class))
                .containsExactly(1_000_000, 1, 1_000_000);
        assertThat(arrays(INSERT).size()).isZero();
    }

    @Test
    void aStatementWhoseResultHasChangedIsPreparedAnew() {
        String sql = INSERT + " returning *";
        assertThat(arrays(sql, List.of(1, "a")).rows().columns()).hasSize(2);
        db.execute("alter table bulk add column more int default 7");
        BatchResult made = db.executeMany(sql, BatchSets.of(5_000, i -> List.of(i + 2, "b")), BatchMode.ARRAYS);
        assertThat(made.rows().size()).isEqualTo(5_000);
        assertThat(made.rows().get(4_999).getInt("more")).isEqualTo(7);
        assertThat(count()).isEqualTo(5_001);
    }

    @Test
    void noStatementNeedsToBeKeptOnTheServer() {
        PgConnection pooled = connect("statement_cache_size=0");
        pooled.execute("create temp table bulk (id int, name text)");
        for (int i = 0; i < 2; i++) {
            BatchResult made = pooled.executeMany(
                    INSERT + " returning id", BatchSets.of(9_000, n -> List.of(n, "n")), BatchMode.ARRAYS);
            assertThat(made.rows(8_999).get(0).getInt(0)).isEqualTo(8_999);
        }
        assertThatThrownBy(() -> pooled.executeMany(INSERT, List.of(List.of(1, 2, 3)), BatchMode.ARRAYS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void composedSqlTakesMapsAndRecordsEitherWay() {
        record Item(int id, String name) {}
        Sql sql = Sql.named("insert into bulk (id, name) values (:id, :name)");
        db.executeMany(sql, List.of(new Item(1, "a"), Map.of("id", 2, "name", "b")), BatchMode.ARRAYS);
        List<Integer> taken = new ArrayList<>();
        db.executeMany(
                Sql.named("insert into bulk (id, name) values (:id, :name) returning id"),
                List.of(new Item(3, "c"), new Item(4, "d")),
                BatchMode.ARRAYS,
                (first, page) -> taken.addAll(page.rows().values(Integer.class)));
        db.executeMany(sql, List.of(new Item(5, "e")), (first, page) -> taken.add(page.size()));
        assertThat(taken).containsExactly(3, 4, 1);
        assertThat(count()).isEqualTo(5);
    }

    @Test
    void whatIsWrongWithTheStatementIsTheServersWord() {
        assertThatThrownBy(() -> arrays("insert into nowhere values ($1)", List.of(1)))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> arrays("insert into bulk values (max($1), 'a')", List.of(1)))
                .isInstanceOf(ServerException.class);
    }
}
