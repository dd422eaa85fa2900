package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.ConnectOptions;
import dev.howdah.backup.BackupManifest;
import dev.howdah.backup.BackupOptions;
import dev.howdah.backup.BaseBackup;
import dev.howdah.backup.CheckpointMode;
import dev.howdah.cli.Cli.Outcome;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.ReachableFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that need no server, with backups of one. */
@Timeout(180)
class BackupCommandsIT {

    private static final char ESCAPE = '\u001b';

    @TempDir
    private static Path backups;

    private static Path full;
    private static Path incremental;
    private static Path space;

    @TempDir
    private Path temp;

    @BeforeAll
    static void takeBackups() {
        full = backups.resolve("full");
        incremental = backups.resolve("incremental");
        space = backups.resolve("space");
        BackupOptions how =
                BackupOptions.DEFAULT.checkpoint(CheckpointMode.FAST).sync(false);
        try (PostgresServer server =
                        PostgresServer.builder().config("summarize_wal", "on").start();
                ReachableFolder files = ReachableFolder.create()) {
            Path there = files.folder("space");
            server.execute("create table item as select n from generate_series(1, 1000) n");
            server.execute("create tablespace space location '" + there + "'");
            server.execute("create table spaced tablespace space as select 1 as n");
            ConnectOptions to = ConnectOptions.parse(server.dsn("postgres"));
            BaseBackup.toFolder(to, how.tablespace(there, backups.resolve("full-space")), full);
            server.execute("insert into item select n from generate_series(1001, 2000) n");
            BaseBackup.toFolder(
                    to,
                    how.tablespace(there, space).incrementalTo(full.resolve(BackupManifest.FILE_NAME)),
                    incremental);
        }
    }

    /** Returns a copy of a backup, for a test to do with as it likes. */
    private Path copy(Path backup) throws IOException {
        Path copy = temp.resolve("copy");
        try (Stream<Path> all = Files.walk(backup)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.copy(each, copy.resolve(backup.relativize(each)), LinkOption.NOFOLLOW_LINKS);
            }
        }
        return copy;
    }

    private static Outcome verify(Path folder, String... options) {
        Stream<String> all = Stream.concat(Stream.of("verify-backup", folder.toString()), Stream.of(options));
        return new Cli().run(all.toArray(String[]::new));
    }

    @Test
    void aSoundBackupIsSaidToBeSound() {
        Outcome outcome = verify(full);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .matches("the backup is sound \\([\\d,]+ files, .+ MB, [\\d,]+ records of the log\\)\\R");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(verify(incremental, "--json").out())
                .startsWith("{\"sound\":true,\"problems\":0,\"files\":")
                .contains("\"bytes\":", "\"wal_records\":");
    }

    @Test
    void eachProblemHasALineAndTheExitCodeIsOne() throws IOException {
        Path copy = copy(full);
        Files.writeString(copy.resolve("PG_VERSION"), "99\n");
        Files.writeString(copy.resolve("more"), "x");
        Outcome outcome = verify(copy);
        assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(outcome.out().lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("checksum  'PG_VERSION' is changed"))
                .anyMatch(line -> line.startsWith("extra  'more' is there"))
                .last()
                .asString()
                .startsWith("the backup is not sound: 2 problems (");
        assertThat(verify(copy, "--json").out().lines())
                .contains(
                        "{\"problem\":\"extra\",\"path\":\"more\",\"text\":\"'more' is there and not in the manifest\"}")
                .last()
                .asString()
                .startsWith("{\"sound\":false,\"problems\":2,");
        assertThat(verify(copy, "--no-checksums", "--ignore", "more").code()).isEqualTo(ExitCode.OK);
        assertThat(verify(copy, "--ignore", "more", "--ignore", "PG_VERSION").code())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void logThatIsMissingIsAProblemUnlessItIsElsewhereOrNotWanted() throws IOException {
        Path copy = copy(full);
        Path moved = Files.move(copy.resolve("pg_wal"), temp.resolve("moved"));
        Files.createDirectory(copy.resolve("pg_wal"));
        assertThat(verify(copy).out()).startsWith("wal  the log from ").contains("is missing");
        assertThat(verify(copy, "--no-wal").out()).contains("sound (").doesNotContain("records");
        assertThat(verify(copy, "--wal-folder", moved.toString()).code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void whatIsNoBackupIsSaidInOneLine() throws IOException {
        Outcome outcome = verify(temp);
        assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(outcome.err().lines()).hasSize(1).first().asString().contains("backup_manifest");
        assertThat(verify(temp.resolve("nowhere")).code()).isEqualTo(ExitCode.USAGE);
        assertThat(verify(full, "--ignore", "../x").code()).isEqualTo(ExitCode.USAGE);
        Path manifest = copy(full).resolve(BackupManifest.FILE_NAME);
        Files.writeString(manifest, Files.readString(manifest).replace("Size", "Sise"));
        assertThat(verify(manifest.getParent()).err()).contains("the manifest", "is damaged");
    }

    @Test
    void aBarShowsHowFarItIsOnATerminalAndGoesAway() {
        Outcome outcome = new Cli().onATerminal().run("verify-backup", full.toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.err()).contains("\r").doesNotContain(ESCAPE + "[31m");
        assertThat(outcome.err().substring(outcome.err().lastIndexOf('\r'))).isBlank();
    }

    private Outcome combine(String... options) {
        return new Cli()
                .run(Stream.concat(Stream.of("combine-backup"), Stream.of(options))
                        .toArray(String[]::new));
    }

    @Test
    void backupsAreCombinedIntoOneThatIsSound() {
        Path target = temp.resolve("combined");
        String mapping = space + "=" + temp.resolve("combined-space");
        Outcome outcome = combine(
                full.toString(),
                incremental.toString(),
                "-o",
                target.toString(),
                "-T",
                mapping,
                "--verify",
                "--no-sync");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).matches("[\\d,]+ files, [\\d.]+ MB, in \\Q" + target + "\\E\\R");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(verify(target).code()).isEqualTo(ExitCode.OK);
        Outcome again = combine(full.toString(), incremental.toString(), "-o", target.toString(), "-T", mapping);
        assertThat(again.code()).isEqualTo(ExitCode.USAGE);
        assertThat(again.err()).contains("there is something in it");
    }

    @Test
    void theSumsComeAsJsonToo() {
        Outcome outcome = combine(
                full.toString(),
                incremental.toString(),
                "--output=" + temp.resolve("combined"),
                "--tablespace-mapping=" + space + "=" + temp.resolve("combined-space"),
                "--manifest-checksums=sha256",
                "--json");
        assertThat(outcome.out()).matches("\\{\"backups\":2,\"files\":\\d+,\"bytes\":\\d+}\\R");
        assertThat(BackupManifest.read(temp.resolve("combined")).files())
                .allMatch(file -> file.checksum().length() == 64);
    }

    @Test
    void whatDoesNotFitLeavesNothing() {
        List<String> output = List.of("-o", temp.resolve("combined").toString());
        Outcome outcome = combine(incremental.toString(), full.toString(), output.get(0), output.get(1));
        assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(outcome.err()).contains("the first has to be a full one");
        outcome = combine(full.toString(), incremental.toString(), output.get(0), output.get(1));
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("tablespace", space.toString());
        assertThat(temp.resolve("combined")).doesNotExist();
        assertThat(combine(temp.resolve("nowhere").toString(), output.get(0), output.get(1))
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }
}
