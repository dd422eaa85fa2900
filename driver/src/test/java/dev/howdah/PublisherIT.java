package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.ConversionException;
import dev.howdah.error.DataException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.UndefinedObjectException;
import dev.howdah.sql.Sql;
import dev.howdah.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows for subscribers, as they ask for them. */
class PublisherIT extends DriverContract {

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    private static final String SERIES = "select generate_series(1, $1::int) as g";

    record Item(int g) {}

    private static List<Integer> numbers(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }

    private static List<Integer> all(Flow.Publisher<Row> publisher) throws Exception {
        return CollectingSubscriber.all(publisher).stream()
                .map(row -> row.getInt(0))
                .toList();
    }

    private void awaitActive(String sql) {
        Await.until(
                "the server runs it",
                Duration.ofSeconds(PATIENCE_SECONDS),
                () -> activity(db, "state || ' ' || query").equals("active " + sql));
    }

    @Test
    void allRowsComeInOrderWhateverThePage() throws Exception {
        for (int count : new int[] {0, 1, 6, 7, 8, 100}) {
            for (int page : new int[] {1, 7, 1000}) {
                assertThat(all(db.publish(SERIES, page, count))).isEqualTo(numbers(count));
            }
        }
    }

    @Test
    void rowsBecomeObjectsAndSqlMayBeComposed() throws Exception {
        assertThat(CollectingSubscriber.all(db.publish(SERIES, 2, Item.class, 3)))
                .containsExactly(new Item(1), new Item(2), new Item(3));
        Sql sql = Sql.named("select generate_series(1, :last::int) as g").bind("last", 2);
        assertThat(all(db.publish(sql, 5))).containsExactly(1, 2);
        assertThat(CollectingSubscriber.all(db.publish(sql, 5, Integer.class))).containsExactly(1, 2);
        assertThat(all(db.publish("create temp table made (x int)", 5))).isEmpty();
        assertThat(all(db.publish("insert into made values (7), (8) returning x", 1)))
                .containsExactly(7, 8);
    }

    @Test
    void aPublisherIsColdAndEachSubscriberHasTheQueryRunForItself() throws Exception {
        db.execute("create temp table growing (x int); insert into growing values (1)");
        Flow.Publisher<Row> rows = db.publish("insert into growing select max(x) + 1 from growing returning x", 10);
        CollectingSubscriber<Row> idle = CollectingSubscriber.of(rows, 0);
        assertThat(db.queryValue("select max(x) from growing", Integer.class)).isEqualTo(1);
        assertThat(all(rows)).containsExactly(2);
        assertThat(all(rows)).containsExactly(3);
        idle.request(1);
        assertThat(idle.next().getInt(0)).isEqualTo(4);
        idle.awaitEnd();
    }

    @Test
    void noMoreThanAPageIsReadAhead(@TempDir Path folder) throws Exception {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        trace.news();
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(traced.publish(SERIES, 10, 1_000_000), 0);
        assertThat(trace.news()).isEmpty();
        rows.request(5);
        rows.request(20);
        for (int i = 1; i <= 25; i++) {
            assertThat(rows.next().getInt(0)).isEqualTo(i);
        }
        assertThat(rows.waiting()).isZero();
        rows.cancel();
        assertThat(traced.queryValue("select 1", Integer.class)).isEqualTo(1);
        List<String> messages = trace.news();
        assertThat(messages.stream().filter("B PortalSuspended"::equals)).hasSize(3);
    }

    @Test
    void theEndIsToldWithoutFurtherDemand() throws Exception {
        for (int page : new int[] {1, 2, 3, 4, 6, 7}) {
            CollectingSubscriber<Row> rows = CollectingSubscriber.of(db.publish(SERIES, page, 6), 6);
            rows.awaitEnd();
            assertThat(rows.waiting()).isEqualTo(6);
        }
    }

    @Test
    void theConnectionIsFreeWhenTheLastPageHasBeenRead() throws Exception {
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(db.publish(SERIES, 10, 7), 1);
        rows.next();
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        assertThat(rows.hasEnded()).isFalse();
        rows.request(6);
        rows.awaitEnd();
    }

