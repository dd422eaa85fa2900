package dev.howdah.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the example of backups against an old server and a new one, and starts servers on what it has made. */
@Timeout(180)
class BackupExamplesIT {

    @TempDir
    private Path folder;

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void requireRows(int version, Path data, String rows) {
        try (PostgresServer started =
                PostgresServer.builder().version(version).data(data).start()) {
            Await.until("it has recovered", Duration.ofSeconds(60), () -> !started.isStandby());
            assertThat(started.execute("select count(*) from backup_item").getFirst())
                    .containsExactly(rows);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aServerStartsOnTheBackupAndHasWhatTheLogHas(int version) throws Exception {
        boolean incremental = version >= 17;
        PostgresServer.Builder builder = PostgresServer.builder().version(version);
        List<String> lines;
        try (PostgresServer server = (incremental ? builder.config("summarize_wal", "on") : builder).start()) {
            lines = Output.of(
                    given -> BackupAndRecovery.main(new String[] {given[0], folder.toString()}),
                    server.uri("postgres"));
            assertThat(server.execute("select from pg_replication_slots")).isEmpty();
        }
        assertThat(lines)
                .contains("receiving timeline 1")
                .anyMatch(line -> line.matches("sunday needs the log from 0/\\w+ to 0/\\w+"))
                .anyMatch(line -> line.matches("\\d+ bytes, expected were \\d+"))
                .anyMatch(line -> line.matches("sound: \\d{3,} files"));
        assertThat(names(folder.resolve("archive")))
                .containsExactly("backup_manifest.gz", "base.tar.gz", "complete", "pg_wal.tar.gz");
        assertThat(folder.resolve("standby"))
                .isDirectoryContaining("glob:**/standby.signal")
                .isDirectoryContaining("glob:**/postgresql.auto.conf");
        if (incremental) {
            assertThat(lines).anyMatch(line -> line.matches("a full backup of \\d+ files"));
            requireRows(version, folder.resolve("combined"), "1000");
        }
        Path wal = folder.resolve("wal");
        String last = names(wal).getLast().replace(".partial", "");
        assertThat(BackupAndRecovery.restore(wal, last, folder.resolve("restored")))
                .isZero();
        assertThat(folder.resolve("restored")).exists();
        assertThat(BackupAndRecovery.restore(wal, "0000000100000FFF00000001", folder.resolve("missing")))
                .isOne();
        assertThat(folder.resolve("missing")).doesNotExist();
        requireRows(version, folder.resolve("sunday"), "1001");
    }
}
