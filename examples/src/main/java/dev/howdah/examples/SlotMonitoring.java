package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.replication.LogicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMonitor;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotOptions;
import dev.howdah.replication.SlotState;
import dev.howdah.replication.WalSenderState;

/** What the server knows of its slots and of those who stream, asked on a connection for SQL. */
public final class SlotMonitoring {

    private static final String SLOT = "howdah_slot_monitoring";

    private SlotMonitoring() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        String conninfo = args.length > 0 ? args[0] : "";
        try (PgConnection db = Howdah.connect(conninfo);
                LogicalReplicationConnection connection = LogicalReplicationConnection.connect(conninfo)) {
            ReplicationCursor cursor = connection.cursor();
            cursor.createReplicationSlot(
                    SLOT, ReplicationType.LOGICAL, "test_decoding", SlotOptions.DEFAULT.temporary(true));
            cursor.startReplication(SLOT);
            look(db);
        }
    }

    // @start region=monitor
    private static void look(PgConnection db) {
        ReplicationMonitor monitor = new ReplicationMonitor(db);
        for (SlotState slot : monitor.slots()) {
            System.out.println(slot.name() + " keeps " + slot.restartLagBytes() + " bytes (" + slot.walStatus()
                    + "), not confirmed: " + slot.confirmedFlushLagBytes() + (slot.active() ? "" : ", nobody uses it"));
        }
        for (WalSenderState sender : monitor.walSenders()) {
            System.out.println(sender.slotName() + " is " + sender.state() + ", not sent: " + sender.sentLagBytes()
                    + " bytes, lag: " + sender.flushLag());
        }
    }
    // @end
}
