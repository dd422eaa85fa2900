package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.event.Notification;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that wait for notifications watch the connection themselves, and others use and watch it, too. */
@Timeout(120)
class NotificationWaitIT extends DriverContract {

    private static final Duration LONG = Duration.ofSeconds(PATIENCE_SECONDS);

    private PgConnection sender;
    private Notifications notifications;

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    @BeforeEach
    void listen() throws Exception {
        sender = connect();
        notifications = db.notifications();
        db.execute("listen waits");
    }

    private static ThreadFactory threads(boolean virtual) {
        return virtual
                ? Thread.ofVirtual().factory()
                : Thread.ofPlatform().daemon().factory();
    }

    private FutureTask<Notification> waitFor(Duration timeout, boolean virtual) {
        FutureTask<Notification> waiting = new FutureTask<>(() -> notifications.poll(timeout));
        threads(virtual).newThread(waiting).start();
        return waiting;
    }

    private void awaitWatch() {
        Await.until(LONG, () -> db.verbs().core().pump().isWatched());
    }

    private static Notification result(FutureTask<Notification> waiting) throws Exception {
        return waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void send(String payload) {
        sender.query("select pg_notify('waits', $1)", payload);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsIsWokenAgainAndAgain(boolean virtual) throws Exception {
        for (int i = 0; i < 50; i++) {
            FutureTask<Notification> waiting = waitFor(LONG, virtual);
            if (i % 2 == 0) {
                awaitWatch();
            }
            send("number " + i);
            assertThat(result(waiting).payload()).isEqualTo("number " + i);
        }
        assertThat(db.verbs().core().pump().isWatched()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsGetsWhatAnotherThreadReads(boolean virtual) throws Exception {
        for (int i = 0; i < 20; i++) {
            FutureTask<Notification> waiting = waitFor(LONG, virtual);
            awaitWatch();
            db.query("select pg_notify('waits', $1)", "own " + i);
            assertThat(result(waiting).payload()).isEqualTo("own " + i);
        }
    }

    @Test
    void whoWaitsWatchesOnWhenOthersHaveUsedTheConnection() throws Exception {
        FutureTask<Notification> waiting = waitFor(LONG, false);
        awaitWatch();
        for (int i = 0; i < 200; i++) {
            assertThat(db.queryValue("select $1::int", Integer.class, i)).isEqualTo(i);
        }
        assertThat(waiting.isDone()).isFalse();
        send("at last");
        assertThat(result(waiting).payload()).isEqualTo("at last");
    }

    @Test
    void aTimeLimitIsKeptWhileOthersUseTheConnection() throws Exception {
        FutureTask<Notification> waiting = waitFor(Duration.ofMillis(50), false);
        while (!waiting.isDone()) {
            db.queryValue("select 1", Integer.class);
        }
        assertThat(result(waiting)).isNull();
    }

    @Test
    void anotherThatWaitsHearsWhenTheFirstHasGone() throws Exception {
        FutureTask<Notification> first = waitFor(Duration.ofMillis(50), false);
        FutureTask<Notification> second = waitFor(LONG, false);
        FutureTask<Notification> third = waitFor(LONG, true);
        assertThat(result(first)).isNull();
        send("one");
        send("two");
        assertThat(List.of(result(second).payload(), result(third).payload())).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void aListenerThatIsAddedMeanwhileHearsThenAndAfterwards() throws Exception {
        FutureTask<Notification> waiting = waitFor(LONG, false);
        awaitWatch();
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        NotificationListener listener = (connection, notification) -> heard.add(notification.payload());
        db.addListener("waits", listener);
        send("both");
        assertThat(result(waiting).payload()).isEqualTo("both");
        assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("both");
        send("the listener");
        assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("the listener");
        db.removeListener("waits", listener);
    }

    @Test
    void aListenerHearsSingleOnesAtOnceAgainWhenABulkIsOver() throws Exception {
        int count = place.amount(20_000, 4_000);
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        NotificationListener listener = (connection, notification) -> heard.add(notification.payload());
        db.addListener("waits", listener);
        for (int round = 0; round < 3; round++) {
            sender.query(
                    "select pg_notify('waits', lpad(i::text, 100, '0')) from generate_series(1, $1::int) i", count);
            for (int i = 1; i <= count; i++) {
                assertThat(Integer.parseInt(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)))
                        .isEqualTo(i);
            }
            for (int i = 0; i < 20; i++) {
                send("single " + i);
                assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("single " + i);
            }
        }
        db.removeListener("waits", listener);
    }

    @Test
    void nothingIsLostWhileThreadsShareTheConnection() throws Exception {
        int threads = 10;
        int each = place.amount(200, 50);
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> sharing = IntStream.range(0, threads)
                .mapToObj(thread -> Thread.ofVirtual().unstarted(() -> {
                    for (int i = 0; i < each; i++) {
                        db.query("select pg_notify('waits', $1)", thread + "." + i);
                    }
                }))
                .toList();
        sharing.forEach(thread -> thread.setUncaughtExceptionHandler((ignored, e) -> failures.add(e)));
        sharing.forEach(Thread::start);
        List<String> taken = new ArrayList<>();
        while (taken.size() < threads * each) {
            Notification next = notifications.poll(LONG);
            assertThat(next).as("after %d: %s", taken.size(), failures).isNotNull();
            taken.add(next.payload());
        }
        for (Thread thread : sharing) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(taken).doesNotHaveDuplicates();
    }

    @Test
    void whatComesInBulkIsTakenInOrder() {
        int count = place.amount(20_000, 4_000);
        sender.query("select pg_notify('waits', lpad(i::text, 100, '0')) from generate_series(1, $1::int) i", count);
        for (int i = 1; i <= count; i++) {
            Notification next = notifications.poll(LONG);
            assertThat(next).as("number %d", i).isNotNull();
            assertThat(Integer.parseInt(next.payload())).isEqualTo(i);
        }
    }
}
