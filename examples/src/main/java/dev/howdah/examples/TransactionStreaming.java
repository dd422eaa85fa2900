package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.replication.Change;
import dev.howdah.replication.Change.Delete;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.RelationChanged;
import dev.howdah.replication.Change.Truncate;
import dev.howdah.replication.Change.Update;
import dev.howdah.replication.ChangedRow;
import dev.howdah.replication.LogicalReplicationConnection;
import dev.howdah.replication.ReplicatedTransaction;
import dev.howdah.replication.TransactionStream;
import dev.howdah.replication.TransactionStreamOptions;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Changes transaction by transaction: at least once, exactly once into a sink, and for a subscriber. */
public final class TransactionStreaming {

    private static final String SLOT = "howdah_transaction_streaming";

    private TransactionStreaming() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        String conninfo = args.length > 0 ? args[0] : "";
        try (PgConnection db = Howdah.connect(conninfo)) {
            db.script("""
                    create table stock (id int primary key, name text);
                    create publication stock_changes for table stock;
                    create table stock_copy (id int primary key, name text);
                    create table stock_copy_stored (lsn pg_lsn);
                    insert into stock_copy_stored values ('0/0')
                    """);
            try {
                db.query("select pg_create_logical_replication_slot($1, 'pgoutput')", SLOT);
                atLeastOnce(conninfo, db);
                exactlyOnce(conninfo, db);
                published(conninfo, db);
            } finally {
                drop(conninfo);
                db.script("drop publication stock_changes; drop table stock, stock_copy, stock_copy_stored");
            }
        }
    }

    private static void drop(String conninfo) {
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(conninfo)) {
            connection.cursor().dropReplicationSlot(SLOT, true);
        }
    }

    private static void atLeastOnce(String conninfo, PgConnection db) {
        // @start region=follow
        TransactionStreamOptions options = TransactionStreamOptions.slot(SLOT).publications("stock_changes");
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(conninfo);
                TransactionStream stream = TransactionStream.open(connection.cursor(), options)) {
            db.execute("insert into stock values (1, 'pen'), (2, 'ink')");
            ReplicatedTransaction transaction = stream.next(); // waits; null at the end
            for (Change change : Objects.requireNonNull(transaction)) { // read as they come
                print(change);
            }
            transaction.acknowledge(); // now, or later, by any thread, in any order
        } // tells the server what was acknowledged
        // @end
    }

    // @start region=changes
    private static void print(Change change) {
        switch (change) {
            case RelationChanged news -> System.out.println("table " + news.relation() + " as it is from here on");
            case Insert insert -> System.out.println("new: " + insert.newRow().getString("name"));
            case Update update -> System.out.println("now: " + update.newRow().getString("name"));
            case Delete delete -> System.out.println("gone: " + delete.oldRow().getInt("id"));
            default -> System.out.println(change);
        }
    }
    // @end

    private static void exactlyOnce(String conninfo, PgConnection db) {
        Lsn before = db.queryOne("select pg_current_wal_insert_lsn()", Lsn.class);
        db.execute("update stock set name = 'red ink' where id = 2");
        db.execute("delete from stock where id = 1");
        copy(conninfo, db, false); // fails before it can confirm anything
        db.execute("insert into stock values (3, 'paper')");
        copy(conninfo, db, true);
        System.out.println("copied: " + db.queryOne("select string_agg(name, ', ') from stock_copy", String.class));
        System.out.println("stored: "
                + db.queryOne("select lsn from stock_copy_stored", Lsn.class).isAfter(before));
    }

    private static void copy(String conninfo, PgConnection sink, boolean acknowledges) {
        int stored = 0;
        // @start region=resume
        Lsn last = sink.queryOne("select lsn from stock_copy_stored", Lsn.class);
        TransactionStreamOptions options = TransactionStreamOptions.slot(SLOT)
                .publications("stock_changes")
                .progress(Duration.ofSeconds(10)) // the sink is told of places without changes, too
                .startLsn(last); // nothing of before comes again, though it was not confirmed
        // @end
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(conninfo);
                TransactionStream stream = TransactionStream.open(connection.cursor(), options)) {
            Lsn end = sink.queryOne("select pg_current_wal_insert_lsn()", Lsn.class);
            while (end.isAfter(last)) {
                ReplicatedTransaction transaction = stream.next(Duration.ofSeconds(1));
                if (transaction == null) {
                    break; // nothing more has come
                }
                store(sink, transaction);
                last = transaction.endLsn();
                stored += transaction.kind() == ReplicatedTransaction.Kind.COMMITTED ? 1 : 0;
                if (acknowledges) {
                    transaction.acknowledge();
                }
            }
        }
        System.out.println("transactions stored: " + stored);
    }

    // @start region=store
    /** Stores the changes and where they end in one transaction: nothing sees one without the other. */
    private static void store(PgConnection sink, ReplicatedTransaction transaction) {
        try (Transaction tx = sink.begin()) {
            for (Change change : transaction) {
                switch (change) {
                    case Insert insert -> put(sink, insert.newRow());
                    case Update update -> put(sink, update.newRow());
                    case Delete delete ->
                        sink.execute(
                                "delete from stock_copy where id = $1",
                                delete.oldRow().getInt("id"));
                    case Truncate truncate -> sink.execute("truncate stock_copy");
                    default -> {} // a table that has changed, a message: nothing to store
                }
            }
            sink.execute("update stock_copy_stored set lsn = $1", transaction.endLsn());
            tx.commit();
        }
    }

    private static void put(PgConnection sink, ChangedRow row) {
        sink.execute(
                "insert into stock_copy values ($1, $2) on conflict (id) do update set name = excluded.name",
                row.getInt("id"),
                row.getString("name"));
    }
    // @end

    // @start region=subscriber
    private static final class Printer implements Flow.Subscriber<ReplicatedTransaction> {
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(ReplicatedTransaction transaction) {
            transaction.forEach(TransactionStreaming::print); // here: later they are gone
            transaction.acknowledge();
            Objects.requireNonNull(subscription).request(1);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }
    // @end

    private static void published(String conninfo, PgConnection db) {
        TransactionStreamOptions options = TransactionStreamOptions.slot(SLOT).publications("stock_changes");
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(conninfo)) {
            // @start region=publish
            TransactionStream stream = TransactionStream.open(connection.cursor(), options);
            Printer printer = new Printer();
            stream.publisher().subscribe(printer); // has a virtual thread of its own
            // @end
            db.execute("update stock set name = 'card' where id = 3");
            Lsn end = db.queryOne("select pg_current_wal_insert_lsn()", Lsn.class);
            while (end.isAfter(stream.confirmed()) && !printer.end.isDone()) {
                Thread.onSpinWait();
            }
            stream.close();
            printer.end.join();
        }
    }
}
