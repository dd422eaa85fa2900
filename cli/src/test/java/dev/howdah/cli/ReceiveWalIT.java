package dev.howdah.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.Cli.Outcome;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log received, and given back to a server that recovers. */
@Timeout(120)
class ReceiveWalIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PATIENCE_SECONDS = 15;

    @TempDir
    private Path folder;

    private static String value(PostgresServer server, String sql) {
        return String.valueOf(server.execute(sql).getFirst().getFirst());
    }

    private static void write(PostgresServer server) {
        server.execute("create table if not exists filler (t text)");
        server.execute("insert into filler select repeat('x', 1000) from generate_series(1, 17000)");
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"none,''", "gzip:1,.gz", "zstd,.zst"})
    void whatWasReceivedIsGivenBackAsTheServerHasIt(String method, String suffix) throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            String begin = value(server, "select pg_current_wal_flush_lsn()");
            String first = value(server, "select pg_walfile_name('" + begin + "')");
            write(server);
            String end = value(server, "select pg_current_wal_flush_lsn()");

            Outcome outcome = new Cli()
                    .run(
                            "receive-wal",
                            folder.toString(),
                            "--slot",
                            "archive",
                            "--create-slot",
                            "--start",
                            begin,
                            "--end",
                            end,
                            "--compress",
                            method,
                            "--json",
                            "--dsn",
                            server.dsn("postgres"));

            assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.OK);
            assertThat(outcome.out())
                    .contains("\"reached_end\":true", "\"timeline\":1", "\"error\":null", "\"streams\":1")
                    .hasLineCount(1);
            assertThat(names()).contains(first + suffix).last().asString().endsWith(".partial");
            Path target = folder.resolve("RECOVERYXLOG");
            assertThat(new Cli().run("restore-wal", folder.toString(), first, target.toString()))
                    .isEqualTo(new Outcome(ExitCode.OK, "", ""));
            assertThat(target)
                    .hasSameBinaryContentAs(
                            server.dataDirectory().resolve("pg_wal").resolve(first));
            String partial = names().stream()
                    .filter(name -> name.endsWith(".partial"))
                    .findFirst()
                    .orElseThrow();
            Outcome last =
                    new Cli().run("restore-wal", folder.toString(), partial.replace(".partial", ""), target.toString());
            assertThat(last.code()).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void whatIsNotThereEndsTheRecoveryAndWhatIsDamagedStopsIt() throws Exception {
        Path target = folder.resolve("RECOVERYXLOG");
        String segment = "000000010000000000000007";
        assertThat(new Cli().run("restore-wal", folder.toString(), segment, target.toString()))
                .isEqualTo(new Outcome(ExitCode.SERVER_ERROR, "", ""));

        Files.writeString(folder.resolve(segment + ".zst"), "no zstd");

        Outcome damaged = new Cli().run("restore-wal", folder.toString(), segment, target.toString());
        assertThat(damaged.code()).isEqualTo(126);
        assertThat(damaged.err()).contains(segment + ".zst");
        Outcome nowhere = new Cli().run("restore-wal", folder.resolve("no").toString(), segment, target.toString());
        assertThat(nowhere.code()).isEqualTo(126);
        assertThat(target).doesNotExist();
    }

    @Test
    void aSignalBringsWhatHasComeToTheDiskAndEndsWell() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "receive-wal",
                            folder.toString(),
                            "--slot",
                            "archive",
                            "--create-slot",
                            "--json",
                            "--dsn",
                            server.dsn("postgres"))
                    .start();
            try (BufferedReader err = process.errorReader(UTF_8);
                    BufferedReader out = process.inputReader(UTF_8)) {
                Await.until(
                        "it streams",
                        SOON,
                        () -> !server.execute("select from pg_stat_replication").isEmpty());
                write(server);
                String end = value(server, "select pg_current_wal_flush_lsn()");
                Await.until(
                        "all has come",
                        SOON,
                        () -> "t"
                                .equals(value(
                                        server,
                                        "select bool_or(write_lsn >= '" + end + "') from pg_stat_replication")));

                process.toHandle().destroy(); // Process.destroy would close what it prints

                assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                assertThat(err.lines()).isEmpty();
                assertThat(out.lines()).singleElement().asString().contains("\"reached_end\":false");
                assertThat(process.exitValue()).isEqualTo(ExitCode.OK);
                assertThat(value(server, "select restart_lsn >= '" + end + "' from pg_replication_slots"))
                        .isEqualTo("t");
                assertThat(names()).last().asString().endsWith(".partial");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void theServersRefusalIsTold() {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            Outcome outcome = new Cli()
                    .run("receive-wal", folder.toString(), "--slot", "nowhere", "--dsn", server.dsn("postgres"));

            assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
            assertThat(outcome.err()).contains("nowhere", "42704");
            server.stop();
            Outcome gone =
                    new Cli().run("receive-wal", folder.toString(), "--no-reconnect", "--dsn", server.dsn("postgres"));
            assertThat(gone.code()).isEqualTo(ExitCode.NO_CONNECTION);
        }
    }
}
