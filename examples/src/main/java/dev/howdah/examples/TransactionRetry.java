package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.Isolation;
import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import java.util.concurrent.atomic.AtomicInteger;

/** Transactions: committed, rolled back, nested, and run again when the server cannot serialize them. */
public final class TransactionRetry {

    private TransactionRetry() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        String conninfo = args.length > 0 ? args[0] : "";
        try (PgConnection db = Howdah.connect(conninfo);
                PgConnection other = Howdah.connect(conninfo)) {
            db.execute("drop table if exists howdah_example_account");
            db.execute("create table howdah_example_account (id int primary key, balance int not null)");
            try {
                db.execute("insert into howdah_example_account values (1, 100), (2, 100)");
                byHand(db);
                retried(db, other);
            } finally {
                db.execute("drop table howdah_example_account");
            }
        }
    }

    private static void byHand(PgConnection db) {
        // @start region=byHand
        try (Transaction tx = db.begin()) {
            db.execute("update howdah_example_account set balance = balance - 10 where id = $1", 1);
            try (Transaction inner = db.begin()) { // a savepoint
                db.execute("update howdah_example_account set balance = 0");
                inner.rollback();
            }
            db.execute("update howdah_example_account set balance = balance + 10 where id = $1", 2);
            tx.commit(); // without this, close() rolls back
        }
        // @end
        System.out.println("moved 10: " + balances(db));
    }

    private static void retried(PgConnection db, PgConnection other) {
        AtomicInteger tries = new AtomicInteger();
        // @start region=retry
        Integer left = db.inTransaction(Isolation.SERIALIZABLE, tx -> {
            Integer balance = db.queryValue("select balance from howdah_example_account where id = 1", Integer.class);
            if (tries.incrementAndGet() == 1) {
                // Somebody else changes the row that we have just read: our own change will be refused with 40001.
                other.execute("update howdah_example_account set balance = balance + 1 where id = 1");
            }
            db.execute("update howdah_example_account set balance = balance - 50 where id = 1");
            return balance == null ? 0 : balance - 50;
        });
        // @end
        System.out.println("tries: " + tries + ", left: " + left + ", " + balances(db));
    }

    private static String balances(PgConnection db) {
        return db.query("select balance from howdah_example_account order by id")
                .values(Integer.class)
                .toString();
    }
}
