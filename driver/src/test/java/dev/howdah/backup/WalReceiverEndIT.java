package dev.howdah.backup;

import static dev.howdah.backup.ReceivedLog.PATIENCE;
import static dev.howdah.backup.ReceivedLog.SIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.ConnectOptions;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ServerException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver cannot do, and what it leaves then. A full disk is shown by what else keeps a file from being made. */
@Timeout(180)
class WalReceiverEndIT {

    @TempDir
    Path folder;

    private WalReceiverOptions options() {
        return WalReceiverOptions.into(folder).pauses(Duration.ofMillis(10), Duration.ofMillis(100));
    }

    private static Throwable failure(PostgresServer server, WalReceiverOptions options) throws InterruptedException {
        try (WalReceiver receiver = WalReceiver.start(server.dsn("postgres"), options)) {
            assertThat(receiver.await(PATIENCE)).as("it ends").isTrue();
            assertThat(receiver.isRunning()).isFalse();
            assertThat(receiver.status().streaming()).isFalse();
            return Objects.requireNonNull(receiver.failure());
        }
    }

    private static void assertReason(Throwable failure, Reason reason, String... says) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContainingAll(says);
    }

    @Test
    void theLogOfAnotherServerIsRefused() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            WalSegment segment = WalSegment.at(1, ReceivedLog.position(server), SIZE);
            ReceivedLog.put(folder, segment, "", 4711);

            assertReason(failure(server, options()), Reason.OTHER_SYSTEM, "4711", folder.toString());
            assertThat(ReceivedLog.names(folder)).containsExactly(segment.name());
        }
    }

    @Test
    void aFolderIsForOneReceiver() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST);
                WalReceiver first = WalReceiver.start(server.dsn("postgres"), options())) {
            assertThatThrownBy(() -> WalReceiver.start(server.dsn("postgres"), options()))
                    .isInstanceOfSatisfying(
                            BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FOLDER_IN_USE))
                    .hasMessageContaining(folder.toString());
            assertThat(first.isRunning()).isTrue();
            first.close();

            try (WalReceiver second = WalReceiver.start(server.dsn("postgres"), options())) {
                ReceivedLog.awaitAll(second, server);
            }
            assertThat(folder.resolve(WalReceiver.LOCK)).doesNotExist();
        }
    }

    @Test
    void aFileThatCannotBeMadeEndsItAndLeavesNothingElse() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            WalSegment first = WalSegment.at(1, ReceivedLog.position(server), SIZE);
            Path inTheWay = Files.createDirectory(folder.resolve(first.next().name() + ".partial"));
            ReceivedLog.write(server, 1);

            Throwable failure = failure(server, options().startLsn(first.start()));

            assertReason(failure, Reason.FILE_FAILED, inTheWay.toString());
            assertThat(ReceivedLog.names(folder))
                    .containsExactly(first.name(), first.next().name() + ".partial");
            assertThat(folder.resolve(first.name())).hasSameBinaryContentAs(ReceivedLog.file(server, first));
            Await.until(
                    "its connection is closed",
                    PATIENCE,
                    () -> server.execute("select from pg_stat_replication").isEmpty());
            // Whoever makes room can go on.
            Files.delete(inTheWay);
            try (WalReceiver again = WalReceiver.start(server.dsn("postgres"), options())) {
                ReceivedLog.awaitAll(again, server);
            }
        }
    }

    @Test
    void aSegmentThatCannotBeCompressedStaysAndEndsIt() throws Exception {
        WalCompression failing = WalCompression.of(
                ".bad",
                out -> {
                    throw new IOException("there is no room");
                },
                in -> in);
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            WalSegment first = WalSegment.at(1, ReceivedLog.position(server), SIZE);
            ReceivedLog.write(server, 1);

            Throwable failure =
                    failure(server, options().startLsn(first.start()).compression(failing));

            assertReason(failure, Reason.FILE_FAILED, first.name() + ".bad", "there is no room");
            assertThat(ReceivedLog.names(folder))
                    .contains(first.name())
                    .noneMatch(name -> name.contains(".bad") || name.endsWith(".tmp"));
        }
    }

    @Test
    void aSlotThatIsNotThereEndsItWithTheServersError() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            assertThat(failure(server, options().slot("nowhere")))
                    .isInstanceOfSatisfying(
                            ServerException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("42704"));
            assertThat(folder).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void logThatTheServerHasRemovedEndsItAndIsNamed(int version) throws Exception {
        try (PostgresServer server = PostgresServer.builder()
                .version(version)
                .config("wal_keep_size", "0")
                .start()) {
            WalSegment first = WalSegment.at(1, ReceivedLog.position(server), SIZE);
            for (int i = 0; i < 3; i++) {
                server.execute("create table t" + i + " (id int)");
                server.execute("select pg_switch_wal()");
                server.execute("checkpoint");
            }

            assertReason(failure(server, options().startLsn(first.start())), Reason.WAL_MISSING, first.name(), "slot");
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aWholeSegmentThatIsNotEndsItBeforeAnythingIsReceived() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            WalSegment segment = WalSegment.at(1, ReceivedLog.position(server), SIZE);
            long id = Long.parseUnsignedLong(server.execute("select system_identifier from pg_control_system()")
                    .getFirst()
                    .getFirst());
            Path cut = ReceivedLog.put(folder, segment, "", id);
            byte[] half = new byte[SIZE / 2];
            System.arraycopy(Files.readAllBytes(cut), 0, half, 0, half.length);
            Files.write(cut, half);

            assertReason(failure(server, options()), Reason.DAMAGED, segment.name());
            assertThat(cut).hasBinaryContent(half);
        }
    }

    @Test
    void oneThatMayNotConnectAgainEndsWithItsConnection() throws Exception {
        List<WalReceiverEvent> events = new CopyOnWriteArrayList<>();
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST);
                WalReceiver receiver = WalReceiver.start(
                        server.dsn("postgres"), options().once().listener(events::add))) {
            ReceivedLog.awaitAll(receiver, server);
            Lsn end = receiver.status().flushedLsn();
            server.crash();

            assertThat(receiver.await(PATIENCE)).isTrue();
            assertThat(receiver.failure()).isNotNull();
            assertThat(receiver.status().flushedLsn()).isGreaterThanOrEqualTo(end);
            assertThat(events).noneMatch(WalReceiverEvent.Interrupted.class::isInstance);
            assertThat(ReceivedLog.names(folder)).singleElement().asString().endsWith(".partial");
        }
    }

    @Test
    void aServerThatStaysAwayIsGivenUp() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            server.stop();
            Throwable failure = failure(server, options().giveUpAfter(Duration.ofMillis(300)));

            assertThat(failure).isInstanceOf(ConnectFailedException.class);
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aListenerThatThrowsEndsItAndWhatHasComeIsKept() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            WalSegment first = WalSegment.at(1, ReceivedLog.position(server), SIZE);
            ReceivedLog.write(server, 1);
            IllegalStateException thrown = new IllegalStateException("enough");

            Throwable failure =
                    failure(server, options().startLsn(first.start()).listener(event -> {
                        if (event instanceof WalReceiverEvent.SegmentCompleted) {
                            throw thrown;
                        }
                    }));

            assertReason(failure, Reason.CONSUMER_FAILED, "enough");
            assertThat(failure).hasCause(thrown);
            assertThat(folder.resolve(first.name())).hasSameBinaryContentAs(ReceivedLog.file(server, first));
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsToldAtOnce() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> WalReceiver.start("host=127.0.0.1", WalReceiverOptions.into(file.resolve("log"))))
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FILE_FAILED))
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> WalReceiver.start(
                        "host=127.0.0.1", WalReceiverOptions.into(folder).createSlot(true)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ReceivedLog.names(folder)).containsExactly("file");
    }

    /** A server before 15 tells where a slot stands in SQL only. */
    @Test
    void whereASlotStandsThatCannotBeAskedForHasToBeSaid() throws Exception {
        try (PostgresServer server = PostgresServer.start(14)) {
            server.execute("create role replicator login replication password 'secret'");
            server.execute("select pg_create_physical_replication_slot('kept', true)");
            Lsn kept = Lsn.parse(String.valueOf(server.execute("select restart_lsn from pg_replication_slots")
                    .getFirst()
                    .getFirst()));
            server.changeHba("host replication replicator 127.0.0.1/32 trust");
            ConnectOptions replicator = ConnectOptions.parse("user=replicator dbname=postgres host=" + server.host()
                    + " port=" + server.port() + " sslmode=disable");

            try (WalReceiver receiver = WalReceiver.start(replicator, options().slot("kept"))) {
                assertThat(receiver.await(PATIENCE)).isTrue();
                assertReason(Objects.requireNonNull(receiver.failure()), Reason.WAL_MISSING, "kept", "startLsn");
            }
            assertThat(ReceivedLog.names(folder)).isEmpty();
            try (WalReceiver receiver =
                    WalReceiver.start(replicator, options().slot("kept").startLsn(kept))) {
                ReceivedLog.awaitAll(receiver, server);
            }

            // What passes is waited for: the database is closed to connections for a while.
            Path other = folder.resolve("other");
            server.changeHba("host all,replication replicator 127.0.0.1/32 trust");
            server.execute("alter database postgres connection limit 0");
            List<WalReceiverEvent> events = new CopyOnWriteArrayList<>();
            try (WalReceiver receiver = WalReceiver.start(
                    replicator,
                    WalReceiverOptions.into(other)
                            .slot("kept")
                            .pauses(Duration.ofMillis(10), Duration.ofMillis(100))
                            .listener(events::add))) {
                Await.until("it is refused", PATIENCE, () -> !events.isEmpty());
                assertThat(events.getFirst()).isInstanceOf(WalReceiverEvent.Interrupted.class);
                server.execute("alter database postgres connection limit -1");
                ReceivedLog.awaitAll(receiver, server);
            }
            assertThat(WalFolder.open(other).segments().getFirst().segment().contains(kept))
                    .isTrue();
        }
    }
}
