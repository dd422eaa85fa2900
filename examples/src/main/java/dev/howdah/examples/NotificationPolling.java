package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.Notifications;
import dev.howdah.PgConnection;
import dev.howdah.event.Notification;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Notifications asked for rather than pushed: once, all that are there, and in a loop of their own. */
public final class NotificationPolling {

    private NotificationPolling() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws InterruptedException {
        String conninfo = args.length > 0 ? args[0] : "";
        try (PgConnection listener = Howdah.connect(conninfo);
                PgConnection notifier = Howdah.connect(conninfo)) {
            Notifications notifications = listener.notifications();
            listener.execute("listen order_updates; listen inventory_changes");

            notifier.execute("notify order_updates, 'Order 12345 shipped'");
            Notification notification = notifications.poll(Duration.ofSeconds(30));
            if (notification == null) {
                throw new IllegalStateException("no notification came");
            }
            System.out.println("Channel: " + notification.channel());
            System.out.println("Payload: " + notification.payload());
            System.out.println("Sent by the notifier: "
                    + (notification.pid() == notifier.info().backendPid()));
            System.out.println("More of them: " + notifications.drain().size());

            CountDownLatch handled = new CountDownLatch(2);
            Thread handler = Thread.ofVirtual().start(() -> {
                // Waits for the next one, takes no CPU meanwhile, and ends when the connection is closed.
                for (Notification each : notifications) {
                    handle(each);
                    handled.countDown();
                }
            });
            notifier.execute("notify order_updates, 'Order 12346 packed'");
            notifier.execute("notify inventory_changes, 'pens: 17'");
            handled.await();
            listener.close();
            handler.join();
        }
    }

    private static void handle(Notification notification) {
        switch (notification.channel()) {
            case "order_updates" -> System.out.println("Order update: " + notification.payload());
            case "inventory_changes" -> System.out.println("Inventory change: " + notification.payload());
            default -> System.out.println("Not expected: " + notification);
        }
    }
}
