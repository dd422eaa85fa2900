package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.FeatureNotSupportedException;
import dev.howdah.error.ServerException;
import dev.howdah.replication.LogicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationSlot;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotOptions;
import dev.howdah.replication.SlotOptions.Snapshot;
import dev.howdah.replication.SlotPosition;
import dev.howdah.replication.StreamOptions;
import dev.howdah.replication.SystemIdentity;
import dev.howdah.type.Lsn;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The commands, as each version of the server knows them. */
class ReplicationCommandsIT extends ReplicationContract {

    private static final SlotOptions NONE = SlotOptions.DEFAULT;

    private static void refused(String state, ThrowingCallable call) {
        assertThat(thrown(ServerException.class, call).sqlState().code()).isEqualTo(state);
    }

    private String slotValue(String column) {
        return admin.value("select " + column + " from pg_replication_slots where slot_name = '" + slot + "'");
    }

    @Test
    void theServerSaysWhoItIs() {
        SystemIdentity identity = cursor().identifySystem();

        assertThat(identity.systemId()).isEqualTo(admin.value("select system_identifier from pg_control_system()"));
        assertThat(identity.timeline()).isEqualTo(1);
        assertThat(identity.position().isAfter(Lsn.ZERO)).isTrue();
        assertThat(identity.database()).isEqualTo(database().name());
    }

