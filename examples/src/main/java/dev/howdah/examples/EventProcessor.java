package dev.howdah.examples;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.event.Notification;
import dev.howdah.event.QueryEvent;
import dev.howdah.event.QueryLoggers;
import dev.howdah.event.Termination;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Notifications, slow queries and the end of a connection in one queue, which one thread works off. */
public final class EventProcessor {

    private static final Duration SLOW = Duration.ofMillis(500);

    private final CountDownLatch heard = new CountDownLatch(2);
    private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();

    // @start region=events
    private sealed interface Event {
        record Notified(Notification notification) implements Event {}

        record SlowQuery(QueryEvent query) implements Event {}

        record Ended(Termination termination) implements Event {}
    }

    private void attach(PgConnection db) {
        db.addListener("app_events", this::onNotification);
        db.addQueryLogger(QueryLoggers.slow(SLOW, query -> queue.add(new Event.SlowQuery(query.masked()))));
        db.addTerminationListener(termination -> queue.add(new Event.Ended(termination)));
    }

    private void onNotification(PgConnection db, Notification notification) {
        queue.add(new Event.Notified(notification));
        heard.countDown();
    }

    /** Works until the connection has ended. */
    private void process() throws InterruptedException {
        while (true) {
            switch (next()) {
                case Event.Notified(Notification notification) -> handle(notification.payload());
                case Event.SlowQuery(QueryEvent query) ->
                    System.out.println("slow: " + query.sql() + " with " + query.parameters());
                case Event.Ended(Termination termination) -> {
                    System.out.println(termination.cause() == null ? "closed" : "lost");
                    return;
                }
            }
        }
    }
    // @end

    private Event next() throws InterruptedException {
        Event event = queue.poll(60, TimeUnit.SECONDS);
        if (event == null) {
            throw new IllegalStateException("nothing happens");
        }
        return event;
    }

    private static void handle(String payload) {
        String[] parts = payload.split(" ", 3);
        switch (parts[0] + " " + parts[1]) {
            case "order created" -> System.out.println("confirm order " + parts[2]);
            case "order cancelled" -> System.out.println("refund order " + parts[2]);
            default -> System.out.println("seen: " + payload);
        }
    }

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws InterruptedException {
        ConnectOptions options = ConnectOptions.parse(args.length > 0 ? args[0] : "");
        EventProcessor processor = new EventProcessor();
        try (PgConnection db = Howdah.connect(options);
                PgConnection other = Howdah.connect(options)) {
            processor.attach(db);
            other.execute("select pg_notify('app_events', 'order created 12345')");
            other.execute("select pg_notify('app_events', 'order cancelled 12344')");
            if (!processor.heard.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not all notifications came");
            }
            db.query("select pg_sleep($1)", 0.51);
            other.query("select pg_terminate_backend($1)", db.info().backendPid());
            processor.process();
        }
    }
}
