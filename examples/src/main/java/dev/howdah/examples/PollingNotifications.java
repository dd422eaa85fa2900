package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.Notifications;
import dev.howdah.PgConnection;
import dev.howdah.PollState;
import dev.howdah.PollingConnection;
import dev.howdah.WaitCallback;
import dev.howdah.event.Notification;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Notifications on a connection that nobody reads in the background: select, poll, take what has come. */
public final class PollingNotifications {

    private PollingNotifications() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws IOException {
        String conninfo = args.length > 0 ? args[0] : "";
        try (PgConnection other = Howdah.connect(conninfo);
                PollingConnection db = Howdah.connectPolling(conninfo)) {
            WaitCallback.select().await(db);
            listen(db, other);
        }
    }

    private static void listen(PollingConnection db, PgConnection other) throws IOException {
        // @start region=listen
        Notifications notifications = db.notifications(); // keeps what comes from now on
        db.execute("listen test");
        WaitCallback.select().await(db);
        System.out.println("Waiting for notifications on channel 'test'");
        try (Selector selector = Selector.open()) {
            db.channel().register(selector, SelectionKey.OP_READ);
            for (int heard = 0; heard < 2; ) {
                selector.selectedKeys().clear();
                if (selector.select(300) == 0) {
                    System.out.println("Timeout");
                    other.execute("notify test, 'hello'; notify test, 'again'");
                } else if (db.poll() == PollState.OK) {
                    for (Notification notify : notifications.drain()) {
                        heard++;
                        System.out.println(
                                "Got NOTIFY: " + notify.pid() + " " + notify.channel() + " " + notify.payload());
                    }
                }
            }
        }
        // @end
    }
}
