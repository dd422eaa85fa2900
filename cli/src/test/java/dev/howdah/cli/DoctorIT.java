package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.Cli.Outcome;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DoctorIT {

    private static final AtomicInteger SLOTS = new AtomicInteger();
    private static final char ESCAPE = '\u001b';

    /** No other test has it. */
    private final String slot = "doctor_" + ProcessHandle.current().pid() + "_" + SLOTS.incrementAndGet();

    private static Outcome doctor(TestDatabase database, Role role, String... arguments) {
        return doctor(new Cli(), database, role, arguments);
    }

    private static Outcome doctor(Cli cli, TestDatabase database, Role role, String... arguments) {
        List<String> all = new ArrayList<>(List.of("doctor", "--dsn", database.dsn(role)));
        all.addAll(List.of(arguments));
        return cli.run(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void whatIsFineEndsWithZero(int version) {
        try (TestDatabase database = SharedServers.get(version).createDatabase()) {
            database.execute("create table item (id int primary key); create publication shop for table item;"
                    + " create publication more for table item");
            database.execute("select pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
            try {
                Outcome outcome =
                        doctor(database, Roles.REPLICATION, "--slot", slot, "--publication", "shop", "-p", "more");
                assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.OK);
                assertThat(outcome.err()).isEmpty();
                assertThat(outcome.out())
                        .contains(
                                "✓ wal level               wal_level is logical.\n",
                                "✓ replication connection  A connection for logical replication was made",
                                "✓ slot exists             There is a slot " + slot + ".\n",
                                "There is a publication shop.",
                                "There is a publication more.",
                                "· retention limit")
                        .doesNotContain("✗", ESCAPE + "")
                        .containsPattern("\n0 errors, 0 warnings, \\d+ notes?, \\d+ fine\n$");
            } finally {
                database.execute("select pg_drop_replication_slot('" + slot + "')");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void anErrorEndsWithOneAndHasAdviceBelowIt(int version) {
        try (TestDatabase database = SharedServers.get(version).createDatabase()) {
            database.execute("create table keyless (id int); create publication shop for table keyless");
            Outcome outcome = doctor(database, Roles.SCRAM, "--slot", slot, "--publication", "shop");
            assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out())
                    .startsWith("✗ role replication")
                    .contains(
                            "has not the attribute REPLICATION.\n" + " ".repeat(26)
                                    + "> alter role \"app_scram\" replication\n",
                            "✗ replication connection  ",
                            "42501",
                            "✗ slot exists             There is no slot " + slot + ".\n",
                            "✗ replica identity        The table \"public\".\"keyless\" is published",
                            "\n4 errors, ")
                    .doesNotContain(ESCAPE + "");

            Outcome shown = doctor(new Cli().onATerminal(), database, Roles.SCRAM, "--slot", slot);
            assertThat(shown.out())
                    .startsWith(ESCAPE + "[31m✗ role replication" + ESCAPE + "[0m")
                    .contains(ESCAPE + "[31m3 errors" + ESCAPE + "[0m", ESCAPE + "[32m✓ wal level");
        }
    }

    @Test
    void programsReadALineForEachFinding() {
        try (TestDatabase database = SharedServers.get().createDatabase()) {
            Outcome outcome = doctor(
                    database,
                    Roles.REPLICATION,
                    "--publication",
                    "nosuch",
                    "--format",
                    "json",
                    "--status-interval",
                    "50s");
            assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
            assertThat(outcome.out().lines()).allMatch(line -> line.startsWith("{\"severity\":\""));
            assertThat(outcome.out())
                    .startsWith(
                            "{\"severity\":\"error\",\"check\":\"PUBLICATION_EXISTS\",\"subject\":\"nosuch\",\"message\":\"There"
                                    + " is no publication nosuch in the database " + database.name()
                                    + ".\",\"advice\":\"create"
                                    + " publication \\\"nosuch\\\"")
                    .contains(
                            "{\"severity\":\"warning\",\"check\":\"STATUS_INTERVAL\",\"subject\":\"wal_sender_timeout\"",
                            "{\"severity\":\"ok\",\"check\":\"REPLICATION_CONNECTION\"",
                            "\"advice\":null}");
        }
    }

    /** A word from a server cannot command the terminal. */
    @Test
    void namesAreShownAsTheyAre() {
        try (TestDatabase database = SharedServers.get().createDatabase()) {
            database.execute("create table \"a\u001b[31mb\" (id int); create publication shop for all tables");
            Outcome outcome = doctor(database, Roles.REPLICATION, "--publication", "shop");
            assertThat(outcome.out()).contains("a\\x1b[31mb").doesNotContain(ESCAPE + "");
        }
    }

    @Test
    void aServerThatIsNotThereEndsWithThree() {
        Outcome outcome = new Cli().run("doctor", "--dsn", "host=127.0.0.1 port=1 user=ann dbname=shop");
        assertThat(outcome.code()).isEqualTo(ExitCode.NO_CONNECTION);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).hasLineCount(1);
    }
}