    @Test
    void settingsAndHistoriesAreAskedFor() {
        ReplicationCursor cursor = cursor();

        assertThat(cursor.show("wal_segment_size")).isEqualTo("16MB");
        refused("42704", () -> cursor.show("no such \"setting\""));
        refused("58P01", () -> cursor.timelineHistory(7));
        assertThatThrownBy(() -> cursor.timelineHistory(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPhysicalSlotIsMadeReadAndDropped() {
        ReplicationCursor cursor = cursor();

        ReplicationSlot made = cursor.createReplicationSlot(slot);

        assertThat(made).isEqualTo(new ReplicationSlot(slot, Lsn.ZERO, null, null));
        refused("42710", () -> cursor.createReplicationSlot(slot));
        if (place.server().version() >= 15) {
            assertThat(cursor.readReplicationSlot(slot)).isEqualTo(new SlotPosition(Lsn.ZERO, 0));
            assertThat(cursor.readReplicationSlot(slot + "_no")).isNull();
        } else {
            assertThatThrownBy(() -> cursor.readReplicationSlot(slot))
                    .isInstanceOf(FeatureNotSupportedException.class)
                    .hasMessageContaining("needs PostgreSQL 15");
        }
        cursor.dropReplicationSlot(slot, true);
        refused("42704", () -> cursor.dropReplicationSlot(slot));

        cursor.createReplicationSlot(slot, ReplicationType.PHYSICAL, null, NONE.reserveWal(true));
        Lsn kept = Lsn.parse(slotValue("restart_lsn"));
        if (place.server().version() >= 15) {
            assertThat(cursor.readReplicationSlot(slot)).isEqualTo(new SlotPosition(kept, 1));
        }
    }

    @Test
    void aTemporarySlotGoesWithItsConnection() {
        PgConnection other = connect("");
        other.cursor(ReplicationCursor::new)
                .createReplicationSlot(slot, ReplicationType.LOGICAL, "pgoutput", NONE.temporary(true));
        assertThat(slotValue("temporary")).isEqualTo("t");

        other.close();

        expectLost(other);
        AwaitSlots.free(admin, slot);
        assertThat(slotValue("count(*)")).isEqualTo("0");
    }

    @Test
    void aSnapshotThatIsExportedShowsWhatWasThere() {
        admin.execute("create table exported (id int); insert into exported values (1)");
        ReplicationCursor cursor = cursor();
        String name = cursor.createReplicationSlot(slot, "pgoutput").snapshotName();
        admin.execute("insert into exported values (2)");

        try (PgConnection reader = Howdah.connect(database().dsn())) {
            try (Transaction tx = reader.begin(TransactionMode.of(Isolation.REPEATABLE_READ))) {
                reader.execute("set transaction snapshot '" + name + "'");
                assertThat(reader.queryValue("select count(*) from exported", Long.class))
                        .isEqualTo(1);
                tx.commit();
            }
        }
    }

    @Test
    void aSnapshotMayBeThatOfTheTransactionOrNone() {
        ReplicationCursor cursor = cursor();
        db.execute("begin isolation level repeatable read read only");
        ReplicationSlot used = cursor.createReplicationSlot(
                slot,
                ReplicationType.LOGICAL,
                "pgoutput",
                NONE.snapshot(Snapshot.USE).temporary(true));
        assertThat(used.snapshotName()).isNull();
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        db.execute("commit");
        cursor.dropReplicationSlot(slot);

        assertThat(cursor.createReplicationSlot(
                                slot, ReplicationType.LOGICAL, "pgoutput", NONE.snapshot(Snapshot.NOTHING))
                        .snapshotName())
                .isNull();
        cursor.dropReplicationSlot(slot);
        assertThat(cursor.createReplicationSlot(
                                slot, ReplicationType.LOGICAL, "pgoutput", NONE.snapshot(Snapshot.EXPORT))
                        .snapshotName())
                .isNotNull();
    }

    @Test
    void whatTheServerDoesNotKnowIsRefusedBeforeAnythingIsSent() {
        ReplicationCursor cursor = cursor();
        int version = place.server().version();

        if (version >= 15) {
            cursor.createReplicationSlot(slot, ReplicationType.LOGICAL, "pgoutput", NONE.twoPhase(true));
            assertThat(slotValue("two_phase")).isEqualTo("t");
            cursor.dropReplicationSlot(slot);
        } else {
            assertThatThrownBy(() -> cursor.createReplicationSlot(
                            slot, ReplicationType.LOGICAL, "pgoutput", NONE.twoPhase(true)))
                    .isInstanceOf(FeatureNotSupportedException.class)
                    .hasMessageContaining("needs PostgreSQL 15, the server is of version 14");
        }
        if (version >= 17) {
            cursor.createReplicationSlot(slot, ReplicationType.LOGICAL, "pgoutput", NONE.failover(true));
            assertThat(slotValue("failover")).isEqualTo("t");
            cursor.alterReplicationSlot(slot, false, null);
            assertThat(slotValue("failover")).isEqualTo("f");
        } else {
            assertThatThrownBy(() -> cursor.createReplicationSlot(
                            slot, ReplicationType.LOGICAL, "pgoutput", NONE.failover(true)))
                    .isInstanceOf(FeatureNotSupportedException.class)
                    .hasMessageContaining("needs PostgreSQL 17");
            assertThatThrownBy(() -> cursor.alterReplicationSlot(slot, true, null))
                    .isInstanceOf(FeatureNotSupportedException.class);
        }
        if (version == 17) {
            assertThatThrownBy(() -> cursor.alterReplicationSlot(slot, null, true))
                    .isInstanceOf(FeatureNotSupportedException.class)
                    .hasMessageContaining("needs PostgreSQL 18");
        } else if (version >= 18) {
            cursor.alterReplicationSlot(slot, null, true);
            assertThat(slotValue("two_phase")).isEqualTo("t");
        }
    }

    @Test
    void whatContradictsItselfIsRefusedBeforeAnythingIsSent() {
        ReplicationCursor cursor = cursor();
        assertThatThrownBy(() -> cursor.createReplicationSlot(slot, ReplicationType.LOGICAL, null, NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs an output plugin");
        assertThatThrownBy(() -> cursor.createReplicationSlot(slot, ReplicationType.PHYSICAL, "pgoutput", NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no output plugin");
        assertThatThrownBy(
                        () -> cursor.createReplicationSlot(slot, ReplicationType.PHYSICAL, null, NONE.failover(true)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        cursor.createReplicationSlot(slot, ReplicationType.LOGICAL, "pgoutput", NONE.reserveWal(true)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.startReplication(StreamOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a slot");
        assertThatThrownBy(
                        () -> cursor.startReplication(StreamOptions.slot(slot).timeline(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("physical");
        assertThatThrownBy(() -> cursor.startReplication(
                        StreamOptions.slot(slot).type(ReplicationType.PHYSICAL).option("a", "b")))
                .isInstanceOf(IllegalArgumentException.class);
        refused("42602", () -> cursor.createReplicationSlot("Not a \"slot\"; drop table x"));
    }

    @Test
    void sqlGoesAsTextWithItsValuesInIt() {
        db.execute("create temp table walsender_sql (id int, t text, d numeric)");
        assertThat(db.execute("insert into walsender_sql values ($1, $2, $3)", 7, "it's \\ $1", null)
                        .rowCount())
                .isEqualTo(1);
        Row row = db.queryOne("select id, t, d from walsender_sql where id = $1", 7);
        assertThat(row.getInt(0)).isEqualTo(7);
        assertThat(row.getString(1)).isEqualTo("it's \\ $1");
        assertThat(row.isNull(2)).isTrue();
        try (ReplicationCursor cursor = cursor()) {
            cursor.execute("IDENTIFY_SYSTEM");
            assertThat(cursor.fetchOne().getString("dbname"))
                    .isEqualTo(database().name());
            cursor.execute("select $1::int + 1", 41);
            assertThat(cursor.fetchOne().getInt(0)).isEqualTo(42);
        }
        refused("42601", () -> db.query("select from where"));
    }

    @Test
    void aConnectionThatDoesNotReplicateIsRefused() {
        try (PgConnection usual = Howdah.connect(database().dsn())) {
            assertThatThrownBy(() -> usual.cursor(ReplicationCursor::new))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("replication=database");
        }
        try (LogicalReplicationConnection logical =
                Howdah.connect(ConnectOptions.parse(database().dsn()), LogicalReplicationConnection.FACTORY)) {
            assertThat(logical.cursor().connectionType()).isEqualTo(ReplicationType.LOGICAL);
        }
    }
}
