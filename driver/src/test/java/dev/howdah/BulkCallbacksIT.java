package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.event.Notification;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Callbacks that the thread which reads a bulk runs itself: what they may do is what they may do elsewhere, and nobody hears less for it.
 */
class BulkCallbacksIT extends DriverContract {

    private static final int BATCH = 5_000;

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    /** Keeps what it hears in order, and does something once, the first time that the reader of a bulk calls it. */
    private static final class Once implements NotificationListener {
        private final BlockingQueue<String> after = new LinkedBlockingQueue<>();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final NotificationListener action;
        private @Nullable Thread caller;
        private boolean callerReads;

        Once(NotificationListener action) {
            this.action = action;
        }

        @Override
        public void onNotification(PgConnection connection, Notification notification) {
            if (!hasBegun() && readsBulk()) {
                begun.countDown();
                action.onNotification(connection, notification);
            }
            after.add(notification.payload());
        }

        /** Looks once for each thread: a listener that lags is not called by the reader. */
        private boolean readsBulk() {
            Thread current = Thread.currentThread();
            if (current != caller) {
                assertThat(current.isVirtual()).isTrue();
                caller = current;
                callerReads = StackWalker.getInstance()
                        .walk(frames ->
                                frames.anyMatch(f -> f.getClassName().startsWith("dev.howdah.pump.BulkReader")));
            }
            return callerReads;
        }

        boolean hasBegun() {
            return begun.getCount() == 0;
        }

        /** Waits until it has heard so many, for while it lags another thread calls it; or until it is at what it does once. */
        void awaitHeard(int count) {
            Await.until(
                    "all is heard", Duration.ofSeconds(PATIENCE_SECONDS), () -> hasBegun() || after.size() >= count);
        }

        /** Checks that everything came in order. */
        void assertNext(int count) throws InterruptedException {
            for (int i = 0; i < count; i++) {
                assertThat(after.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(payload(i));
            }
            assertThat(after).isEmpty();
        }
    }

    private static String payload(int number) {
        return String.format("%0100d", number);
    }

    /** Sends until the listener has done what it does once; returns how many it sent. */
    private int sendUntilBegun(Once listener, String channel) {
        int sent = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!listener.hasBegun()) {
            assertThat(System.nanoTime()).as("the reader of a bulk calls").isLessThan(end);
            database()
                    .execute("select count(pg_notify('" + channel + "', lpad(i::text, 100, '0')))"
                            + " from generate_series(" + sent + ", " + (sent + BATCH - 1) + ") i");
            sent += BATCH;
            listener.awaitHeard(sent);
        }
        return sent;
    }

    @Test
    void whileOneBlocksOthersHear() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Once blocking = new Once((connection, notification) -> await(release));
        db.addListener("blocking", blocking);
        db.execute("listen other");
        BlockingQueue<String> others = new LinkedBlockingQueue<>();
        CollectingSubscriber<Notification> subscriber = new CollectingSubscriber<>(n -> {
            if (n.channel().equals("other")) {
                others.add(n.payload());
            }
        });
        db.notifications().publisher().subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);

        int sent = sendUntilBegun(blocking, "blocking");
        database().execute("notify other, 'meanwhile'");
        assertThat(others.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("meanwhile");
        database().execute("notify other, 'again'");
        assertThat(others.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("again");
        release.countDown();
        blocking.assertNext(sent);
    }

    @Test
    void oneMayUseTheConnection() throws Exception {
        List<Integer> answers = new CopyOnWriteArrayList<>();
        Once querying = new Once((connection, notification) -> {
            answers.add(connection.queryValue("select 42", Integer.class));
            connection.execute("notify querying_too");
        });
        BlockingQueue<String> too = new LinkedBlockingQueue<>();
        db.addListener("querying", querying);
        db.addListener("querying_too", (connection, notification) -> too.add(notification.channel()));
        querying.assertNext(sendUntilBegun(querying, "querying"));
        assertThat(answers).containsExactly(42);
        assertThat(too.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("querying_too");
    }

    @Test
    void oneMayThrowAndLeaveAnInterrupt() throws Exception {
        Once throwing = new Once((connection, notification) -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("on purpose");
        });
        db.addListener("throwing", throwing);
        int sent = sendUntilBegun(throwing, "throwing");
        BlockingQueue<String> last = new LinkedBlockingQueue<>();
        db.addListener("throwing", (connection, notification) -> last.add(notification.payload()));
        database().execute("notify throwing, 'last'");
        String next = last.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        while (!"last".equals(next)) {
            assertThat(next).isNotNull();
            next = last.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(throwing.after)
                .as("all but the one that threw, and the last")
                .hasSize(sent);
    }

    @Test
    void whereTheUserHasChosenAnExecutorTheReaderCallsNone() throws Exception {
        int count = 4 * BATCH;
        BlockingQueue<String> payloads = new LinkedBlockingQueue<>();
        BlockingQueue<String> elsewhere = new LinkedBlockingQueue<>();
        try (ExecutorService executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("chosen").factory())) {
            PgConnection connection =
                    connect(options().toBuilder().callbackExecutor(executor).build());
            connection.addListener("chosen", (on, notification) -> {
                if (!Thread.currentThread().getName().equals("chosen")) {
                    elsewhere.add(Thread.currentThread().toString());
                }
                payloads.add(notification.payload());
            });
            database()
                    .execute("select count(pg_notify('chosen', lpad(i::text, 100, '0'))) from generate_series(0, "
                            + (count - 1) + ") i");
            for (int i = 0; i < count; i++) {
                assertThat(payloads.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(payload(i));
            }
        }
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void oneMayCloseTheConnection() throws Exception {
        PgConnection connection = connect();
        expectLost(connection);
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Once closing = new Once((on, notification) -> {
            on.close();
            closed.countDown();
        });
        connection.addTerminationListener(end -> told.countDown());
        connection.addListener("closing", closing);
        sendUntilBegun(closing, "closing");
        assertThat(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(told.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
