package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.DataException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.RowCountException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.sql.Literal;
import dev.howdah.sql.Sql;
import dev.howdah.type.TypeRef;
import dev.howdah.type.TypeRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Statements that a caller has prepared and holds. */
class PreparedQueryIT extends DriverContract {

    private static final String SERIES = "select g as n from generate_series(1, $1::int) as g";

    record Item(int n) {}

    /** The names of the statements that the server has and that are not the cache's. */
    private List<String> named() {
        return db.script("select name from pg_prepared_statements where name not like 'howdah%' order by name")
                .getFirst()
                .rows()
                .values(String.class);
    }

    private long copies(String sql) {
        return db.script("select count(*) from pg_prepared_statements where statement = '" + sql.replace("'", "''")
                        + "'")
                .getFirst()
                .rows()
                .one()
                .getLong(0);
    }

    @Test
    void itHasTheVerbsOfTheConnection() {
        db.execute("create temp table verbs (n int)");
        try (PreparedQuery series = db.prepare(SERIES);
                PreparedQuery insert = db.prepare("insert into verbs values ($1) returning n")) {
            assertThat(series.query(3)).extracting(row -> row.getInt(0)).containsExactly(1, 2, 3);
            assertThat(series.execute(4).rowCount()).isEqualTo(4);
            assertThat(series.queryOne(1).getInt("n")).isEqualTo(1);
            assertThat(series.queryOne(Item.class, 1)).isEqualTo(new Item(1));
            assertThat(series.queryValue(Long.class, 1)).isEqualTo(1L);
            assertThat(series.queryValue(Long.class, 0)).isNull();
            assertThat(series.queryValue(new TypeRef<Optional<Integer>>() {}, 0))
                    .isEmpty();
            assertThatThrownBy(() -> series.queryOne(2)).isInstanceOf(RowCountException.class);
            assertThatThrownBy(() -> series.queryValue(Long.class, 2)).isInstanceOf(RowCountException.class);
            BatchResult batch = insert.executeMany(List.of(List.of(5), new Object[] {6}));
            assertThat(batch.rowCount()).isEqualTo(2);
            assertThat(batch.rows().values(Integer.class)).containsExactly(5, 6);
            try (Stream<Row> rows = series.stream(2, 5)) {
                assertThat(rows.mapToInt(row -> row.getInt(0)).sum()).isEqualTo(15);
            }
            try (Stream<Item> rows = series.stream(2, Item.class, 3)) {
                assertThat(rows).containsExactly(new Item(1), new Item(2), new Item(3));
            }
            assertThat(insert.execute((Object[]) null).rowCount()).isEqualTo(1);
        }
        assertThat(db.queryValue("select sum(n) from verbs", Long.class)).isEqualTo(11);
    }

