package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.PgException;
import dev.howdah.error.SqlState;
import dev.howdah.event.Termination;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of a connection is told once, with who ended it and why; and nobody idle is watched longer than needed. */
class TerminationIT extends DriverContract {

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    private final BlockingQueue<Termination> ends = new LinkedBlockingQueue<>();
    private PgConnection doomed;

    @BeforeEach
    void connectDoomed() {
        doomed = connect();
    }

    private Termination next() throws InterruptedException {
        Termination next = ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private void terminate() {
        expectLost(doomed);
        database().execute("select pg_terminate_backend(" + doomed.info().backendPid() + ")");
    }

    private boolean isWatched() {
        return db.verbs().core().pump().isWatched();
    }

    private void awaitEnd() {
        Await.until(Duration.ofSeconds(PATIENCE_SECONDS), () -> !doomed.isOpen());
    }

    @Test
    void aCloseIsToldOnce() throws Exception {
        expectLost(doomed);
        doomed.addTerminationListener(ends::add);
        doomed.close();
        doomed.close();
        Termination end = next();
        assertThat(end.kind()).isEqualTo(Termination.Kind.CLOSED);
        assertThat(end.isClosed()).isTrue();
        assertThat(end.cause()).isNull();
        assertThat(end.lastWords()).isNull();
        assertThat(end).hasToString("Termination[CLOSED: the program closed the connection]");
        assertOnlyOnce(end);
    }

    /** Whoever comes now is called last, so all calls before have been made. */
    private void assertOnlyOnce(Termination end) throws InterruptedException {
        BlockingQueue<Termination> late = new LinkedBlockingQueue<>();
        doomed.addTerminationListener(late::add);
        assertThat(late.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(end);
        assertThat(ends).isEmpty();
    }

    @Test
    void aKilledBackendIsNoticedWhileIdleWithItsLastWords() throws Exception {
        doomed.addTerminationListener(ends::add);
        terminate();
        Termination end = next();
        assertThat(end.kind()).isEqualTo(Termination.Kind.ENDED_BY_SERVER);
        assertThat(end.lastWords().sqlState()).isEqualTo(SqlState.ADMIN_SHUTDOWN);
        assertThat(end.reason()).contains("57P01").contains("FATAL");
        assertThat(end.isClosed()).isFalse();
        assertThat(doomed.isOpen()).isFalse();
        doomed.close();
        assertOnlyOnce(end);
    }

    @Test
    void aKilledBackendIsNoticedWithListenersOfAnyKind() {
        doomed.addLogListener(notice -> {});
        terminate();
        awaitEnd();
        doomed = connect();
        doomed.addListener("c", (on, notification) -> {});
        terminate();
        awaitEnd();
        doomed = connect();
        PgConnection polled = doomed;
        Future<?> poll = elsewhere(() -> polled.notifications().poll(Duration.ofSeconds(PATIENCE_SECONDS)));
        Await.until(Duration.ofSeconds(PATIENCE_SECONDS), () -> polled.events().wantsWatch());
        terminate();
        awaitEnd();
        assertThat(thrown(Exception.class, () -> result(poll))).hasCauseInstanceOf(PgException.class);
    }

    @Test
    void aLossDuringAQueryIsToldToBoth() throws Exception {
        doomed.addTerminationListener(ends::add);
        Future<?> query = elsewhere(() -> doomed.query("select pg_sleep(60)"));
        Await.until(
                Duration.ofSeconds(PATIENCE_SECONDS),
                () -> activity(doomed, "state").equals("active"));
        terminate();
        assertThat(next().lastWords().sqlState()).isEqualTo(SqlState.ADMIN_SHUTDOWN);
        assertThat(thrown(Exception.class, () -> result(query))).hasMessageContaining("57P01");
    }

    @Test
    void isToldAfterAllThatCameBefore() throws Exception {
        BlockingQueue<String> order = new LinkedBlockingQueue<>();
        doomed.addTerminationListener(end -> order.add("end"));
        doomed.addListener("c", (on, notification) -> order.add(notification.payload()));
        doomed.execute("notify c, '1'; notify c, '2'");
        doomed.close();
        expectLost(doomed);
        for (String expected : List.of("1", "2", "end")) {
            assertThat(order.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(expected);
        }
    }

    @Test
    void whoIsRemovedIsNotTold() throws Exception {
        expectLost(doomed);
        Consumer<Termination> removed = end -> ends.add(new Termination(end.cause()));
        doomed.addTerminationListener(removed);
        doomed.addTerminationListener(removed);
        doomed.removeTerminationListener(removed);
        doomed.addTerminationListener(end -> {
            throw new IllegalStateException("thrown on purpose by a test");
        });
        doomed.close();
        assertOnlyOnce(next());
    }

    @Test
    void anIdleConnectionIsWatchedWhileSomebodyListensAndNoLonger() throws Exception {
        Heard heard = new Heard();
        Consumer<Termination> atEnd = end -> {};
        List<Runnable> stop = new ArrayList<>();
        assertThat(isWatched()).isFalse();
        db.addListener("c", heard);
        stop.add(() -> db.removeListener("c", heard));
        db.addTerminationListener(atEnd);
        stop.add(() -> db.removeTerminationListener(atEnd));
        Future<?> waiting = elsewhere(() -> db.notifications().poll(Duration.ofSeconds(PATIENCE_SECONDS)));
        for (Runnable one : stop) {
            assertThat(isWatched()).isTrue();
            one.run();
        }
        database().execute("notify c, 'nobody'");
        db.execute("listen own");
        database().execute("notify own, 'wakes'");
        result(waiting);
        Await.until(Duration.ofSeconds(PATIENCE_SECONDS), () -> !isWatched());
        // What comes while nobody watches waits in the socket.
        database().execute("notify own, 'kept'");
        Await.until(
                Duration.ofSeconds(PATIENCE_SECONDS), () -> db.notifications().size() == 1);
        assertThat(isWatched()).isFalse();
        assertThat(db.notifications().poll().payload()).isEqualTo("kept");
        db.addListener("own", heard);
        database().execute("notify own, 'heard'");
        heard.assertNext("heard");
    }
}
