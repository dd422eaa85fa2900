package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Transaction;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.replication.LogicalReplicationConnection;
import dev.howdah.replication.PhysicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.ReplicationSlot;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotOptions;
import dev.howdah.replication.StreamOptions;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.Map;

/** Logical replication step by step: a slot, its stream, what is confirmed, and what comes again. */
public final class LogicalReplication {

    private static final String SLOT = "howdah_logical_replication";

    private LogicalReplication() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        String conninfo = args.length > 0 ? args[0] : "";
        connect(conninfo);
        try (PgConnection db = Howdah.connect(conninfo)) {
            db.execute("create table logical_item (id int primary key, name text)");
            try {
                stream(conninfo, db);
            } finally {
                db.execute("drop table logical_item");
            }
        }
    }

    private static void stream(String conninfo, PgConnection db) {
        slot(conninfo);
        try {
            StreamOptions options = options();
            iterate(conninfo, options, db);
            again(conninfo, options);
            refused(conninfo);
        } finally {
            drop(conninfo);
        }
    }

    private static void connect(String conninfo) {
        // @start region=connect
        try (LogicalReplicationConnection logical = LogicalReplicationConnection.connect(conninfo);
                PhysicalReplicationConnection physical = PhysicalReplicationConnection.connect(conninfo)) {
            System.out.println(logical.cursor().connectionType() + " of a database: "
                    + (logical.cursor().identifySystem().database() != null));
            System.out.println(physical.cursor().connectionType() + " of a database: "
                    + (physical.cursor().identifySystem().database() != null));
        }
        // @end
    }

    private static void slot(String conninfo) {
        // @start region=slot
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(conninfo)) {
            ReplicationSlot slot = connection
                    .cursor()
                    .createReplicationSlot(
                            SLOT,
                            ReplicationType.LOGICAL,
                            "test_decoding",
                            SlotOptions.DEFAULT.snapshot(SlotOptions.Snapshot.NOTHING));
            System.out.println(slot.slotName() + " with " + slot.outputPlugin() + ", from a place on: "
                    + slot.consistentPoint().isAfter(Lsn.ZERO));
        }
        // @end
    }

    private static StreamOptions options() {
        // @start region=options
        StreamOptions options = StreamOptions.slot(SLOT)
                .decode(true) // the plugin writes text
                .options(Map.of("include-xids", "0", "skip-empty-xacts", "1")) // the plugin's own
                .statusInterval(Duration.ofSeconds(5));
        // @end
        return options;
    }

    private static void iterate(String conninfo, StreamOptions options, PgConnection db) {
        // @start region=iterate
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(conninfo)) {
            ReplicationCursor cursor = connection.cursor();
            cursor.startReplication(options);
            change(db); // two transactions
            for (ReplicationMessage message : cursor.messages()) { // waits for the next one
                System.out.println(message.text());
                if (message.text().equals("COMMIT")) {
                    cursor.sendFeedback(message.dataStart()); // what came until here has been stored
                    break;
                }
            }
            cursor.stopReplication(); // the connection can be used for commands again
        }
        // @end
    }

    private static void again(String conninfo, StreamOptions options) {
        // @start region=again
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(conninfo)) {
            ReplicationCursor cursor = connection.cursor();
            cursor.startReplication(options);
            Lsn stored = Lsn.ZERO;
            while (stored.isZero()) {
                ReplicationMessage message = cursor.readMessage(Duration.ofSeconds(1));
                if (message == null) {
                    System.out.println("nothing new"); // no keepalive has to be sent: the driver does
                } else if (message.text().equals("COMMIT")) {
                    stored = message.dataStart();
                } else {
                    System.out.println("again: " + message.text());
                }
            }
            cursor.sendFeedback(stored);
        } // tells the server, and ends the stream
        // @end
    }

    private static void refused(String conninfo) {
        // @start region=refused
        try (LogicalReplicationConnection one = LogicalReplicationConnection.connect(conninfo);
                LogicalReplicationConnection other = LogicalReplicationConnection.connect(conninfo)) {
            one.cursor().startReplication(SLOT);
            try {
                other.cursor().startReplication(SLOT);
            } catch (ServerException e) {
                System.out.println("in use: " + e.sqlState().equals(SqlState.OBJECT_IN_USE));
            }
        }
        // @end
    }

    private static void drop(String conninfo) {
        // @start region=drop
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(conninfo)) {
            connection.cursor().dropReplicationSlot(SLOT, true); // waits until nobody uses it
        }
        // @end
    }

    private static void change(PgConnection db) {
        db.execute("insert into logical_item values ($1, $2)", 1, "pen");
        try (Transaction tx = db.begin()) {
            db.execute("insert into logical_item values ($1, $2)", 2, "ink");
            db.execute("delete from logical_item where id = $1", 1);
            tx.commit();
        }
    }
}
