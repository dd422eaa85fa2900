package dev.howdah.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.howdah.cli.Cli.Outcome;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.ReachableFolder;
import dev.howdah.testkit.Roles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class BaseBackupIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PATIENCE_SECONDS = 15;
    private static final int ROWS = 1_000;

    private static PostgresServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        server = PostgresServer.builder().config("summarize_wal", "on").start();
        server.execute("create table item as select n from generate_series(1, " + ROWS + ") n");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Outcome backup(Cli cli, String dsn, Object... arguments) {
        List<String> all = new ArrayList<>(List.of("base-backup", "--checkpoint", "fast", "--no-sync", "--dsn", dsn));
        Stream.of(arguments).map(String::valueOf).forEach(all::add);
        return cli.run(all.toArray(String[]::new));
    }

    private static Outcome backup(Object... arguments) {
        return backup(new Cli(), server.dsn("postgres", Roles.REPLICATION), arguments);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Map<String, String> parsed(String json) throws IOException {
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_ARRAY) {
                    parser.skipChildren();
                }
                members.put(name, parser.getText());
            }
        }
        return members;
    }

    private static void requireRuns(Path data) {
        try (PostgresServer copy = PostgresServer.builder().data(data).start()) {
            assertThat(copy.execute("select count(*) from item").getFirst()).containsExactly("1000");
        }
    }

    @Test
    void aFolderIsOneThatAServerStartsOnAndIsVerified() throws Exception {
        Path target = folder.resolve("backup");
        Outcome outcome = backup(target, "--verify", "--label", "monday");
        assertThat(outcome.err())
                .hasLineCount(1)
                .startsWith("howdah: base backup of system ")
                .contains(target.toString(), " MB in ", "log from 0/", "on timeline 1", ", verified");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(target.resolve("backup_label")).content().contains("LABEL: monday");
        requireRuns(target);
    }

    @Test
    void archivesAreSummedUpAsJson() throws Exception {
        Path target = folder.resolve("backup");
        Outcome outcome = backup(target, "--format", "tar", "--compress", "gzip:1", "--verify", "--json");
        assertThat(outcome.err()).isEmpty();
        assertThat(names(target)).containsExactly("backup_manifest", "base.tar.gz", "pg_wal.tar");
        Map<String, String> said = parsed(outcome.out());
        assertThat(said)
                .containsOnlyKeys(
                        "system", "label", "start", "end", "timeline", "bytes", "seconds", "tablespaces", "verified")
                .containsEntry("label", "howdah base-backup")
                .containsEntry("timeline", "1")
                .containsEntry("verified", "true");
        assertThat(said.get("system"))
                .isEqualTo(server.execute("select system_identifier from pg_control_system()")
                        .getFirst()
                        .getFirst());
        assertThat(Long.parseLong(said.get("bytes")))
                .isBetween(
                        Files.size(target.resolve("base.tar.gz")),
                        Files.size(target.resolve("base.tar.gz")) + 1_000_000);
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void whatIsNotVerifiedIsNeitherSoundNorBroken() throws Exception {
        Outcome outcome = backup(folder.resolve("backup"), "--json", "--no-manifest", "--wal", "fetch");
        assertThat(parsed(outcome.out())).containsEntry("verified", "null");
        assertThat(folder.resolve("backup").resolve("backup_manifest")).doesNotExist();
        outcome = backup(folder.resolve("second"), "--json", "--wal", "none", "--verify");
        assertThat(parsed(outcome.out())).containsEntry("verified", "true");
    }

    @Test
    void aFolderWithSomethingInItIsRefusedAndStaysAsItWas() throws Exception {
        Path file = Files.writeString(folder.resolve("diary"), "dear");
        for (String format : List.of("folder", "tar")) {
            Outcome outcome = backup(folder, "--format", format);
            assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
            assertThat(outcome.err()).hasLineCount(1).contains(folder.toString(), "Name an empty folder");
            assertThat(names(folder)).containsExactly("diary");
        }
        assertThat(file).hasContent("dear");
    }

    @Test
    void whatTheServerRefusesLeavesNothing() throws Exception {
        Outcome outcome = backup(new Cli(), server.dsn("postgres", Roles.SCRAM), folder.resolve("backup"));
        assertThat(outcome.code()).isNotEqualTo(ExitCode.OK);
        assertThat(outcome.err()).hasLineCount(1).contains("42501");
        outcome = backup(folder.resolve("backup"), "--slot", "no_such_slot");
        assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(outcome.err()).contains("no_such_slot", "42704");
        outcome = backup(folder.resolve("backup"), "--tablespace", "/no/such=" + folder.resolve("other"));
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("the server has no tablespace in /no/such");
        outcome = backup(folder.resolve("backup"), "--incremental", folder.resolve("missing"));
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("cannot read the manifest");
        assertThat(names(folder)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"folder", "tar"})
    void aSignalEndsItWithFourAndLeavesNothing(String format) throws Exception {
        Path target = folder.resolve("backup");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "base-backup",
                        target.toString(),
                        "--format=" + format,
                        "--checkpoint=fast",
                        "--max-rate=32kB",
                        "--dsn",
                        server.dsn("postgres", Roles.REPLICATION))
                .start();
        try {
            Path first = target.resolve(format.equals("tar") ? "base.tar.part" : "backup_label");
            Await.until("something is written", SOON, () -> first.toFile().length() > 0);
            process.toHandle().destroy(); // Process.destroy would close what it prints
            try (BufferedReader err = process.errorReader(UTF_8)) {
                assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                assertThat(err.lines()).containsExactly("howdah: interrupted");
            }
            assertThat(process.exitValue()).isEqualTo(ExitCode.STOPPED);
            assertThat(names(folder)).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aBarWithTheRateIsDrawnOnATerminal() {
        Cli cli = new Cli().onATerminal().on("COLUMNS", "120");
        Outcome outcome = backup(cli, server.dsn("postgres"), folder.resolve("backup"), "--verify");
        assertThat(outcome.err())
                .contains("howdah: waiting for checkpoint\n", "\rbacking up", "MiB", "\rverifying")
                .endsWith(", verified\n");
    }

    @Test
    void aStandbyIsOneWithoutMoreToDo() {
        Path target = folder.resolve("standby");
        String slot = "cli_standby";
        server.execute("select pg_create_logical_replication_slot('cli_failover', 'pgoutput', failover => true)");
        Outcome outcome = backup(target, "--standby", "--slot", slot, "--create-slot");
        assertThat(outcome.err()).contains("base backup of system").doesNotContain(Roles.REPLICATION.password());
        try (PostgresServer standby = PostgresServer.builder()
                .data(target)
                .config("hot_standby_feedback", "on")
                .config("sync_replication_slots", "on")
                .start()) {
            server.execute("create table later as select 1 as n");
            standby.awaitReplay(server.walPosition());
            assertThat(standby.isStandby()).isTrue();
            assertThat(standby.execute("select n from later").getFirst()).containsExactly("1");
            assertThat(server.execute("select slot_name from pg_replication_slots where active")
                            .getFirst())
                    .containsExactly(slot);
            Await.until(
                    "the slot that is to outlive a failover has come",
                    SOON,
                    () -> !standby.execute(
                                    "select from pg_replication_slots where slot_name = 'cli_failover' and synced")
                            .isEmpty());
        }
        Await.until(
                "the standby is gone",
                SOON,
                () -> server.execute("select from pg_replication_slots where active")
                        .isEmpty());
        server.execute("select pg_drop_replication_slot('" + slot + "');"
                + " select pg_drop_replication_slot('cli_failover'); drop table later");
    }

    @Test
    void anIncrementalBackupNamesTheFolderOfTheEarlier() throws Exception {
        Path full = folder.resolve("full");
        assertThat(backup(full).code()).isEqualTo(ExitCode.OK);
        Path incremental = folder.resolve("incremental");
        Outcome outcome = backup(incremental, "--incremental", full, "--verify");
        assertThat(outcome.err()).contains(", verified");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        try (Stream<Path> files = Files.walk(incremental)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("INCREMENTAL."));
        }
    }

    @Test
    void theServerKeepsItWhereItIsTold() {
        try (ReachableFolder shared = ReachableFolder.create()) {
            Path target = shared.path().resolve("kept");
            Outcome outcome = backup(new Cli(), server.dsn("postgres"), "--target", "server:" + target);
            assertThat(outcome.err()).contains("kept by the server");
            assertThat(outcome.code()).isEqualTo(ExitCode.OK);
            assertThat(target.resolve("base.tar")).isNotEmptyFile();
        }
        assertThat(backup("--target", "blackhole", "--wal", "none").code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aTablespaceGoesWhereItIsTold() throws Exception {
        try (ReachableFolder there = ReachableFolder.create();
                PostgresServer other = PostgresServer.start(17)) {
            Path place = there.folder("a=b");
            other.execute("create tablespace far location '" + place + "'");
            other.execute("create table item tablespace far as select n from generate_series(1, 1000) n");
            Path here = folder.resolve("far");
            Outcome outcome = backup(
                    new Cli(),
                    other.dsn("postgres"),
                    folder.resolve("backup"),
                    "--json",
                    "--tablespace",
                    place.toString().replace("=", "\\=") + "=" + here);
            assertThat(outcome.out()).contains("\"tablespaces\":[{\"oid\":", "\"location\":\"" + place + "\"}]");
            assertThat(names(here)).singleElement().asString().startsWith("PG_17_");
        }
    }
}
