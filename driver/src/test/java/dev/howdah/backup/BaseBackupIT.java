package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.howdah.ConnectOptions;
import dev.howdah.WaitCallback;
import dev.howdah.backup.BackupProgress.Phase;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.InstalledTools;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.ReachableFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of servers of every version, to each kind of place, with each option. */
class BaseBackupIT {

    private static final int ROWS = 10_000;

    @TempDir
    private Path folder;

    /** One server of each version, which no test changes. */
    private static final Map<Integer, PostgresServer> SHARED = new HashMap<>();

    @AfterAll
    static void stop() {
        SHARED.values().forEach(PostgresServer::close);
    }

    private static synchronized PostgresServer shared(int version) {
        return SHARED.computeIfAbsent(version, BaseBackupIT::primary);
    }

    private static PostgresServer primary(int version) {
        PostgresServer server =
                PostgresServer.builder().version(version).config("fsync", "off").start();
        server.execute("create table item as select n, repeat('x', 100) as t from generate_series(1, " + ROWS + ") n");
        return server;
    }

    private static ConnectOptions to(PostgresServer server) {
        return ConnectOptions.parse(server.dsn("postgres"));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void requireRuns(int version, Path data) {
        try (PostgresServer copy =
                PostgresServer.builder().version(version).data(data).start()) {
            assertThat(copy.execute("select count(*), min(n), max(n) from item").getFirst())
                    .containsExactly("10000", "1", "10000");
        }
    }

    private static void requireVerified(int version, Path data, String... arguments) throws Exception {
        BackupVerifier ours = List.of(arguments).contains("--no-parse-wal")
                ? BackupVerifier.DEFAULT.withoutWal()
                : BackupVerifier.DEFAULT;
        assertThat(ours.verify(data).problems()).isEmpty();
        Optional<Path> program = InstalledTools.find("pg_verifybackup", version);
        if (program.isPresent()) {
            List<String> all = new ArrayList<>(List.of(arguments));
            all.add(data.toString());
            InstalledTools.Run run = InstalledTools.run(program.get(), all.toArray(String[]::new));
            assertThat(run.output()).contains("backup successfully verified");
            assertThat(run.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aFolderIsOneThatAServerStartsOn(int version) throws Exception {
        Path target = folder.resolve("backup");
        PostgresServer primary = shared(version);
        BackupResult result =
                BaseBackup.toFolder(to(primary), Backups.FAST.sync(true).label("it's mine"), target);
        assertThat(result.endLsn()).isGreaterThan(result.startLsn());
        assertThat(Files.readString(target.resolve("backup_label")))
                .contains("LABEL: it's mine", "START WAL LOCATION: " + result.startLsn());
        assertThat(primary.execute("select count(*) from pg_replication_slots").getFirst())
                .containsExactly("0");
        assertThat(names(target)).contains("backup_manifest").doesNotContain(PartMarker.NAME);
        assertThat(Files.exists(target.resolve(PartMarker.CONTROL_FILE_PART))).isFalse();
        requireVerified(version, target);
        requireRuns(version, target);
    }

    @ParameterizedTest
    @PostgresVersions
    void logThatIsFetchedIsPartOfTheBackup(int version) throws Exception {
        Path target = folder.resolve("backup");
        PostgresServer primary = shared(version);
        BaseBackup.toFolder(to(primary), Backups.FAST.wal(WalMode.FETCH), target);
        requireVerified(version, target);
        requireRuns(version, target);
    }

    @ParameterizedTest
    @PostgresVersions
    void withoutLogThereIsNone(int version) throws Exception {
        Path target = folder.resolve("backup");
        PostgresServer primary = shared(version);
        BaseBackup.toFolder(to(primary), Backups.FAST.wal(WalMode.NONE).waitForArchive(false), target);
        assertThat(names(target.resolve("pg_wal"))).allMatch(name -> !name.matches("[0-9A-F]{24}"));
        requireVerified(version, target, "--no-parse-wal");
    }

    @ParameterizedTest
    @PostgresVersions
    void tarFilesHaveAllThatAServerNeeds(int version) throws Exception {
        Path files = folder.resolve("files");
        PostgresServer primary = shared(version);
        BackupResult result = BaseBackup.toTarFiles(to(primary), Backups.FAST.sync(true), files);
        assertThat(result.bytes()).isGreaterThan(Files.size(files.resolve("base.tar")) - 2048);
        assertThat(names(files)).containsExactly("backup_manifest", "base.tar", "pg_wal.tar");
        Path data = Files.createDirectory(
                folder.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        unpack(files.resolve("base.tar"), data);
        unpack(files.resolve("pg_wal.tar"), data.resolve("pg_wal"));
        Files.copy(files.resolve("backup_manifest"), data.resolve("backup_manifest"));
        requireVerified(version, data);
        requireRuns(version, data);
    }

    /** With a program that knows nothing of us, which is stricter about the end than the server was before 15. */
    private static void unpack(Path archive, Path data) throws Exception {
        InstalledTools.Run run =
                InstalledTools.run(Path.of("/bin/tar"), "-xf", archive.toString(), "-C", data.toString());
        assertThat(run.output()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @PostgresVersions
    void tablespacesGoWhereTheyAreMappedTo(int version) throws Exception {
        Path target = folder.resolve("backup");
        Path moved = folder.resolve("moved");
        try (ReachableFolder there = ReachableFolder.create();
                PostgresServer primary = primary(version)) {
            Path space = there.folder("a \\ space");
            primary.execute("create tablespace elsewhere location '" + space.toString() + "'");
            primary.execute("create table far (n int) tablespace elsewhere; insert into far values (42)");
            String oid = String.valueOf(primary.execute("select oid from pg_tablespace where spcname = 'elsewhere'")
                    .getFirst()
                    .getFirst());

            assertThatExceptionOfType(dev.howdah.error.BackupException.class)
                    .as("on the same machine the tablespace's own folder is in use")
                    .isThrownBy(() -> BaseBackup.toFolder(to(primary), Backups.FAST, target))
                    .withMessageContaining(space.toString());
            assertThat(target).doesNotExist();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BaseBackup.toFolder(
                            to(primary), Backups.FAST.tablespace(Path.of("/nowhere"), folder.resolve("x")), target))
                    .withMessageContaining("/nowhere");

            BackupResult result = BaseBackup.toFolder(to(primary), Backups.FAST.tablespace(space, moved), target);
            assertThat(result.tablespaces())
                    .containsExactly(new BackupFile.Tablespace(Long.parseLong(oid), space.toString()));
            assertThat(Files.readSymbolicLink(target.resolve("pg_tblspc").resolve(oid)))
                    .isEqualTo(moved);
            assertThat(names(moved)).hasSize(1).allMatch(name -> name.startsWith("PG_" + version));
            requireVerified(version, target);

            Path files = folder.resolve("files");
            BaseBackup.toTarFiles(to(primary), Backups.FAST, files);
            assertThat(names(files))
                    .containsExactlyInAnyOrder("backup_manifest", "base.tar", "pg_wal.tar", oid + ".tar");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void aTablespaceInsideTheDataFolderStaysThere(int version) throws Exception {
        Path target = folder.resolve("backup");
        try (PostgresServer primary = primary(version)) {
            primary.configure("allow_in_place_tablespaces", "on");
            primary.execute("create tablespace inside location ''");
            primary.execute("create table near (n int) tablespace inside; insert into near values (42)");
            BaseBackup.toFolder(to(primary), Backups.FAST, target);
        }
        requireVerified(version, target);
        try (PostgresServer copy = PostgresServer.builder()
                .version(version)
                .data(target)
                .config("allow_in_place_tablespaces", "on")
                .start()) {
            assertThat(copy.execute("select n from near").getFirst()).containsExactly("42");
        }
    }

    @ParameterizedTest
    @EnumSource(ChecksumAlgorithm.class)
    void theManifestHasTheChecksumsThatWereAskedFor(ChecksumAlgorithm algorithm) throws Exception {
        Path target = folder.resolve("backup");
        PostgresServer primary = shared(15);
        BaseBackup.toFolder(
                to(primary), Backups.FAST.manifestChecksums(algorithm).manifestForceEncode(true), target);
        String manifest = Files.readString(target.resolve("backup_manifest"), StandardCharsets.UTF_8);
        assertThat(manifest).contains("Encoded-Path").doesNotContain("\"Path\"");
        if (algorithm == ChecksumAlgorithm.NONE) {
            assertThat(manifest).doesNotContain("Checksum-Algorithm");
        } else {
            assertThat(manifest).contains("\"Checksum-Algorithm\": \"" + algorithm + "\"");
        }
        requireVerified(15, target);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aBackupCanBeWithoutManifest(int version) throws Exception {
        Path target = folder.resolve("backup");
        PostgresServer primary = shared(version);
        BaseBackup.toFolder(
                to(primary), Backups.FAST.manifest(false).verifyChecksums(false).estimateSize(false), target);
        assertThat(target.resolve("backup_manifest")).doesNotExist();
        requireRuns(version, target);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void whatTheServerHasCompressedIsUnpackedIntoAFolder(int version) throws Exception {
        Path target = folder.resolve("backup");
        PostgresServer primary = shared(version);
        List<BackupProgress> told = new ArrayList<>();
        BackupOptions how =
                Backups.FAST.compression(ServerCompression.gzip().level(1)).progress(told::add);
        BackupResult result = BaseBackup.toFolder(to(primary), how, target);
        long total = told.getLast().total();
        assertThat(result.bytes()).isLessThan(total / 2);
        Path files = folder.resolve("files");
        BaseBackup.toTarFiles(to(primary), Backups.FAST.compression(ServerCompression.gzip()), files);
        assertThat(names(files)).containsExactly("backup_manifest", "base.tar.gz", "pg_wal.tar");
        requireVerified(version, target);
        requireRuns(version, target);
    }

    @Test
    void whatNothingHereDecompressesIsRefusedBeforeTheServerIsAsked() {
        ConnectOptions nobody = ConnectOptions.parse("host=127.0.0.1 port=1 connect_timeout=1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BaseBackup.toFolder(
                        nobody, Backups.FAST.compression(ServerCompression.zstd()), folder.resolve("backup")))
                .withMessageContaining("zstd");
        assertThat(folder.resolve("backup")).doesNotExist();
    }

    @Test
    void whatAnOldServerDoesNotKnowIsSaidBeforeItIsSent() {
        PostgresServer primary = shared(14);
        for (BackupOptions how : List.of(
                Backups.FAST.compression(ServerCompression.gzip()),
                Backups.FAST.incrementalTo(folder.resolve("backup_manifest")))) {
            assertThatExceptionOfType(ServerException.class)
                    .isThrownBy(() -> BaseBackup.toFolder(to(primary), how, folder.resolve("backup")))
                    .matches(e -> e.sqlState().equals(SqlState.FEATURE_NOT_SUPPORTED));
            assertThat(folder.resolve("backup")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void progressOnlyGrowsAndTellsEachPhase(int version) {
        List<BackupProgress> told = new ArrayList<>();
        PostgresServer primary = shared(version);
        BaseBackup.toFolder(to(primary), Backups.FAST.progress(told::add), folder.resolve("backup"));
        assertThat(told.stream().map(BackupProgress::phase).distinct())
                .containsExactly(Phase.CHECKPOINT, Phase.FILES, Phase.LOG, Phase.SYNC, Phase.DONE);
        assertThat(told).extracting(BackupProgress::done).isSorted();
        assertThat(told.getLast().total()).isGreaterThan(10_000_000);
        assertThat(told.getLast().done()).isGreaterThan(told.getLast().total() * 9 / 10);
        assertThat(told).extracting(BackupProgress::current).contains("PG_VERSION", "backup_manifest");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void theRateIsLimited(int version) {
        PostgresServer primary = shared(version);
        // The server counts, so this is about what it is told: 25 MB at 1 GiB a second is no limit, at 32 KiB it is
        // a day.
        BaseBackup.toFolder(to(primary), Backups.FAST.maxRate(1024 * 1024), folder.resolve("backup"));
        AtomicInteger pieces = new AtomicInteger();
        IllegalStateException enough = new IllegalStateException("enough");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> BaseBackup.toFolder(
                        to(primary),
                        Backups.FAST.maxRate(32).progress(how -> {
                            if (how.phase() == Phase.FILES && pieces.incrementAndGet() == 4) {
                                assertThat(
                                                primary.execute(
                                                        "select wait_event from pg_stat_activity where backend_type = 'walsender'"
                                                                + " and query like 'BASE_BACKUP%' and wait_event = 'BaseBackupThrottle'"))
                                        .hasSize(1);
                                throw enough;
                            }
                        }),
                        folder.resolve("slow")))
                .isSameAs(enough);
        assertThat(folder.resolve("slow")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aSlotOfOnesOwnStays(int version) throws Exception {
        try (PostgresServer primary = primary(version)) {
            BaseBackup.toFolder(to(primary), Backups.FAST.slot("mine", true), folder.resolve("first"));
            String kept = "select restart_lsn is not null from pg_replication_slots where slot_name = 'mine'";
            assertThat(primary.execute(kept).getFirst()).containsExactly("t");
            BaseBackup.toFolder(to(primary), Backups.FAST.slot("mine", false), folder.resolve("second"));
            BaseBackup.toFolder(to(primary), Backups.FAST.withoutSlot(), folder.resolve("third"));
            requireVerified(version, folder.resolve("third"));
            assertThatExceptionOfType(ServerException.class)
                    .isThrownBy(() ->
                            BaseBackup.toFolder(to(primary), Backups.FAST.slot("mine", true), folder.resolve("fourth")))
                    .matches(e -> e.sqlState().equals(SqlState.DUPLICATE_OBJECT));
            assertThat(names(folder)).containsExactly("first", "second", "third");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aStandbyCanBeBackedUpAndMade(int version) {
        Path target = folder.resolve("backup");
        try (PostgresServer primary = primary(version);
                PostgresServer standby = primary.standby().start()) {
            standby.awaitReplay(primary.walPosition());
            RecoverySettings follow = RecoverySettings.standby("host=" + primary.socketDirectory() + " port="
                    + primary.port() + " user=" + primary.superuser() + " dbname=postgres");
            // In the middle of a backup of a standby its primary has to write something for the log to reach the end.
            BackupOptions how = Backups.FAST.recovery(follow).progress(said -> {
                if (said.phase() == Phase.LOG) {
                    primary.execute("checkpoint; select pg_switch_wal()");
                }
            });
            BaseBackup.toFolder(to(standby), how, target);
            try (PostgresServer second =
                    PostgresServer.builder().version(version).data(target).start()) {
                assertThat(second.isStandby()).isTrue();
                primary.execute("insert into item values (0, 'later')");
                second.awaitReplay(primary.walPosition());
                assertThat(second.execute("select t from item where n = 0").getFirst())
                        .containsExactly("later");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void theServerCanPutABackupIntoAFolderOfItsOwn(int version) throws Exception {
        try (ReachableFolder there = ReachableFolder.create();
                PostgresServer primary = primary(version)) {
            Path place = there.path().resolve("backup");
            BackupOptions how = Backups.FAST.wal(WalMode.FETCH);
            BaseBackup.onServer(to(primary), how, "server", place.toString());
            assertThat(names(place)).containsExactly("backup_manifest", "base.tar");
            BackupResult nowhere = BaseBackup.onServer(to(primary), how, "blackhole", null);
            assertThat(nowhere.bytes()).isZero();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BaseBackup.onServer(to(primary), Backups.FAST, "blackhole", null))
                    .withMessageContaining("streamed");
        }
    }

    @Test
    void aWaitCallbackDoesTheWaiting() {
        PostgresServer primary = shared(18);
        AtomicInteger waits = new AtomicInteger();
        WaitCallback select = WaitCallback.select();
        ConnectOptions options = to(primary).toBuilder()
                .waitCallback(connection -> {
                    waits.incrementAndGet();
                    select.await(connection);
                })
                .build();
        BaseBackup.toFolder(options, Backups.FAST, folder.resolve("backup"));
        assertThat(waits).hasPositiveValue();
    }

    /** It holds for the short commands before it. */
    @Test
    void aTimeLimitForQueriesDoesNotEndABackup() {
        PostgresServer primary = shared(18);
        Duration limit = Duration.ofSeconds(2);
        ConnectOptions options = to(primary).toBuilder().queryTimeout(limit).build();
        long begun = System.nanoTime();
        BaseBackup.toFolder(options, Backups.FAST.maxRate(8 * 1024), folder.resolve("backup"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("it takes longer than that")
                .isGreaterThan(limit);
        requireRuns(18, folder.resolve("backup"));
    }
}
