package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.Delivery;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.QueryTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cancelling a stage and running out of time end the operation they are meant for, and no other. */
@SuppressWarnings("FutureReturnValueIgnored") // what a stage tells is often told by the next one
class AsyncCancelIT extends AsyncContract {

    private static final Duration SOON = Duration.ofMillis(100);

    @Test
    void anOperationThatHasNotBegunIsNeverSent() throws Exception {
        got(async.execute("create temp table sent (x int)"));
        CompletableFuture<Void> release = occupy(async);
        List<CompletableFuture<Result>> stages = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            stages.add(async.execute("insert into sent values ($1)", i));
        }
        for (int i = 0; i < 10; i += 2) {
            assertThat(stages.get(i).cancel(i % 4 == 0)).isTrue();
            assertThat(stages.get(i)).isCancelled();
            assertThat(stages.get(i).cancel(true)).isTrue();
        }
        assertThat(async.pending()).isEqualTo(5);
        release.complete(null);
        assertThat(got(async.query("select x from sent order by x")).as(Integer.class))
                .containsExactly(1, 3, 5, 7, 9);
        assertThat(stages.get(1).cancel(true)).isFalse();
    }

    @Test
    void anOperationThatRunsIsCancelledOnTheServer() throws Exception {
        String sql = "select pg_sleep(600)";
        CompletableFuture<Rows> sleeps = async.query(sql);
        CompletableFuture<Integer> next = async.queryValue("select 1", Integer.class);
        awaitActive(async, sql);
        assertThat(sleeps.cancel(true)).isTrue();
        assertThat(sleeps).isCancelled();
        assertThat(got(next)).isEqualTo(1);
        CompletableFuture<Rows> endless = async.query("select generate_series(1, 100000000)");
        awaitActive(async, "select generate_series(1, 100000000)");
        endless.cancel(true);
        CountDownLatch running = new CountDownLatch(10_000);
        CompletableFuture<BatchResult> batch = async.executeMany(
                "select $1::int",
                () -> IntStream.iterate(0, i -> i + 1)
                        .mapToObj(i -> {
                            running.countDown();
                            return (Object) List.of(i);
                        })
                        .iterator());
        assertThat(running.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        batch.cancel(true);
        assertThat(got(async.queryValue("select 2", Integer.class))).isEqualTo(2);
    }

    @Test
    void blockingWorkThatRunsIsInterrupted() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Object> work = async.run(below -> {
            begun.countDown();
            try {
                TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
                interrupted.complete(false);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                interrupted.complete(true);
            }
            return below;
        });
        begun.await();
        work.cancel(true);
        assertThat(got(interrupted)).isTrue();
        assertYielded(async.run(below -> Thread.currentThread().isInterrupted()))
                .isEqualTo(false);
    }

    @Test
    void aCancelThatComesLateHitsNoOtherOperation() throws Exception {
        int rounds = place.amount(300, 50);
        for (int i = 0; i < rounds; i++) {
            CompletableFuture<Integer> cancelled = async.queryValue("select $1::int", Integer.class, i);
            CompletableFuture<Integer> next = async.queryValue("select $1::int + 1", Integer.class, i);
            if (i % 3 == 0) {
                Thread.onSpinWait();
            } else if (i % 3 == 1) {
                TimeUnit.MICROSECONDS.sleep(200L * (i % 7));
            }
            cancelled.cancel(true);
            assertThat(got(next)).isEqualTo(i + 1);
        }
    }

    @Test
    void insideATransactionACancelledStatementFailsItAndOneThatWasNotSentDoesNot() throws Exception {
        AsyncTransaction tx = got(async.begin());
        CompletableFuture<Void> work = new CompletableFuture<>();
        tx.run(below -> work.join());
        CompletableFuture<Rows> notSent = tx.query("select 1/0");
        notSent.cancel(true);
        work.complete(null);
        assertThat(got(tx.queryValue("select 1", Integer.class))).isEqualTo(1);
        String sql = "select pg_sleep(600)";
        CompletableFuture<Rows> sleeps = tx.query(sql);
        awaitActive(async, sql);
        sleeps.cancel(true);
        failure(FailedTransactionException.class, tx.query("select 1"));
        got(tx.rollback());
    }

    @Test
    void aStageThatSomebodyElseCompletesStopsNothingThatRuns() throws Exception {
        got(async.execute("create temp table written (x int)"));
        String sql = "insert into written select 1 from pg_sleep(0.5)";
        CompletableFuture<Result> written = async.execute(sql, new Object[0]);
        CompletableFuture<Result> impatient = written.orTimeout(1, TimeUnit.MILLISECONDS);
        CompletableFuture<Void> release = new CompletableFuture<>();
        failure(TimeoutException.class, impatient);
        CompletableFuture<Result> notBegun = async.execute("insert into written values (2)");
        notBegun.complete(null);
        release.complete(null);
        Long rows = got(async.queryValue("select count(*) from written where x = 1", Long.class));
        assertThat(rows).isLessThanOrEqualTo(1);
        assertThat(got(async.queryValue("select count(*) from written where x = 2", Long.class)))
                .isLessThanOrEqualTo(1);
        PgConnection holder = connect();
        holder.query("select pg_advisory_lock(1107)");
        String slow = "insert into written select 3 from pg_advisory_xact_lock(1107)";
        CompletableFuture<Result> running = async.execute(slow);
        awaitActive(async, slow);
        running.orTimeout(1, TimeUnit.MILLISECONDS);
        failure(TimeoutException.class, running);
        holder.query("select pg_advisory_unlock(1107)");
        assertThat(got(async.queryValue("select count(*) from written where x = 3", Long.class)))
                .isEqualTo(1);
    }

    @Test
    void aTimeLimitCancelsOnTheServerAndCountsTheWait() throws Exception {
        AsyncQueries limited = async.withTimeout(SOON);
        QueryTimeoutException ran = failure(QueryTimeoutException.class, limited.query("select pg_sleep(600)"));
        assertThat(ran.delivery()).isEqualTo(Delivery.REFUSED);
        assertThat(ran.timeout()).isEqualTo(SOON);
        CompletableFuture<Void> release = occupy(async);
        QueryTimeoutException waited = failure(QueryTimeoutException.class, limited.query("select 1"));
        assertThat(waited.delivery()).isEqualTo(Delivery.NOT_SENT);
        assertThat(waited.timeout()).isEqualTo(SOON);
        assertThat(async.pending()).isZero();
        CompletableFuture<Rows> inTime = async.withTimeout(PATIENCE).query("select 1");
        Duration whole = Duration.ofMillis(300);
        CompletableFuture<Rows> behind = async.withTimeout(whole).query("select pg_sleep(600)");
        release.complete(null);
        got(inTime);
        // What it says is the limit, not what was left of that when it began.
        assertThat(failure(QueryTimeoutException.class, behind).timeout()).isEqualTo(whole);
        failure(
                QueryTimeoutException.class,
                async.prepare("select pg_sleep($1)")
                        .thenCompose(query -> query.withTimeout(SOON).query(600.0)));
        AsyncCursor<Cursor> cursor = async.cursor();
        cursor.timeout(SOON);
        failure(QueryTimeoutException.class, cursor.execute("select pg_sleep(600)"));
        assertThat(got(async.queryValue("select 1", Integer.class))).isEqualTo(1);
    }

    @Test
    void theTimeLimitOfTheConnectionHoldsForEveryCall() throws Exception {
        AsyncConnection limited =
                connectAsync(options().toBuilder().queryTimeout(SOON).build());
        failure(QueryTimeoutException.class, limited.query("select pg_sleep(600)"));
        CompletableFuture<Void> release = occupy(limited);
        assertThat(failure(QueryTimeoutException.class, limited.query("select 1"))
                        .delivery())
                .isEqualTo(Delivery.NOT_SENT);
        assertThat(failure(QueryTimeoutException.class, limited.begin()).delivery())
                .isEqualTo(Delivery.NOT_SENT);
        release.complete(null);
        got(limited.setReadOnly(false));
    }

    @Test
    void aPreparedQueryThatNobodyWantsAnyMoreIsClosed() throws Exception {
        CompletableFuture<Void> release = occupy(async);
        CompletableFuture<AsyncPreparedQuery> dropped = async.prepare("select 'dropped'");
        dropped.cancel(true);
        release.complete(null);
        got(async.prepare("select 1").thenAccept(AsyncPreparedQuery::close));
        assertThat(got(async.queryValue(
                        "select count(*) from pg_prepared_statements where statement like '%dropped%'"
                                + " and statement not like '%statement%'",
                        Long.class)))
                .isZero();
    }
}
