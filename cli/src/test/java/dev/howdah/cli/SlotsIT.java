package dev.howdah.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.Cli.Outcome;
import dev.howdah.replication.LogicalReplicationConnection;
import dev.howdah.replication.PhysicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.StreamOptions;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Lsn;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SlotsIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final AtomicInteger SLOTS = new AtomicInteger();
    private static final char ESCAPE = '\u001b';

    /** No other test has it. */
    private final String slot = "cli_" + ProcessHandle.current().pid() + "_" + SLOTS.incrementAndGet();

    private final List<TestDatabase> databases = new ArrayList<>();

    private TestDatabase database(int version) {
        TestDatabase database = SharedServers.get(version).createDatabase();
        databases.add(database);
        return database;
    }

    @AfterEach
    void dropAll() {
        for (TestDatabase database : databases) {
            database.execute("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name like '"
                    + slot + "%' and active");
            awaitCount(database, "slot_name like '" + slot + "%' and active", 0);
            database.execute(
                    "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name like '" + slot
                            + "%'");
            database.close();
        }
    }

    private static void awaitCount(TestDatabase database, String condition, int count) {
        String sql = "select count(*) from pg_replication_slots where " + condition;
        Await.until(
                condition,
                SOON,
                () -> Integer.toString(count)
                        .equals(database.execute(sql).getFirst().getFirst()));
    }

    private static Outcome slots(TestDatabase database, String... arguments) {
        return slots(new Cli(), database, Roles.REPLICATION, arguments);
    }

    private static Outcome slots(Cli cli, TestDatabase database, Role role, String... arguments) {
        List<String> all = new ArrayList<>(List.of("slots"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--dsn", database.dsn(role)));
        return cli.run(all.toArray(String[]::new));
    }

    private String line(Outcome outcome, String name) {
        return outcome.out()
                .lines()
                .filter(line -> line.matches(Pattern.quote(name) + "\\b.*|.*\"name\":\"" + name + "\".*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in\n" + outcome));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void slotsAreMadeListedAndDropped(int version) {
        TestDatabase database = database(version);
        Outcome made = slots(database, "create", slot, "--two-phase");
        assertThat(made.err()).isEmpty();
        assertThat(made.out()).matches(slot + "  [0-9A-F]+/[0-9A-F]+\n");
        made = slots(database, "create", slot + "_physical", "--physical");
        assertThat(made.out()).matches(slot + "_physical  [0-9A-F]+/[0-9A-F]+\n");
        database.execute("create table written as select repeat('x', 1000) from generate_series(1, 2000)");

        Outcome list = slots(new Cli(), database, Roles.SCRAM);
        assertThat(list.code()).isEqualTo(ExitCode.OK);
        assertThat(list.out()).startsWith("slot").contains(" slots)", "used by").doesNotContain(ESCAPE + "");
        assertThat(line(list, slot))
                .containsPattern("logical pgoutput +" + database.name() + " +nobody.* \\d\\.\\d MB .* reserved ");
        assertThat(line(list, slot + "_physical")).containsPattern("physical +- +nobody");
        assertThat(slots(database, "list").out()).contains(slot);

        String json = line(slots(database, "--json"), slot);
        assertThat(json)
                .startsWith("{\"time\":\"")
                .contains(
                        "\"type\":\"logical\",\"plugin\":\"pgoutput\",\"database\":\"" + database.name() + "\"",
                        "\"twoPhase\":true",
                        "\"active\":false,\"activePid\":null",
                        version == 14 ? "\"failover\":null" : "\"failover\":false",
                        "\"sender\":null,\"warning\":null}")
                .containsPattern("\"confirmedFlushLagBytes\":[1-9]\\d{6,}");

        assertThat(slots(database, "drop", slot)).isEqualTo(new Outcome(ExitCode.OK, "", ""));
        assertThat(slots(database, "drop", slot + "_physical").code()).isEqualTo(ExitCode.OK);
        assertThat(slots(database).out()).doesNotContain(slot);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aConsumerIsNamedAndKeepsItsSlotUnlessWaitedFor(int version) throws Exception {
        TestDatabase database = database(version);
        slots(database, "create", slot, "--plugin", "test_decoding");
        try (ExecutorService worker = Executors.newSingleThreadExecutor();
                LogicalReplicationConnection consumer = LogicalReplicationConnection.connect(
                        database.dsn(Roles.REPLICATION) + " application_name='the consumer'")) {
            ReplicationCursor cursor = consumer.cursor();
            cursor.startReplication(StreamOptions.slot(slot));
            int pid = consumer.info().backendPid();
            assertThat(line(slots(database), slot)).contains("the consumer pid " + pid);
            assertThat(line(slots(new Cli(), database, Roles.REPLICATION, "--json"), slot))
                    .contains("\"activePid\":" + pid, "\"applicationName\":\"the consumer\"");

            Outcome refused = slots(database, "drop", slot);
            assertThat(refused.code()).isEqualTo(ExitCode.SERVER_ERROR);
            assertThat(refused.err())
                    .contains("is active for PID " + pid, "55006", "--wait waits until nobody uses it")
                    .hasLineCount(1);

            Future<Outcome> waiting = worker.submit(() -> slots(database, "drop", slot, "--wait"));
            String waits = "select count(*) from pg_stat_activity where wait_event = 'ReplicationSlotDrop' and"
                    + " application_name = 'howdah'";
            Await.until(
                    "it waits",
                    SOON,
                    () -> !"0".equals(database.execute(waits).getFirst().getFirst()));
            cursor.stopReplication();
            Outcome dropped = waiting.get(30, TimeUnit.SECONDS);
            assertThat(dropped.code()).isEqualTo(ExitCode.OK);
            assertThat(dropped.err()).contains("is active for PID " + pid, "waiting");
        }
        awaitCount(database, "slot_name = '" + slot + "'", 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aStandbyShowsHowFarItIsBehind(int version) {
        TestDatabase database = database(version);
        Lsn place = Lsn.parse(
                slots(database, "create", slot, "--physical").out().strip().split(" +")[1]);
        try (PhysicalReplicationConnection receiver =
                PhysicalReplicationConnection.connect(database.dsn(Roles.REPLICATION) + " application_name=receiver")) {
            receiver.cursor().startReplication(StreamOptions.slot(slot).startLsn(place));
            awaitCount(database, "slot_name = '" + slot + "' and active", 1);
            assertThat(line(slots(new Cli(), database, Roles.SCRAM), slot)).contains("receiver pid ");
        }
    }

    @Test
    void whatIsThereAlreadyIsNoErrorIfItIsTheSame() {
        TestDatabase database = database(18);
        TestDatabase other = database(18);
        assertThat(slots(database, "create", slot).code()).isEqualTo(ExitCode.OK);
        Outcome again = slots(database, "create", slot);
        assertThat(again.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(again.err()).contains("42710").hasLineCount(1);
        again = slots(database, "create", slot, "--if-not-exists");
        assertThat(again.code()).isEqualTo(ExitCode.OK);
        assertThat(again.out()).isEmpty();
        assertThat(again.err()).isEqualTo("howdah: the slot " + slot + " is there already\n");
        assertThat(slots(database, "create", slot, "--if-not-exists", "--failover")
                        .err())
                .contains("differs in --two-phase or --failover");
        for (Outcome unlike : List.of(
                slots(database, "create", slot, "--if-not-exists", "--physical"),
                slots(database, "create", slot, "--if-not-exists", "-P", "test_decoding"),
                slots(other, "create", slot, "--if-not-exists"))) {
            assertThat(unlike.code()).isEqualTo(ExitCode.SERVER_ERROR);
            assertThat(unlike.err())
                    .contains("42710", "logical, of pgoutput and the database " + database.name())
                    .hasLineCount(1);
        }
        slots(database, "drop", slot);
        assertThat(slots(database, "drop", slot).err()).contains("42704").hasLineCount(1);
        Outcome gone = slots(database, "drop", slot, "--if-exists");
        assertThat(gone.code()).isEqualTo(ExitCode.OK);
        assertThat(gone.err()).contains("there is no slot " + slot);
    }

    @Test
    void aFailoverSlotIsMadeWhereThereAreSome() {
        TestDatabase database = database(18);
        assertThat(slots(database, "create", slot, "--failover").code()).isEqualTo(ExitCode.OK);
        assertThat(line(slots(database, "--json"), slot)).contains("\"failover\":true");
        Outcome old = slots(database(14), "create", slot, "--failover");
        assertThat(old.code()).isEqualTo(ExitCode.USAGE);
        assertThat(old.err()).contains("needs PostgreSQL 17; the server is 14").hasLineCount(1);
    }

    @Test
    void whatIsRefusedIsOneLine() {
        TestDatabase database = database(18);
        Outcome rights = slots(new Cli(), database, Roles.SCRAM, "create", slot);
        assertThat(rights.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(rights.err()).contains("42501", "REPLICATION attribute").hasLineCount(1);
        assertThat(slots(database, "create", "Wrong-Name").err())
                .contains("42602", "Wrong-Name")
                .hasLineCount(1);
        assertThat(slots(database, "create", slot, "-P", "nosuch").err())
                .contains("nosuch")
                .hasLineCount(1);
        assertThat(slots(database, "create", slot, "--physical", "-P", "nosuch").code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(slots(database).out()).doesNotContain(slot);
    }

    @Test
    void whereToConnectMayStandBeforeTheCommand() {
        TestDatabase database = database(18);
        Cli cli = new Cli();
        assertThat(cli.run("slots", "--dsn", database.dsn(Roles.REPLICATION), "create", slot)
                        .code())
                .isEqualTo(ExitCode.OK);
        // What stands behind it is nearer.
        assertThat(cli.run("slots", "--dsn", "host=/nosuch", "drop", slot, "--dsn", database.dsn(Roles.REPLICATION))
                        .code())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void aSlotThatIsLostIsMarked() {
        try (PostgresServer server = PostgresServer.builder()
                        .config("max_slot_wal_keep_size", "16MB")
                        .config("wal_keep_size", "0")
                        .start();
                TestDatabase database = server.createDatabase()) {
            assertThat(slots(database).out()).isEqualTo("(0 slots)\n");
            slots(database, "create", "left", "--physical");
            assertThat(line(slots(database), "left"))
                    .containsPattern("reserved +\\d+(\\.\\d)? MB")
                    .doesNotContain("!");
            database.execute("create table filler (t text)");
            for (int i = 0; i < 4; i++) {
                database.execute("insert into filler values ('x')");
                database.execute("select pg_switch_wal()");
            }
            assertThat(line(slots(database), "left")).contains("unreserved", "! will be lost soon");
            database.execute("checkpoint");
            assertThat(line(slots(database), "left")).contains("! lost: wal_removed");
            assertThat(slots(new Cli().onATerminal(), database, Roles.REPLICATION)
                            .out())
                    .contains(ESCAPE + "[31mleft" + ESCAPE + "[0m");
            assertThat(line(slots(database, "--json"), "left")).contains("\"warning\":\"lost: wal_removed\"");
            assertThat(slots(database, "create", "left", "--physical", "--if-not-exists")
                            .err())
                    .contains("lost and cannot be used");
        }
    }

    private static Process watch(TestDatabase database, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.addAll(List.of(Main.class.getName(), "slots", "--watch=100ms", "--dsn", database.dsn(Roles.SCRAM)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("TERM", "xterm");
        return builder.start();
    }

    /** Reads until this many tables have come, has it end, and returns all. */
    private static String watched(Process process, int tables) throws Exception {
        try (BufferedReader out = process.inputReader(UTF_8);
                BufferedReader err = process.errorReader(UTF_8)) {
            CompletableFuture<String> said = CompletableFuture.supplyAsync(
                    () -> String.join("\n", err.lines().toList()));
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < tables; ) {
                String line = out.readLine();
                assertThat(line).as("ended too early").isNotNull();
                text.append(line).append('\n');
                i += line.contains(" slot") && line.contains("log at") ? 1 : 0;
            }
            process.toHandle().destroy();
            out.lines().forEach(line -> text.append(line).append('\n'));
            assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(said.get(5, TimeUnit.SECONDS)).isEmpty();
            assertThat(process.exitValue()).isEqualTo(ExitCode.OK);
            return text.toString();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void onAPipeTheTablesFollowEachOtherUntilASignal() throws Exception {
        TestDatabase database = database(18);
        slots(database, "create", slot, "--physical");
        String text = watched(watch(database), 3);
        assertThat(text).doesNotContain(ESCAPE + "");
        assertThat(Pattern.compile("(?m)^slot ").matcher(text).results().count())
                .isGreaterThanOrEqualTo(3);
        assertThat(text).containsPattern("(?m)^" + slot + " .*[▏▎▍▌▋▊▉█░]{20}").contains("B/s)\n\nslot ");
    }

    @Test
    void onATerminalTheTableStaysInItsPlace() throws Exception {
        TestDatabase database = database(18);
        slots(database, "create", slot, "--physical");
        String text = watched(watch(database, "-Dhowdah.terminal.out=true"), 3);
        // What is read by lines takes the way back to the line's beginning for the end of one.
        assertThat(text)
                .containsPattern(ESCAPE + "\\[\\d+A\n")
                .contains(ESCAPE + "[J")
                .doesNotContain("\n\n");
        // Never left with lines that do not wrap.
        assertThat(text.lastIndexOf(ESCAPE + "[?7h")).isGreaterThan(text.lastIndexOf(ESCAPE + "[?7l"));
    }
}
