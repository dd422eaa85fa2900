package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.UndefinedObjectException;
import dev.howdah.replication.LogicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.StopReplication;
import dev.howdah.replication.StreamOptions;
import java.util.Map;
import java.util.function.Consumer;

/** The changes of a database, printed as they are committed: the shortest program that shows logical replication. */
public final class ReplicationQuickStart {

    private ReplicationQuickStart() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        String conninfo = args.length > 0 ? args[0] : "";
        try (PgConnection db = Howdah.connect(conninfo)) {
            db.execute("create table quick_item (id int primary key, name text)");
            try {
                stream(conninfo, db);
            } finally {
                db.execute("drop table quick_item");
            }
        }
    }

    private static void stream(String conninfo, PgConnection db) {
        // @start region=stream
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(conninfo)) {
            ReplicationCursor cursor = connection.cursor();
            StreamOptions options = StreamOptions.slot("howdah_quick_start")
                    .options(Map.of("include-xids", "0", "skip-empty-xacts", "1")); // what test_decoding knows
            try {
                cursor.startReplication(options);
            } catch (UndefinedObjectException e) { // there is no such slot yet
                cursor.createReplicationSlot("howdah_quick_start", "test_decoding"); // writes text
                cursor.startReplication(options);
            }
            try {
                change(db); // anything that anybody does in the database
                cursor.consumeStream(new DemoConsumer());
            } finally {
                cursor.dropReplicationSlot("howdah_quick_start"); // the server would keep its log for it for ever
            }
        }
        // @end
    }

    // @start region=consumer
    /** Prints, and confirms; ends the stream after the second transaction. */
    private static final class DemoConsumer implements Consumer<ReplicationMessage> {
        private int transactions;

        @Override
        public void accept(ReplicationMessage message) {
            System.out.println(message.text());
            if (message.text().equals("COMMIT")) {
                message.cursor().sendFeedback(message.dataStart());
                if (++transactions == 2) {
                    throw new StopReplication("seen enough");
                }
            }
        }
    }
    // @end

    private static void change(PgConnection db) {
        db.execute("insert into quick_item values ($1, $2), ($3, $4)", 1, "pen", 2, "ink");
        db.execute("update quick_item set name = $1 where id = $2", "red ink", 2);
    }
}
