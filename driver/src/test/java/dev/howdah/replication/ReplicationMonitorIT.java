package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.FeatureNotSupportedException;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

@Timeout(120)
class ReplicationMonitorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger SLOTS = new AtomicInteger();

    /** No other test has it. */
    private final String slot = "monitor_" + ProcessHandle.current().pid() + "_" + SLOTS.incrementAndGet();

    private static SlotState only(PgConnection db, String name) {
        List<SlotState> found = new ReplicationMonitor(db)
                .slots().stream().filter(state -> state.name().equals(name)).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static WalSenderState sender(PgConnection db, int pid) {
        List<WalSenderState> found = new ReplicationMonitor(db)
                .walSenders().stream().filter(state -> state.pid() == pid).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static void drop(TestDatabase database, String slot) {
        try (AdminSession admin = database.admin()) {
            admin.execute("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name like '"
                    + slot + "%' and active");
            Await.until(
                    "nobody uses " + slot,
                    PATIENCE,
                    () -> "0"
                            .equals(admin.value("select count(*) from pg_replication_slots where active and"
                                    + " slot_name like '" + slot + "%'")));
            admin.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name like '"
                    + slot + "%'");
        }
    }

    private static long bytes(AdminSession admin, String from) {
        return Long.parseLong(Objects.requireNonNull(
                admin.value("select pg_wal_lsn_diff(pg_current_wal_lsn(), '" + from + "')::bigint")));
    }

    @ParameterizedTest
    @PostgresVersions
    void aSlotThatNobodyUsesFallsBehindByWhatIsWritten(TestDatabase database) {
        int version = database.server().version();
        try (AdminSession admin = database.admin();
                // A role without any rights.
                PgConnection db = Howdah.connect(database.dsn(Roles.SCRAM))) {
            String made = Objects.requireNonNull(admin.value("select lsn from pg_create_logical_replication_slot('"
                    + slot + "', 'test_decoding', false, true)"));
            admin.execute("create table behind as select repeat('x', 1000) from generate_series(1, 1000)");

            long least = bytes(admin, made);
            SlotState state = only(db, slot);

            assertThat(least).isGreaterThan(1_000_000);
            assertThat(state.type()).isEqualTo(ReplicationType.LOGICAL);
            assertThat(state.plugin()).isEqualTo("test_decoding");
            assertThat(state.database()).isEqualTo(database.name());
            assertThat(state.temporary()).isFalse();
            assertThat(state.active()).isFalse();
            assertThat(state.activePid()).isNull();
            assertThat(state.confirmedFlushLsn()).isEqualTo(Lsn.parse(made));
            assertThat(state.confirmedFlushLagBytes()).isGreaterThanOrEqualTo(least);
            assertThat(state.restartLagBytes()).isGreaterThanOrEqualTo(state.confirmedFlushLagBytes());
            assertThat(state.serverLsn().minus(Lsn.parse(made))).isEqualTo(state.confirmedFlushLagBytes());
            assertThat(state.walStatus()).isEqualTo("reserved");
            assertThat(state.safeWalSize()).isNull();
            assertThat(state.xminAge()).isNull();
            assertThat(state.catalogXminAge()).isPositive();
            assertThat(state.twoPhase()).isTrue();
            assertThat(state.isLost()).isFalse();
            assertThat(state.conflicting()).isEqualTo(version >= 16 ? false : null);
            assertThat(state.invalidationReason()).isNull();
            assertThat(state.failover()).isEqualTo(version >= 17 ? false : null);
            assertThat(state.synced()).isEqualTo(version >= 17 ? false : null);
            if (version >= 17) {
                assertThat(state.inactiveSince())
                        .isBetween(
                                Instant.now().minusSeconds(3600), Instant.now().plusSeconds(60));
            } else {
                assertThat(state.inactiveSince()).isNull();
            }
        } finally {
            drop(database, slot);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aPhysicalSlotKeepsNothingUntilItIsUsed(TestDatabase database) {
        try (AdminSession admin = database.admin();
                PgConnection db = Howdah.connect(database.dsn())) {
            admin.execute("select pg_create_physical_replication_slot('" + slot + "')");
            SlotState idle = only(db, slot);
            assertThat(idle.type()).isEqualTo(ReplicationType.PHYSICAL);
            assertThat(idle.plugin()).isNull();
            assertThat(idle.database()).isNull();
            assertThat(idle.restartLsn()).isNull();
            assertThat(idle.restartLagBytes()).isNull();
            assertThat(idle.confirmedFlushLsn()).isNull();
            assertThat(idle.confirmedFlushLagBytes()).isNull();
            assertThat(idle.walStatus()).isNull();
            assertThat(idle.conflicting()).isNull();
            assertThat(idle.twoPhase()).isFalse();

            admin.execute("select pg_create_physical_replication_slot('" + slot + "_reserved', true)");
            assertThat(only(db, slot + "_reserved").restartLagBytes())
                    .isNotNull()
                    .isNotNegative();
            assertThat(new ReplicationMonitor(db)
                            .slots().stream().map(SlotState::name).toList())
                    .isSorted()
                    .contains(slot, slot + "_reserved");
        } finally {
            drop(database, slot);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aConsumerShowsAtItsSlotAndAmongTheSenders(TestDatabase database) {
        try (AdminSession admin = database.admin();
                PgConnection db = Howdah.connect(database.dsn());
                LogicalReplicationConnection consumer = LogicalReplicationConnection.connect(
                        database.dsn(Roles.REPLICATION) + " application_name=consumer")) {
            int pid = consumer.info().backendPid();
            ReplicationCursor cursor = consumer.cursor();
            cursor.createReplicationSlot(slot, "test_decoding");
            cursor.startReplication(StreamOptions.slot(slot).idleAdvance(false));
            admin.execute("create table consumed as select 1");
            ReplicationMessage last = Objects.requireNonNull(cursor.readMessage(PATIENCE));
            while (!last.text().startsWith("COMMIT")) {
                last = Objects.requireNonNull(cursor.readMessage(PATIENCE));
            }
            Lsn confirmed = last.dataStart();
            cursor.sendFeedback(confirmed);
            Await.until(
                    "it is confirmed",
                    PATIENCE,
                    () -> confirmed.equals(only(db, slot).confirmedFlushLsn()));

            SlotState state = only(db, slot);
            assertThat(state.active()).isTrue();
            assertThat(state.activePid()).isEqualTo(pid);
            assertThat(state.inactiveSince()).isNull();

            WalSenderState sender = sender(db, pid);
            assertThat(sender.user()).isEqualTo(Roles.REPLICATION.name());
            assertThat(sender.applicationName()).isEqualTo("consumer");
            assertThat(sender.clientAddress()).isNotNull().matches(address -> address.isLoopbackAddress());
            assertThat(sender.backendStart()).isBefore(Instant.now().plusSeconds(60));
            assertThat(sender.state()).isIn("streaming", "catchup");
            assertThat(sender.slotName()).isEqualTo(slot);
            assertThat(sender.flushLsn()).isEqualTo(confirmed);
            assertThat(sender.sentLsn()).isGreaterThanOrEqualTo(confirmed);
            assertThat(sender.flushLagBytes()).isEqualTo(sender.serverLsn().minus(confirmed));
            assertThat(sender.sentLagBytes()).isNotNegative();
            assertThat(sender.writeLagBytes()).isNotNegative();
            assertThat(sender.syncState()).isEqualTo("async");
            assertThat(sender.syncPriority()).isZero();
            assertThat(sender.replyTime()).isNotNull();
            cursor.stopReplication();
        } finally {
            drop(database, slot);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aRoleWithoutRightsSeesThatThereIsASenderAndNoMore(TestDatabase database) {
        try (PgConnection db = Howdah.connect(database.dsn(Roles.SCRAM));
                LogicalReplicationConnection consumer =
                        LogicalReplicationConnection.connect(database.dsn(Roles.REPLICATION))) {
            ReplicationCursor cursor = consumer.cursor();
            cursor.createReplicationSlot(slot, "test_decoding");
            cursor.startReplication(slot);

            WalSenderState sender = sender(db, consumer.info().backendPid());

            assertThat(sender.slotName()).isEqualTo(slot);
            assertThat(sender.state()).isNull();
            assertThat(sender.clientAddress()).isNull();
            assertThat(sender.sentLsn()).isNull();
            assertThat(sender.sentLagBytes()).isNull();
            assertThat(sender.flushLag()).isNull();
            cursor.stopReplication();
        } finally {
            drop(database, slot);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aConnectionForReplicationCanBeAskedIfItIsOfADatabase(TestDatabase database) {
        try (LogicalReplicationConnection logical =
                LogicalReplicationConnection.connect(database.dsn(Roles.REPLICATION))) {
            logical.cursor()
                    .createReplicationSlot(
                            slot, ReplicationType.LOGICAL, "test_decoding", SlotOptions.DEFAULT.temporary(true));
            SlotState state = only(logical, slot);
            assertThat(state.temporary()).isTrue();
            assertThat(state.activePid()).isEqualTo(logical.info().backendPid());
            assertThat(state.confirmedFlushLsn()).isNotNull();
            assertThat(new ReplicationMonitor(logical).walSenders()).isNotNull();
        }
        try (PhysicalReplicationConnection physical =
                PhysicalReplicationConnection.connect(database.dsn(Roles.REPLICATION))) {
            ReplicationMonitor monitor = new ReplicationMonitor(physical);
            assertThatThrownBy(monitor::slots).isInstanceOf(FeatureNotSupportedException.class);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aSlotThatKeptTooMuchIsLost(int version) {
        try (PostgresServer server = PostgresServer.builder()
                        .version(version)
                        .config("max_slot_wal_keep_size", "16MB")
                        .config("wal_keep_size", "0")
                        .start();
                PgConnection db = Howdah.connect(server.dsn("postgres"))) {
            db.execute("select pg_create_physical_replication_slot('left', true)");
            assertThat(only(db, "left").safeWalSize()).isPositive();
            db.execute("create table filler (t text)");
            for (int i = 0; i < 4; i++) {
                db.script("insert into filler values ('x'); select pg_switch_wal()");
            }
            assertThat(only(db, "left").walStatus()).isEqualTo("unreserved");
            assertThat(only(db, "left").isLost()).isFalse();
            assertThat(only(db, "left").safeWalSize()).isNegative();

            db.execute("checkpoint");

            SlotState lost = only(db, "left");
            assertThat(lost.walStatus()).isEqualTo("lost");
            assertThat(lost.isLost()).isTrue();
            assertThat(lost.safeWalSize()).isNull();
            assertThat(lost.invalidationReason()).isEqualTo(version >= 17 ? "wal_removed" : null);
        }
    }

    /** A standby of a version that copies slots. */
    @Test
    void aStandbyShowsItsOwnSlotsAndHowFarItHasReceived() {
        try (PostgresServer primary = PostgresServer.start(17)) {
            primary.execute("select pg_create_physical_replication_slot('standby', true)");
            try (PostgresServer standby = primary.standby()
                            .config("primary_slot_name", "standby")
                            .config("hot_standby_feedback", "on")
                            .start();
                    PgConnection on = Howdah.connect(primary.dsn("postgres"));
                    PgConnection db = Howdah.connect(standby.dsn("postgres"))) {
                db.execute("select pg_create_physical_replication_slot('own', true)");
                on.execute("create table copied as select repeat('x', 1000) from generate_series(1, 1000)");
                Lsn written = Lsn.parse(primary.walPosition());
                standby.awaitReplay(written.toString());

                SlotState own = only(db, "own");
                assertThat(own.serverLsn()).isGreaterThanOrEqualTo(written);
                assertThat(own.restartLagBytes()).isGreaterThan(1_000_000);
                assertThat(own.synced()).isFalse();

                Await.until("the primary knows it", PATIENCE, () -> {
                    WalSenderState sender =
                            new ReplicationMonitor(on).walSenders().getFirst();
                    return sender.replayLsn() != null && !written.isAfter(sender.replayLsn());
                });
                WalSenderState sender = new ReplicationMonitor(on).walSenders().getFirst();
                assertThat(sender.applicationName()).isEqualTo("standby");
                assertThat(sender.slotName()).isEqualTo("standby");
                assertThat(sender.clientAddress()).isNull();
                Await.until(
                        "vacuum is held back",
                        PATIENCE,
                        () -> only(on, "standby").xminAge() != null);
            }
        }
    }

    @Test
    void theServersOwnNamesAreMeantWhateverTheSearchPathSays() {
        try (TestDatabase database = SharedServers.get().createDatabase();
                PgConnection db = Howdah.connect(database.dsn())) {
            db.script("create schema own; create view own.pg_replication_slots as select 1 as nothing;"
                    + " create view own.pg_stat_replication as select 1 as nothing;"
                    + " set search_path = own, pg_catalog");
            assertThat(new ReplicationMonitor(db).slots()).isNotNull();
            assertThat(new ReplicationMonitor(db).walSenders()).isNotNull();
        }
    }
}
