package dev.howdah.examples;

import dev.howdah.AsyncConnection;
import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Polled;
import dev.howdah.PollingConnection;
import dev.howdah.WaitCallback;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotOptions;
import dev.howdah.replication.StopReplication;
import dev.howdah.replication.StreamOptions;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.CompletableFuture;

/** A replication stream in a loop of one's own with a selector, and on an asynchronous connection. */
public final class ReplicationFaces {

    private static final String SLOT = "howdah_replication_faces";

    private ReplicationFaces() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) throws IOException {
        String conninfo = args.length > 0 ? args[0] : "";
        ConnectOptions options = ConnectOptions.parse(conninfo).toBuilder()
                .option("replication", "database")
                .build();
        try (PgConnection db = Howdah.connect(conninfo)) {
            db.execute("create table faces_item (name text)");
            try {
                select(options, db);
                asynchronous(options, db);
            } finally {
                db.execute("drop table faces_item");
            }
        }
    }

    private static void select(ConnectOptions options, PgConnection other) throws IOException {
        // @start region=select
        try (PollingConnection db = Howdah.connectPolling(options);
                Selector selector = Selector.open()) {
            WaitCallback.select().await(db);
            Polled<ReplicationCursor> begun = db.call(ReplicationFaces::begin);
            WaitCallback.select().await(db);
            ReplicationCursor cursor = begun.result();

            db.channel().register(selector, SelectionKey.OP_READ);
            int changes = 0;
            while (changes < 3) {
                if (selector.select(300) == 0) { // short enough for the status, which goes out below
                    System.out.println("Timeout");
                    other.execute("insert into faces_item values ('after a while')");
                }
                selector.selectedKeys().clear();
                ReplicationMessage message = cursor.readMessage(); // never waits
                for (; message != null; message = cursor.readMessage()) {
                    changes += message.text().contains("INSERT") ? 1 : 0;
                    confirm(message);
                }
            }
            System.out.println("changes: " + (changes >= 3));
            db.run(connection -> cursor.dropReplicationSlot(SLOT)); // stops the stream before
            WaitCallback.select().await(db);
        }
        // @end
    }

    // @start region=both
    private static ReplicationCursor begin(PgConnection db) {
        ReplicationCursor cursor = db.cursor(ReplicationCursor::new);
        cursor.createReplicationSlot( // goes when the connection does
                SLOT, ReplicationType.LOGICAL, "test_decoding", SlotOptions.DEFAULT.temporary(true));
        cursor.startReplication(StreamOptions.slot(SLOT).option("skip-empty-xacts", "1"));
        return cursor;
    }

    private static void confirm(ReplicationMessage message) {
        if (message.text().startsWith("COMMIT")) {
            message.cursor().sendFeedback(message.dataStart());
        }
    }
    // @end

    private static void asynchronous(ConnectOptions options, PgConnection other) {
        // @start region=asynchronous
        AsyncConnection db = Howdah.connectAsync(options).join();
        ReplicationCursor cursor = db.run(ReplicationFaces::begin).join();
        CompletableFuture<Long> stream = db.run(
                connection -> { // runs until the stream ends
                    cursor.consumeStream(message -> {
                        confirm(message);
                        if (message.text().endsWith("'last'")) {
                            throw new StopReplication();
                        }
                    });
                    return cursor.messageCount();
                });
        other.execute("insert into faces_item values ('first'), ('last')");
        System.out.println(stream.join() + " messages");
        db.close().join();
        // @end
    }
}
