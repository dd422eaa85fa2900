package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.Isolation;
import dev.howdah.PgConnection;
import dev.howdah.error.UniqueViolationException;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The twenty lines of the README: a table, a batch, records, a transaction, an error, a notification. */
public final class TwentyLines {

    private TwentyLines() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws InterruptedException {
        run(args.length > 0 ? args[0] : "");
    }

    private static void run(String conninfo) throws InterruptedException {
        // @start region=readme
        try (PgConnection db = Howdah.connect(conninfo)) { // "postgresql://app:secret@localhost/shop", or "" for PG*
            db.execute("create temp table item (id int primary key, name text, price numeric(8, 2))");
            List<List<Object>> items = List.of(List.of(1, "pen", new BigDecimal("2.50")), List.of(2, "ink", 9));
            db.executeMany("insert into item values ($1, $2, $3)", items);
            record Item(int id, String name, BigDecimal price) {}
            for (Item item : db.query("select * from item where price > $1", 1).as(Item.class)) {
                System.out.println(item.name() + " costs " + item.price());
            }
            db.inTransaction(Isolation.SERIALIZABLE, tx -> db.execute("update item set price = price * 2"));
            System.out.println("all: " + db.queryValue("select sum(price) from item", BigDecimal.class));
            try {
                db.execute("insert into item values ($1, $2, $3)", 2, "cap", 5);
            } catch (UniqueViolationException e) {
                System.out.println("refused: " + e.diagnostics().messageDetail());
            }
            CountDownLatch heard = new CountDownLatch(1);
            db.addListener("news", (connection, notification) -> heard.countDown());
            db.execute("notify news, 'the price list has changed'");
            heard.await();
        }
        // @end
    }
}
