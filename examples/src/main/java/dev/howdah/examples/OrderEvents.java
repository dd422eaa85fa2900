package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.NotificationListener;
import dev.howdah.PgConnection;
import dev.howdah.event.Notification;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A trigger tells of each new or changed order; the listener is called at once, without polling. */
public final class OrderEvents {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    // @start region=schema
    private static final String SCHEMA = """
            create table howdah_example_orders (
                id int generated always as identity primary key,
                customer_id int not null,
                status text not null default 'new'
            );
            create function howdah_example_notify() returns trigger language plpgsql as $$
            begin
                perform pg_notify(
                    'order_events',
                    json_build_object(
                        'action', tg_op,
                        'order_id', new.id,
                        'customer_id', new.customer_id,
                        'status', new.status,
                        'timestamp', extract(epoch from now())
                    )::text
                );
                return new;
            end;
            $$;
            create trigger order_events_trigger after insert or update on howdah_example_orders
                for each row execute function howdah_example_notify();
            """;
    // @end

    private final CountDownLatch expected = new CountDownLatch(3);

    private OrderEvents() {}

    /** What the trigger puts into a notification; read by PostgreSQL's own JSON functions. */
    private record OrderEvent(String action, int orderId, int customerId, String status) {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws InterruptedException {
        new OrderEvents().run(args.length > 0 ? args[0] : "");
    }

    private void run(String conninfo) throws InterruptedException {
        try (PgConnection listening = Howdah.connect(conninfo);
                PgConnection shop = Howdah.connect(conninfo)) {
            shop.execute(SCHEMA);
            try {
                // @start region=listen
                NotificationListener listener = this::onOrderEvent;
                listening.addListener("order_events", listener);
                // @end
                shop.execute("insert into howdah_example_orders (customer_id) values ($1), ($2)", 7, 8);
                shop.execute("update howdah_example_orders set status = $1 where customer_id = $2", "paid", 7);
                if (!expected.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException("not all events came");
                }
                listening.removeListener("order_events", listener);
            } finally {
                shop.execute("drop table howdah_example_orders; drop function howdah_example_notify");
            }
        }
    }

    // @start region=handler
    private void onOrderEvent(PgConnection connection, Notification notification) {
        OrderEvent event = connection.queryOne(
                "select * from json_to_record($1) as e(action text, order_id int, customer_id int, status text)",
                OrderEvent.class,
                notification.payload());
        switch (event.action()) {
            case "INSERT" ->
                System.out.println("New order #" + event.orderId() + " from customer " + event.customerId());
            case "UPDATE" -> System.out.println("Order #" + event.orderId() + " status changed to " + event.status());
            default -> System.out.println("Order #" + event.orderId() + ": " + event.action());
        }
        expected.countDown();
    }
    // @end
}
