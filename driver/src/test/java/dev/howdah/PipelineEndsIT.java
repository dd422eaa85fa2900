package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.PipelineAbortedException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.session.Session;
import dev.howdah.testkit.Await;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ends a wait for a pipeline, or the pipeline itself: time, interrupts, cancel requests, the end of the connection. */
@Timeout(120)
class PipelineEndsIT extends PipelineContract {

    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    /** The server signals a backend twice for one request: the statement behind the one that was meant may be hit as well. */
    private static void assertOneOrCancelled(PipelineAnswer<Integer> answer) {
        Throwable failure = catchThrowable(answer::get);
        if (failure == null) {
            assertThat(answer.get()).isEqualTo(1);
        } else {
            assertThat(failure).isInstanceOf(QueryCanceledException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutCancelsWhatRuns(PipelineMode mode) {
        boolean each = mode == PipelineMode.SYNC_EACH;
        // An unknown statement waits for what is before it to be described.
        db.query("select pg_sleep($1)", 0.0);
        db.queryValue("select 1", Integer.class);
        try (Pipeline p = db.pipeline(mode)) {
            var slow = p.query("select pg_sleep($1)", 60.0);
            var behind = p.queryValue("select 1", Integer.class);
            p.sync();
            QueryTimeoutException late = thrown(QueryTimeoutException.class, () -> slow.get(Duration.ofMillis(200)));
            assertThat(late.delivery()).isEqualTo(Delivery.REFUSED);
            assertThat(slow.outcome()).isEqualTo(PipelineOutcome.REFUSED);
            if (each) {
                assertOneOrCancelled(behind);
            } else {
                assertThat(aborted(behind, Delivery.REFUSED)).hasCauseInstanceOf(QueryCanceledException.class);
            }
            assertThat(p.queryValue("select 2", Integer.class).get()).isEqualTo(2);
        }
        try (Pipeline p = db.pipeline(mode)) {
            var slow = p.query("select pg_sleep($1)", 60.0);
            var behind = p.queryValue("select 1", Integer.class);
            Throwable late = catchThrowable(() -> behind.get(Duration.ofMillis(200)));
            assertThatThrownBy(slow::get).isInstanceOf(QueryCanceledException.class);
            if (each) {
                // It may have come together with the end of what was cancelled.
                assertThat(late)
                        .satisfiesAnyOf(
                                none -> assertThat(none).isNull(),
                                e -> assertThat(((QueryTimeoutException) e).delivery())
                                        .isEqualTo(Delivery.UNKNOWN));
                assertOneOrCancelled(behind);
            } else {
                assertThat(late)
                        .isInstanceOfSatisfying(
                                QueryTimeoutException.class,
                                e -> assertThat(e.delivery()).isEqualTo(Delivery.REFUSED));
            }
        }
    }

    @Test
    void theConnectionsQueryTimeoutCountsForEachWaitTheCloseIncluded() {
        PgConnection limited = connect(
                options().toBuilder().queryTimeout(Duration.ofSeconds(1)).build());
        assertThatThrownBy(() -> {
                    try (Pipeline p = limited.pipeline()) {
                        p.query("select pg_sleep(60)");
                    }
                })
                .isInstanceOf(QueryTimeoutException.class);
        assertThat(limited.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptCancelsWhatRuns(PipelineMode mode) throws Exception {
        try (Pipeline p = db.pipeline(mode)) {
            var slow = p.query("select pg_sleep(60)");
            Thread waiting = Thread.currentThread();
            Future<Boolean> other = elsewhere(() -> {
                Await.until("it runs", PATIENCE, () -> activity(db, "state").equals("active"));
                waiting.interrupt();
                return true;
            });
            assertThatThrownBy(slow::get).isInstanceOf(InterruptedWaitException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(result(other)).isTrue();
            p.sync();
            assertThat(p.queryValue("select 1", Integer.class).get()).isEqualTo(1);
        }
    }

    @Test
    void aCancelFromAnotherThreadHitsWhatRunsAlsoWhileNobodyWaits() {
        try (Pipeline p = db.pipeline(PipelineMode.SYNC_EACH)) {
            assertThat(db.cancel()).isFalse();
            p.queryValue("select 1", Integer.class).get();
            assertThat(db.cancel()).isFalse();
            db.types();
            var known = p.query("select pg_sleep($1)", 0.0);
            known.get();
            var slow = p.query("select pg_sleep($1)", 60.0);
            var behind = p.queryValue("select 1", Integer.class);
            p.sync();
            Await.until(
                    "it runs", PATIENCE, () -> activity(db, "state || query").contains("activeselect pg_sleep"));
            assertThat(db.cancel()).isTrue();
            assertOneOrCancelled(behind);
            assertThatThrownBy(slow::get).isInstanceOf(QueryCanceledException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLostConnectionSaysOfEachWhetherItWasSent(PipelineMode mode) {
        PgConnection doomed = connect();
        expectLost(doomed);
        doomed.query("select pg_sleep($1)", 0.0);
        doomed.queryValue("select 1", Integer.class);
        Pipeline p = doomed.pipeline(mode);
        var answered = p.queryValue("select 1", Integer.class);
        assertThat(answered.get()).isEqualTo(1);
        var running = p.query("select pg_sleep($1)", 60.0);
        var behind = p.queryValue("select 1", Integer.class);
        var sync = p.sync();
        Await.until(
                "it runs", PATIENCE, () -> activity(doomed, "state || query").contains("activeselect pg_sleep"));
        database()
                .server()
                .execute("select pg_terminate_backend(" + doomed.info().backendPid() + ")");
        ConnectionLostException lost = thrown(ConnectionLostException.class, running::get);
        assertThat(lost.delivery()).isEqualTo(Delivery.UNKNOWN);
        assertThat(lost.lastWords().sqlState().code()).isEqualTo("57P01");
        assertThat(thrown(ConnectionLostException.class, behind::get).delivery())
                .isEqualTo(Delivery.UNKNOWN);
        assertThat(thrown(PgException.class, sync::get).delivery()).isEqualTo(Delivery.UNKNOWN);
        var queued = p.queryValue("select 1", Integer.class);
        assertThat(answered.outcome())
                .isEqualTo(mode == PipelineMode.SYNC_EACH ? PipelineOutcome.RAN : PipelineOutcome.UNKNOWN);
        assertThat(thrown(PgException.class, queued::get).delivery()).isEqualTo(Delivery.NOT_SENT);
        assertThat(queued.outcome()).isEqualTo(PipelineOutcome.NOT_SENT);
        p.close();
        assertThatThrownBy(() -> p.query("select 1")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatQueueingHasToldOfALossTheCloseDoesNotTellAgain() {
        PgConnection doomed = connect();
        expectLost(doomed);
        Pipeline p = doomed.pipeline();
        p.execute("select 1").get();
        database()
                .server()
                .execute("select pg_terminate_backend(" + doomed.info().backendPid() + ")");
        PgException told = thrown(PgException.class, () -> {
            for (int i = 0; i < 100_000; i++) {
                p.execute("select $1::int", i);
            }
        });
        assertThat(told).isInstanceOfAny(ConnectionLostException.class, ConnectionClosedException.class);
        // The end of a try-with-resources would add it to itself.
        p.close();
    }

    @Test
    void aLossThatNobodyNoticedIsThrownByTheClose() {
        PgConnection doomed = connect();
        expectLost(doomed);
        assertThatThrownBy(() -> {
                    try (Pipeline p = doomed.pipeline()) {
                        p.execute("select 1").get();
                        p.execute("select 2");
                        database()
                                .server()
                                .execute("select pg_terminate_backend("
                                        + doomed.info().backendPid() + ")");
                        Await.until(
                                "it is gone",
                                PATIENCE,
                                () -> activity(doomed, "1").equals("gone"));
                    }
                })
                .isInstanceOf(ConnectionLostException.class);
    }

    @ParameterizedTest
    @EnumSource
    void closingTheConnectionEndsAPipelineThatSomebodyWaitsFor(PipelineMode mode) throws Exception {
        PgConnection other = connect();
        expectLost(other);
        Pipeline p = other.pipeline(mode);
        var slow = p.query("select pg_sleep(60)");
        var behind = p.query("select pg_sleep(0)");
        Future<Boolean> closing = elsewhere(() -> {
            Await.until("it runs", PATIENCE, () -> activity(other, "state").equals("active"));
            other.close();
            return true;
        });
        assertThatThrownBy(slow::get).isInstanceOf(QueryCanceledException.class);
        assertThat(result(closing)).isTrue();
        Throwable failure = catchThrowable(behind::get);
        if (mode == PipelineMode.SHARED_SYNC) {
            assertThat(failure).isInstanceOf(PipelineAbortedException.class);
        } else if (failure != null) {
            assertThat(failure).isInstanceOf(ConnectionClosedException.class);
        }
        catchThrowable(p::close);
    }

    @Test
    void closingTheConnectionInItsMiddleGivesEverybodyAnAnswer() {
        PgConnection other = connect();
        expectLost(other);
        other.query("select pg_sleep($1)", 0.0);
        Pipeline p = other.pipeline();
        var slow = p.query("select pg_sleep($1)", 60.0);
        p.sync();
        var queued = p.query("select 1");
        // A cancel request that comes before the statement hits nothing.
        Await.until("it runs", PATIENCE, () -> activity(other, "state || query").contains("activeselect pg_sleep"));
        other.close();
        assertThat(thrown(ConnectionClosedException.class, slow::get).delivery())
                .isEqualTo(Delivery.UNKNOWN);
        assertThat(thrown(ConnectionClosedException.class, queued::get).delivery())
                .isEqualTo(Delivery.NOT_SENT);
        p.close();
    }

    /** What is left under way then never ends; whoever asks the server to cancel it must not go on for ever. */
    @Test
    void nothingIsHeldByAPipelineThatACloseHasMet() throws Exception {
        WeakReference<Session> session = closedWhileItWaits();
        Await.until("the session is let go", PATIENCE, () -> {
            System.gc();
            return session.get() == null;
        });
    }

    private WeakReference<Session> closedWhileItWaits() throws Exception {
        PgConnection other = Howdah.connect(options());
        int pid = other.info().backendPid();
        Pipeline p = other.pipeline(PipelineMode.SYNC_EACH);
        var first = p.query("select pg_sleep($1)", 60.0);
        p.query("select pg_sleep($1)", 60.0);
        Future<Throwable> waiting = elsewhere(() -> catchThrowable(first::get));
        Await.until("it runs", PATIENCE, () -> activity(pid, "state").equals("active"));
        other.close();
        assertThat(result(waiting)).isInstanceOf(PgException.class);
        return new WeakReference<>(other.verbs().core().session());
    }

    @Test
    void aResetTakesTheConnectionFromAPipeline() throws Exception {
        Pipeline p = db.pipeline();
        var ran = p.execute("select 1");
        ran.get();
        var sent = p.execute("select 2");
        p.sync();
        var queued = p.execute("select 3");
        result(elsewhere(() -> {
            db.reset();
            return true;
        }));
        assertThat(sent.get().rowCount()).isEqualTo(1);
        assertThatThrownBy(() -> p.query("select 4"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reset");
        assertThatThrownBy(queued::get).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(p::close).isInstanceOf(IllegalStateException.class);
        assertThat(queued.outcome()).isEqualTo(PipelineOutcome.NOT_SENT);
    }

    @Test
    void aResetAfterAWaitThatWasCutShortTakesTheConnectionToo() throws Exception {
        db.query("select pg_sleep($1)", 0.0);
        db.queryValue("select 1", Integer.class);
        Pipeline p = db.pipeline(PipelineMode.SYNC_EACH);
        var slow = p.query("select pg_sleep($1)", 60.0);
        var next = p.query("select pg_sleep($1)", 0.5);
        var one = p.queryValue("select 1", Integer.class);
        catchThrowable(() -> one.get(Duration.ofMillis(200)));
        result(elsewhere(() -> {
            db.reset();
            return true;
        }));
        assertThatThrownBy(slow::get).isInstanceOf(QueryCanceledException.class);
        // A server passes a request on as two signals, of which the second may meet the statement behind.
        assertThat(next.isDone()).isTrue();
        Throwable nextFailure = catchThrowable(next::get);
        if (nextFailure != null) {
            assertThat(nextFailure).isInstanceOf(QueryCanceledException.class);
        }
        assertOneOrCancelled(one);
        p.close();
    }

    @Test
    void aCodecThatUsesTheConnectionIsToldSo() {
        try (Pipeline p = db.pipeline()) {
            var own = p.executeMany(INSERT, () -> new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public Object next() {
                    return List.of(db.queryValue("select 1", Integer.class));
                }
            });
            assertThatThrownBy(own::get)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in the middle of an operation");
        }
        assertThat(kept()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aBatchWithoutEndIsEndedByATimeout(PipelineMode mode) {
        try (Pipeline p = db.pipeline(mode)) {
            var endless = p.executeMany(INSERT, BatchSets.of(Integer.MAX_VALUE, i -> List.of(i)));
            assertThatThrownBy(() -> endless.get(Duration.ofMillis(300))).isInstanceOf(QueryTimeoutException.class);
            p.sync();
            assertThat(p.queryValue("select 1", Integer.class).get()).isEqualTo(1);
        }
        assertThat(kept()).isEmpty();
    }
}