    @Test
    void aBatchIsAtomicAndNamesTheSetThatFailed() {
        db.execute("create temp table positive (n int check (n > 0))");
        try (PreparedQuery insert = db.prepare("insert into positive values ($1)")) {
            PgException refused =
                    thrown(PgException.class, () -> insert.executeMany(List.of(List.of(1), List.of(-2), List.of(3))));
            assertThat(refused.batchSet()).isEqualTo(1);
            assertThatThrownBy(() -> insert.executeMany(List.of("no set")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(db.queryValue("select count(*) from positive", Long.class))
                    .isZero();
        }
    }

    @Test
    void aFetchSizeIsAtLeastOne() {
        try (PreparedQuery series = db.prepare(SERIES)) {
            assertThatThrownBy(() -> series.stream(0, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> series.publish(0, 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void itHealsWhenItsResultHasChanged() {
        for (String change : List.of(
                "alter table healed add b text default 'b'",
                "alter table healed alter a type bigint",
                "alter table healed drop z",
                "drop table healed; create table healed (a int, c text); insert into healed values (1)")) {
            db.execute("create table healed (a int, z int); insert into healed values (1)");
            for (int how = 0; how < 2; how++) {
                db.execute("drop table healed; create table healed (a int, z int); insert into healed values (1)");
                String sql = "select * from healed /* " + change.length() + " " + how + " */";
                try (PreparedQuery query = db.prepare(sql)) {
                    query.query();
                    if (how == 0) {
                        db.execute(change);
                    } else {
                        connect().execute(change);
                    }
                    List<String> now = db.query("select * from healed").columns().stream()
                            .map(column -> column.name() + " " + column.typeName())
                            .toList();
                    assertThat(query.query().size()).isEqualTo(1);
                    assertThat(query.columns())
                            .extracting(column -> column.name() + " " + column.typeName())
                            .isEqualTo(now);
                    assertThat(copies(sql)).isLessThanOrEqualTo(2);
                    db.prepare("select 1").close();
                    assertThat(copies(sql)).isEqualTo(1);
                }
            }
            db.execute("drop table healed");
        }
    }

    @Test
    void aBatchAndAStreamHealAsWell() {
        db.execute("create temp table healing (a int)");
        try (PreparedQuery insert = db.prepare("insert into healing(a) values ($1) returning *");
                PreparedQuery select = db.prepare("select * from healing")) {
            insert.executeMany(List.of(List.of(1), List.of(2)));
            db.execute("alter table healing add b text default 'b'");
            assertThat(insert.executeMany(List.of(List.of(3), List.of(4)))
                            .rows()
                            .columns())
                    .hasSize(2);
            try (Stream<Row> rows = select.stream(3)) {
                assertThat(rows.map(Row::size)).containsExactly(2, 2, 2, 2);
            }
            db.execute("do $$ begin execute 'deallocate all'; end $$");
            try (Stream<Row> rows = select.stream(3)) {
                assertThat(rows).hasSize(4);
            }
            assertThat(insert.executeMany(List.of(List.of(5))).rowCount()).isEqualTo(1);
            assertThat(select.columns()).hasSize(2);
        }
    }

    @Test
    void itHealsWhenTheServerHasDroppedIt() {
        try (PreparedQuery query = db.prepare("select $1::int + 1")) {
            for (String drop :
                    List.of("discard all", "deallocate all", "do $$ begin execute 'deallocate all'; end $$")) {
                db.execute(drop);
                assertThat(query.queryValue(Integer.class, 1)).isEqualTo(2);
            }
            db.execute("deallocate " + query.name());
            assertThat(query.queryValue(Integer.class, 1)).isEqualTo(2);
        }
    }

    @Test
    void aParameterWhoseTypeHasChangedIsSentAsWhatItIsNow() {
        db.execute("create temp table retyped (a int)");
        try (PreparedQuery insert = db.prepare("insert into retyped values ($1)")) {
            insert.execute(1);
            db.execute("alter table retyped alter a type text");
            insert.execute("two");
            assertThat(insert.parameterTypes()).extracting(type -> type.name()).containsExactly("text");
            assertThat(db.query("select a from retyped order by a").values(String.class))
                    .containsExactly("1", "two");
        }
    }

    @Test
    void aStatementWhoseParameterNoLongerFitsIsPreparedAnew() {
        String nothing = null;
        String insert = "insert into refitted values ($1)";
        String find = "select a from refitted where a = $1";
        db.execute("create temp table refitted (a text)");
        try (PreparedQuery inserting = db.prepare(insert);
                PreparedQuery finding = db.prepare(find)) {
            db.query(find, nothing);
            db.execute(insert, nothing);
            db.execute("alter table refitted alter a type int using a::int");
            assertThat(inserting.execute(nothing).rowCount()).isEqualTo(1);
            assertThat(inserting.executeMany(List.of(List.of(7))).rowCount()).isEqualTo(1);
            assertThat(finding.query(nothing)).isEmpty();
            assertThat(finding.queryValue(Integer.class, 7)).isEqualTo(7);
            assertThat(db.query(find, nothing)).isEmpty();
            assertThat(db.execute(insert, nothing).rowCount()).isEqualTo(1);
            db.execute("alter table refitted alter a type text");
            try (Stream<Row> rows = finding.stream(2, nothing)) {
                assertThat(rows).isEmpty();
            }
            assertThat(inserting.executeMany(List.of(Arrays.asList(nothing))).rowCount())
                    .isEqualTo(1);
        }
    }

    @Test
    void insideATransactionTheRefusalIsTheCallersAndItHealsAfterwards() {
        db.execute("create temp table refusing (a int); insert into refusing values (1)");
        try (PreparedQuery query = db.prepare("select * from refusing")) {
            query.query();
            db.execute("alter table refusing add b text");
            try (Transaction tx = db.begin()) {
                try (Transaction inner = db.begin()) {
                    ServerException refused = thrown(ServerException.class, query::query);
                    assertThat(refused.sqlState()).isEqualTo(SqlState.FEATURE_NOT_SUPPORTED);
                    inner.rollback();
                }
                assertThat(query.query().one().size()).isEqualTo(2);
                db.execute("alter table refusing add c text");
                thrown(ServerException.class, query::query);
                tx.rollback();
            }
            assertThat(query.query().one().size()).isEqualTo(2);
            assertThat(query.columns()).extracting(Column::name).containsExactly("a", "b");
        }
    }

    @Test
    void twoThreadsThatHealItLeaveOneStatementBehind() throws Exception {
        db.execute("create temp table shared_healing (a int); insert into shared_healing values (1)");
        String sql = "select * from shared_healing";
        try (PreparedQuery query = db.prepare(sql)) {
            for (int round = 1; round <= 5; round++) {
                db.execute("alter table shared_healing add x" + round + " int");
                List<Future<Integer>> runs = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    runs.add(elsewhere(() -> query.query().one().size()));
                }
                for (Future<Integer> run : runs) {
                    assertThat(result(run)).isEqualTo(1 + round);
                }
            }
            db.prepare("select 1").close();
            assertThat(copies(sql)).isEqualTo(1);
        }
    }

    @Test
    void onceItIsClosedEachMethodSaysSo() {
        PreparedQuery query = db.prepare("select $1::int");
        query.close();
        query.close();
        assertThat(query.isClosed()).isTrue();
        assertThat(query.sql()).isEqualTo("select $1::int");
        List<ThrowingCallable> calls = List.of(
                () -> query.query(1),
                () -> query.execute(1),
                () -> query.queryOne(1),
                () -> query.queryOne(Item.class, 1),
                () -> query.queryValue(Integer.class, 1),
                () -> query.queryValue(new TypeRef<Integer>() {}, 1),
                () -> query.executeMany(List.of(List.of(1))),
                () -> query.stream(1, 1),
                () -> query.stream(1, Item.class, 1),
                () -> query.publish(1, 1),
                () -> query.publish(1, Item.class, 1),
                () -> query.explain(1),
                () -> query.explainAnalyze(1),
                () -> query.parameterTypes(),
                () -> query.columns(),
                () -> query.withTimeout(Duration.ofSeconds(1)));
        assertThat(calls)
                .allSatisfy(call -> assertThatThrownBy(call)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed"));
        db.prepare("select 1").close();
        assertThat(copies("select $1::int")).isZero();
    }

    @Test
    void closingDoesNothingBadInAnAbortedTransactionWithinAStreamOrWithoutAConnection() {
        PgConnection other = connect();
        PreparedQuery lost = other.prepare("select 1");
        other.close();
        expectLost(other);
        lost.close();
        assertThatThrownBy(() -> other.prepare("select 1")).isInstanceOf(ConnectionClosedException.class);
        try (Transaction tx = db.begin()) {
            PreparedQuery query = db.prepare("select 1 / $1::int");
            thrown(DataException.class, () -> query.query(0));
            query.close();
            tx.rollback();
        }
        PreparedQuery series = db.prepare(SERIES);
        try (Stream<Row> rows = series.stream(2, 10)) {
            series.close();
            assertThat(rows).hasSize(10);
        }
        db.prepare("select 1").close();
        assertThat(copies(SERIES)).isZero();
    }

    @Test
    void aTimeLimitHoldsForEachCallAndTheStatementIsTheSame() {
        try (PreparedQuery sleep = db.prepare("select pg_sleep($1)")) {
            PreparedQuery limited = sleep.withTimeout(Duration.ofMillis(50));
            assertThatThrownBy(() -> limited.query(60)).isInstanceOf(QueryTimeoutException.class);
            assertThatThrownBy(() -> limited.explainAnalyze(60)).isInstanceOf(QueryTimeoutException.class);
            assertThatThrownBy(() -> sleep.withTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> db.withTimeout(Duration.ofMillis(50))
                            .prepare("select pg_sleep($1)")
                            .query(60))
                    .isInstanceOf(QueryTimeoutException.class);
            assertThat(limited.name()).isEqualTo(sleep.name());
            limited.close();
            assertThat(sleep.isClosed()).isTrue();
        }
    }

    @Test
    void aStatementWithANameIsKnownToSqlByThatName() {
        try (PreparedQuery query = db.prepare("select $1::int + 1", "next \"one\"")) {
            assertThat(query.name()).isEqualTo("next \"one\"");
            assertThat(named()).containsExactly("next \"one\"");
            assertThat(db.script("execute \"next \"\"one\"\"\"(41)")
                            .getFirst()
                            .rows()
                            .one()
                            .getString(0))
                    .isEqualTo("42");
            ServerException taken = thrown(ServerException.class, () -> db.prepare("select 1", "next \"one\""));
            assertThat(taken.sqlState()).isEqualTo(SqlState.DUPLICATE_PREPARED_STATEMENT);
            assertThat(query.queryValue(Integer.class, 1)).isEqualTo(2);
        }
        try (PreparedQuery again = db.prepare("select 7", "next \"one\"")) {
            assertThat(again.queryValue(Integer.class)).isEqualTo(7);
        }
    }

    @Test
    void aStatementWithANameKeepsItWhenItHeals() {
        db.execute("create temp table renamed (a int); insert into renamed values (1)");
        try (PreparedQuery query = db.prepare("select * from renamed", "mine")) {
            db.execute("alter table renamed add b int");
            assertThat(query.query().one().size()).isEqualTo(2);
            assertThat(named()).containsExactly("mine");
            db.execute("discard plans; deallocate all");
            assertThat(query.query().one().size()).isEqualTo(2);
            assertThat(named()).containsExactly("mine");
            db.execute("deallocate mine");
            assertThat(query.query().one().size()).isEqualTo(2);
            assertThat(query.name()).isEqualTo("mine");
        }
    }

    @Test
    void aNameThatCannotBeIsRefusedBeforeAnythingIsSent() {
        for (String name : List.of("", "x".repeat(64), "ü".repeat(32), "a\0b", "howdah_1")) {
            assertThatThrownBy(() -> db.prepare("select 1", name)).isInstanceOf(IllegalArgumentException.class);
        }
        try (PreparedQuery longest = db.prepare("select 1", "ü".repeat(31) + "x")) {
            assertThat(named()).containsExactly(longest.name());
        }
        assertThatThrownBy(() -> db.prepare("select '\0'")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void valuesThatComposedSqlBringsAlongAreParameters() {
        Sql sql = Sql.of("select {} + $1::int").format(Literal.of(40));
        try (PreparedQuery literal = db.prepare(sql)) {
            assertThat(literal.sql()).isEqualTo("select 40 + $1::int");
            assertThat(literal.queryValue(Integer.class, 2)).isEqualTo(42);
        }
        try (PreparedQuery bound =
                db.prepare(Sql.named("select :a::int * :b::int").bind("a", 6).bind("b", 7))) {
            assertThat(bound.parameterTypes()).hasSize(2);
            assertThat(bound.queryValue(Integer.class)).isEqualTo(42);
            assertThatThrownBy(() -> bound.query(1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(bound.explain().json()).contains("Plan");
        }
        try (PreparedQuery named =
                db.prepare(Sql.named("select :a::int * :b::int").bind("a", 6), "with_names")) {
            assertThatThrownBy(named::query).isInstanceOf(IllegalArgumentException.class);
            assertThat(named.executeMany(List.of(Map.of("b", 1), Map.of("b", 2)))
                            .rows()
                            .values(Integer.class))
                    .containsExactly(6, 12);
        }
    }

    @Test
    void aScopeOfTypesPreparesWithItsOwn() {
        TypeRegistry scope = db.types().child();
        scope.registerConverter(Item.class, Integer.class, Item::new, Item::n);
        try (PreparedQuery query = db.withTypes(scope).prepare("select $1::int as n");
                PreparedQuery without = db.prepare("select $1::int as n")) {
            assertThat(query.queryValue(Item.class, new Item(7))).isEqualTo(new Item(7));
            assertThat(query.executeMany(List.of(List.of(new Item(1)))).rowCount())
                    .isEqualTo(1);
            assertThat(query.columns()).extracting(Column::name).containsExactly("n");
            try (Stream<Row> rows = query.stream(1, new Item(3))) {
                assertThat(rows.map(row -> row.get(0, Item.class))).containsExactly(new Item(3));
            }
            assertThatThrownBy(() -> without.query(new Item(7))).isInstanceOf(PgException.class);
        }
    }
}
