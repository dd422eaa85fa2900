package dev.howdah.replication;

import static dev.howdah.replication.Findings.assertFinding;
import static dev.howdah.replication.Findings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.replication.Finding.Check;
import dev.howdah.replication.Finding.Severity;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** What a preflight finds on servers that are set up for it, or against it. */
@Timeout(120)
class PreflightServerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Preflight OF_SLOT = Preflight.DEFAULT.slot("lags").publications("all_of_it");

    private static List<Finding> check(TestDatabase database, Preflight preflight) {
        try (PgConnection db = Howdah.connect(database.dsn())) {
            return preflight.check(db);
        }
    }

    /** A server on which nothing is left, and whose settings are those of no consumer. */
    @ParameterizedTest
    @PostgresVersions
    void aServerThatIsNotSetUpForItIsSaidToBeSo(int version) {
        PostgresServer.Builder builder = PostgresServer.builder()
                .version(version)
                .config("wal_level", "replica")
                .config("max_wal_senders", "1")
                .config("max_replication_slots", "1")
                .config("wal_sender_timeout", "20s")
                .config("max_slot_wal_keep_size", "100MB")
                .config("synchronous_commit", "local")
                .config("synchronous_standby_names", "FIRST 1 (a, \"The consumer\")");
        if (version >= 18) {
            builder = builder.config("idle_replication_slot_timeout", "2h");
        }
        try (PostgresServer server = builder.start();
                TestDatabase database = server.createDatabase();
                PhysicalReplicationConnection only =
                        PhysicalReplicationConnection.connect(database.dsn(Roles.REPLICATION))) {
            only.cursor().createReplicationSlot("taken", ReplicationType.PHYSICAL, null, SlotOptions.DEFAULT);
            Preflight preflight = Preflight.DEFAULT.applicationName("the consumer");
            List<Finding> found = check(database, preflight);
            assertFinding(found, Severity.ERROR, Check.WAL_LEVEL, "wal_level", "wal_level is replica");
            assertFinding(found, Severity.ERROR, Check.SENDERS_FREE, "max_wal_senders", "1 of 1");
            assertFinding(found, Severity.ERROR, Check.SLOTS_FREE, "max_replication_slots", "1 of 1");
            assertFinding(found, Severity.WARNING, Check.STATUS_INTERVAL, "wal_sender_timeout", "10 s", "20 s");
            assertFinding(
                    found, Severity.WARNING, Check.SYNCHRONOUS_STANDBY, "synchronous_standby_names", "'the consumer'");
            assertThat(of(found, Check.RETENTION_LIMIT))
                    .hasSize(version >= 18 ? 2 : 1)
                    .allMatch(finding -> finding.severity() == Severity.NOTE)
                    .extracting(Finding::message)
                    .contains("A slot that keeps more than 100 MB of log is lost.");

            found = check(
                    database,
                    preflight
                            .applicationName("b")
                            .statusInterval(Duration.ofSeconds(5))
                            .slot("taken"));
            assertFinding(found, Severity.OK, Check.STATUS_INTERVAL, "wal_sender_timeout");
            assertFinding(found, Severity.OK, Check.SYNCHRONOUS_STANDBY, "synchronous_standby_names");
            assertFinding(found, Severity.OK, Check.SLOTS_FREE, "max_replication_slots");

            Finding refused = Preflight.tryConnect(ConnectOptions.parse(database.dsn(Roles.REPLICATION)));
            assertThat(refused.severity()).isEqualTo(Severity.ERROR);
            assertThat(refused.message()).contains("53300");
            assertThat(refused.advice()).contains("max_wal_senders");
            server.configure("wal_sender_timeout", "0");
            server.configure("synchronous_standby_names", "*");
            found = check(database, preflight);
            assertFinding(found, Severity.NOTE, Check.STATUS_INTERVAL, "wal_sender_timeout", "never notices");
            assertFinding(found, Severity.WARNING, Check.SYNCHRONOUS_STANDBY, "synchronous_standby_names", "is *");
        }
    }

    /** A server with one slot, which falls behind until it is lost. */
    @ParameterizedTest
    @PostgresVersions
    void aSlotIsSeenToBecomeLost(int version) {
        try (PostgresServer server = PostgresServer.builder()
                        .version(version)
                        .config("max_slot_wal_keep_size", "64MB")
                        .config("wal_keep_size", "0")
                        .config("autovacuum", "off")
                        .config("autovacuum_freeze_max_age", "100000")
                        .start();
                TestDatabase database = server.createDatabase();
                PgConnection db = Howdah.connect(database.dsn())) {
            db.script("create table filler (id int primary key); create publication all_of_it for table filler");
            db.execute("select pg_create_logical_replication_slot('lags', 'pgoutput')");
            List<Finding> found = OF_SLOT.check(db);
            assertFinding(found, Severity.OK, Check.SLOT_RETENTION, "lags", "there is room for");
            assertFinding(found, Severity.OK, Check.SLOT_HORIZON, "lags");
            assertFinding(found, Severity.OK, Check.PUBLICATION_BEFORE_SLOT, "all_of_it");
            db.execute("alter publication all_of_it set (publish = 'insert, update, delete')");
            assertFinding(OF_SLOT.check(db), Severity.NOTE, Check.PUBLICATION_BEFORE_SLOT, "all_of_it", "not known");

            // Each block with a handler that writes is a transaction of its own below the other.
            db.script("create temporary table burnt (i int); do $$ begin for i in 1..100001 loop"
                    + " begin insert into burnt values (i); exception when division_by_zero then null; end;"
                    + " end loop; end $$");
            assertFinding(
                    OF_SLOT.check(db),
                    Severity.WARNING,
                    Check.SLOT_HORIZON,
                    "lags",
                    "autovacuum_freeze_max_age, 100000");

            write(db, 4);
            assertFinding(OF_SLOT.check(db), Severity.WARNING, Check.SLOT_RETENTION, "lags", "more it is in danger");
            write(db, 2);
            found = OF_SLOT.check(db);
            assertFinding(found, Severity.WARNING, Check.SLOT_RETENTION, "lags", "the next checkpoint may lose it");
            assertFinding(found, Severity.OK, Check.SLOT_INVALIDATED, "lags");
            db.execute("checkpoint");
            found = OF_SLOT.check(db);
            assertFinding(
                    found, Severity.ERROR, Check.SLOT_INVALIDATED, "lags", version >= 17 ? "wal_removed" : "lost");
            assertThat(of(found, Check.SLOT_RETENTION)).isEmpty();
        }
    }

    /** Fills files of the log of 16 MB. */
    private static void write(PgConnection db, int files) {
        for (int i = 0; i < files; i++) {
            db.script("select pg_logical_emit_message(false, 'filler', 'x'); select pg_switch_wal()");
        }
    }

    /** Of the version that decodes on no standby. */
    @Test
    void anOldStandbyDecodesNothing() {
        try (PostgresServer primary = PostgresServer.start(14);
                PostgresServer standby = primary.standby().start();
                PgConnection db = Howdah.connect(standby.dsn("postgres"))) {
            List<Finding> found = Preflight.DEFAULT.check(db);
            assertFinding(found, Severity.ERROR, Check.STANDBY, "recovery", "does not decode");
        }
    }

    @Test
    void aStandbyKeepsWhatItsSlotsNeedOnlyWithFeedbackAndACopyIsForLater() {
        try (PostgresServer primary = PostgresServer.start(17)) {
            primary.execute("select pg_create_physical_replication_slot('standby', true)");
            primary.execute("select pg_create_logical_replication_slot('copied', 'pgoutput', false, false, true)");
            try (PostgresServer standby = primary.standby()
                            .config("primary_slot_name", "standby")
                            .config("hot_standby_feedback", "off")
                            .start();
                    PgConnection db = Howdah.connect(standby.dsn("postgres"))) {
                assertFinding(
                        Preflight.DEFAULT.check(db), Severity.WARNING, Check.STANDBY, "hot_standby_feedback", "is off");
                standby.configure("hot_standby_feedback", "on");
                // What copies slots connects to a database.
                standby.configure(
                        "primary_conninfo",
                        "host=" + primary.socketDirectory() + " port=" + primary.port() + " user="
                                + PostgresServer.SUPERUSER + " dbname=postgres");
                Await.until("the slot is copied", PATIENCE, () -> {
                    primary.execute("select pg_log_standby_snapshot()");
                    primary.execute("select pg_replication_slot_advance('copied', pg_current_wal_lsn())");
                    standby.awaitReplay(primary.walPosition());
                    standby.execute("select pg_sync_replication_slots()");
                    return new ReplicationMonitor(db)
                            .slots().stream().anyMatch(slot -> Boolean.TRUE.equals(slot.synced()) && !slot.temporary());
                });
                List<Finding> found = Preflight.DEFAULT.slot("copied").check(db);
                assertFinding(found, Severity.NOTE, Check.STANDBY, "recovery", "is a standby");
                assertFinding(found, Severity.ERROR, Check.SLOT_SYNCED, "copied", "until this standby is promoted");
                assertFinding(found, Severity.WARNING, Check.SLOT_FAILOVER, "copied", "synchronized_standby_slots");
            }
        }
    }
}
