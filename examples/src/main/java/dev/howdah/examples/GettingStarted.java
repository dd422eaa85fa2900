package dev.howdah.examples;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.Notifications;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.Rows;
import dev.howdah.Transaction;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.event.Notification;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The code of the guide for users, docs/guide/getting-started.md, in its order. */
public final class GettingStarted {

    private GettingStarted() {}

    // @start region=record
    private record Item(int id, String name, BigDecimal price) {}
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws InterruptedException {
        String conninfo = args.length > 0 ? args[0] : "";
        connect(conninfo);
        try (PgConnection db = Howdah.connect(conninfo)) {
            db.execute("create temp table item (id int primary key, name text not null, price numeric(8, 2))");
            change(db);
            query(db);
            records(db);
            transactions(db);
            errors(db);
            timeouts(db);
            batches(db);
            streams(db);
            listeners(db);
            polling(db);
        }
    }

    private static void connect(String conninfo) {
        // @start region=connect
        try (PgConnection db = Howdah.connect(conninfo)) {
            System.out.println("connected to " + db.info().dbname());
        }
        // @end
        // @start region=options
        ConnectOptions options = ConnectOptions.parse(conninfo).toBuilder()
                .applicationName("getting-started")
                .connectTimeout(Duration.ofSeconds(10))
                .queryTimeout(Duration.ofSeconds(30))
                .build();
        try (PgConnection db = Howdah.connect(options)) {
            System.out.println("as " + db.queryValue("show application_name", String.class));
        }
        // @end
    }

    private static void change(PgConnection db) {
        // @start region=execute
        long inserted = db.execute("insert into item values ($1, $2, $3)", 1, "pen", new BigDecimal("2.50"))
                .rowCount();
        db.execute("insert into item values (2, 'ink', 9.90); insert into item values (3, 'gift', null)");
        // @end
        System.out.println("inserted " + inserted);
    }

    private static void query(PgConnection db) {
        // @start region=query
        Rows rows = db.query("select id, name, price from item where id < $1 order by id", 10);
        for (Row row : rows) {
            int id = row.getInt("id"); // a primitive: SQL NULL would be a ConversionException that names the column
            String name = row.getString(1); // columns count from 0
            BigDecimal price = row.get("price", BigDecimal.class); // null for SQL NULL
            System.out.println(id + " " + name + " " + price);
        }
        // @end
        // @start region=value
        Long count = db.queryValue("select count(*) from item", Long.class);
        Row cheapest = db.queryOne("select name, price from item where price is not null order by price limit 1");
        // @end
        System.out.println(count + " items, cheapest " + cheapest);
    }

    private static void records(PgConnection db) {
        // @start region=records
        List<Item> items = db.query("select * from item where price is not null order by id")
                .as(Item.class);
        Item one = db.queryOne("select * from item where id = $1", Item.class, 2);
        // @end
        System.out.println(items.size() + " records, " + one);
    }

    private static void transactions(PgConnection db) {
        // @start region=transaction
        try (Transaction tx = db.begin()) {
            db.execute("update item set price = price + 1");
            db.execute("delete from item where price is null");
            tx.commit(); // without this, close() rolls back
        }
        // @end
        // @start region=inTransaction
        long deleted = db.inTransaction(
                tx -> db.execute("delete from item where price > $1", 1_000).rowCount());
        // @end
        System.out.println("deleted " + deleted);
    }

    private static void errors(PgConnection db) {
        // @start region=errors
        try {
            db.execute("insert into item values ($1, $2, $3)", 1, "pen", new BigDecimal("3.00"));
        } catch (UniqueViolationException e) {
            System.out.println("taken: " + e.diagnostics().constraintName());
        } catch (ServerException e) {
            if (e.sqlState().equals(SqlState.DISK_FULL)) {
                System.out.println("the server's disk is full");
            }
            throw e;
        }
        // @end
    }

    private static void timeouts(PgConnection db) {
        // @start region=timeout
        try {
            db.withTimeout(Duration.ofMillis(100)).query("select pg_sleep(60)");
        } catch (QueryTimeoutException e) {
            System.out.println("cancelled; the connection is usable: " + db.isOpen());
        }
        // @end
    }

    private static void batches(PgConnection db) {
        // @start region=batch
        List<List<Object>> sets = List.of(List.of(4, "cap", 5), List.of(5, "bag", 20), List.of(6, "box", 7));
        long rows = db.executeMany("insert into item values ($1, $2, $3)", sets).rowCount();
        // @end
        System.out.println("batch of " + rows);
    }

    private static void streams(PgConnection db) {
        // @start region=stream
        try (Stream<Row> rows = db.stream("select n from generate_series(1, 100000) as n", 1_000)) {
            System.out.println("sum " + rows.mapToLong(row -> row.getInt(0)).sum());
        }
        // @end
    }

    private static void listeners(PgConnection db) throws InterruptedException {
        // @start region=listen
        CountDownLatch heard = new CountDownLatch(1);
        db.addListener("item_events", (connection, notification) -> {
            System.out.println("heard " + notification.payload());
            heard.countDown();
        });
        db.execute("select pg_notify($1, $2)", "item_events", "a new pen");
        // @end
        if (!heard.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nothing was heard");
        }
    }

    private static void polling(PgConnection db) {
        // @start region=poll
        Notifications notifications = db.notifications();
        db.execute("listen price_events");
        db.execute("notify price_events, 'all is cheaper'");
        Notification notification = notifications.poll(Duration.ofSeconds(30)); // null when the time is up
        // @end
        System.out.println("polled " + (notification == null ? "nothing" : notification.payload()));
    }
}
