package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.SqlState;
import dev.howdah.event.Notification;
import dev.howdah.password.Secret;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Listeners that are slow, that throw, that close what calls them; servers that let nobody in. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class SubscriptionTrapsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SubscriptionOptions QUICK =
            SubscriptionOptions.DEFAULT.withPauses(Duration.ofMillis(10), Duration.ofMillis(50));

    private final SubscriptionLog log = new SubscriptionLog();
    private LeakCheck leaks = LeakCheck.start();

    @BeforeEach
    void look(TestDatabase db) {
        leaks = LeakCheck.start().sockets().backends(db);
    }

    @AfterEach
    void nothingIsLeft() {
        leaks.verify();
    }

    private static ConnectOptions options(TestDatabase db) {
        return ConnectOptions.parse(db.dsn(Roles.TRUST) + " sslmode=disable");
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Waits on a thread that may not throw. */
    private static void hold(CountDownLatch latch) {
        try {
            await(latch);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAFullQueueCannotTakeIsCountedAndToldInItsPlace(TestDatabase db) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        SubscriptionLog slow = new SubscriptionLog() {
            @Override
            public void onNotification(Notification notification) {
                super.onNotification(notification);
                if (notification.payload().equals("first")) {
                    entered.countDown();
                    hold(go);
                }
            }
        };
        try (Subscription subscription =
                Howdah.subscribe(options(db), List.of("c"), slow, QUICK.withQueueCapacity(3))) {
            slow.connected();
            db.execute("notify c, 'first'");
            await(entered);
            db.execute("notify c, '1'; notify c, '2'; notify c, '3'; notify c, '4'; notify c, '5'");
            Await.until(PATIENCE, () -> subscription.received() == 6);
            assertThat(subscription.queueDepth()).isEqualTo(3);
            assertThat(subscription.lost()).isEqualTo(2);
            go.countDown();
            for (String payload : List.of("first", "1", "2", "3")) {
                slow.assertNext(payload);
            }
            assertThat(slow.next(SubscriptionLog.Overflow.class).lost()).isEqualTo(2);
            db.execute("notify c, '6'");
            slow.assertNext("6");
            Await.until(PATIENCE, () -> subscription.delivered() == 5);
            assertThat(subscription.lost()).isEqualTo(2);
        }
    }

    @Test
    void aListenerThatThrowsSilencesNobody(TestDatabase db) throws Exception {
        SubscriptionLog throwing = new SubscriptionLog() {
            @Override
            public void onNotification(Notification notification) {
                super.onNotification(notification);
                throw new AssertionError("thrown on purpose by a test");
            }

            @Override
            public void onConnected(ConnectionInfo info) {
                super.onConnected(info);
                throw new IllegalStateException("thrown on purpose by a test");
            }
        };
        try (Subscription subscription = Howdah.subscribe(options(db), List.of("c"), throwing)) {
            throwing.connected();
            subscription.addListener("c", log::onNotification);
            db.execute("notify c, '1'");
            db.execute("notify c, '2'");
            for (SubscriptionLog each : List.of(throwing, log)) {
                each.assertNext("1");
                each.assertNext("2");
            }
        }
    }

    @Test
    void aCallbackMayCloseTheSubscriptionAndIsTheLast(TestDatabase db) throws Exception {
        AtomicReference<Subscription> itself = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        Subscription subscription = Howdah.subscribe(options(db), List.of(), log);
        itself.set(subscription);
        log.connected();
        subscription.addListener("c", notification -> {
            itself.get().close();
            closed.countDown();
        });
        subscription.addListener("c", log::onNotification);
        db.execute("notify c, '1'; notify c, '2'");
        await(closed);
        assertThat(subscription.isConnected()).isFalse();
        subscription.close();
        assertThat(log.events).isEmpty();
        assertThatThrownBy(() -> subscription.addChannel("d"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        subscription.removeChannel("c");
        assertThat(subscription.awaitConnected(PATIENCE)).isFalse();
    }

    @Test
    void closeLeavesNothingBehindWheneverItComes(TestDatabase db) {
        SubscriptionOptions busy = QUICK.withProbes(Duration.ofNanos(100_000), PATIENCE);
        for (int i = 0; i < 50; i++) {
            SubscriptionOptions settings = busy.withConnectInBackground(i % 2 == 0);
            try (Subscription subscription = Howdah.subscribe(options(db), List.of("c"), log, settings)) {
                if (i % 3 == 0) {
                    assertThat(subscription.awaitConnected(PATIENCE)).isTrue();
                }
            }
        }
    }

    @Test
    void closeWaitsForTheCallbackThatRunsAndDropsTheRest(TestDatabase db) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong ended = new AtomicLong();
        Subscription subscription = Howdah.subscribe(
                options(db),
                List.of("c"),
                notification -> {
                    entered.countDown();
                    hold(go);
                    ended.incrementAndGet();
                },
                QUICK);
        db.execute("notify c, '1'; notify c, '2'; notify c, '3'");
        await(entered);
        Await.until(PATIENCE, () -> subscription.queueDepth() == 2);
        Thread closing = Thread.ofPlatform().start(subscription::close);
        Await.until(PATIENCE, () -> closing.getState() == Thread.State.TIMED_WAITING && subscription.queueDepth() == 0);
        go.countDown();
        assertThat(closing.join(PATIENCE)).isTrue();
        assertThat(ended).hasValue(1);
    }

    @Test
    void aCallbackMayChangeTheChannels(TestDatabase db) throws Exception {
        try (Subscription subscription = Howdah.subscribe(options(db), List.of(), log)) {
            log.connected();
            List<Consumer<Notification>> self = new ArrayList<>();
            CountDownLatch done = new CountDownLatch(1);
            self.add(notification -> {
                subscription.addChannel("later");
                subscription.removeListener("c", self.getFirst());
                done.countDown();
            });
            subscription.addListener("c", self.getFirst());
            db.execute("notify c");
            await(done);
            assertThat(subscription.channels()).containsExactly("later");
            db.execute("notify later, 'heard'");
            log.assertNext("heard");
        }
    }

    @Test
    void oneListenerPerChannelOnAThousandChannelsAndAllOfThemOnOne(TestDatabase db) throws Exception {
        int channels = 1000;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            names.add("channel_" + i);
        }
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        AtomicLong all = new AtomicLong();
        try (Subscription subscription = Howdah.subscribe(options(db), names, log)) {
            log.connected();
            for (String name : names) {
                subscription.addListener(name, notification -> heard.add(name + notification.payload()));
                subscription.addListener("everybody", notification -> all.incrementAndGet());
            }
            db.execute("select pg_notify('channel_' || i, '!') from generate_series(0, 999) i");
            db.execute("notify everybody");
            for (String name : names) {
                assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(name + "!");
                assertThat(log.next(Notification.class).channel()).isEqualTo(name);
            }
            Await.until(PATIENCE, () -> all.get() == channels);
            // One session listens, and once on each channel.
            assertThat(subscription.received()).isEqualTo(channels + 1);
        }
    }

    @Test
    void listenersAreAddedAndRemovedFromFiftyThreadsAtOnce(TestDatabase db) throws Exception {
        try (Subscription subscription = Howdah.subscribe(options(db), List.of(), log)) {
            log.connected();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String own = "own_" + i;
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int round = 0; round < 10; round++) {
                        Consumer<Notification> passing = notification -> {};
                        subscription.addListener("shared", passing);
                        subscription.addListener(own, passing);
                        subscription.removeListener("shared", passing);
                        subscription.removeListener(own, passing);
                    }
                    subscription.addListener("shared", log::onNotification);
                    subscription.addListener(own, log::onNotification);
                }));
            }
            for (Thread thread : threads) {
                assertThat(thread.join(PATIENCE)).isTrue();
            }
            assertThat(subscription.channels()).hasSize(51);
            db.execute("select pg_notify('own_' || i, '') from generate_series(0, 49) i");
            for (int i = 0; i < 50; i++) {
                assertThat(log.next(Notification.class).channel()).isEqualTo("own_" + i);
            }
            db.execute("notify shared");
            for (int i = 0; i < 50; i++) {
                assertThat(log.next(Notification.class).channel()).isEqualTo("shared");
            }
            assertThat(log.events).isEmpty();
        }
    }

    @Test
    void theFirstConnectFailsAtOnceAndSaysWhy(TestDatabase db) {
        assertThatThrownBy(() -> Howdah.subscribe(db.dsn(Roles.TRUST) + " dbname=nowhere", List.of("c"), log))
                .isInstanceOfSatisfying(
                        ConnectFailedException.class,
                        e -> assertThat(e.sqlState()).isEqualTo(SqlState.INVALID_CATALOG_NAME));
        assertThatThrownBy(() -> Howdah.subscribe(db.dsn(Roles.SCRAM) + " password=wrong", List.of("c"), log))
                .isInstanceOfSatisfying(
                        ConnectFailedException.class,
                        e -> assertThat(e.sqlState()).isEqualTo(SqlState.INVALID_PASSWORD));
        assertThat(log.events).isEmpty();
    }

    @Test
    void inTheBackgroundTheFirstConnectIsTriedUntilItSucceedsAndLeavesNoGap(TestDatabase db) throws Exception {
        String name = "later_" + db.name();
        ConnectOptions options = options(db).toBuilder().dbname(name).build();
        try (Subscription subscription =
                Howdah.subscribe(options, List.of("c"), log, QUICK.withConnectInBackground(true))) {
            SubscriptionLog.Failed failed = log.next(SubscriptionLog.Failed.class);
            assertThat(failed.failure()).isInstanceOf(ConnectFailedException.class);
            assertThat(failed.attempt()).isEqualTo(1);
            assertThat(failed.pause()).isLessThanOrEqualTo(Duration.ofMillis(10));
            assertThat(log.next(SubscriptionLog.Failed.class).attempt()).isEqualTo(2);
            assertThat(subscription.isConnected()).isFalse();
            assertThat(subscription.lastHeard()).isNull();
            assertThat(subscription.awaitConnected(Duration.ofMillis(1))).isFalse();
            db.execute("create database " + name);
            assertThat(subscription.awaitConnected(PATIENCE)).isTrue();
            log.connected();
            try (AdminSession admin = db.server().admin(name)) {
                admin.execute("notify c, 'x'");
            }
            log.assertNext("x");
            assertThat(subscription.reconnects()).isZero();
        } finally {
            db.execute("drop database if exists " + name + " with (force)");
        }
    }

    @Test
    void aChannelThatIsAddedWhileItConnectsIsListenedOnOnceItIsConnected(TestDatabase db) throws Exception {
        SubscriptionOptions background = QUICK.withConnectInBackground(true);
        for (int i = 0; i < 20; i++) {
            try (Subscription subscription = Howdah.subscribe(options(db), List.of(), log, background)) {
                subscription.addChannel("c");
                assertThat(subscription.awaitConnected(PATIENCE)).isTrue();
                db.execute("notify c, 'x'");
                log.connected();
                log.assertNext("x");
            }
        }
    }

    @Test
    void callbacksRunOnTheExecutorThatWasChosenAndElsewhereIfItRefuses(TestDatabase db) throws Exception {
        BlockingQueue<String> threads = new LinkedBlockingQueue<>();
        try (ExecutorService pool = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("chosen").factory())) {
            for (SubscriptionOptions settings :
                    List.of(QUICK.withExecutor(pool), QUICK.withExecutor(Runnable::run), QUICK.withExecutor(task -> {
                        throw new RejectedExecutionException("refused on purpose by a test");
                    }))) {
                try (Subscription subscription = Howdah.subscribe(
                        options(db),
                        List.of("c"),
                        notification -> threads.add(Thread.currentThread().getName()),
                        settings)) {
                    db.execute("do $$ begin for i in 1..1000 loop perform pg_notify('c', i::text); end loop; end $$");
                    Await.until(PATIENCE, () -> subscription.delivered() == 1000);
                }
            }
        }
        List<String> names = new ArrayList<>(threads);
        assertThat(names).hasSize(3000);
        assertThat(names.subList(0, 1000)).containsOnly("chosen");
        assertThat(names.subList(1000, 3000)).doesNotContain("chosen");
    }

    @Test
    void aPasswordSupplierThatThrowsIsAFailedAttempt(TestDatabase db) throws Exception {
        CompletableFuture<Boolean> available = new CompletableFuture<>();
        ConnectOptions options = ConnectOptions.parse(db.dsn(Roles.SCRAM)).toBuilder()
                .password(() -> {
                    if (!available.isDone()) {
                        throw new IllegalStateException("thrown on purpose by a test");
                    }
                    return Secret.of(Roles.SCRAM.password());
                })
                .build();
        try (Subscription subscription =
                Howdah.subscribe(options, List.of("c"), log, QUICK.withConnectInBackground(true))) {
            assertThat(log.next(SubscriptionLog.Failed.class).failure())
                    .hasRootCauseMessage("thrown on purpose by a test");
            available.complete(true);
            assertThat(subscription.awaitConnected(PATIENCE)).isTrue();
        }
    }
}
