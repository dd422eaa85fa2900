package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.Cli.Outcome;
import dev.howdah.cli.demo.Chapter;
import dev.howdah.cli.demo.Chapters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    private static final char ESCAPE = '\u001b';

    @Test
    void aloneItPrintsWhatThereIs() {
        Outcome outcome = new Cli().run();
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out())
                .contains(
                        "demo",
                        "ping",
                        "query",
                        "listen",
                        "notify",
                        "copy",
                        "lob",
                        "slots",
                        "doctor",
                        "tail",
                        "base-backup",
                        "verify-backup",
                        "combine-backup",
                        "receive-wal",
                        "restore-wal",
                        "completion",
                        "help",
                        "Exit codes:");
        assertThat(outcome.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "ping",
                "query",
                "listen",
                "notify",
                "copy",
                "lob",
                "slots",
                "doctor",
                "tail",
                "base-backup",
                "verify-backup",
                "combine-backup",
                "receive-wal",
                "restore-wal",
                "completion"
            })
    void everyCommandHasHelpOfItsOwn(String command) {
        Outcome outcome = new Cli().run("help", command);
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out()).startsWith("Usage: howdah " + command).contains("--verbose", "--color");
        assertThat(new Cli().run(command, "--help").out()).isEqualTo(outcome.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ping", "query", "listen", "notify", "slots", "doctor", "tail", "base-backup", "receive-wal"})
    void everyCommandThatConnectsTakesDsnOrEmbedded(String command) {
        assertThat(new Cli().run("help", command).out()).contains("--dsn", "--embedded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy in", "copy out", "lob import"})
    void aCommandBelowAnotherHasHelpAndSaysHowToGetIt(String command) {
        String[] help = (command + " --help").split(" ");
        assertThat(new Cli().run(help).out()).contains("Usage: howdah " + command, "--dsn", "--embedded", "FILE");
        String[] wrong = (command + " --nonsense").split(" ");
        assertThat(new Cli().run(wrong).err()).contains("'howdah " + command + " --help' prints what there is");
        assertThat(new Cli().run("query", "--nonsense").err()).contains("'howdah help query' prints what there is");
    }

    @Test
    void versionNamesHowdahAndJava() {
        assertThat(new Cli().run("--version").out()).contains("howdah ", "Java ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nosuchcommand",
                "query",
                "query --json --csv select",
                "ping --dsn x --embedded",
                "ping --count 0",
                "ping --count many",
                "query --timeout soon select",
                "query --param",
                "ping --color sometimes",
                "demo --only nosuchchapter",
                "listen",
                "notify",
                "copy in",
                "copy out",
                "copy in item a.csv b.csv",
                "copy in item --format xml",
                "copy in item --header --match-header",
                "copy in item --freeze",
                "copy out --json item",
                "copy nosuchcommand",
                "lob import",
                "lob export 1",
                "lob unlink one",
                "lob nosuchcommand",
                "slots nosuchcommand",
                "slots create",
                "slots create shop --temporary",
                "slots create shop --physical --two-phase",
                "slots drop",
                "slots --watch=never",
                "doctor --format xml",
                "doctor shop",
                "tail --resume shop.token",
                "tail --create-slot",
                "tail --slot shop",
                "tail --publication shop item",
                "tail --slot s --publication p --resume f --count 3",
                "tail --format xml",
                "tail --count 0",
                "tail --snapshot=many",
                "tail --snapshot=65",
                "tail --until-lsn soon",
                "tail shop.",
                "notify --nosuch a"
            })
    void aWrongCommandLineIsSaidInOneLineAndEndsWithTwo(String arguments) {
        Outcome outcome = new Cli().run(arguments.split(" "));
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines().findFirst()).get().asString().startsWith("howdah: ");
        assertThat(outcome.err().lines()).hasSizeLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "receive-wal",
                "receive-wal wal --create-slot",
                "receive-wal wal --start somewhere",
                "receive-wal wal --compress lz4",
                "receive-wal wal --compress none:1",
                "receive-wal wal --compress gzip:10",
                "receive-wal wal --compress zstd:fast",
                "restore-wal",
                "restore-wal wal 00000002.history"
            })
    void aWrongCommandLineForTheLogIsSaidInOneLine(String commandLine) {
        aWrongCommandLineIsSaidInOneLineAndEndsWithTwo(commandLine);
    }

    @Test
    void aPasswordInTheWrongPlaceIsNotRepeated() {
        Outcome outcome = new Cli().run("ping", "postgresql://ann:s3cr3t@localhost/shop");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("ann:***@localhost").doesNotContain("s3cr3t");
        outcome = new Cli().run("ping", "host=localhost password=s3cr3t");
        assertThat(outcome.err()).contains("password=***").doesNotContain("s3cr3t");
    }

    @Test
    void aWrongConnectionTextNamesTheKeywordAndHidesTheRest() {
        Outcome outcome = new Cli().run("ping", "--dsn", "host=localhost pasword=s3cr3t");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).startsWith("howdah: ").contains("pasword").doesNotContain("s3cr3t");
    }

    @Test
    void aServerThatIsNotThereIsSaidInOneLineAndEndsWithThree() {
        Outcome outcome = new Cli().run("ping", "--dsn", "postgresql://ann:s3cr3t@127.0.0.1:1/shop");
        assertThat(outcome.code()).isEqualTo(ExitCode.NO_CONNECTION);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).startsWith("howdah: ").contains("127.0.0.1").doesNotContain("s3cr3t");
    }

    @Test
    void verboseAddsTheStack() {
        Outcome outcome = new Cli().run("ping", "--verbose", "--dsn", "postgresql://ann:s3cr3t@127.0.0.1:1/shop");
        assertThat(outcome.code()).isEqualTo(ExitCode.NO_CONNECTION);
        assertThat(outcome.err()).contains("ConnectFailedException", "\tat ").doesNotContain("s3cr3t");
    }

    @Test
    void demoListNamesTheChaptersInTheirOrder() {
        Outcome outcome = new Cli().run("demo", "--list");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        List<String> names =
                outcome.out().lines().map(line -> line.split(" ")[0]).toList();
        assertThat(names)
                .isEqualTo(Chapters.all().stream().map(Chapter::name).toList())
                .startsWith(
                        "connect",
                        "query",
                        "types",
                        "cursors",
                        "copy",
                        "large-objects",
                        "waiting",
                        "errors",
                        "notify",
                        "events",
                        "replication",
                        "backup");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        assertThat(new Cli().run("demo", "--list").out()).doesNotContain(ESCAPE + "[");
        assertThat(new Cli().onATerminal().run("demo", "--list").out()).contains(ESCAPE + "[");
    }

    @Test
    void noColorAndDumbTerminalsAreRespected() {
        assertThat(new Cli()
                        .onATerminal()
                        .on("NO_COLOR", "1")
                        .run("demo", "--list")
                        .out())
                .doesNotContain(ESCAPE + "[");
        assertThat(new Cli()
                        .onATerminal()
                        .on("TERM", "dumb")
                        .run("demo", "--list")
                        .out())
                .doesNotContain(ESCAPE + "[");
        assertThat(new Cli()
                        .onATerminal()
                        .on("NO_COLOR", "")
                        .run("demo", "--list")
                        .out())
                .contains(ESCAPE + "[");
        assertThat(new Cli().onATerminal().on("NO_COLOR", "1").run().out()).doesNotContain(ESCAPE + "[");
    }

    @Test
    void colorAlwaysAndNeverOverruleBoth() {
        assertThat(new Cli()
                        .on("NO_COLOR", "1")
                        .run("demo", "--list", "--color=always")
                        .out())
                .contains(ESCAPE + "[");
        assertThat(new Cli()
                        .onATerminal()
                        .run("demo", "--list", "--color=never")
                        .out())
                .doesNotContain(ESCAPE + "[");
    }

    @Test
    void completionPrintsAScriptThatKnowsTheCommands() {
        Outcome outcome = new Cli().run("completion");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out()).startsWith("#!/usr/bin/env bash").contains("howdah", "listen", "--embedded");
    }
}