    @Test
    void outsideATransactionOtherStatementsWait() throws Exception {
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(db.publish(SERIES, 2, 10), 1);
        rows.next();
        Future<Integer> other = elsewhere(() -> db.queryValue("select 7", Integer.class));
        rows.request(5);
        for (int i = 2; i <= 6; i++) {
            assertThat(rows.next().getInt(0)).isEqualTo(i);
        }
        assertThat(other.isDone()).isFalse();
        rows.request(4);
        rows.awaitEnd();
        assertThat(result(other)).isEqualTo(7);
    }

    @Test
    void outsideATransactionAStatementOfTheSubscribersIsRefusedForItWouldWaitForItself() throws Exception {
        CollectingSubscriber<Row> rows =
                new CollectingSubscriber<>(row -> assertThatThrownBy(() -> db.query("select 1"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("stream"));
        db.publish(SERIES, 2, 5).subscribe(rows);
        rows.request(1);
        rows.next();
        rows.cancel();
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void aCancelFreesTheConnection() throws Exception {
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(db.publish(SERIES, 3, 1_000_000), 4);
        for (int i = 1; i <= 4; i++) {
            rows.next();
        }
        rows.cancel();
        rows.cancel();
        rows.request(5);
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        assertThat(rows.waiting()).isZero();
        assertThat(rows.hasEnded()).isFalse();
        CollectingSubscriber<Row> never = CollectingSubscriber.of(db.publish(SERIES, 3, 5), 0);
        never.cancel();
        assertThat(never.hasEnded()).isFalse();
    }

    @Test
    void outsideATransactionACancelEndsTheStatementThatRuns() throws Exception {
        String sql = "select pg_sleep(600)";
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(db.publish(sql, 3), 1);
        awaitActive(sql);
        rows.cancel();
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        assertThat(rows.hasEnded()).isFalse();
    }

    @Test
    void aCancelWhileItWaitsForTheConnectionEndsTheWait() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Future<Boolean> owner = elsewhere(() -> {
            try (Transaction tx = db.begin()) {
                begun.complete(null);
                release.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return tx.isOpen();
            }
        });
        begun.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        db.publish(SERIES, 3, 5).subscribe(new CollectingSubscriber<>());
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(db.publish(SERIES, 3, 5), 1);
        rows.cancel();
        release.complete(null);
        assertThat(result(owner)).isTrue();
        assertThat(rows.waiting()).isZero();
    }

    @Test
    void insideATransactionACancelLeavesItUsable() throws Exception {
        try (Transaction tx = db.begin()) {
            db.execute("create temp table kept (x int) on commit drop");
            CollectingSubscriber<Row> rows = CollectingSubscriber.of(db.publish("select pg_sleep(0.2), 1", 3), 1);
            rows.cancel();
            assertThat(db.queryValue("select count(*) from kept", Long.class)).isZero();
            CollectingSubscriber<Row> paged = CollectingSubscriber.of(db.publish(SERIES, 3, 100), 4);
            paged.next();
            paged.cancel();
            Await.until(
                    "the portal is closed",
                    Duration.ofSeconds(PATIENCE_SECONDS),
                    () -> db.queryValue("select count(*) from pg_cursors where name like 'howdah_portal%'", Long.class)
                            == 0);
            assertThat(db.queryValue("select count(*) from kept", Long.class)).isZero();
            tx.commit();
        }
    }

    @Test
    void insideATransactionTheQueryIsPartOfItAndOtherStatementsRunBetweenThePages() throws Exception {
        try (Transaction tx = db.begin()) {
            db.execute("create temp table inside (x int) on commit drop");
            db.execute("insert into inside select generate_series(1, 20)");
            CollectingSubscriber<Row> rows =
                    CollectingSubscriber.of(db.publish("select x from inside order by x", 2), 5);
            CollectingSubscriber<Row> more = CollectingSubscriber.of(db.publish(SERIES, 3, 10), 5);
            for (int i = 1; i <= 5; i++) {
                assertThat(rows.next().getInt(0)).isEqualTo(i);
                db.execute("insert into inside values ($1)", 100 + i);
                assertThat(more.next().getInt(0)).isEqualTo(i);
            }
            rows.request(Long.MAX_VALUE);
            more.request(Long.MAX_VALUE);
            rows.awaitEnd();
            more.awaitEnd();
            assertThat(rows.waiting()).isEqualTo(15);
            assertThat(db.queryValue("select count(*) from inside", Long.class)).isEqualTo(25);
            tx.commit();
        }
    }

    @Test
    void whatASubscriberDoesInsideATransactionBelongsToIt() throws Exception {
        db.execute("create temp table doubled (x int)");
        try (Transaction tx = db.begin()) {
            CollectingSubscriber<Row> rows =
                    new CollectingSubscriber<>(row -> db.execute("insert into doubled values ($1)", 2 * row.getInt(0)));
            db.publish(SERIES, 2, 7).subscribe(rows);
            rows.request(Long.MAX_VALUE);
            rows.awaitEnd();
            tx.rollback();
        }
        assertThat(db.queryValue("select count(*) from doubled", Long.class)).isZero();
    }

    @Test
    void whatIsSubscribedToElsewhereBelongsToTheTransactionWhereItWasPublished() throws Exception {
        Flow.Publisher<Row> rows;
        try (Transaction tx = db.begin()) {
            db.execute("create temp table elsewhere (x int); insert into elsewhere values (1)");
            rows = db.publish("select count(*)::int from elsewhere", 2);
            Flow.Publisher<Row> published = rows;
            assertThat(result(elsewhere(() -> all(published)))).containsExactly(1);
            tx.rollback();
        }
        assertThat(CollectingSubscriber.of(rows, 1).error()).isInstanceOf(UndefinedObjectException.class);
    }

    @Test
    void aSubscriptionOutlivesItsTransactionOnlyAsAClearError() throws Exception {
        CollectingSubscriber<Row> rows;
        try (Transaction tx = db.begin()) {
            rows = CollectingSubscriber.of(db.publish(SERIES, 2, 10), 1);
            rows.next();
            tx.commit();
        }
        rows.request(Long.MAX_VALUE);
        assertThat(rows.error()).hasMessageContaining("34000");
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void withAutocommitOffTheQueryBeginsTheTransaction() throws Exception {
        db.setAutocommit(false);
        assertThat(all(db.publish(SERIES, 2, 5))).isEqualTo(numbers(5));
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        db.rollback();
        db.setAutocommit(true);
    }

    @Test
    void whatFailsIsTheSubscribersError() throws Exception {
        assertThat(CollectingSubscriber.of(db.publish("select * from not_here", 5), 1)
                        .error())
                .isInstanceOf(UndefinedObjectException.class);
        assertThat(CollectingSubscriber.of(db.publish(SERIES, 5, "x"), 1).error())
                .isInstanceOf(ConversionException.class);
        assertThat(CollectingSubscriber.of(db.publish(SERIES, 5), 1).error())
                .isInstanceOf(IllegalArgumentException.class);
        CollectingSubscriber<Row> late = CollectingSubscriber.of(
                db.publish("select 100 / (50 - g) from generate_series(1, 100) g", 10), Long.MAX_VALUE);
        assertThat(late.error()).isInstanceOf(DataException.class);
        assertThat(late.waiting()).isEqualTo(40);
        assertThat(CollectingSubscriber.of(db.publish("select 'x'::text as g", 5, Item.class), 1)
                        .error())
                .isInstanceOf(ConversionException.class);
        assertThat(CollectingSubscriber.of(db.publish("select null::int", 5, Integer.class), 1)
                        .error())
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("NULL");
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void wrongArgumentsAreRefused() throws Exception {
        assertThatThrownBy(() -> db.publish(SERIES, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.publish(SERIES, 1, 1).subscribe(null)).isInstanceOf(NullPointerException.class);
        for (long demand : new long[] {0, -1, Long.MIN_VALUE}) {
            CollectingSubscriber<Row> rows = CollectingSubscriber.of(db.publish(SERIES, 2, 10), 1);
            rows.next();
            rows.request(demand);
            assertThat(rows.error()).isInstanceOf(IllegalArgumentException.class);
            assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
    }

    @Test
    void aSubscriberThatFailsIsCancelledAndTheConnectionIsFree() throws Exception {
        CompletableFuture<Void> called = new CompletableFuture<>();
        CollectingSubscriber<Row> rows = new CollectingSubscriber<>(row -> {
            called.complete(null);
            throw new IllegalCallerException("the subscriber's own");
        });
        db.publish(SERIES, 2, 10).subscribe(rows);
        rows.request(5);
        called.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        assertThat(rows.hasEnded()).isFalse();
    }

    @Test
    void theTimeLimitIsThatOfEachPage() throws Exception {
        Queries limited = db.withTimeout(Duration.ofMillis(100));
        assertThat(CollectingSubscriber.of(limited.publish("select pg_sleep(60)", 5), 1)
                        .error())
                .isInstanceOf(QueryTimeoutException.class);
        CollectingSubscriber<Row> slow = CollectingSubscriber.of(
                db.withTimeout(Duration.ofSeconds(2))
                        .publish(
                                "select case when g < 5 then g else length(pg_sleep(60)::text) end"
                                        + " from generate_series(1, 10) g",
                                2),
                Long.MAX_VALUE);
        assertThat(slow.error()).isInstanceOf(QueryTimeoutException.class);
        assertThat(slow.waiting()).isEqualTo(4);
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void anInterruptOfItsThreadIsAnError() throws Exception {
        CollectingSubscriber<Row> rows =
                new CollectingSubscriber<>(row -> Thread.currentThread().interrupt());
        db.publish(SERIES, 2, 10).subscribe(rows);
        rows.request(1);
        assertThat(rows.error()).isInstanceOf(InterruptedWaitException.class);
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void theEndOfTheConnectionIsToldThoughNothingIsAskedFor() throws Exception {
        for (int demand : new int[] {0, 1}) {
            PgConnection closed = connect();
            expectLost(closed);
            CollectingSubscriber<Row> rows = CollectingSubscriber.of(closed.publish(SERIES, 2, 10), demand);
            if (demand > 0) {
                rows.next();
            }
            closed.close();
            assertThat(rows.error()).isInstanceOf(ConnectionClosedException.class);
            assertThat(CollectingSubscriber.of(closed.publish(SERIES, 2, 10), 0).error())
                    .isInstanceOf(ConnectionClosedException.class);
            PgConnection lost = connect();
            expectLost(lost);
            rows = CollectingSubscriber.of(lost.publish(SERIES, 2, 10), demand);
            if (demand > 0) {
                rows.next();
            }
            db.query("select pg_terminate_backend($1)", lost.info().backendPid());
            assertThat(rows.error()).isInstanceOf(ConnectionLostException.class).hasMessageContaining("57P01");
        }
    }

    @Test
    void whatHasBeenReadIsGivenThoughTheConnectionHasEnded() throws Exception {
        PgConnection closed = connect();
        expectLost(closed);
        CollectingSubscriber<Row> rows = CollectingSubscriber.of(closed.publish(SERIES, 10, 5), 1);
        rows.next();
        closed.query("select 1");
        closed.close();
        rows.request(4);
        rows.awaitEnd();
        assertThat(rows.waiting()).isEqualTo(4);
    }

    @Test
    void aPreparedQueryIsPublishedToo() throws Exception {
        PreparedQuery series = db.prepare(SERIES);
        assertThat(all(series.publish(2, 5))).isEqualTo(numbers(5));
        assertThat(CollectingSubscriber.all(series.publish(2, Item.class, 1))).containsExactly(new Item(1));
        Flow.Publisher<Row> rows = series.publish(2, 5);
        series.close();
        assertThat(CollectingSubscriber.of(rows, 1).error()).isInstanceOf(IllegalStateException.class);
    }
}
