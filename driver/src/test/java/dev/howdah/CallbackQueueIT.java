package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.event.Notification;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How callbacks are called: in order, one after another, bounded, where the user wants it. */
class CallbackQueueIT extends DriverContract {

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    private final Heard heard = new Heard();

    private PgConnection withExecutor(Executor executor) {
        return connect(options().toBuilder().callbackExecutor(executor).build());
    }

    private PgConnection withQueue(int events) {
        return connect(options().toBuilder().notificationQueue(events).build());
    }

    /** Blocks whoever calls it until the test lets go, and says when it has begun. */
    private static final class Blocking implements NotificationListener {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public void onNotification(PgConnection connection, Notification notification) {
            begun.countDown();
            try {
                if (!release.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("not released");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void awaitBegun() throws InterruptedException {
            assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Keeps what the driver logs about a class. */
    private static final class Log extends Handler implements AutoCloseable {
        private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();
        private final Logger logger;

        Log(Class<?> source) {
            logger = Logger.getLogger(source.getName());
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord entry) {
            records.add(entry);
        }

        @Override
        public void flush() {
            // Nothing is buffered.
        }

        @Override
        public void close() {
            logger.removeHandler(this);
        }

        long warnings() {
            return records.stream()
                    .filter(r -> r.getLevel().equals(Level.WARNING))
                    .count();
        }
    }

    @Test
    void manyArriveInOrderWithoutLoss() throws Exception {
        int count = place.amount(100_000, 5_000);
        BlockingQueue<String> payloads = new LinkedBlockingQueue<>();
        db.addListener("many", (on, notification) -> payloads.add(notification.payload()));
        database()
                .execute("select count(pg_notify('many', rpad(i::text, 100, '.'))) from generate_series(1, " + count
                        + ") i");
        for (int i = 1; i <= count; i++) {
            String payload = payloads.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(payload).hasSize(100).startsWith(i + ".");
        }
        assertThat(payloads).isEmpty();
    }

    /** A callback that says that it has run. */
    private record Counting(CountDownLatch left) implements CallbackQueue.Callback {
        @Override
        public void run() {
            left.countDown();
        }

        @Override
        public long bytes() {
            return 1;
        }

        @Override
        public void missed(CallbackQueue.Gap gap) {
            throw new AssertionError("there was room");
        }
    }

    @Test
    void aQueueThatFillsIsEmptiedBeforeTheReadIsOver() throws Exception {
        int most = 128;
        CountDownLatch idle = new CountDownLatch(1);
        CallbackQueue queue = new CallbackQueue(most + most / 2, steps -> {
            steps.run();
            idle.countDown();
        });
        queue.begin(db);
        assertThat(idle.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        CountDownLatch left = new CountDownLatch(most);
        for (int i = 0; i < most; i++) {
            queue.offer(new Counting(left));
        }
        assertThat(left.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void oneSentWhileRowsAreStreamedComesWithTheirEnd() throws Exception {
        db.addListener("c", heard);
        try (Stream<Row> rows = db.stream("select g, repeat('x', 100) from generate_series(1, 5000) g", 1_000)) {
            Iterator<Row> iterator = rows.iterator();
            iterator.next();
            // The server keeps it until its transaction ends.
            database().execute("notify c, 'during'");
            iterator.forEachRemaining(row -> {});
        }
        heard.assertNext("during");
    }

    @Test
    void aFullQueueDropsTheNewestAndSaysSoInItsPlace() throws Exception {
        PgConnection small = withQueue(10);
        Blocking slow = new Blocking();
        try (Log log = new Log(CallbackQueue.class)) {
            small.addListener("slow", slow);
            small.addListener("c", heard);
            small.execute("notify slow");
            slow.awaitBegun();
            for (int i = 1; i <= 25; i++) {
                small.execute("notify c, '" + i + "'");
            }
            assertThat(log.warnings()).isEqualTo(1);
            slow.release.countDown();
            for (int i = 1; i <= 10; i++) {
                heard.assertNext(Integer.toString(i));
            }
            assertThat(heard.next()).isEqualTo(new Notification(0, "overflow", "15"));
            small.execute("notify c, 'after'");
            heard.assertNext("after");
            heard.assertNothingMore();
            assertThat(log.warnings()).isEqualTo(1);
        }
        assertThat(heard.overflows()).containsExactly(15L);
    }

    @Test
    void aQueueOfOneHoldsOne() throws Exception {
        PgConnection small = withQueue(1);
        Blocking slow = new Blocking();
        small.addListener("slow", slow);
        small.addListener("c", heard);
        small.execute("notify slow");
        slow.awaitBegun();
        small.execute("notify c, '1'; notify c, '2'; notify c, '3'");
        slow.release.countDown();
        heard.assertNext("1");
        assertThat(heard.next()).isEqualTo(new Notification(0, "overflow", "2"));
        assertThat(heard.overflows()).containsExactly(2L);
    }

    @Test
    void whatIsTooLargeForTheQueueInBytesIsDropped() throws Exception {
        if (place != Place.TCP_18) {
            return;
        }
        Blocking slow = new Blocking();
        db.addListener("slow", slow);
        db.addListener("c", heard);
        db.execute("notify slow");
        slow.awaitBegun();
        int count = (int) (CallbackQueue.MAX_BYTES / 7_000) + 100;
        db.query("select count(pg_notify('c', rpad(i::text, 7000, '.'))) from generate_series(1, " + count + ") i");
        slow.release.countDown();
        int kept = 0;
        Notification next = heard.next();
        for (; !next.channel().equals("overflow"); next = heard.next()) {
            kept++;
            assertThat(next.payload()).startsWith(kept + ".");
        }
        assertThat(next.payload()).isEqualTo(Integer.toString(count - kept));
    }

    @Test
    void whoIsRemovedHearsNothingThatWaited() throws Exception {
        Blocking slow = new Blocking();
        db.addListener("slow", slow);
        db.addListener("c", heard);
        db.execute("notify slow");
        slow.awaitBegun();
        db.execute("notify c, 'waits'");
        db.removeListener("c", heard);
        Heard marker = new Heard();
        db.addListener("marker", marker);
        db.execute("notify marker, 'x'");
        slow.release.countDown();
        marker.assertNext("x");
        heard.assertNothingMore();
    }

    @Test
    void whoIsAddedHearsNothingThatCameBefore() throws Exception {
        Blocking slow = new Blocking();
        db.addListener("slow", slow);
        db.addListener("c", (on, notification) -> {});
        db.execute("notify slow");
        slow.awaitBegun();
        db.execute("notify c, 'before'");
        db.addListener("c", heard);
        db.execute("notify c, 'after'");
        slow.release.countDown();
        heard.assertNext("after");
    }

    @Test
    void aSlowListenerDoesNotHoldUpTheConnection() throws Exception {
        Blocking slow = new Blocking();
        db.addListener("slow", slow);
        db.execute("notify slow");
        slow.awaitBegun();
        assertThat(db.queryValue("select 42", Integer.class)).isEqualTo(42);
        slow.release.countDown();
    }

    @Test
    void listenersRunOnTheExecutorThatTheUserChose() throws Exception {
        Set<String> names = ConcurrentHashMap.newKeySet();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(
                4, Thread.ofPlatform().name("chosen-", 1).factory())) {
            PgConnection chosen = withExecutor(pool);
            NotificationListener listener = (on, notification) -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                names.add(Thread.currentThread().getName().replaceAll("[0-9]", ""));
                heard.onNotification(on, notification);
                inside.decrementAndGet();
            };
            chosen.addListener("c", listener);
            for (int i = 0; i < 1_000; i++) {
                chosen.execute("notify c, '" + i + "'");
            }
            for (int i = 0; i < 1_000; i++) {
                heard.assertNext(Integer.toString(i));
            }
            chosen.removeListener("c", listener);
        }
        assertThat(names).containsExactly("chosen-");
        assertThat(most).hasValue(1);
    }

    @Test
    void anExecutorThatRunsAtOnceHoldsNobodyUpAndALockNeither() throws Exception {
        PgConnection direct = withExecutor(Runnable::run);
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        direct.addListener("c", (on, notification) -> answer.complete(on.queryValue("select 42", Integer.class)));
        direct.execute("notify c");
        assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(42);
    }

    @Test
    void anExecutorThatRefusesLosesNothing() throws Exception {
        try (Log log = new Log(SerialExecutor.class)) {
            PgConnection refused = withExecutor(task -> {
                throw new RejectedExecutionException("thrown on purpose by a test");
            });
            refused.addListener("c", heard);
            for (int i = 0; i < 100; i++) {
                refused.execute("notify c, '" + i + "'");
            }
            for (int i = 0; i < 100; i++) {
                heard.assertNext(Integer.toString(i));
            }
            assertThat(log.warnings()).isEqualTo(1);
        }
    }

    @Test
    void whatAListenerThrowsIsLoggedAndSilencesNobody() throws Exception {
        try (Log log = new Log(CallbackQueue.class)) {
            List<RuntimeException> thrown = new ArrayList<>();
            db.addListener("c", (on, notification) -> {
                RuntimeException e = new IllegalStateException("thrown on purpose by a test");
                thrown.add(e);
                throw e;
            });
            db.addListener("c", heard);
            db.execute("notify c, '1'; notify c, '2'");
            heard.assertNext("1");
            heard.assertNext("2");
            assertThat(log.records).extracting(LogRecord::getThrown).containsExactlyElementsOf(thrown);
        }
    }

    @Test
    void aListenerMayRemoveItselfAndCloseTheConnection() throws Exception {
        PgConnection closing = connect();
        expectLost(closing);
        AtomicInteger calls = new AtomicInteger();
        NotificationListener[] self = new NotificationListener[1];
        self[0] = (on, notification) -> {
            calls.incrementAndGet();
            on.removeListener("c", self[0]);
            on.close();
        };
        closing.addListener("c", self[0]);
        CountDownLatch ended = new CountDownLatch(1);
        closing.addTerminationListener(end -> ended.countDown());
        database().execute("notify c, '1'; notify c, '2'");
        assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(calls).hasValue(1);
    }
}
