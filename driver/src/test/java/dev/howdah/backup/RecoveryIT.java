package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.ConnectOptions;
import dev.howdah.ConnectOptionsBuilder;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.ReachableFolder;
import dev.howdah.testkit.SeededRandom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.AssertionFailedError;

/**
 * The proof of both: a backup and the log that was received since, recovered after the primary was killed in the middle of commits, have the
 * last commit that anybody was told of.
 */
class RecoveryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String RECEIVER = "receiver";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    @Timeout(300)
    void theLastCommitIsThereAfterThePrimaryWasKilled(int version) throws Exception {
        survives(version, 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17})
    @Tag("slow")
    @Timeout(300)
    void theLastCommitIsThereOfTheVersionsBetween(int version) throws Exception {
        survives(version, 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    @Tag("soak")
    @Timeout(1800)
    void theLastCommitIsThereHoweverOftenThePrimaryIsKilled(int version) throws Exception {
        survives(version, 20);
    }

    private static PostgresServer.Builder primary(int version) {
        return PostgresServer.builder()
                .version(version)
                .config("wal_keep_size", "0")
                .config("max_wal_size", "64MB");
    }

    private static ConnectOptions to(PostgresServer... servers) {
        ConnectOptionsBuilder options = ConnectOptions.parse(servers[0].dsn("postgres")).toBuilder();
        for (int i = 1; i < servers.length; i++) {
            options = options.addHost(servers[i].host(), servers[i].port());
        }
        return options.applicationName(RECEIVER)
                .targetSessionAttrs(servers.length > 1 ? "read-write" : "any")
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    private WalReceiver receive(ConnectOptions options) {
        return WalReceiver.start(
                options,
                WalReceiverOptions.into(folder.resolve("log"))
                        .slot(RECEIVER)
                        .createSlot(true)
                        .synchronous(true)
                        .statusInterval(Duration.ofSeconds(1))
                        .pauses(Duration.ofMillis(10), Duration.ofMillis(100)));
    }

    private Path backup(PostgresServer server, ReachableFolder archive) {
        Path target = folder.resolve("backup");
        BackupOptions how = BackupOptions.DEFAULT
                .checkpoint(CheckpointMode.FAST)
                .sync(false)
                .recovery(RecoverySettings.archive("cp \"" + archive.path() + "/%f\" \"%p\""));
        BaseBackup.toFolder(ConnectOptions.parse(server.dsn("postgres")), how, target);
        assertThat(BackupVerifier.DEFAULT.verify(target).isSound()).isTrue();
        return target;
    }

    private void survives(int version, int times) throws Exception {
        long seed = System.nanoTime();
        SeededRandom random = new SeededRandom(seed);
        try (ReachableFolder archive = ReachableFolder.create();
                PostgresServer primary = primary(version).start();
                WalReceiver receiver = receive(to(primary))) {
            primary.execute(NumberedWriters.TABLE);
            Path backup = backup(primary, archive);
            // From now on a commit is acknowledged when the receiver has it on disk.
            primary.configure("synchronous_standby_names", RECEIVER);
            try (NumberedWriters writers = new NumberedWriters(primary)) {
                for (int i = 0; i < times; i++) {
                    long enough = writers.acknowledged() + random.nextInt(20, 1500);
                    Await.until("commits", PATIENCE, () -> {
                        requireRunning(receiver, seed);
                        return writers.acknowledged() >= enough;
                    });
                    primary.crash();
                    writers.rest();
                    List<Long> acknowledged = writers.numbers();
                    requireRecovers(version, backup, archive, acknowledged, seed);
                    primary.restart();
                    writers.to(primary);
                }
            }
        }
    }

    private static void requireRunning(WalReceiver receiver, long seed) {
        if (receiver.failure() != null) {
            throw new AssertionFailedError("the receiver has ended; seed " + seed, receiver.failure());
        }
    }

    private void requireRecovers(int version, Path backup, ReachableFolder archive, List<Long> acknowledged, long seed)
            throws Exception {
        WalFolder.open(folder.resolve("log")).restoreAll(archive.path());
        archive.own();
        try (PostgresServer recovered =
                PostgresServer.builder().version(version).data(backup).start()) {
            Await.until("recovery has ended", PATIENCE, () -> !recovered.isStandby());
            List<List<String>> rows = rows(recovered);
            for (int writer = 0; writer < acknowledged.size(); writer++) {
                long said = acknowledged.get(writer);
                int id = writer;
                List<String> row = rows.stream()
                        .filter(each -> each.getFirst().equals(Integer.toString(id)))
                        .findFirst()
                        .orElse(List.of("", "0", "0"));
                long last = Long.parseLong(row.get(1));
                assertThat(last)
                        .as("the last commit of writer %s, seed %s", writer, seed)
                        .isBetween(said, said + 1);
                assertThat(row.get(2))
                        .as("commits of writer %s, seed %s", writer, seed)
                        .isEqualTo(row.get(1));
            }
        }
    }

    private static List<List<String>> rows(PostgresServer server) {
        return server.execute("select writer, max(n), count(*) from written group by writer");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    @Timeout(300)
    void theLastCommitIsThereAcrossAPromotion(int version) throws Exception {
        survivesPromotion(version);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17})
    @Tag("slow")
    @Timeout(300)
    void theLastCommitIsThereAcrossAPromotionOfTheVersionsBetween(int version) throws Exception {
        survivesPromotion(version);
    }

    private void survivesPromotion(int version) throws Exception {
        long seed = System.nanoTime();
        SeededRandom random = new SeededRandom(seed);
        try (ReachableFolder archive = ReachableFolder.create();
                PostgresServer primary = primary(version).start();
                PostgresServer standby = primary.standby().start();
                WalReceiver receiver = receive(to(primary, standby))) {
            primary.execute(NumberedWriters.TABLE);
            Path backup = backup(primary, archive);
            primary.configure("synchronous_standby_names", "2 (standby, " + RECEIVER + ")");
            try (NumberedWriters writers = new NumberedWriters(primary)) {
                long first = random.nextInt(200, 1500);
                Await.until("commits", PATIENCE, () -> writers.acknowledged() >= first);
                primary.crash();
                writers.rest();
                List<Long> before = writers.numbers();
                standby.configure("synchronous_standby_names", RECEIVER);
                standby.promote();
                writers.to(standby);
                long second = writers.acknowledged() + random.nextInt(200, 1500);
                Await.until("commits on the new timeline", PATIENCE, () -> {
                    requireRunning(receiver, seed);
                    return writers.acknowledged() >= second;
                });
                assertThat(receiver.status().timeline()).isEqualTo(2);
                standby.crash();
                writers.rest();
                List<Long> acknowledged = writers.numbers();
                assertThat(acknowledged).isNotEqualTo(before);
                requireRecovers(version, backup, archive, acknowledged, seed);
                assertThat(Files.exists(archive.path().resolve("00000002.history")))
                        .isTrue();
            }
        }
    }
}
