package dev.howdah.cli.demo;

import dev.howdah.NotificationListener;
import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.cli.Timing;
import dev.howdah.event.Notification;
import java.math.BigDecimal;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A trigger tells of each order; a connection that sits idle hears of it at once. */
final class NotifyChapter implements Chapter {

    private static final String CHANNEL = "order_events";
    private static final int ORDERS = 5;
    private static final int PATIENCE_SECONDS = 10;
    private static final Pattern PAYLOAD = Pattern.compile("\\{\"action\" : \"(\\w+)\", \"order_id\" : (\\d+), "
            + "\"customer_id\" : (\\d+), \"status\" : \"(\\w+)\", \"timestamp\" : [\\d.]+}");

    private static final String TRIGGER = """
            create or replace function notify_order_events() returns trigger language plpgsql as $$
            begin
                perform pg_notify('order_events', json_build_object(
                    'action', tg_op, 'order_id', new.id, 'customer_id', new.customer_id,
                    'status', new.status, 'timestamp', extract(epoch from now()))::text);
                return new;
            end $$;
            create trigger order_events_trigger after insert or update on orders
                for each row execute function notify_order_events()""";

    /** A notification and the moment it was there, as {@link System#nanoTime()} has it. */
    private record Pushed(Notification notification, long at) {}

    @Override
    public String name() {
        return "notify";
    }

    @Override
    public String summary() {
        return "order events: LISTEN and NOTIFY, pushed, no polling";
    }

    @Override
    public void tell(Stage stage) throws InterruptedException {
        BlockingQueue<Pushed> pushed = new LinkedBlockingQueue<>();
        try (PgConnection listening = stage.connect();
                PgConnection shop = stage.connect()) {
            stage.narrator().code(TRIGGER);
            Orders.make(shop, TRIGGER);
            stage.narrator().code("listening.addListener(\"" + CHANNEL + "\", (connection, notification) -> ...)");
            NotificationListener listener =
                    (connection, notification) -> pushed.add(new Pushed(notification, System.nanoTime()));
            listening.addListener(CHANNEL, listener);
            int sender = shop.info().backendPid();
            insert(stage, shop, pushed, sender);
            update(stage, shop, pushed, sender);
            rolledBack(stage, shop, pushed, sender);
            listening.removeListener(CHANNEL, listener);
            shop.execute("update orders set status = 'sent' where id = 1");
            listening.queryValue("select 1", Integer.class);
            stage.expect(pushed.isEmpty(), "after removeListener nothing comes");
        }
    }

    private static void insert(Stage stage, PgConnection shop, BlockingQueue<Pushed> pushed, int sender)
            throws InterruptedException {
        stage.narrator().say("a second connection inserts orders; each line is a notification as it was pushed:");
        for (int i = 1; i <= ORDERS; i++) {
            int customer = 100 + i;
            long start = System.nanoTime();
            Integer id = shop.queryValue(
                    "insert into orders (customer_id, total) values ($1, $2) returning id",
                    Integer.class,
                    customer,
                    BigDecimal.valueOf(i * 999L, 2));
            Pushed one = next(pushed);
            show(stage, one, start);
            check(stage, one, sender, "INSERT", id, customer, "new");
        }
        stage.expect(
                pushed.isEmpty(),
                ORDERS + " orders, " + ORDERS + " notifications, in order, from the sender's process");
    }

    private static void update(Stage stage, PgConnection shop, BlockingQueue<Pushed> pushed, int sender)
            throws InterruptedException {
        long start = System.nanoTime();
        shop.execute("update orders set status = $1 where id = $2", "paid", 2);
        Pushed one = next(pushed);
        show(stage, one, start);
        check(stage, one, sender, "UPDATE", 2, 102, "paid");
    }

    private static void rolledBack(Stage stage, PgConnection shop, BlockingQueue<Pushed> pushed, int sender)
            throws InterruptedException {
        stage.narrator().say("an order in a transaction that is rolled back, then one that is committed:");
        try (Transaction tx = shop.begin()) {
            shop.execute("insert into orders (customer_id, total) values ($1, $2)", 666, BigDecimal.ONE);
            tx.rollback();
        }
        long start;
        Integer id;
        try (Transaction tx = shop.begin()) {
            id = shop.queryValue(
                    "insert into orders (customer_id, total) values ($1, $2) returning id",
                    Integer.class,
                    107,
                    BigDecimal.TEN);
            start = System.nanoTime();
            tx.commit();
        }
        Pushed one = next(pushed);
        show(stage, one, start);
        check(stage, one, sender, "INSERT", id, 107, "new");
        stage.expect(pushed.isEmpty(), "only the committed one was told of");
    }

    private static Pushed next(BlockingQueue<Pushed> pushed) throws InterruptedException {
        Pushed one = pushed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (one == null) {
            throw new UnmetException("no notification came within " + PATIENCE_SECONDS + " s");
        }
        return one;
    }

    private static void show(Stage stage, Pushed one, long start) {
        stage.narrator().got(Timing.text(one.at() - start), one.notification().payload());
    }

    private static void check(
            Stage stage, Pushed one, int sender, String action, @Nullable Integer id, int customer, String status) {
        Notification notification = one.notification();
        stage.expectEqual(CHANNEL, notification.channel(), "the channel");
        stage.expectEqual(sender, notification.pid(), "the sender's process ID");
        Matcher payload = PAYLOAD.matcher(notification.payload());
        if (!payload.matches()) {
            throw new UnmetException("the payload has another form: " + notification.payload());
        }
        stage.expectEqual(action, payload.group(1), "the action");
        stage.expectEqual(String.valueOf(id), payload.group(2), "the order's id");
        stage.expectEqual(String.valueOf(customer), payload.group(3), "the customer's id");
        stage.expectEqual(status, payload.group(4), "the status");
    }
}
