package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.RowCountException;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.event.QueryEvent;
import dev.howdah.sql.Sql;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Statements sent one behind the other without waiting for the answers. */
class PipelineIT extends DriverContract {

    @Test
    void whatIsQueuedIsAnsweredInOrder() {
        try (Pipeline p = db.pipeline()) {
            var a = p.query("select 1");
            var b = p.query("select 2");
            p.sync();
            assertThat(a.get().one().getInt(0)).isEqualTo(1);
            assertThat(b.get().one().getInt(0)).isEqualTo(2);
            assertThat(a.get().one().getInt(0)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyVerbYieldsWhatItsNamesakeDoes(PipelineMode mode) {
        db.execute("create temp table verb (id int primary key, name text)");
        record Named(int id, String name) {}
        try (PreparedQuery own = db.prepare("select $1::int * 2");
                Pipeline p = db.pipeline(mode)) {
            var inserted = p.execute("insert into verb values ($1, $2)", 1, "one");
            var many = p.executeMany(
                    "insert into verb values ($1, $2) returning id * 10",
                    List.of(List.of(2, "two"), new Object[] {3, "three"}));
            var rows = p.query("select * from verb order by id");
            var one = p.queryOne("select id, name from verb where id = $1", Named.class, 2);
            var value = p.queryValue("select max(id) from verb", Integer.class);
            var none = p.queryValue("select id from verb where false", Integer.class);
            var composed = p.query(Sql.named("select :x::int + 1").bind("x", 41));
            var doubled = p.queryValue(own, Integer.class, 21);
            var created = p.execute("create temp table other (x int)");
            var manyOwn = p.executeMany(own, List.of(List.of(1), List.of(2)));
            var nothing = p.executeMany("insert into verb values ($1, $2)", List.of());
            var row = p.queryOne("select 7 as seven");
            var sync = p.sync();
            assertThat(value.get()).isEqualTo(3);
            assertThat(inserted.get().rowCount()).isEqualTo(1);
            assertThat(inserted.get().commandTag()).isEqualTo("INSERT 0 1");
            assertThat(many.get().rowCount()).isEqualTo(2);
            assertThat(many.get().rows(1).one().getInt(0)).isEqualTo(30);
            assertThat(rows.get()).hasSize(3);
            assertThat(one.get()).isEqualTo(new Named(2, "two"));
            assertThat(none.get()).isNull();
            assertThat(composed.get().one().getInt(0)).isEqualTo(42);
            assertThat(doubled.get()).isEqualTo(42);
            assertThat(created.get().commandTag()).isEqualTo("CREATE TABLE");
            assertThat(manyOwn.get().rows().values(Integer.class)).containsExactly(2, 4);
            assertThat(nothing.get().size()).isZero();
            assertThat(row.get().getInt("seven")).isEqualTo(7);
            assertThat(sync.get()).isNull();
            assertThat(sync.outcome()).isEqualTo(PipelineOutcome.RAN);
        }
        assertThat(db.queryValue("select count(*) from verb", Long.class)).isEqualTo(3);
    }

    @Test
    void whatIsKnownGoesInOneWriteWithOneSync(@TempDir Path folder) {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        traced.queryValue("select $1::int", Integer.class, 0);
        trace.news();
        try (Pipeline p = traced.pipeline()) {
            for (int i = 0; i < 5; i++) {
                p.query("select $1::int", i);
            }
            p.sync();
        }
        List<String> messages = trace.news();
        assertThat(messages.stream().filter("F Bind"::equals)).hasSize(5);
        assertThat(messages.stream().filter("F Sync"::equals)).hasSize(1);
        assertThat(messages).doesNotContain("F Parse", "F Flush");
        assertThat(messages.indexOf("F Sync")).isLessThan(messages.indexOf("B BindComplete"));
    }

    @Test
    void anAnswerCanBeHadBeforeTheSync() {
        db.execute("create temp table early (x int)");
        try (Pipeline p = db.pipeline()) {
            var inserted = p.execute("insert into early values (1)");
            assertThat(inserted.isDone()).isFalse();
            assertThat(inserted.outcome()).isEqualTo(PipelineOutcome.WAITING);
            assertThat(inserted.get().rowCount()).isEqualTo(1);
            assertThat(p.queryValue("select count(*) from early", Long.class).get())
                    .isEqualTo(1);
        }
        assertThat(db.queryValue("select count(*) from early", Long.class)).isEqualTo(1);
    }

    @Test
    void answersCanBeHadAfterTheClose() {
        PipelineAnswer<Rows> answer;
        PipelineAnswer<Long> never;
        try (Pipeline p = db.pipeline()) {
            answer = p.query("select g from generate_series(1, 100) g");
            never = p.queryValue("select count(*) from generate_series(1, 3)", Long.class);
        }
        assertThat(answer.isDone()).isTrue();
        assertThat(answer.get()).hasSize(100);
        assertThat(never.get()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aStatementIsDescribedInItsPlaceBehindWhatMakesItPossible(PipelineMode mode) {
        try (Pipeline p = db.pipeline(mode)) {
            p.execute("create temp table made (id int, note text)");
            p.execute("insert into made values ($1, $2)", 1, "first");
            var read = p.queryOne("select * from made");
            p.execute("alter table made add column more int default 5");
            var wider = p.queryOne("select * from made where id = $1", 1);
            p.sync();
            assertThat(read.get().getString("note")).isEqualTo("first");
            assertThat(wider.get().getInt("more")).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void typesAreLookedUpInThePipelineAlsoThoseThatItMakes(PipelineMode mode) {
        record Point3(int x, int y, int z) {}
        try (Pipeline p = db.pipeline(mode)) {
            p.execute("create type point3 as (x int, y int, z int)");
            p.execute("create type mood as enum ('sad', 'ok')");
            var point = p.queryOne("select row(1, 2, 3)::point3 as p, array['ok']::mood[] as m, $1::mood as n", "sad");
            p.sync();
            assertThat(point.get().get("p", Point3.class)).isEqualTo(new Point3(1, 2, 3));
            assertThat(point.get().get("m", String[].class)).containsExactly("ok");
            p.execute("alter type point3 drop attribute z");
            p.execute("alter type point3 add attribute w text");
            record Point4(int x, int y, String w) {}
            var anonymous = p.queryOne("select row(row(1, 2, 'w')::point3, 5) as r");
            p.sync();
            assertThat(anonymous.get().get(0)).isNotNull();
            var changed = p.queryOne("select row(1, 2, 'w')::point3 as p");
            assertThat(changed.get().get("p", Point4.class)).isEqualTo(new Point4(1, 2, "w"));
            p.execute("drop type point3");
            p.execute("drop type mood");
        }
    }

    @Test
    void moreStatementsThanTheCacheHoldsAreAllRight() {
        for (String cache : List.of("statement_cache_size=3", "statement_cache_size=0")) {
            PgConnection small = connect(cache);
            for (PipelineMode mode : PipelineMode.values()) {
                try (Pipeline p = small.pipeline(mode)) {
                    List<PipelineAnswer<Integer>> answers = new ArrayList<>();
                    for (int i = 0; i < 60; i++) {
                        answers.add(p.queryValue("select $1::int + " + i % 7, Integer.class, i));
                    }
                    var twice = p.executeMany("select $1::int * 3", List.of(List.of(1), List.of(2)));
                    p.sync();
                    for (int i = 0; i < 60; i++) {
                        assertThat(answers.get(i).get()).isEqualTo(i + i % 7);
                    }
                    assertThat(twice.get().rows().values(Integer.class)).containsExactly(3, 6);
                }
            }
        }
    }

    @Test
    void aPreparedQueryThatIsClosedBeforeItIsSentIsRunAllTheSame() {
        try (Pipeline p = db.pipeline()) {
            PipelineAnswer<Integer> answer;
            db.sqlContext();
            PreparedQuery other = elsewherePrepared();
            assertThatThrownBy(() -> p.query(other, 1)).isInstanceOf(IllegalArgumentException.class);
            other.close();
            answer = p.queryValue("select 1", Integer.class);
            assertThat(answer.get()).isEqualTo(1);
        }
        PreparedQuery own = db.prepare("select $1::int + 1");
        try (Pipeline p = db.pipeline()) {
            var answer = p.queryValue(own, Integer.class, 1);
            own.close();
            assertThat(p.queryValue("select 40 + $1::int", Integer.class, 2).get())
                    .isEqualTo(42);
            assertThat(answer.get()).isEqualTo(2);
            assertThatThrownBy(() -> p.query(own, 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    private PreparedQuery elsewherePrepared() {
        return connect().prepare("select $1::int");
    }

    @Test
    void betweenTwoSyncsItIsAllOrNothing() {
        db.execute("create temp table atomic (x int primary key)");
        try (Pipeline p = db.pipeline()) {
            p.execute("insert into atomic values (1)");
            p.sync();
            var undone = p.execute("insert into atomic values (2)");
            var refused = p.execute("insert into atomic values (1)");
            var skipped = p.execute("insert into atomic values (3)");
            p.sync();
            var kept = p.execute("insert into atomic values (4)");
            p.sync().get();
            assertThatThrownBy(refused::get).isInstanceOf(UniqueViolationException.class);
            assertThat(undone.outcome()).isEqualTo(PipelineOutcome.UNDONE);
            assertThat(skipped.outcome()).isEqualTo(PipelineOutcome.ABORTED);
            assertThat(kept.outcome()).isEqualTo(PipelineOutcome.RAN);
        }
        assertThat(db.query("select x from atomic order by x").values(Integer.class))
                .containsExactly(1, 4);
    }

    @Test
    void withASyncEachStatementStandsForItself() {
        db.execute("create temp table single (x int primary key)");
        try (Pipeline p = db.pipeline(PipelineMode.SYNC_EACH)) {
            List<PipelineAnswer<Result>> answers = new ArrayList<>();
            for (int x : new int[] {1, 1, 2}) {
                answers.add(p.execute("insert into single values ($1)", x));
            }
            assertThat(answers.get(2).get().rowCount()).isEqualTo(1);
            assertThat(answers.get(0).outcome()).isEqualTo(PipelineOutcome.RAN);
            assertThatThrownBy(answers.get(1)::get).isInstanceOf(UniqueViolationException.class);
        }
        assertThat(db.query("select x from single order by x").values(Integer.class))
                .containsExactly(1, 2);
    }

    @ParameterizedTest
    @EnumSource
    void insideATransactionStatementsBelongToIt(PipelineMode mode) {
        db.execute("create temp table owned (x int primary key)");
        try (Transaction tx = db.begin()) {
            try (Pipeline p = db.pipeline(mode)) {
                p.execute("insert into owned values (1)");
                p.sync();
                p.execute("insert into owned values (2)");
            }
            assertThat(db.queryValue("select count(*) from owned", Long.class)).isEqualTo(2);
            tx.rollback();
        }
        assertThat(db.queryValue("select count(*) from owned", Long.class)).isZero();
        try (Transaction tx = db.begin()) {
            try (Pipeline p = db.pipeline(mode)) {
                p.execute("insert into owned values (1)");
            }
            tx.commit();
        }
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> {
                        try (Pipeline p = db.pipeline(mode)) {
                            p.execute("insert into owned values (2)");
                            p.execute("insert into owned values (1)");
                        }
                    })
                    .isInstanceOf(UniqueViolationException.class);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
            tx.rollback();
        }
        assertThat(db.queryValue("select count(*) from owned", Long.class)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void withAutocommitOffATransactionIsBegunAndAnotherOneAfterItsEnd(PipelineMode mode) {
        db.execute("create temp table manual (x int)");
        db.setAutocommit(false);
        try (Pipeline p = db.pipeline(mode)) {
            p.execute("insert into manual values (1)");
            p.execute("commit");
            p.execute("insert into manual values (2)");
            p.sync();
        }
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        db.rollback();
        db.setAutocommit(true);
        assertThat(db.query("select x from manual").values(Integer.class)).containsExactly(1);
    }

    @Test
    void theOwnThreadsStatementsOnTheConnectionAreRefusedMeanwhile() {
        for (boolean inside : new boolean[] {false, true}) {
            Transaction tx = inside ? db.begin() : null;
            try (Pipeline p = db.pipeline()) {
                var before = p.queryValue("select 1", Integer.class);
                assertThatThrownBy(() -> db.query("select 1"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("pipeline");
                assertThatThrownBy(() -> db.begin()).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> db.pipeline()).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> db.stream("select 1", 1)).isInstanceOf(IllegalStateException.class);
                if (tx != null) {
                    assertThatThrownBy(tx::commit).isInstanceOf(IllegalStateException.class);
                    assertThat(tx.isOpen()).isTrue();
                }
                assertThat(before.get()).isEqualTo(1);
            }
            assertThat(db.queryValue("select 2", Integer.class)).isEqualTo(2);
            if (tx != null) {
                tx.close();
            }
        }
    }

    @Test
    void otherThreadsWait() throws Exception {
        Future<Integer> other;
        try (Pipeline p = db.pipeline()) {
            other = elsewhereAndWaiting(() -> db.queryValue("select 7", Integer.class));
            assertThat(p.queryValue("select 1", Integer.class).get()).isEqualTo(1);
            p.sync();
            assertThat(other.isDone()).isFalse();
        }
        assertThat(result(other)).isEqualTo(7);
    }

    @Test
    void afterTheCloseNothingIsQueuedAndClosingTwiceIsNothing() {
        Pipeline p = db.pipeline();
        p.close();
        p.close();
        assertThatThrownBy(() -> p.query("select 1")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(p::sync).isInstanceOf(IllegalStateException.class);
        db.pipeline().close();
        try (Pipeline empty = db.pipeline()) {
            empty.sync().get();
            empty.sync();
        }
    }

    @ParameterizedTest
    @EnumSource
    void loggersHearOfEachStatement(PipelineMode mode) {
        db.execute("create temp table heard (x int)");
        List<QueryEvent> events = new ArrayList<>();
        try (QueryLoggerScope scope = db.queryLogger(events::add)) {
            try (Pipeline p = db.pipeline(mode)) {
                p.execute("insert into heard values ($1), (2)", 1);
                p.executeMany("insert into heard values ($1)", List.of(List.of(1), List.of(2), List.of(3)));
                var bad = p.query("select 1 / $1::int", 0);
                p.sync();
                p.query("select x from heard");
                assertThatThrownBy(bad::get).hasMessageContaining("22012");
            }
        }
        assertThat(events)
                .extracting(QueryEvent::kind)
                .containsExactly(
                        QueryEvent.Kind.QUERY, QueryEvent.Kind.BATCH, QueryEvent.Kind.QUERY, QueryEvent.Kind.QUERY);
        assertThat(events.get(0).rows()).isEqualTo(2);
        assertThat(events.get(0).parameters()).containsExactly(1);
        assertThat(events.get(1).sets()).isEqualTo(3);
        assertThat(events.get(1).rows()).isEqualTo(3);
        assertThat(events.get(2).exception()).hasMessageContaining("22012");
        assertThat(events).allSatisfy(event -> assertThat(event.elapsed()).isPositive());
    }

    @Test
    void notificationsOfThePipelinesOwnArrive() {
        Notifications notifications = db.notifications();
        try (Pipeline p = db.pipeline()) {
            p.execute("listen pipelined");
            p.sync();
            p.query("select pg_notify('pipelined', $1)", "hello");
        }
        assertThat(notifications.poll(Duration.ofSeconds(PATIENCE_SECONDS)).payload())
                .isEqualTo("hello");
        db.execute("unlisten *");
    }

    @Test
    void aConversionThatFailsWhenItIsReadLeavesEverythingElse() {
        try (Pipeline p = db.pipeline()) {
            var two = p.queryOne("select g from generate_series(1, 2) g");
            var price = p.queryValue("select 9.99::numeric", BigDecimal.class);
            p.sync();
            assertThatThrownBy(two::get).isInstanceOf(RowCountException.class);
            assertThat(price.get()).isEqualByComparingTo("9.99");
        }
    }
}
