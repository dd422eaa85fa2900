package dev.howdah.examples;

import dev.howdah.ConnectOptions;
import dev.howdah.ConnectionInfo;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.Rows;
import dev.howdah.Subscription;
import dev.howdah.SubscriptionListener;
import dev.howdah.SubscriptionOptions;
import dev.howdah.error.PgException;
import dev.howdah.event.Gap;
import dev.howdah.event.Notification;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Orders are heard of at once, and none is missed although the connection is lost on the way. */
public final class OrderSubscription {

    private static final String SCHEMA = """
            create table howdah_subscribed_orders (
                id int generated always as identity primary key, item text not null, taken boolean not null default false);
            grant all on howdah_subscribed_orders to public;
            """;

    private OrderSubscription() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws InterruptedException {
        run(ConnectOptions.parse(args.length > 0 ? args[0] : ""));
    }

    // @start region=operations
    /** For a log: what an operator wants to know and nobody else has to care about. */
    private abstract static class Watched implements SubscriptionListener {

        @Override
        public void onDisconnected(PgException cause) {
            System.out.println("deaf: " + cause.getMessage());
        }

        @Override
        public void onFailedAttempt(PgException failure, int attempt, Duration pause) {
            System.out.println("try " + attempt + " failed, the next is in " + pause + ": " + failure.getMessage());
        }

        @Override
        public void onOverflow(long lost) {
            System.out.println(lost + " notifications were dropped: read again what they may have been about");
        }
    }

    private static String health(Subscription subscription) {
        return (subscription.isConnected() ? "up" : "DOWN") + ", heard " + subscription.lastHeard() + ", waiting "
                + subscription.queueDepth() + ", lost " + subscription.lost() + ", reconnects "
                + subscription.reconnects();
    }
    // @end

    // @start region=listener
    /** Takes what is new whenever there may be something: a notification only says that there is. */
    private static final class Orders extends Watched {
        private final PgConnection db;
        private final CountDownLatch first = new CountDownLatch(1);
        private final CountDownLatch gap = new CountDownLatch(1);
        private final CountDownLatch third = new CountDownLatch(3);

        Orders(PgConnection db) {
            this.db = db;
        }

        @Override
        public void onConnected(ConnectionInfo info) {
            takeNew(); // what there was before: first listen, then read
        }

        @Override
        public void onNotification(Notification notification) {
            takeNew();
        }

        @Override
        public void onGap(Gap missed) {
            System.out.println("deaf for a while: look what there is");
            takeNew();
            gap.countDown();
        }

        private void takeNew() {
            Rows rows = db.query("with new as (update howdah_subscribed_orders set taken = true where not taken"
                    + " returning id, item) select id, item from new order by id");
            for (Row row : rows) {
                System.out.println("order " + row.getInt("id") + ": " + row.getString("item"));
                first.countDown();
                third.countDown();
            }
        }
    }
    // @end

    private static void run(ConnectOptions options) throws InterruptedException {
        try (PgConnection db = Howdah.connect(options);
                PgConnection shop = Howdah.connect(options)) {
            shop.execute(SCHEMA);
            Orders orders = new Orders(db);
            ConnectOptions named = options.toBuilder()
                    .option("application_name", "howdah_orders")
                    .build();
            // @start region=subscribe
            try (Subscription subscription = Howdah.subscribe(named, List.of("orders"), orders)) {
                order(shop, "pen");
                await(orders.first);
                cutOff(shop); // the session that listens is ended, as a restart would do
                order(shop, "ink");
                order(shop, "cap");
                await(orders.gap);
                await(orders.third);
                System.out.println(health(subscription));
            }
            // @end
            settings(options, orders);
        } finally {
            try (PgConnection db = Howdah.connect(options)) {
                db.execute("drop table howdah_subscribed_orders");
            }
        }
    }

    private static void settings(ConnectOptions options, SubscriptionListener orders) throws InterruptedException {
        CountDownLatch heard = new CountDownLatch(1);
        // @start region=settings
        SubscriptionOptions settings = SubscriptionOptions.DEFAULT
                .withPauses(Duration.ofMillis(50), Duration.ofSeconds(5)) // between tries to connect
                .withProbes(Duration.ofSeconds(3), Duration.ofSeconds(2)) // a silent server is missed within 5 s
                .withQueueCapacity(10_000) // notifications that wait for slow listeners
                .withConnectInBackground(true); // subscribe returns at once
        try (Subscription subscription = Howdah.subscribe(options, List.of("orders"), orders, settings)) {
            subscription.addListener("prices", notification -> heard.countDown());
            // @end
            if (!subscription.awaitConnected(Duration.ofSeconds(30))) {
                throw new IllegalStateException("no connection");
            }
            try (PgConnection shop = Howdah.connect(options)) {
                shop.execute("notify prices");
            }
            await(heard);
            System.out.println("channels: " + subscription.channels());
        }
    }

    private static void order(PgConnection shop, String item) {
        // In one transaction: nobody is told of an order that is not there.
        shop.inTransaction(tx -> {
            shop.execute("insert into howdah_subscribed_orders (item) values ($1)", item);
            return shop.execute("notify orders");
        });
    }

    private static void cutOff(PgConnection shop) {
        shop.query("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where application_name = 'howdah_orders' and usename = current_user");
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("not all orders came");
        }
    }
}
