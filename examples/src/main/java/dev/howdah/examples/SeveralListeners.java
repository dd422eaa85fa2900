package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.NotificationListener;
import dev.howdah.PgConnection;
import dev.howdah.event.Notification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Several listeners on one channel, one listener on several channels, and a table of handlers by channel. */
public final class SeveralListeners {

    private final CountDownLatch expected = new CountDownLatch(8);

    private SeveralListeners() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws InterruptedException {
        new SeveralListeners().run(args.length > 0 ? args[0] : "");
    }

    private void run(String conninfo) throws InterruptedException {
        try (PgConnection db = Howdah.connect(conninfo)) {
            // Two listeners on the same channel: each is called, in the order in which they were added.
            db.addListener("user_events", (connection, n) -> say("email about " + n.payload()));
            db.addListener("user_events", (connection, n) -> {
                if (n.payload().startsWith("urgent")) {
                    say("text message about " + n.payload());
                }
            });

            // One listener on several channels.
            NotificationListener general = (connection, n) -> say("seen on " + n.channel() + ": " + n.payload());
            for (String channel : List.of("order_events", "payment_events")) {
                db.addListener(channel, general);
            }

            // A table of handlers by channel. What a handler throws is logged; the others are called all the same.
            Map<String, List<Consumer<Notification>>> handlers = Map.of(
                    "inventory_events",
                    List.of(n -> say("stock of " + n.payload()), n -> say("reorder " + n.payload() + "?")));
            handlers.forEach((channel, all) -> {
                for (Consumer<Notification> handler : all) {
                    db.addListener(channel, (connection, n) -> handler.accept(n));
                }
            });

            db.execute("notify user_events, 'a new user'");
            db.execute("notify user_events, 'urgent: a stolen password'");
            db.execute("notify order_events, 'order 12'");
            db.execute("select pg_notify($1, $2)", "payment_events", "payment 3");
            db.execute("notify inventory_events, 'pens'");
            db.execute("notify user_events, 'bye'");
            if (!expected.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not all notifications came");
            }
        }
    }

    private void say(String text) {
        System.out.println(text);
        expected.countDown();
    }
}
