package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.Isolation;
import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.TransactionMode;
import dev.howdah.error.ServerException;
import dev.howdah.error.UniqueViolationException;

/** Modes of transactions, savepoints by name, autocommit off, and a connection made new. */
public final class Transactions {

    private Transactions() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("drop table if exists howdah_example_seat");
            db.execute("create table howdah_example_seat (number int primary key, guest text)");
            try {
                modes(db);
                savepoints(db);
                autocommitOff(db);
                session(db);
                reset(db);
            } finally {
                db.execute("drop table howdah_example_seat");
            }
        }
    }

    private static void modes(PgConnection db) {
        // @start region=modes
        TransactionMode report = TransactionMode.of(Isolation.REPEATABLE_READ).withReadOnly(true);
        try (Transaction tx = db.begin(report)) {
            Long guests = db.queryValue("select count(guest) from howdah_example_seat", Long.class);
            Long seats = db.queryValue("select count(*) from howdah_example_seat", Long.class); // sees the same state
            System.out.println(guests + " guests, " + seats + " seats");
            tx.commit();
        }
        // @end
    }

    private static void savepoints(PgConnection db) {
        // @start region=savepoints
        try (Transaction tx = db.begin()) {
            db.execute("insert into howdah_example_seat values (1, 'Ada')");
            db.savepoint("before the second seat");
            try {
                db.execute("insert into howdah_example_seat values (1, 'Li')");
            } catch (UniqueViolationException e) {
                db.rollbackTo("before the second seat"); // without this, every statement is refused now
                db.execute("insert into howdah_example_seat values (2, 'Li')");
            }
            tx.commit();
        }
        // @end
        System.out.println(seats(db));
    }

    private static void autocommitOff(PgConnection db) {
        // @start region=autocommitOff
        db.setAutocommit(false);
        db.execute("insert into howdah_example_seat values (3, 'Grace')"); // a BEGIN goes before it
        db.rollback();
        db.execute("insert into howdah_example_seat values (4, 'Grace')");
        db.commit();
        db.setAutocommit(true); // refused inside a transaction
        // @end
        System.out.println(seats(db));
    }

    private static void session(PgConnection db) {
        // @start region=session
        db.setSession(TransactionMode.of(Isolation.SERIALIZABLE).withReadOnly(true));
        try {
            db.execute("delete from howdah_example_seat");
        } catch (ServerException e) {
            System.out.println(e.sqlState().condition());
        }
        try (Transaction tx = db.begin(TransactionMode.DEFAULT.withReadOnly(false))) { // serializable, and writing
            db.execute("delete from howdah_example_seat where number = 4");
            tx.commit();
        }
        db.setReadOnly(null); // the server's default again
        // @end
        System.out.println(seats(db) + " " + db.isolation());
    }

    private static void reset(PgConnection db) {
        // @start region=reset
        db.execute("set search_path to nowhere");
        db.begin(); // and forgotten
        db.execute("create temp table scratch (x int)");
        db.reset();
        // @end
        System.out.println(db.info().transactionStatus() + " " + db.isolation() + " " + seats(db));
    }

    private static String seats(PgConnection db) {
        return db.query("select number || ' ' || guest from howdah_example_seat order by number")
                .values(String.class)
                .toString();
    }
}
