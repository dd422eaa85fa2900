package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.ConnectOptions;
import dev.howdah.backup.VerifyReport.Kind;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of servers of every version, verified. */
@Timeout(180)
class BackupVerifierIT {

    @TempDir
    Path temp;

    private static ConnectOptions to(PostgresServer server) {
        return ConnectOptions.parse(server.dsn("postgres"));
    }

    private static void isSound(Path folder) {
        VerifyReport report = BackupVerifier.DEFAULT.verify(folder);
        assertThat(report.problems()).as(folder.toString()).isEmpty();
        assertThat(report.files()).isGreaterThan(900);
        assertThat(report.walRecords()).isPositive();
    }

    private static List<Path> segments(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("pg_wal"))) {
            return all.filter(file -> file.getFileName().toString().length() == 24)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aBackupOfEachVersionIsSoundInFilesAndArchivesWhileTheServerIsWrittenTo(int version) throws Exception {
        try (PostgresServer server = PostgresServer.start(version)) {
            server.execute("create table item as select n, repeat('x', 100) as t from generate_series(1, 10000) n");
            AtomicBoolean written = new AtomicBoolean();
            BackupOptions writing = Backups.FAST.progress(progress -> {
                if (progress.phase() == BackupProgress.Phase.FILES && written.compareAndSet(false, true)) {
                    server.execute("insert into item select n, repeat('y', 1000) from generate_series(1, 20000) n");
                }
            });
            BaseBackup.toFolder(to(server), writing, temp.resolve("files"));
            assertThat(segments(temp.resolve("files"))).hasSizeGreaterThan(1);
            BaseBackup.toFolder(to(server), Backups.FAST.wal(WalMode.FETCH), temp.resolve("fetched"));
            BaseBackup.toTarFiles(to(server), Backups.FAST, temp.resolve("archives"));
            BaseBackup.toTarFiles(to(server), Backups.FAST.wal(WalMode.FETCH), temp.resolve("one-archive"));
        }
        isSound(temp.resolve("files"));
        isSound(temp.resolve("fetched"));
        isSound(temp.resolve("archives"));
        isSound(temp.resolve("one-archive"));

        Files.delete(segments(temp.resolve("files")).getFirst());
        assertThat(BackupVerifier.DEFAULT.verify(temp.resolve("files")).problems())
                .extracting(VerifyReport.Problem::kind)
                .containsExactly(Kind.WAL);
    }

    @ParameterizedTest
    @PostgresVersions
    void aBackupOfAStandbyIsSoundAlsoAfterItWasPromoted(int version) throws Exception {
        try (PostgresServer primary = PostgresServer.start(version);
                PostgresServer standby = primary.standby().start()) {
            primary.execute("create table item as select n from generate_series(1, 10000) n");
            standby.awaitReplay(primary.walPosition());
            BaseBackup.toFolder(to(standby), Backups.FAST, temp.resolve("standby"));
            standby.promote();
            standby.execute("insert into item select n from generate_series(1, 10000) n");
            BaseBackup.toFolder(to(standby), Backups.FAST, temp.resolve("promoted"));
        }
        isSound(temp.resolve("standby"));
        isSound(temp.resolve("promoted"));
        assertThat(BackupManifest.read(temp.resolve("promoted")).walRanges())
                .extracting(WalRange::timeline)
                .containsExactly(2L);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aServerThatHasRunOnABackupLeavesOneThatIsNotSound(int version) throws Exception {
        try (PostgresServer server = PostgresServer.start(version)) {
            server.execute("create table item as select 1 as n");
            BaseBackup.toFolder(to(server), Backups.FAST, temp.resolve("backup"));
        }
        isSound(temp.resolve("backup"));
        Path run;
        try (PostgresServer restored = PostgresServer.builder()
                .version(version)
                .data(temp.resolve("backup"))
                .start()) {
            restored.execute("insert into item values (2)");
            restored.stop();
            run = restored.dataDirectory();
            assertThat(BackupVerifier.DEFAULT.verify(run).problems())
                    .extracting(VerifyReport.Problem::kind)
                    .contains(Kind.CHECKSUM, Kind.MISSING, Kind.EXTRA);
        }
    }
}
