package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.FeatureNotSupportedException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that are kept prepared, and what happens when the server drops or changes them behind our back. */
class StatementCacheIT extends DriverContract {

    private static final String PREPARED = "select count(*) from pg_prepared_statements";

    private long prepared(PgConnection connection) {
        return connection.script(PREPARED).getFirst().rows().one().getLong(0);
    }

    private PgConnection traced(Path folder, String more) {
        return connect(
                ConnectOptions.parse(place.dsn(database(), dev.howdah.testkit.Roles.TRUST) + " " + more).toBuilder()
                        .trace(folder.resolve("trace"))
                        .build());
    }

    @Test
    void theSecondRunIsOneRoundTripAndSendsNoText(@TempDir Path folder) {
        PgConnection traced = traced(folder, "");
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        trace.news();
        traced.query("select $1::int", 1);
        assertThat(trace.news()).contains("F Parse", "F Bind");
        for (int i = 0; i < 3; i++) {
            assertThat(traced.queryValue("select $1::int", Integer.class, i)).isEqualTo(i);
            List<String> messages = trace.news();
            assertThat(TraceReader.roundTrips(messages)).isEqualTo(1);
            assertThat(messages)
                    .containsExactly(
                            "F Bind",
                            "F Execute",
                            "F Sync",
                            "B BindComplete",
                            "B DataRow",
                            "B CommandComplete",
                            "B ReadyForQuery");
        }
    }

    @Test
    void aStatementWhoseResultChangedIsPreparedAnew() {
        db.execute("create temp table changing (a int); insert into changing values (1)");
        assertThat(db.query("select * from changing").one().size()).isEqualTo(1);
        db.execute("alter table changing add b text default 'new'");
        Row row = db.query("select * from changing").one();
        assertThat(row.size()).isEqualTo(2);
        assertThat(row.getString("b")).isEqualTo("new");
        db.execute("alter table changing alter a type text");
        assertThat(db.query("select * from changing").one().get("a")).isEqualTo("1");
        assertThat(db.executeMany("insert into changing(a) values ($1) returning *", List.of(List.of("2")))
                        .size())
                .isEqualTo(1);
        db.execute("alter table changing drop b");
        assertThat(db.executeMany("insert into changing(a) values ($1) returning *", List.of(List.of("3")))
                        .rows()
                        .columns())
                .hasSize(1);
        assertThat(db.queryValue("select count(*) from changing", Long.class)).isEqualTo(3);
        try (Stream<Row> rows = db.stream("select * from changing", 2)) {
            assertThat(rows).hasSize(3);
        }
    }

