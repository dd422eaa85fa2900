package dev.howdah.backup;

import static dev.howdah.backup.ReceivedLog.PATIENCE;
import static dev.howdah.backup.ReceivedLog.SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.ConnectOptions;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.replication.TimelineSwitch;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receivers that outlive their primary, and servers recovered from what they have received. */
@Timeout(180)
class WalReceiverFailoverIT {

    @TempDir
    Path folder;

    @TempDir
    Path copy;

    private WalReceiverOptions options() {
        return WalReceiverOptions.into(folder).pauses(Duration.ofMillis(10), Duration.ofMillis(100));
    }

    /** Whichever of both is the primary. */
    private static ConnectOptions primaryOf(PostgresServer one, PostgresServer other) {
        return ConnectOptions.parse("user=postgres dbname=postgres port=" + one.port() + "," + other.port() + " host="
                + one.socketDirectory() + "," + other.socketDirectory());
    }

    /** A backup of the server as it is now, in which nothing is left to do but to recover. */
    private Path backup(PostgresServer server) throws IOException {
        try (PostgresServer standby = server.standby().start()) {
            standby.awaitReplay(server.walPosition());
            standby.stop();
            copy(standby.dataDirectory(), copy.resolve("data"));
        }
        Path data = copy.resolve("data");
        Files.delete(data.resolve("standby.signal"));
        Files.createFile(data.resolve("recovery.signal"));
        return data;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private PostgresServer recovered(int version, Path data) {
        assertThat(WalFolder.open(folder).restoreAll(data.resolve("pg_wal"))).isPositive();
        return PostgresServer.builder()
                .version(version)
                .data(data)
                .config("restore_command", "false")
                .start();
    }

    private static List<String> ids(PostgresServer server) {
        return server.execute("select id::text from t order by id").stream()
                .map(row -> String.valueOf(row.getFirst()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aBackupIsRecoveredToTheLastCommitOfAPrimaryThatWasKilled(int version) throws IOException {
        try (PostgresServer server = PostgresServer.start(version)) {
            server.execute("create table t (id int)");
            Path data = backup(server);
            ConnectOptions connect = ConnectOptions.parse(server.dsn("postgres") + " application_name=the_archive");
            List<String> committed;
            try (WalReceiver receiver = WalReceiver.start(
                            connect, options().startLsn(Lsn.parse("0/1000000")).synchronous(true));
                    AdminSession admin = server.admin()) {
                Await.until(
                        "it has all: " + receiver.failure(),
                        PATIENCE,
                        () -> receiver.status().streaming()
                                && receiver.status().flushedLsn().compareTo(ReceivedLog.position(server)) >= 0);
                server.configure("synchronous_standby_names", "the_archive");
                ReceivedLog.write(server, 2);
                for (int i = 0; i < 20; i++) {
                    admin.execute("insert into t values (" + i + ")");
                }
                committed = ids(server);
                server.crash();
            }

            try (PostgresServer again = recovered(version, data)) {
                Await.until("it is over", PATIENCE, () -> !again.isStandby());
                assertThat(ids(again)).isEqualTo(committed).hasSize(20);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aPromotedStandbyIsFollowedAndTheBackupRecoveredAcrossThat(int version) throws IOException {
        List<WalReceiverEvent> events = new CopyOnWriteArrayList<>();
        try (PostgresServer server = PostgresServer.start(version)) {
            server.execute("create table t (id int)");
            Path data = backup(server);
            try (PostgresServer standby = server.standby().start();
                    WalReceiver receiver = WalReceiver.start(
                            primaryOf(server, standby),
                            options().startLsn(Lsn.parse("0/1000000")).listener(events::add))) {
                ReceivedLog.write(server, 1);
                server.execute("insert into t values (1)");
                ReceivedLog.awaitAll(receiver, server);
                standby.awaitReplay(server.walPosition());
                server.crash();
                standby.promote();
                standby.execute("insert into t values (2)");
                ReceivedLog.write(standby, 1);
                standby.execute("insert into t values (3)");
                Lsn end = ReceivedLog.position(standby);
                Await.until(
                        "the next timeline is followed",
                        PATIENCE,
                        () -> receiver.status().timeline() == 2 || !receiver.isRunning());
                ReceivedLog.awaitFlushed(receiver, end);
                receiver.close();

                assertThat(folder.resolve("00000002.history"))
                        .hasSameBinaryContentAs(standby.dataDirectory().resolve("pg_wal/00000002.history"));
                assertThat(events)
                        .filteredOn(WalReceiverEvent.TimelineEnded.class::isInstance)
                        .singleElement()
                        .satisfies(event -> assertThat(((WalReceiverEvent.TimelineEnded) event).timeline())
                                .isEqualTo(1));
                assertSecondTimeline(standby, end);
                try (PostgresServer again = recovered(version, data)) {
                    Await.until("it is over", PATIENCE, () -> !again.isStandby());
                    assertThat(ids(again)).containsExactly("1", "2", "3");
                }
            }
        }
    }

    private void assertSecondTimeline(PostgresServer server, Lsn end) throws IOException {
        int compared = 0;
        for (WalFolder.Stored stored : WalFolder.open(folder).segments()) {
            if (stored.segment().timeline() == 2) {
                long differs = Files.mismatch(stored.file(), ReceivedLog.file(server, stored.segment()));
                assertThat(differs == -1
                                || stored.segment().contains(end)
                                        && differs >= end.minus(stored.segment().start()))
                        .as(stored + " differs at " + differs)
                        .isTrue();
                compared++;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(2);
    }

    /** The standby is held back from the log that the receiver has, and then promoted. */
    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aPromotedStandbyThatHadLessIsFollowedFromWhereItBegan(int version) throws IOException {
        List<WalReceiverEvent> events = new CopyOnWriteArrayList<>();
        try (PostgresServer server = PostgresServer.start(version);
                PostgresServer standby = server.standby().start();
                WalReceiver receiver =
                        WalReceiver.start(primaryOf(server, standby), options().listener(events::add))) {
            Await.until("it streams", PATIENCE, () -> receiver.status().streaming());
            standby.awaitReplay(server.walPosition());
            standby.configure("primary_conninfo", "");
            Await.until(
                    "the standby is cut off",
                    PATIENCE,
                    () -> standby.execute("select from pg_stat_wal_receiver").isEmpty());
            ReceivedLog.write(server, 3);
            ReceivedLog.awaitAll(receiver, server);
            server.crash();
            standby.promote();
            standby.execute("create table other_way (id int)");
            Lsn end = ReceivedLog.position(standby);
            Await.until(
                    "the next timeline is followed: " + receiver.failure(),
                    PATIENCE,
                    () -> receiver.status().timeline() == 2 || !receiver.isRunning());
            ReceivedLog.awaitFlushed(receiver, end);
            receiver.close();

            WalFolder received = WalFolder.open(folder);
            assertThat(received.histories()).containsExactly("00000002.history");
            WalSegment first = received.segments().stream()
                    .map(WalFolder.Stored::segment)
                    .filter(segment -> segment.timeline() == 2)
                    .findFirst()
                    .orElseThrow();
            String history = Files.readString(folder.resolve("00000002.history"));
            Lsn fork = Lsn.parse(history.split("\t", -1)[1]);
            assertThat(first).isEqualTo(WalSegment.at(2, fork, SIZE));
            // What the old primary wrote alone is still there.
            assertThat(received.segments())
                    .anyMatch(stored -> stored.segment().timeline() == 1
                            && stored.form() == WalFolder.Form.WHOLE
                            && stored.segment().start().isAfter(fork));
            assertThat(received.resumesAt()).isEqualTo(WalSegment.at(2, end, SIZE));
        }
    }

    @Test
    void aTimelineThatTheServerNeverWasOnIsRefused() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST);
                PostgresServer standby = server.standby().start()) {
            standby.awaitReplay(server.walPosition());
            standby.promote();
            try (WalReceiver receiver = WalReceiver.start(standby.dsn("postgres"), options())) {
                ReceivedLog.awaitAll(receiver, standby);
            }
            assertThat(folder.resolve("00000002.history")).exists();

            try (WalReceiver receiver = WalReceiver.start(server.dsn("postgres"), options())) {
                assertThat(receiver.await(PATIENCE)).isTrue();
                assertThat(receiver.failure())
                        .isInstanceOfSatisfying(
                                BackupException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.OTHER_HISTORY))
                        .hasMessageContaining("timeline 2");
            }
        }
    }

    @Test
    void aTimelineThatEndsWhereASegmentDoesLeavesNoPartOfIt() throws IOException {
        List<WalReceiverEvent> events = new CopyOnWriteArrayList<>();
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST);
                PostgresServer standby = server.standby().start()) {
            Lsn begin = ReceivedLog.position(server);
            try (AdminSession admin = server.admin()) {
                admin.execute("create table t (id int)");
                String switched = admin.value("select pg_switch_wal()");
                server.crash();
                assertThat(switched).isNotNull();
            }
            standby.promote();
            standby.execute("create table u (id int)");
            Lsn end = ReceivedLog.position(standby);
            try (WalReceiver receiver = WalReceiver.start(
                    standby.dsn("postgres"),
                    options().startLsn(begin).endLsn(end).listener(events::add))) {
                ReceivedLog.awaitFlushed(receiver, end);
            }
            TimelineSwitch next = events.stream()
                    .filter(WalReceiverEvent.TimelineEnded.class::isInstance)
                    .map(event -> ((WalReceiverEvent.TimelineEnded) event).next())
                    .findFirst()
                    .orElseThrow();

            // Usually the standby had replayed the switch; then the old timeline has whole segments only.
            boolean border = next.position().equals(next.position().segmentStart(SIZE));
            assertThat(ReceivedLog.names(folder).stream()
                            .anyMatch(name -> name.startsWith("00000001") && name.endsWith(".partial")))
                    .isEqualTo(!border);
        }
    }
}
