package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.howdah.ConnectOptions;
import dev.howdah.backup.BackupProgress.Phase;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong in the middle of a backup ends in a clear error, a clean folder and nothing left at the server. */
class BackupFailuresIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static PostgresServer primary;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        primary = PostgresServer.start(18);
        primary.execute("create table item as select n, repeat('x', 100) as t from generate_series(1, 10000) n");
    }

    @AfterAll
    static void stop() {
        primary.close();
    }

    private static ConnectOptions options() {
        return ConnectOptions.parse(primary.dsn("postgres"));
    }

    private Path target() {
        return folder.resolve("backup");
    }

    private static void requireNothingAtTheServer() {
        Await.until(
                "no process of the server's takes a backup, and no slot is left",
                PATIENCE,
                () -> primary.execute("select (select count(*) from pg_stat_activity where backend_type = 'walsender')"
                                + " + (select count(*) from pg_replication_slots)")
                        .getFirst()
                        .getFirst()
                        .equals("0"));
    }

    /** What a listener throws ends a backup at each phase. */
    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"CHECKPOINT", "FILES", "LOG", "SYNC"})
    void aListenerCanEndItAtAnyPhaseAndNothingIsLeft(Phase phase) throws IOException {
        IllegalStateException enough = new IllegalStateException("enough");
        BackupOptions how = Backups.FAST.progress(said -> {
            if (said.phase() == phase) {
                throw enough;
            }
        });
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> BaseBackup.toFolder(options(), how, target()))
                .isSameAs(enough);
        assertThat(Backups.left(folder)).isEmpty();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> BaseBackup.toTarFiles(options(), how, target()))
                .isSameAs(enough);
        assertThat(Backups.left(folder)).isEmpty();
        requireNothingAtTheServer();
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        BackupOptions how = Backups.FAST.maxRate(32).progress(said -> {
            if (said.phase() == Phase.FILES) {
                Thread.currentThread().interrupt();
            }
        });
        Thread taker = Thread.ofPlatform().start(() -> {
            try {
                BaseBackup.toFolder(options(), how, target());
            } catch (PgException e) {
                thrown.set(e);
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        taker.join(PATIENCE.toMillis());
        assertThat(thrown.get()).isInstanceOf(InterruptedWaitException.class);
        assertThat(interrupted).isTrue();
        assertThat(Backups.left(folder)).isEmpty();
        requireNothingAtTheServer();
    }

    @Test
    void anInterruptOfAThreadThatWaitsForTheServerIsNoFaultOfTheServer() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread taker = Thread.ofPlatform().start(() -> {
            try {
                BaseBackup.toFolder(options(), Backups.FAST.maxRate(32), target());
            } catch (PgException e) {
                thrown.set(e);
            }
        });
        Await.until(
                "the server sends slowly",
                PATIENCE,
                () -> !primary.execute("select from pg_stat_activity where wait_event = 'BaseBackupThrottle'")
                        .isEmpty());
        taker.interrupt();
        taker.join(PATIENCE.toMillis());
        assertThat(thrown.get()).isInstanceOf(InterruptedWaitException.class);
        assertThat(Backups.left(folder)).isEmpty();
        requireNothingAtTheServer();
    }

    @Test
    void whatTheConsumerThrowsIsTheCause() {
        for (BackupFile.Kind kind : List.of(BackupFile.Kind.BASE, BackupFile.Kind.LOG, BackupFile.Kind.MANIFEST)) {
            IOException full = new IOException("no space left");
            AtomicReference<Throwable> told = new AtomicReference<>();
            List<String> closed = new ArrayList<>();
            BackupConsumer consumer = new BackupConsumer() {
                @Override
                public OutputStream open(BackupFile file) {
                    return new OutputStream() {
                        @Override
                        public void write(int one) throws IOException {
                            write(new byte[] {(byte) one}, 0, 1);
                        }

                        @Override
                        public void write(byte[] bytes, int offset, int length) throws IOException {
                            if (file.kind() == kind) {
                                throw full;
                            }
                        }

                        @Override
                        public void close() {
                            closed.add(file.name());
                        }
                    };
                }

                @Override
                public void failed(Throwable why) {
                    told.set(why);
                }
            };
            assertThatExceptionOfType(BackupException.class)
                    .isThrownBy(() -> BaseBackup.toConsumer(options(), Backups.FAST, consumer))
                    .matches(e -> e.reason() == Reason.CONSUMER_FAILED)
                    .withCause(full)
                    .satisfies(e -> assertThat(told.get()).isSameAs(e));
            assertThat(closed).contains("base.tar", "pg_wal.tar");
        }
        requireNothingAtTheServer();
    }

    @Test
    void aConsumerIsGivenAllFilesAndToldOfTheEnd() {
        ConcurrentHashMap<String, ByteArrayOutputStream> files = new ConcurrentHashMap<>();
        AtomicReference<BackupResult> told = new AtomicReference<>();
        BackupResult result = BaseBackup.toConsumer(options(), Backups.FAST, new BackupConsumer() {
            @Override
            public OutputStream open(BackupFile file) {
                return files.computeIfAbsent(file.name(), name -> new ByteArrayOutputStream());
            }

            @Override
            public void completed(BackupResult done) {
                told.set(done);
            }
        });
        assertThat(told.get()).isSameAs(result);
        assertThat(files.keySet()).containsExactlyInAnyOrder("base.tar", "pg_wal.tar", "backup_manifest");
        assertThat(files.get("backup_manifest").toString(StandardCharsets.UTF_8))
                .endsWith("}\n")
                .contains("Manifest-Checksum");
        assertThat(files.get("pg_wal.tar").size()).isGreaterThan(16 * 1024 * 1024);
    }

    @Test
    void noConnectionLeavesNothing() throws IOException {
        ConnectOptions nobody = ConnectOptions.parse("host=127.0.0.1 port=1 connect_timeout=2 user=x");
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> BaseBackup.toFolder(nobody, Backups.FAST, target()));
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> BaseBackup.toTarFiles(nobody, Backups.FAST, target()));
        assertThat(Backups.left(folder)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 300, 5_000, 100_000, 3_000_000, 20_000_000})
    void aConnectionThatIsCutLeavesNothing(long bytes) throws IOException {
        try (FaultyWire wire = FaultyWire.to(primary)) {
            wire.toClient().resetAt(bytes);
            ConnectOptions through =
                    ConnectOptions.parse(wire.dsn("postgres", new Role(primary.superuser(), primary.password())));
            assertThatExceptionOfType(PgException.class)
                    .isThrownBy(() -> BaseBackup.toFolder(through, Backups.FAST, target()))
                    .matches(e -> e instanceof ConnectionLostException || e instanceof ConnectFailedException);
        }
        assertThat(Backups.left(folder)).isEmpty();
        requireNothingAtTheServer();
    }

    @Test
    void aServerThatIsKilledLeavesNothing() throws IOException {
        try (PostgresServer doomed = PostgresServer.start(18)) {
            AtomicBoolean killed = new AtomicBoolean();
            BackupOptions how = Backups.FAST.progress(said -> {
                if (said.current().startsWith("base/") && killed.compareAndSet(false, true)) {
                    doomed.crash();
                }
            });
            assertThatExceptionOfType(ConnectionLostException.class)
                    .isThrownBy(() -> BaseBackup.toFolder(ConnectOptions.parse(doomed.dsn("postgres")), how, target()));
        }
        assertThat(Backups.left(folder)).isEmpty();
    }

    @Test
    void theLogsConnectionMattersAsMuchAsTheOther() throws IOException {
        AtomicBoolean killed = new AtomicBoolean();
        BackupOptions how = Backups.FAST.maxRate(4096).progress(said -> {
            if (said.phase() == Phase.FILES && killed.compareAndSet(false, true)) {
                Await.until(
                        PATIENCE,
                        () -> !primary.execute(
                                        "select pg_terminate_backend(active_pid) from pg_replication_slots where active_pid is not null"
                                                + " and slot_name like 'howdah_backup_%'")
                                .isEmpty());
            }
        });
        assertThatExceptionOfType(PgException.class)
                .isThrownBy(() -> BaseBackup.toFolder(options(), how, target()))
                .withMessageContaining("terminat");
        assertThat(Backups.left(folder)).isEmpty();
        requireNothingAtTheServer();
    }

    /** As a disk does that is full, or a folder that is taken away. */
    @Test
    void aFileThatCannotBeWrittenIsNamedAndNothingIsLeft() throws IOException {
        AtomicBoolean removed = new AtomicBoolean();
        BackupOptions how = Backups.FAST.progress(said -> {
            if (said.current().startsWith("base/") && removed.compareAndSet(false, true)) {
                try {
                    Files.move(target().resolve("base"), target().resolve("gone"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(() -> BaseBackup.toFolder(options(), how, target()))
                .matches(e -> e.reason() == Reason.FILE_FAILED)
                .withMessageContaining(target().resolve("base").toString());
        assertThat(removed).isTrue();
        assertThat(Backups.left(folder)).isEmpty();
        requireNothingAtTheServer();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDiskThatIsFullIsTheCause() {
        BackupConsumer full = file -> Files.newOutputStream(Path.of("/dev/full"));
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(() -> BaseBackup.toConsumer(options(), Backups.FAST, full))
                .havingCause()
                .withMessageContaining("No space left");
        requireNothingAtTheServer();
    }

    @Test
    void whoThrowsWhenAllIsDoneHasABackupAllTheSame() {
        IllegalStateException late = new IllegalStateException("late");
        BackupOptions how = Backups.FAST.progress(said -> {
            if (said.phase() == Phase.DONE) {
                throw late;
            }
        });
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> BaseBackup.toFolder(options(), how, target()))
                .isSameAs(late);
        assertThat(BackupVerifier.DEFAULT.verify(target()).problems()).isEmpty();
        requireNothingAtTheServer();
    }

    /** A slot, and commits that wait for a receiver, go by that. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void logIsToldToBeOnTheDiskIfItIsAndNotOtherwise(boolean sync) {
        String flushed =
                "select flush_lsn from pg_stat_replication where state = 'streaming' and flush_lsn is not null";
        AtomicBoolean written = new AtomicBoolean();
        AtomicReference<Boolean> told = new AtomicReference<>();
        BackupOptions how = Backups.FAST.sync(sync).maxRate(8 * 1024).progress(said -> {
            if (said.current().startsWith("base/") && written.compareAndSet(false, true)) {
                primary.execute("select pg_switch_wal()");
                String end = primary.walPosition();
                Await.until(
                        "the log has come",
                        PATIENCE,
                        () -> !primary.execute("select from pg_stat_replication where write_lsn >= '" + end + "'")
                                .isEmpty());
                if (sync) {
                    Await.until(
                            "it is told to be on the disk",
                            PATIENCE,
                            () -> !primary.execute(flushed).isEmpty());
                }
                told.set(!primary.execute(flushed).isEmpty());
            }
        });
        BaseBackup.toFolder(options(), how, target());
        assertThat(told.get()).isEqualTo(sync);
    }
}