    @Test
    void insideATransactionAChangedResultIsAClearErrorAndTheNextTransactionWorks() {
        db.execute("create temp table changing_tx (a int); insert into changing_tx values (1)");
        db.query("select * from changing_tx");
        db.execute("alter table changing_tx add b text");
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> db.query("select * from changing_tx"))
                    .isInstanceOf(FeatureNotSupportedException.class)
                    .hasMessageContaining("cached plan must not change result type");
            assertThatThrownBy(() -> db.query("select 1")).isInstanceOf(FailedTransactionException.class);
            tx.rollback();
        }
        assertThat(db.query("select * from changing_tx").one().size()).isEqualTo(2);
        try (Transaction tx = db.begin()) {
            assertThat(db.query("select * from changing_tx").one().size()).isEqualTo(2);
            tx.commit();
        }
    }

    @Test
    void aSavepointHealsToo() {
        db.execute("create temp table changing_sp (a int); insert into changing_sp values (1)");
        db.query("select * from changing_sp");
        db.execute("alter table changing_sp add b text");
        try (Transaction tx = db.begin()) {
            try (Transaction inner = db.begin()) {
                assertThatThrownBy(() -> db.query("select * from changing_sp"))
                        .isInstanceOf(FeatureNotSupportedException.class);
                inner.rollback();
            }
            assertThat(db.query("select * from changing_sp").one().size()).isEqualTo(2);
            tx.commit();
        }
    }

    @Test
    void otherErrorsOfTheSameCodeAreNotTakenForAChangedPlan() {
        assertThatThrownBy(() -> db.query("do $$ begin raise feature_not_supported; end $$"))
                .isInstanceOf(FeatureNotSupportedException.class);
    }

    @Test
    void discardAllAndDeallocateAllAreNoticedHoweverTheyAreRun() {
        for (String sql : List.of("discard all", "deallocate all")) {
            for (int how = 0; how < 4; how++) {
                assertThat(db.queryValue("select $1::int", Integer.class, 1)).isEqualTo(1);
                switch (how) {
                    case 0 -> db.execute(sql);
                    case 1 -> db.query(sql);
                    case 2 -> db.script("set application_name = 'x'; " + (how == 2 ? "deallocate all" : sql));
                    default -> {
                        try (PreparedQuery own = db.prepare(sql)) {
                            own.execute();
                        }
                    }
                }
                assertThat(prepared(db)).isZero();
                assertThat(db.queryValue("select $1::int", Integer.class, 2)).isEqualTo(2);
                try (Transaction tx = db.begin()) {
                    assertThat(db.queryValue("select $1::int", Integer.class, 3))
                            .isEqualTo(3);
                    tx.commit();
                }
            }
        }
    }

    @Test
    void deallocateAllInsideATransactionIsNoticedThere() {
        assertThat(db.queryValue("select $1::int", Integer.class, 1)).isEqualTo(1);
        try (Transaction tx = db.begin()) {
            db.execute("deallocate all");
            assertThat(db.queryValue("select $1::int", Integer.class, 2)).isEqualTo(2);
            tx.commit();
        }
    }

    @Test
    void aStatementThatAFunctionDroppedIsPreparedAnew() {
        String drop = "do $$ begin execute 'deallocate all'; end $$";
        for (int again = 0; again < 2; again++) {
            assertThat(db.queryValue("select $1::int", Integer.class, 1)).isEqualTo(1);
            db.execute(drop);
            assertThat(prepared(db)).isZero();
            assertThat(db.queryValue("select $1::int", Integer.class, 2)).isEqualTo(2);
        }
        db.execute(drop);
        assertThat(db.executeMany("select $1::int", List.of(List.of(1), List.of(2)))
                        .rows()
                        .size())
                .isEqualTo(2);
        db.execute(drop);
        assertThat(db.executeMany("select $1::int", onlyOnce(List.of(List.of(1), List.of(2))))
                        .rows()
                        .size())
                .isEqualTo(2);
        db.execute(drop);
        try (Stream<Row> rows = db.stream("select $1::int", 10, 5)) {
            assertThat(rows.map(row -> row.getInt(0))).containsExactly(5);
        }
    }

    /** Parameter sets that cannot be gone through a second time. */
    private static Iterable<Object> onlyOnce(List<Object> sets) {
        Iterator<Object> once = sets.iterator();
        return () -> once;
    }

    @Test
    void insideATransactionADroppedStatementIsAClearErrorOnce() {
        assertThat(db.queryValue("select $1::int", Integer.class, 1)).isEqualTo(1);
        db.execute("do $$ begin execute 'deallocate all'; end $$");
        try (Transaction tx = db.begin()) {
            ServerException dropped = thrown(ServerException.class, () -> db.query("select $1::int", 1));
            assertThat(dropped.sqlState()).isEqualTo(SqlState.INVALID_SQL_STATEMENT_NAME);
            tx.rollback();
        }
        try (Transaction tx = db.begin()) {
            assertThat(db.queryValue("select $1::int", Integer.class, 1)).isEqualTo(1);
            tx.commit();
        }
    }

    @Test
    void noMoreStatementsAreKeptThanTheOptionsSay() {
        PgConnection small = connect("statement_cache_size=5");
        for (int i = 0; i < 20; i++) {
            assertThat(small.queryValue("select $1::int + " + i, Integer.class, 1))
                    .isEqualTo(1 + i);
            // What falls out is closed together with the next statement that is prepared.
            assertThat(prepared(small)).isLessThanOrEqualTo(6);
        }
        assertThat(small.script("select statement from pg_prepared_statements")
                        .getFirst()
                        .rows()
                        .values(String.class))
                .contains("select $1::int + 19")
                .doesNotContain("select $1::int + 0");
        assertThat(small.queryValue("select $1::int + 0", Integer.class, 1)).isEqualTo(1);
    }

    @Test
    void withoutACacheNothingStaysOnTheServer(@TempDir Path folder) {
        PgConnection none = traced(folder, "statement_cache_size=0");
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        for (int i = 0; i < 3; i++) {
            trace.news();
            assertThat(none.queryValue("select $1::int", Integer.class, i)).isEqualTo(i);
            assertThat(TraceReader.roundTrips(trace.news())).isEqualTo(i == 0 ? 2 : 1);
        }
        assertThat(none.executeMany("select $1::int", List.of(List.of(1), List.of(2)))
                        .rowCount())
                .isEqualTo(2);
        try (Stream<Row> rows = none.stream("select * from generate_series(1, $1::int)", 2, 5)) {
            assertThat(rows).hasSize(5);
        }
        none.execute("create temp table uncached (a int); insert into uncached values (1)");
        none.query("select * from uncached");
        none.execute("alter table uncached add b int");
        assertThat(none.query("select * from uncached").one().size()).isEqualTo(2);
        none.execute("alter table uncached alter a type text");
        assertThat(none.query("select * from uncached").one().get("a")).isEqualTo("1");
        assertThat(prepared(none)).isZero();
    }

    @Test
    void aStatementThatFailsToParseIsNotKept() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> db.query("select * from not_there_yet")).hasMessageContaining("not_there_yet");
        }
        db.execute("create temp table not_there_yet (x int)");
        assertThat(db.query("select * from not_there_yet").isEmpty()).isTrue();
    }

    @Test
    void aPreparedQueryLivesUntilItIsClosed() {
        PgConnection one = connect("statement_cache_size=1");
        PreparedQuery query = one.prepare("select $1::int + 1 as next");
        assertThat(query.sql()).isEqualTo("select $1::int + 1 as next");
        assertThat(query.parameterTypes()).extracting(type -> type.name()).containsExactly("int4");
        assertThat(query.columns()).extracting(Column::name).containsExactly("next");
        for (int i = 0; i < 10; i++) {
            one.query("select " + i);
            assertThat(query.query(i).one().getInt("next")).isEqualTo(i + 1);
        }
        assertThat(query.execute(1).rowCount()).isEqualTo(1);
        assertThatThrownBy(() -> query.query()).isInstanceOf(IllegalArgumentException.class);
        query.close();
        query.close();
        assertThatThrownBy(() -> query.query(1)).isInstanceOf(IllegalStateException.class);
        one.query("select 'the close goes along'");
        assertThat(one.script("select statement from pg_prepared_statements")
                        .getFirst()
                        .rows()
                        .values(String.class))
                .doesNotContain("select $1::int + 1 as next");
    }

    @Test
    void aPreparedQueryHealsForGood(@TempDir Path folder) {
        PgConnection traced = traced(folder, "");
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        try (PreparedQuery query = traced.prepare("select $1::int")) {
            assertThat(query.query(1).one().getInt(0)).isEqualTo(1);
            traced.execute("discard all");
            assertThat(query.query(2).one().getInt(0)).isEqualTo(2);
            trace.news();
            assertThat(query.query(3).one().getInt(0)).isEqualTo(3);
            assertThat(TraceReader.roundTrips(trace.news())).isEqualTo(1);
            traced.execute("discard all");
            try (Transaction tx = traced.begin()) {
                assertThat(query.query(4).one().getInt(0)).isEqualTo(4);
                tx.commit();
            }
        }
    }

    @Test
    void aPreparedQueryOfAClosedConnectionIsClosedWithoutAWord() {
        PgConnection other = connect();
        PreparedQuery query = other.prepare("select 1");
        other.close();
        expectLost(other);
        query.close();
        assertThat(query.sql()).isEqualTo("select 1");
    }

    @Test
    void statementsWithoutResultAndWithManyTextsAreKeptApart() {
        db.execute("create temp table apart (x int)");
        for (int i = 0; i < 300; i++) {
            db.execute("insert into apart values ($1) /* " + i + " */", i);
        }
        assertThat(db.queryValue("select count(*) from apart", Long.class)).isEqualTo(300);
        assertThat(prepared(db)).isLessThanOrEqualTo(257);
    }

    @Test
    void aTextMeansWhatItMeansUnderTheSettingOfNow() {
        String sql = "select 'a\\\\b'";
        assertThat(db.queryValue(sql, String.class)).isEqualTo("a\\\\b");
        db.execute("set standard_conforming_strings = off");
        assertThat(db.queryValue(sql, String.class)).isEqualTo("a\\b");
        db.execute("reset standard_conforming_strings");
        assertThat(db.queryValue(sql, String.class)).isEqualTo("a\\\\b");
    }

    @Test
    void whatAFetchOrAnExecuteYieldsIsDescribedEachTime() {
        try (Transaction tx = db.begin()) {
            db.execute("declare c cursor for select 1 as a");
            assertThat(db.query("fetch all from c").first().getInt("a")).isEqualTo(1);
            db.execute("close c; declare c cursor for select 'x' as b, 2 as d");
            assertThat(db.query("/* again */ fetch all from c").first().asMap()).hasSize(2);
            db.execute("close c; declare c cursor for select 'x' as b, 2 as d, true as e");
            assertThat(db.query("fetch all from c").first().asMap()).hasSize(3);
            tx.commit();
        }
        db.execute("prepare p as select 1 as a");
        assertThat(db.query("execute p").first().get("a")).isEqualTo(1);
        db.execute("deallocate p; prepare p as select 'text' as a, 2 as b");
        assertThat(db.query("execute p").first().get("a")).isEqualTo("text");
        db.execute("deallocate p");
    }
}
