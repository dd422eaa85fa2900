package dev.howdah.replication;

import static dev.howdah.replication.Findings.assertFinding;
import static dev.howdah.replication.Findings.of;
import static dev.howdah.replication.Findings.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.ConnectOptions;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.replication.Finding.Check;
import dev.howdah.replication.Finding.Severity;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

@Timeout(120)
class PreflightIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Longer than another test has a transaction open on a shared server. */
    private static final Duration LONG = Duration.ofHours(1);

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** No other test has it. */
    private final String slot = "preflight_" + ProcessHandle.current().pid() + "_" + NAMES.incrementAndGet();

    private final Preflight ofSlot =
            Preflight.DEFAULT.slot(slot).publications("all_of_it").longTransaction(LONG);

    private static List<Finding> check(TestDatabase database, Role role, Preflight preflight) {
        try (PgConnection db = Howdah.connect(database.dsn(role))) {
            return preflight.check(db);
        }
    }

    private static List<Finding> check(TestDatabase database, Preflight preflight) {
        try (PgConnection db = Howdah.connect(database.dsn())) {
            return preflight.check(db);
        }
    }

    private void makeSlot(TestDatabase database, String more) {
        database.execute("select pg_create_logical_replication_slot('" + slot + "', " + more + ")");
    }

    private void drop(TestDatabase database) {
        try (AdminSession admin = database.admin()) {
            String mine = " from pg_replication_slots where slot_name = '" + slot + "'";
            admin.execute("select pg_terminate_backend(active_pid)" + mine + " and active");
            Await.until(
                    "nobody uses it",
                    PATIENCE,
                    () -> "0".equals(admin.value("select count(*)" + mine + " and active")));
            admin.execute("select pg_drop_replication_slot(slot_name)" + mine);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whatIsHealthyHasNothingToSayButWhatIsWorthKnowing(TestDatabase database) {
        database.execute("create table item (id int primary key, n int); create publication all_of_it for table item");
        makeSlot(database, "'pgoutput'");
        try {
            List<Finding> found = check(database, Roles.REPLICATION, ofSlot);
            assertThat(found)
                    .allSatisfy(finding -> assertThat(finding.severity()).isGreaterThan(Severity.WARNING))
                    .isSortedAccordingTo((a, b) -> a.severity().compareTo(b.severity()));
            assertThat(found.stream().map(Finding::check))
                    .contains(
                            Check.WAL_LEVEL, Check.SENDERS_FREE, Check.SLOTS_FREE, Check.SLOT_EXISTS, Check.SLOT_ACTIVE)
                    .contains(Check.SLOT_INVALIDATED, Check.SLOT_RETENTION, Check.SLOT_HORIZON, Check.PUBLICATION_EMPTY)
                    .contains(Check.REPLICA_IDENTITY, Check.ROW_SECURITY, Check.UNLOGGED, Check.STATUS_INTERVAL);
            assertFinding(found, Severity.NOTE, Check.RETENTION_LIMIT, "max_slot_wal_keep_size", "Nothing limits");
            assertFinding(found, Severity.OK, Check.DECODING_MEMORY, "logical_decoding_work_mem", "64 MB");
            assertFinding(found, Severity.OK, Check.PUBLICATION_EMPTY, "all_of_it", "1 table.");
            assertThatThrownBy(() -> found.remove(0)).isInstanceOf(UnsupportedOperationException.class);
            // A role that is no member of pg_monitor.
            assertFinding(found, Severity.NOTE, Check.LONG_TRANSACTIONS, "pg_stat_activity", "does not see");
        } finally {
            drop(database);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whatIsMissingIsNamed(TestDatabase database) {
        List<Finding> found = check(database, Roles.SCRAM, ofSlot.publications("all_of_it", "other"));
        assertFinding(found, Severity.ERROR, Check.SLOT_EXISTS, slot, "no slot");
        assertThat(of(found, Check.PUBLICATION_EXISTS))
                .extracting(Finding::subject)
                .containsExactly("all_of_it", "other");
        assertThat(of(found, Check.REPLICA_IDENTITY)).isEmpty();
        assertFinding(found, Severity.ERROR, Check.ROLE_REPLICATION, Roles.SCRAM.name(), "REPLICATION");
        assertThat(only(found, Check.ROLE_REPLICATION).advice()).contains("alter role \"app_scram\" replication");
        assertThat(found.getFirst().severity()).isEqualTo(Severity.ERROR);

        database.execute("create publication \"Of None\"");
        found = check(database, Preflight.DEFAULT.publications("Of None"));
        assertFinding(found, Severity.WARNING, Check.PUBLICATION_EMPTY, "Of None", "no tables");
        assertThat(of(found, Check.SLOT_EXISTS)).isEmpty();
        found = check(database, Preflight.DEFAULT);
        assertFinding(found, Severity.NOTE, Check.PUBLICATION_EXISTS, "publication_names", "the database has Of None");
        assertThat(of(check(database, Preflight.DEFAULT.plugin("test_decoding")), Check.PUBLICATION_EXISTS))
                .isEmpty();
    }

    @ParameterizedTest
    @PostgresVersions(from = 18)
    void anIdentityWithGeneratedColumnsThatAreNotPublishedIsAnErrorAsItIsToTheServer(TestDatabase database) {
        database.execute("create table whole (id int, twice int generated always as (id * 2) stored);"
                + " alter table whole replica identity full; insert into whole values (1);"
                + " create table plain (id int primary key, twice int generated always as (id * 2) stored);"
                + " create publication hiding for all tables;"
                + " create publication showing for all tables with (publish_generated_columns = stored)");

        List<Finding> found = check(database, Preflight.DEFAULT.publications("hiding"));

        assertThat(of(found, Check.REPLICA_IDENTITY)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.subject()).isEqualTo("\"public\".\"whole\"");
            assertThat(finding.message()).contains("generated columns");
        });
        assertThatThrownBy(() -> database.execute("update whole set id = 2"))
                .hasMessageContaining("cannot update table \"whole\"");
        found = check(database, Preflight.DEFAULT.publications("showing"));
        assertFinding(found, Severity.OK, Check.REPLICA_IDENTITY, "showing");
    }

    @ParameterizedTest
    @PostgresVersions(from = 15)
    void whatAPublicationLeavesOutOfAnIdentityIsAnErrorAsItIsToTheServer(TestDatabase database) {
        database.execute(
                "create table listed (a int primary key, b int); create table filtered (a int primary key, b int);"
                        + " create table fine (a int primary key, b int, c int); create table whole (a int, b int);"
                        + " create table parted (x int, a int, b int) partition by range (a);"
                        + " create table part (b int, a int not null, x int, primary key (a, b));"
                        + " alter table parted attach partition part for values from (0) to (10);"
                        + " alter table whole replica identity full;"
                        + " insert into listed values (1, 1); insert into filtered values (1, 1); insert into fine values (1, 1, 1);"
                        + " insert into whole values (1, 1); insert into part values (1, 1, 1);"
                        + " create publication narrow for table listed (b), filtered where (b > 0), fine (a, b) where (a > 0),"
                        + " whole where (b > 0), parted (a, x) with (publish_via_partition_root = true)");

        List<Finding> found = check(database, Preflight.DEFAULT.publications("narrow"));

        assertThat(of(found, Check.REPLICA_IDENTITY))
                .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.ERROR))
                .extracting(Finding::subject)
                .containsExactly("\"public\".\"filtered\"", "\"public\".\"listed\"", "\"public\".\"part\"");
        for (String refused : List.of("filtered", "listed", "part")) {
            assertThatThrownBy(() -> database.execute("update " + refused + " set b = 2"))
                    .hasMessageContaining("cannot update table \"" + refused + "\"");
        }
        database.execute("update fine set b = 2; update whole set b = 2; drop publication narrow;"
                + " create publication narrow for table whole (a, b)");
        found = check(database, Preflight.DEFAULT.publications("narrow"));
        assertThat(of(found, Check.REPLICA_IDENTITY))
                .extracting(Finding::subject)
                .containsExactly("\"public\".\"whole\"");
        assertThatThrownBy(() -> database.execute("update whole set b = 3"))
                .hasMessageContaining("cannot update table \"whole\"");
    }

    @ParameterizedTest
    @PostgresVersions
    void aSlotOfAnotherKindCannotBeStreamed(TestDatabase database) {
        makeSlot(database, "'test_decoding', false, true");
        try (TestDatabase other = database.server().createDatabase()) {
            List<Finding> found = check(other, ofSlot.largeRetention(0));
            assertFinding(found, Severity.ERROR, Check.SLOT_DATABASE, slot, database.name(), other.name());
            assertFinding(found, Severity.ERROR, Check.SLOT_PLUGIN, slot, "test_decoding, not pgoutput");
            assertFinding(found, Severity.NOTE, Check.SLOT_TWO_PHASE, slot, "when they are prepared");
            assertFinding(found, Severity.WARNING, Check.SLOT_RETENTION, slot, "of log", "nobody uses it");
            assertFinding(
                    check(database, ofSlot.plugin("test_decoding")),
                    Severity.OK,
                    Check.PLUGIN_ALLOWED,
                    "test_decoding");

            drop(database);
            database.execute("select pg_create_physical_replication_slot('" + slot + "', true)");
            found = check(database, ofSlot);
            assertFinding(found, Severity.ERROR, Check.SLOT_TYPE, slot, "physical");
            assertThat(of(found, Check.SLOT_PLUGIN)).isEmpty();
        } finally {
            drop(database);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whoUsesTheSlotIsNamed(TestDatabase database) {
        database.execute("create table item (id int primary key); create publication all_of_it for all tables");
        makeSlot(database, "'pgoutput'");
        try (LogicalReplicationConnection consumer = LogicalReplicationConnection.connect(
                database.dsn(Roles.REPLICATION) + " application_name='the other'")) {
            ReplicationCursor cursor = consumer.cursor();
            cursor.startReplication(
                    StreamOptions.slot(slot).option("proto_version", "1").option("publication_names", "all_of_it"));
            List<Finding> found = check(database, ofSlot);
            int pid = consumer.info().backendPid();
            assertFinding(found, Severity.ERROR, Check.SLOT_ACTIVE, slot, "process " + pid, "the other");
            assertThat(only(found, Check.SLOT_ACTIVE).advice()).contains("pg_terminate_backend(" + pid + ")");
            cursor.stopReplication();
            assertThatThrownBy(() -> ofSlot.check(consumer)).isInstanceOf(IllegalArgumentException.class);
        } finally {
            drop(database);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void tablesThatWouldBreakOrLoseAreNamed(TestDatabase database) {
        database.execute("create table fine (id int primary key);"
                + " create table \"No Key\" (id int);"
                + " create table nothing (id int primary key); alter table nothing replica identity nothing;"
                + " create table whole (id int, t text); alter table whole replica identity full;"
                + " create table late (id int primary key deferrable);"
                + " create table parted (id int, t text) partition by range (id);"
                + " create table part partition of parted for values from (1) to (9);"
                + " create table lettered (id int primary key, t text, n int);"
                + " create table indexed (id int not null); create unique index by_id on indexed (id);"
                + " alter table indexed replica identity using index by_id;"
                + " create table gone (id int not null); create unique index of_gone on gone (id);"
                + " alter table gone replica identity using index of_gone; drop index of_gone;"
                + " create unlogged table forgetful (id int primary key);"
                + " create table guarded (id int primary key, owner text); alter table guarded enable row level security;"
                + " create publication all_of_it for all tables;"
                + " create publication inserts for table \"No Key\" with (publish = 'insert')");
        List<Finding> found = check(database, Roles.REPLICATION, Preflight.DEFAULT.publications("all_of_it"));
        assertThat(of(found, Check.REPLICA_IDENTITY))
                .allMatch(finding -> finding.severity() == Severity.ERROR)
                .extracting(Finding::subject)
                .containsExactly(
                        "\"public\".\"No Key\"",
                        "\"public\".\"gone\"",
                        "\"public\".\"late\"",
                        "\"public\".\"nothing\"",
                        "\"public\".\"part\"");
        assertFinding(found, Severity.NOTE, Check.TOAST_WITHOUT_FULL, "all_of_it", "\"lettered\" (t)", "\"part\" (t)");
        assertThat(only(found, Check.TOAST_WITHOUT_FULL).message()).doesNotContain("whole", "\"fine\"");
        assertFinding(found, Severity.WARNING, Check.ROW_SECURITY, "\"public\".\"guarded\"", "Policies");
        assertFinding(found, Severity.WARNING, Check.UNLOGGED, "\"public\".\"forgetful\"", "unlogged");
        assertFinding(
                check(database, Preflight.DEFAULT.publications("all_of_it")),
                Severity.OK,
                Check.ROW_SECURITY,
                "all_of_it",
                "No policy");

        found = check(database, Preflight.DEFAULT.publications("inserts"));
        assertFinding(found, Severity.OK, Check.REPLICA_IDENTITY, "inserts");
        assertFinding(found, Severity.OK, Check.UNLOGGED, "inserts");
        assertFinding(found, Severity.NOTE, Check.PUBLICATION_OPERATIONS, "inserts", "UPDATE, DELETE, TRUNCATE");
        // The server does what was said.
        try (PgConnection db = Howdah.connect(database.dsn())) {
            assertThatThrownBy(() -> db.execute("update \"No Key\" set id = 1")).hasMessageContaining("55000");
            assertThatThrownBy(() -> db.execute("update late set id = 1")).hasMessageContaining("55000");
            db.execute("update indexed set id = 1");
        }
    }

    @ParameterizedTest
    @PostgresVersions(from = 15)
    void whatAPublicationLeavesOutIsNamed(TestDatabase database) {
        database.execute("create schema s; create unlogged table s.quick (id int);"
                + " create table s.sold (id int primary key, price int, secret int);"
                + " create publication part_of_it for table s.sold (id, price) where (id > 5);"
                + " create publication schema_of_it for tables in schema s");
        List<Finding> found = check(database, Preflight.DEFAULT.publications("part_of_it"));
        assertFinding(
                found, Severity.NOTE, Check.PUBLICATION_FILTERS, "\"s\".\"sold\"", "rows where (id > 5)", "id, price;");
        found = check(database, Preflight.DEFAULT.publications("schema_of_it"));
        assertFinding(found, Severity.WARNING, Check.UNLOGGED, "\"s\".\"quick\"", "unlogged");
    }

    @ParameterizedTest
    @PostgresVersions
    void transactionsThatHoldUpSlotsAreNamed(TestDatabase database) {
        String gid = "it's " + slot;
        try (PgConnection open = Howdah.connect(database.dsn() + " application_name='the sleeper'")) {
            open.script("create table held (id int)");
            open.script("begin; insert into held values (1); prepare transaction '" + gid.replace("'", "''") + "'");
            open.script("begin; insert into held values (2)");
            Preflight at = Preflight.DEFAULT.longTransaction(Duration.ZERO);
            List<Finding> found = check(database, at);
            String pid = "pid " + open.info().backendPid();
            assertThat(of(found, Check.LONG_TRANSACTIONS)).anySatisfy(finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                assertThat(finding.subject()).isEqualTo(pid);
                assertThat(finding.message()).contains("the sleeper", "idle in transaction", database.name());
            });
            assertThat(of(found, Check.PREPARED_TRANSACTIONS)).anySatisfy(finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                assertThat(finding.subject()).isEqualTo(gid);
                assertThat(finding.advice()).contains("rollback prepared '" + gid.replace("'", "''") + "'");
            });
            found = check(database, at.longTransaction(LONG));
            assertFinding(found, Severity.OK, Check.LONG_TRANSACTIONS, "pg_stat_activity");
            assertFinding(found, Severity.OK, Check.PREPARED_TRANSACTIONS, "pg_prepared_xacts");
        } finally {
            database.execute("rollback prepared '" + gid.replace("'", "''") + "'");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whatARoleMayNotSeeIsSaidAndEndsNoTransaction(TestDatabase database) {
        database.execute("revoke select on pg_catalog.pg_prepared_xacts from public;"
                + " create schema own; create view own.pg_publication as select 1 as nothing;"
                + " grant usage on schema own to public");
        try (PgConnection db = Howdah.connect(database.dsn(Roles.REPLICATION))) {
            db.inTransaction(transaction -> {
                db.execute("set local search_path = own, pg_catalog");
                List<Finding> found = Preflight.DEFAULT.publications("p").check(db);
                assertFinding(
                        found,
                        Severity.NOTE,
                        Check.PREPARED_TRANSACTIONS,
                        Roles.REPLICATION.name(),
                        "permission denied for view pg_prepared_xacts");
                assertThat(db.queryOne("show search_path", String.class)).isEqualTo("own, pg_catalog");
                return found;
            });
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void pluginsThatTheServerRefusesAreErrorsWhereItSaysSo(TestDatabase database) {
        List<Finding> found = check(database, Preflight.DEFAULT.plugin("wal2json"));
        boolean said = !database.execute("select from pg_settings where name = 'output_plugin_libraries'")
                .isEmpty();
        if (said) {
            assertFinding(found, Severity.ERROR, Check.PLUGIN_ALLOWED, "output_plugin_libraries", "wal2json");
        } else {
            assertFinding(found, Severity.NOTE, Check.PLUGIN_ALLOWED, "wal2json", "seen when a slot is made");
        }
        assertFinding(check(database, Preflight.DEFAULT), Severity.OK, Check.PLUGIN_ALLOWED, "pgoutput");
    }

    @ParameterizedTest
    @PostgresVersions
    void aTransactionThatDecodingWroteToDiskIsWorthAWord(TestDatabase database) {
        try (AdminSession admin = database.admin()) {
            makeSlot(database, "'test_decoding'");
            admin.execute("create table much as select repeat('x', 500) as t from generate_series(1, 2000)");
            admin.execute("set logical_decoding_work_mem = '64kB'");
            admin.execute("select count(*) from pg_logical_slot_peek_changes('" + slot + "', null, null)");
            Preflight preflight = ofSlot.plugin("test_decoding");
            Await.until(
                    "the server has counted it",
                    PATIENCE,
                    () -> !of(check(database, preflight), Check.SLOT_SPILL).isEmpty());
            assertFinding(check(database, preflight), Severity.NOTE, Check.SLOT_SPILL, slot, "1 large transaction");
        } finally {
            drop(database);
        }
    }

    @ParameterizedTest
    @PostgresVersions(from = 17)
    void aSlotForFailoversWantsStandbysToBeAwaited(TestDatabase database) {
        makeSlot(database, "'pgoutput', false, false, true");
        try {
            assertFinding(
                    check(database, ofSlot), Severity.WARNING, Check.SLOT_FAILOVER, slot, "synchronized_standby_slots");
        } finally {
            drop(database);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aConnectionThatIsRefusedIsAFindingWithAdvice(TestDatabase database) {
        Finding made = Preflight.tryConnect(ConnectOptions.parse(database.dsn(Roles.REPLICATION)));
        assertThat(made.severity()).isEqualTo(Severity.OK);
        assertThat(made.check()).isEqualTo(Check.REPLICATION_CONNECTION);
        Finding refused = Preflight.tryConnect(ConnectOptions.parse(database.dsn(Roles.SCRAM)));
        assertThat(refused.severity()).isEqualTo(Severity.ERROR);
        assertThat(refused.message()).contains("42501");
        assertThat(refused.advice()).contains("replication");
        refused = Preflight.tryConnect(ConnectOptions.parse(database.dsn(Roles.CERT) + " sslmode=disable"));
        assertThat(refused.message()).contains("28000");
        assertThat(refused.advice()).contains("pg_hba.conf");
        refused = Preflight.tryConnect(ConnectOptions.parse("host=127.0.0.1 port=1 user=nobody"));
        assertThat(refused.severity()).isEqualTo(Severity.ERROR);
        assertThat(refused.advice()).isNull();
    }
}
