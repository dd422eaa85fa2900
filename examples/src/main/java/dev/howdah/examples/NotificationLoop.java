package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.Notifications;
import dev.howdah.PgConnection;
import dev.howdah.event.Notification;
import java.time.Duration;

/** The loop that waits for a notification or for the time to be up; here it sends one to itself after two timeouts. */
public final class NotificationLoop {

    private NotificationLoop() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        String conninfo = args.length > 0 ? args[0] : "";
        try (PgConnection db = Howdah.connect(conninfo);
                PgConnection other = Howdah.connect(conninfo)) {
            Notifications notifications = db.notifications();
            db.execute("listen test");
            System.out.println("Waiting for notifications on channel 'test'");
            int timeouts = 0;
            while (true) {
                Notification notify = notifications.poll(Duration.ofMillis(300));
                if (notify != null) {
                    System.out.println("Got NOTIFY: " + notify.pid() + " " + notify.channel() + " " + notify.payload());
                    return;
                }
                System.out.println("Timeout");
                if (++timeouts == 2) {
                    other.execute("notify test, 'hello'");
                }
            }
        }
    }
}
