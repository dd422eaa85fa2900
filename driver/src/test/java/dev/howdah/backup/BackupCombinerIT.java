package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.ConnectOptions;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.ReachableFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Incremental backups of servers that are written to, combined, and started on. */
@Timeout(300)
class BackupCombinerIT {

    private static final List<String> TABLES =
            List.of("grown", "cut", "emptied", "changed", "moved", "elsewhere", "later");

    @TempDir
    Path temp;

    private static BackupOptions options(ReachableFolder files, Path here) {
        return BackupOptions.DEFAULT
                .checkpoint(CheckpointMode.FAST)
                .sync(false)
                .tablespace(files.path().resolve("space"), here);
    }

    private static void fill(AdminSession admin, ReachableFolder files) {
        admin.execute("create tablespace space location '" + files.folder("space") + "'");
        for (String table : TABLES) {
            String where = table.equals("elsewhere") ? " tablespace space" : "";
            admin.execute("create table " + table + " (id int primary key, t text)" + where);
            admin.execute(
                    "insert into " + table + " select n, repeat(md5(n::text), 8) from generate_series(1, 3000) n");
        }
        admin.execute("create table busy (id int primary key)");
        admin.execute("checkpoint");
    }

    private static void change(AdminSession admin, int round) {
        int from = round * 10_000;
        admin.execute("insert into grown select " + from + " + n, repeat('g', 200) from generate_series(1, 2000) n");
        admin.execute("delete from cut where id > 2000 / " + round);
        admin.execute("vacuum cut");
        admin.execute("truncate emptied");
        admin.execute("insert into emptied values (" + round + ", 'again')");
        admin.execute("update changed set t = 'changed' where id % 500 = " + round);
        admin.execute("vacuum full moved");
        admin.execute("update elsewhere set t = upper(t) where id % 700 = " + round);
        admin.execute("drop table later");
        admin.execute("create table later as select n as id, 'later' as t from generate_series(1, 500) n");
        admin.execute("create database made_" + round);
    }

    private static List<List<@Nullable String>> content(AdminSession admin, String table) {
        return admin.execute("select count(*), sum(hashtext(t::text)::bigint), sum(id) from " + table + " t");
    }

    private static void writeBusily(PostgresServer server, AtomicBoolean goesOn) {
        try (AdminSession admin = server.admin()) {
            for (int id = 1; goesOn.get(); id++) {
                admin.execute("insert into busy values (" + id + ")");
            }
        }
    }

    private static List<Path> filesOf(Path folder, String part) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.getFileName().toString().contains(part))
                    .toList();
        }
    }

    @ParameterizedTest
    @PostgresVersions(from = 17)
    void aServerStartsOnWhatWasCombinedAndHasAllThatTheLastBackupSaw(int version) throws Exception {
        Path target = temp.resolve("combined");
        AtomicBoolean goesOn = new AtomicBoolean(true);
        try (PostgresServer primary = PostgresServer.builder()
                        .version(version)
                        .config("summarize_wal", "on")
                        .start();
                ReachableFolder files = ReachableFolder.create();
                AdminSession admin = primary.admin();
                ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor()) {
            fill(admin, files);
            ConnectOptions to = ConnectOptions.parse(primary.dsn("postgres"));
            Future<?> writing = writer.submit(() -> writeBusily(primary, goesOn));
            List<Path> chain = List.of(temp.resolve("full"), temp.resolve("first"), temp.resolve("second"));
            BackupOptions how = options(files, temp.resolve("full-space"));
            BaseBackup.toFolder(to, how, chain.get(0));
            for (int round = 1; round <= 2; round++) {
                change(admin, round);
                Path earlier = chain.get(round - 1).resolve(BackupManifest.FILE_NAME);
                how = options(files, temp.resolve("space" + round)).incrementalTo(earlier);
                BaseBackup.toFolder(to, how, chain.get(round));
                assertThat(BackupVerifier.DEFAULT.verify(chain.get(round)).problems())
                        .isEmpty();
                assertThat(filesOf(chain.get(round), IncrementalFile.PREFIX)).hasSizeGreaterThan(500);
            }
            goesOn.set(false);
            writing.get();

            BackupManifest manifest = BackupCombiner.DEFAULT
                    .verified()
                    .tablespace(temp.resolve("space2"), files.path().resolve("combined-space"))
                    .combine(chain, target);

            assertThat(BackupVerifier.DEFAULT.verify(target).problems()).isEmpty();
            assertThat(filesOf(target, IncrementalFile.PREFIX)).isEmpty();
            assertThat(manifest.systemIdentifier()).isPresent();
            files.own();
            try (PostgresServer restored = PostgresServer.builder()
                            .version(version)
                            .data(target)
                            .start();
                    AdminSession there = restored.admin()) {
                for (String table : TABLES) {
                    assertThat(content(there, table)).as(table).isEqualTo(content(admin, table));
                }
                there.execute("set enable_seqscan = off");
                assertThat(there.value("select count(*) from grown where id > 0"))
                        .isEqualTo("7000");
                // Committed one after the other, so none may be missing between.
                assertThat(there.value("select count(*) > 0 and count(*) = max(id) from busy"))
                        .isEqualTo("t");
                assertThat(there.value("select count(*) from pg_database where datname like 'made_%'"))
                        .isEqualTo("2");
                there.execute("insert into elsewhere values (1000000, 'goes on')");
            }
        }
    }

    @ParameterizedTest
    @PostgresVersions(from = 17)
    void anIncrementalBackupCanBeMadeFromOneThatWasCombined(int version) throws Exception {
        try (PostgresServer primary = PostgresServer.builder()
                        .version(version)
                        .config("summarize_wal", "on")
                        .start();
                AdminSession admin = primary.admin()) {
            ConnectOptions to = ConnectOptions.parse(primary.dsn("postgres"));
            BackupOptions how = Backups.FAST;
            admin.execute("create table kept as select n from generate_series(1, 1000) n");
            BaseBackup.toFolder(to, how, temp.resolve("full"));
            admin.execute("insert into kept select n from generate_series(1001, 2000) n");
            BaseBackup.toFolder(
                    to,
                    how.incrementalTo(temp.resolve("full").resolve(BackupManifest.FILE_NAME)),
                    temp.resolve("first"));
            BackupCombiner.DEFAULT.combine(
                    List.of(temp.resolve("full"), temp.resolve("first")), temp.resolve("combined"));
            admin.execute("insert into kept select n from generate_series(2001, 3000) n");

            BaseBackup.toFolder(
                    to,
                    how.incrementalTo(temp.resolve("combined").resolve(BackupManifest.FILE_NAME)),
                    temp.resolve("second"));
            BackupCombiner.DEFAULT.combine(
                    List.of(temp.resolve("combined"), temp.resolve("second")), temp.resolve("again"));

            try (PostgresServer restored = PostgresServer.builder()
                            .version(version)
                            .data(temp.resolve("again"))
                            .start();
                    AdminSession there = restored.admin()) {
                assertThat(there.value("select count(*) from kept")).isEqualTo("3000");
            }
        }
    }
}
