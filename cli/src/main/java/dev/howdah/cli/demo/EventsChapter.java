package dev.howdah.cli.demo;

import dev.howdah.ConnectOptions;
import dev.howdah.ConnectionInfo;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Subscription;
import dev.howdah.SubscriptionListener;
import dev.howdah.SubscriptionOptions;
import dev.howdah.cli.Timing;
import dev.howdah.event.Gap;
import dev.howdah.event.Notification;
import dev.howdah.event.Termination;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What the server says unasked: how soon it is heard, a backend that is killed, a server that is restarted. */
final class EventsChapter implements Chapter {

    private static final String CHANNEL = "demo_events";
    private static final int PUSHES = 500;
    private static final int PATIENCE_SECONDS = 60;

    @Override
    public String name() {
        return "events";
    }

    @Override
    public String summary() {
        return "push latency, a backend killed and noticed, a server restarted under a subscription";
    }

    @Override
    public void tell(Stage stage) throws InterruptedException {
        latency(stage);
        killed(stage);
        restarted(stage);
    }

    private static void latency(Stage stage) throws InterruptedException {
        BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
        long[] nanos = new long[PUSHES];
        stage.narrator().code("listening.addListener(\"" + CHANNEL + "\", (connection, notification) -> ...)");
        try (PgConnection listening = stage.connect();
                PgConnection sending = stage.connect()) {
            listening.addListener(CHANNEL, (connection, notification) -> heard.add(System.nanoTime()));
            for (int i = 0; i < PUSHES; i++) {
                long start = System.nanoTime();
                sending.execute("notify " + CHANNEL + ", 'ping'");
                nanos[i] = next(heard, "a notification") - start;
            }
        }
        Arrays.sort(nanos);
        stage.narrator()
                .got(
                        "latency",
                        PUSHES + " notifications one at a time, from NOTIFY to the callback: half within "
                                + Timing.text(nanos[PUSHES / 2]) + ", 99 of 100 within "
                                + Timing.text(nanos[PUSHES * 99 / 100]));
        stage.expect(heard.isEmpty(), "each was pushed, none twice; nobody polled");
    }

    private static void killed(Stage stage) throws InterruptedException {
        stage.narrator().code("db.addTerminationListener(end -> ...)      // and then nothing is done with db");
        BlockingQueue<Termination> ends = new LinkedBlockingQueue<>();
        try (PgConnection db = stage.connect()) {
            db.addTerminationListener(ends::add);
            int pid = db.info().backendPid();
            long start = System.nanoTime();
            stage.server().server().execute("select pg_terminate_backend(" + pid + ")");
            Termination end = next(ends, "the end of the connection");
            stage.narrator().got("noticed", Timing.since(start) + " after pg_terminate_backend: " + end.reason());
            stage.expectEqual(Termination.Kind.ENDED_BY_SERVER, end.kind(), "how it ended");
            stage.expect(!db.isOpen(), "the loss was noticed without a query, with the server's own words");
        }
    }

    /** What the subscription tells, in one queue. */
    private static final class Told implements SubscriptionListener {
        private final BlockingQueue<Notification> notifications = new LinkedBlockingQueue<>();
        private final BlockingQueue<Gap> gaps = new LinkedBlockingQueue<>();
        private final BlockingQueue<ConnectionInfo> connects = new LinkedBlockingQueue<>();

        @Override
        public void onNotification(Notification notification) {
            notifications.add(notification);
        }

        @Override
        public void onGap(Gap gap) {
            gaps.add(gap);
        }

        @Override
        public void onConnected(ConnectionInfo info) {
            connects.add(info);
        }
    }

    private static void restarted(Stage stage) throws InterruptedException {
        stage.narrator().code("""
                        Subscription orders = Howdah.subscribe(options, List.of("demo_events"), listener)
                        server.restart()""");
        Told told = new Told();
        ConnectOptions options = ConnectOptions.parse(stage.server().dsn());
        SubscriptionOptions quick =
                SubscriptionOptions.DEFAULT.withPauses(Duration.ofMillis(20), Duration.ofMillis(500));
        try (Subscription subscription = Howdah.subscribe(options, List.of(CHANNEL), told, quick)) {
            next(told.connects, "the first connect");
            send(stage, "before");
            stage.expectEqual(
                    "before", next(told.notifications, "a notification").payload(), "the payload");
            long start = System.nanoTime();
            stage.server().server().restart();
            Gap gap = next(told.gaps, "the gap");
            stage.narrator()
                    .got(
                            "connected again",
                            Timing.since(start) + " after the restart began; "
                                    + gap.cause().getMessage());
            stage.narrator().got("deaf", "from " + gap.from() + " to " + gap.until() + ": what to read again");
            send(stage, "after");
            stage.expectEqual(
                    "after", next(told.notifications, "a notification").payload(), "the payload");
            stage.expectEqual(1L, subscription.reconnects(), "the reconnects");
            stage.expect(told.gaps.isEmpty(), "it listens again, and said exactly when it could not hear");
        }
    }

    private static void send(Stage stage, String payload) {
        try (PgConnection db = stage.connect()) {
            db.query("select pg_notify($1, $2)", CHANNEL, payload);
        }
    }

    private static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
        T one = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (one == null) {
            throw new UnmetException(what + " did not come within " + PATIENCE_SECONDS + " s");
        }
        return one;
    }
}
