package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.replication.PhysicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotOptions;
import dev.howdah.replication.StreamOptions;
import dev.howdah.replication.SystemIdentity;
import dev.howdah.type.Lsn;
import java.time.Duration;

/** The write-ahead log of a server as it is written: from the beginning of its current file up to now. */
public final class PhysicalReplication {

    private static final String SLOT = "howdah_physical_replication";

    private PhysicalReplication() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        String conninfo = args.length > 0 ? args[0] : "";
        try (PgConnection db = Howdah.connect(conninfo)) {
            db.execute("create table physical_item (id int primary key, name text)");
            try {
                stream(conninfo, db);
            } finally {
                db.execute("drop table physical_item");
            }
        }
    }

    private static void stream(String conninfo, PgConnection db) {
        // @start region=stream
        try (PhysicalReplicationConnection connection = PhysicalReplicationConnection.connect(conninfo)) {
            ReplicationCursor cursor = connection.cursor();
            SlotOptions temporary = SlotOptions.DEFAULT
                    .temporary(true) // goes when the connection does
                    .reserveWal(true); // keeps the log from now on
            cursor.createReplicationSlot(SLOT, ReplicationType.PHYSICAL, null, temporary);
            SystemIdentity system = cursor.identifySystem();
            int segmentSize = cursor.walSegmentSize();
            db.execute("insert into physical_item values ($1, $2)", 1, "pen");
            Lsn end = db.queryOne("select pg_current_wal_flush_lsn()", Lsn.class);

            cursor.startReplication(StreamOptions.slot(SLOT)
                    .startLsn(system.position().segmentStart(segmentSize))
                    .timeline(system.timeline()));
            Lsn received = Lsn.ZERO;
            while (end.isAfter(received)) {
                ReplicationMessage message = cursor.readMessage(Duration.ofSeconds(10));
                if (message == null) {
                    throw new IllegalStateException("the log ends at " + received + ", not at " + end);
                }
                store(message, Math.toIntExact(system.timeline()), segmentSize);
                received = message.dataStart().plus(message.dataSize());
                cursor.sendFeedback(received); // what is stored the server need not keep
            }
            cursor.stopReplication();
            System.out.println("from the beginning of a file to the row: " + end.isAfter(system.position()));
        }
        // @end
    }

    // @start region=store
    /** Where a program would write the first byte to: the name of the file, and the place in it. */
    private static void store(ReplicationMessage message, int timeline, int segmentSize) {
        Lsn start = message.dataStart();
        System.out.println(start.segmentFileName(timeline, segmentSize) + " at "
                + start.minus(start.segmentStart(segmentSize)) + ": " + message.dataSize() + " bytes");
    }
    // @end
}
