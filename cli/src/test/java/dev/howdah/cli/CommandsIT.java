package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.howdah.cli.Cli.Outcome;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@Timeout(60)
class CommandsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A listen command that runs beside the test. */
    private record Listening(CompletableFuture<Outcome> outcome, Thread thread) {}

    /** Starts the command and returns when the session's last LISTEN was answered. */
    private static Listening listen(TestDatabase db, String... arguments) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> outcome.complete(new Cli().run(arguments)));
        String last = arguments[arguments.length - 1].replace("\"", "\"\"").replace("'", "''");
        Await.until(
                "the command listens",
                PATIENCE,
                () -> outcome.isDone()
                        || !db.execute(
                                        "select 1 from pg_stat_activity where application_name = 'howdah' and state = 'idle'"
                                                + " and query ilike '%listen \"" + last
                                                + "\"%' and datname = current_database()")
                                .isEmpty());
        return new Listening(outcome, thread);
    }

    private static Map<String, String> parsed(String json) throws IOException {
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, parser.getText());
            }
        }
        return members;
    }

    @Test
    void embeddedNeedsNoServer() {
        Outcome outcome = new Cli().run("query", "--embedded", "--csv", "select current_user as u, 6 * 7 as a");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo("u,a\r\n" + Roles.SCRAM.name() + ",42\r\n");
    }

    @Test
    void listenPrintsWhatNotifySends(TestDatabase db) throws Exception {
        String dsn = db.uri(Roles.SCRAM);
        String channel = "Odd \"channel\"; drop";
        Listening listening = listen(db, "listen", "--json", "--count", "2", "--dsn", dsn, channel);
        assertThat(new Cli()
                        .run("notify", "--dsn", dsn, channel, "it's \"quoted\"\nand more")
                        .code())
                .isEqualTo(ExitCode.OK);
        assertThat(new Cli().run("notify", "--dsn", dsn, channel).code()).isEqualTo(ExitCode.OK);
        Outcome outcome = listening.outcome().get(30, TimeUnit.SECONDS);
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        List<String> lines = outcome.out().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(parsed(lines.get(0)))
                .containsEntry("channel", channel)
                .containsEntry("payload", "it's \"quoted\"\nand more")
                .containsKeys("time", "pid");
        assertThat(parsed(lines.get(1))).containsEntry("payload", "");
    }

    @Test
    void notifySendsEachLineOfStandardInput(TestDatabase db) throws Exception {
        String dsn = db.uri(Roles.SCRAM);
        Listening listening = listen(db, "listen", "--count", "3", "--dsn", dsn, "lines");
        Outcome sent = new Cli().reading("one\ntwo €\n\n").run("notify", "--dsn", dsn, "lines", "-");
        assertThat(sent.code()).isEqualTo(ExitCode.OK);
        Outcome outcome = listening.outcome().get(30, TimeUnit.SECONDS);
        assertThat(outcome.out().lines().map(line -> line.split("  ", 4)))
                .extracting(parts -> parts[1] + "|" + (parts.length > 3 ? parts[3] : ""))
                .containsExactly("lines|one", "lines|two €", "lines|");
    }

    @Test
    void listenEndsWellWhenInterrupted(TestDatabase db) throws Exception {
        Listening listening = listen(db, "listen", "--dsn", db.uri(Roles.SCRAM), "a", "b");
        listening.thread().interrupt();
        assertThat(listening.outcome().get(30, TimeUnit.SECONDS).code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void listenEndsWithFourWhenNothingComesInTime(TestDatabase db) {
        Outcome outcome = new Cli().run("listen", "--timeout", "50ms", "--dsn", db.uri(Roles.SCRAM), "quiet");
        assertThat(outcome.code()).isEqualTo(ExitCode.STOPPED);
        assertThat(outcome.out()).isEmpty();
    }

    private static void terminate(TestDatabase db) {
        db.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where application_name = 'howdah' and datname = current_database()");
    }

    @Test
    void listenEndsWithThreeWhenTheConnectionIsLostAndNoOtherIsWanted(TestDatabase db) throws Exception {
        Listening listening = listen(db, "listen", "--no-reconnect", "--dsn", db.uri(Roles.SCRAM), "a");
        terminate(db);
        Outcome outcome = listening.outcome().get(30, TimeUnit.SECONDS);
        assertThat(outcome.code()).isEqualTo(ExitCode.NO_CONNECTION);
        assertThat(outcome.err()).contains("57P01");
    }

    /** Loses the connection of a command that listens on b, waits until it listens again, and notifies. */
    private static Outcome lostAndFoundAgain(TestDatabase db, String... arguments) throws Exception {
        Listening listening = listen(db, arguments);
        db.execute("notify b, 'before'");
        String pid = db.execute("select pid from pg_stat_activity where application_name = 'howdah'"
                        + " and datname = current_database()")
                .getFirst()
                .getFirst();
        terminate(db);
        Await.until(
                "the command listens again",
                PATIENCE,
                () -> !db.execute(
                                "select 1 from pg_stat_activity where application_name = 'howdah' and pid <> " + pid
                                        + " and state = 'idle' and query ilike '%listen \"b\"%' and datname = current_database()")
                        .isEmpty());
        db.execute("notify b, 'after'");
        return listening.outcome().get(30, TimeUnit.SECONDS);
    }

    @Test
    void listenConnectsAgainAndTellsTheGapInItsPlace(TestDatabase db) throws Exception {
        Outcome outcome =
                lostAndFoundAgain(db, "listen", "--json", "--count", "2", "--dsn", db.uri(Roles.SCRAM), "a", "b");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        List<String> lines = outcome.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(parsed(lines.get(0))).containsEntry("payload", "before");
        assertThat(parsed(lines.get(1))).containsEntry("event", "gap").containsKeys("from", "until");
        assertThat(parsed(lines.get(1)).get("cause")).contains("57P01");
        assertThat(parsed(lines.get(2))).containsEntry("payload", "after");
    }

    @Test
    void listenTellsTheGapToWhoReadsToo(TestDatabase db) throws Exception {
        Outcome outcome = lostAndFoundAgain(db, "listen", "--count", "2", "--dsn", db.uri(Roles.SCRAM), "b");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out().lines()).hasSize(2);
        assertThat(outcome.err()).contains("57P01", "connecting again", "listening again; what was sent between");
    }

    @Test
    void listenEndsWellWithASignal(TestDatabase db) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "listen",
                        "--dsn",
                        db.dsn(Roles.SCRAM),
                        "b")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).contains("listening on b");
            process.toHandle().destroy(); // Process.destroy would close what it prints
            assertThat(out.lines()).isEmpty();
            assertThat(process.waitFor()).isEqualTo(ExitCode.OK);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void notifySendsEachPayloadOfItsArguments(TestDatabase db) throws Exception {
        String dsn = db.uri(Roles.SCRAM);
        Listening listening = listen(db, "listen", "--json", "--count", "4", "--dsn", dsn, "several");
        Outcome sent = new Cli().reading("three\n").run("notify", "--dsn", dsn, "several", "one", "two", "-", "four");
        assertThat(sent.code()).isEqualTo(ExitCode.OK);
        List<String> payloads = new ArrayList<>();
        for (String line :
                listening.outcome().get(30, TimeUnit.SECONDS).out().lines().toList()) {
            payloads.add(parsed(line).get("payload"));
        }
        assertThat(payloads).containsExactly("one", "two", "three", "four");
    }

    @Test
    void aPayloadThatIsTooLongIsTheServersError(TestDatabase db) {
        Outcome outcome = new Cli().run("notify", "--dsn", db.uri(Roles.SCRAM), "a", "x".repeat(8000));
        assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(outcome.err()).contains("22023");
    }

    @Test
    void aChannelThatCannotBeIsAUsageError(TestDatabase db) {
        Outcome outcome = new Cli().run("listen", "--dsn", db.uri(Roles.SCRAM), "x".repeat(64));
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err().lines()).hasSize(1);
    }
}
