package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.replication.PhysicalReplicationConnection;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log received over one connection. */
@Timeout(180)
class WalReceptionIT {

    private static final WalReception.Settings SETTINGS =
            new WalReception.Settings(null, Duration.ofSeconds(10), false, null);

    /** How much a disk takes that gets full. */
    private static final int ROOM = 200_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void allBeforeTheEndIsOnTheDiskAsTheServerHasIt(int version) throws IOException {
        try (PostgresServer server = PostgresServer.start(version);
                AdminSession admin = server.admin();
                PhysicalReplicationConnection db = PhysicalReplicationConnection.connect(server.dsn("postgres"))) {
            Lsn begin = Lsn.parse(admin.value("select pg_current_wal_insert_lsn()"));
            admin.execute("create table t as select repeat('x', 500) from generate_series(1, 60000) n");
            Lsn end = Lsn.parse(admin.value("select pg_current_wal_insert_lsn()"));
            admin.execute("checkpoint");
            List<WalReceiverEvent> events = new ArrayList<>();
            int size = db.cursor().walSegmentSize();
            WalReception reception =
                    new WalReception(db.cursor(), size, FolderStore.pgWal(folder, true), SETTINGS, events::add);
            reception.endAt(end);

            reception.run(1, begin);

            assertThat(reception.flushed()).isGreaterThanOrEqualTo(end);
            WalSegment last = WalSegment.at(1, end, size);
            int whole = 0;
            for (WalSegment each = WalSegment.at(1, begin, size); each.compareTo(last) < 0; each = each.next()) {
                assertThat(folder.resolve(each.name())).hasSameBinaryContentAs(file(server, each));
                assertThat(folder.resolve("archive_status").resolve(each.name() + ".done"))
                        .isEmptyFile();
                assertThat(events).contains(new WalReceiverEvent.SegmentCompleted(each));
                whole++;
            }
            assertThat(whole).isPositive();
            assertThat(Files.size(folder.resolve(last.name()))).isEqualTo(size);
            int reached = (int) end.minus(last.start());
            assertThat(Files.mismatch(folder.resolve(last.name()), file(server, last)))
                    .satisfiesAnyOf(
                            at -> assertThat(at).isEqualTo(-1),
                            at -> assertThat(at).isGreaterThanOrEqualTo(reached));
            assertThat(db.cursor().identifySystem().timeline()).isEqualTo(1);
        }
    }

    private static Path file(PostgresServer server, WalSegment segment) {
        return server.dataDirectory().resolve("pg_wal").resolve(segment.name());
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void onePassesFromTimelineToTimelineOnTheSameConnection(int version) throws IOException {
        try (PostgresServer server = PostgresServer.start(version);
                PostgresServer standby = server.standby().start()) {
            Lsn begin;
            try (AdminSession admin = server.admin()) {
                begin = Lsn.parse(admin.value("select pg_current_wal_insert_lsn()"));
                admin.execute("create table before_failover (id int); select pg_switch_wal()");
                admin.execute("insert into before_failover values (1)");
            }
            standby.awaitReplay(server.walPosition());
            standby.promote();
            Lsn end;
            try (AdminSession admin = standby.admin()) {
                admin.execute("insert into before_failover values (2); checkpoint");
                end = Lsn.parse(admin.value("select pg_current_wal_insert_lsn()"));
            }
            List<WalReceiverEvent> events = new ArrayList<>();
            try (PhysicalReplicationConnection db = PhysicalReplicationConnection.connect(standby.dsn("postgres"))) {
                int size = db.cursor().walSegmentSize();
                WalReception reception = new WalReception(
                        db.cursor(), size, FolderStore.archive(folder, file -> {}), SETTINGS, events::add);
                reception.endAt(end);

                reception.run(1, begin);

                assertThat(reception.timeline()).isEqualTo(2);
                assertThat(folder.resolve("00000002.history"))
                        .hasSameBinaryContentAs(standby.dataDirectory().resolve("pg_wal/00000002.history"));
                WalReceiverEvent.TimelineEnded ended = events.stream()
                        .filter(WalReceiverEvent.TimelineEnded.class::isInstance)
                        .map(WalReceiverEvent.TimelineEnded.class::cast)
                        .findFirst()
                        .orElseThrow();
                Lsn fork = ended.next().position();
                WalSegment old = WalSegment.at(1, fork, size);
                assertThat(folder.resolve(old.name() + ".partial")).exists();
                assertThat(folder.resolve(WalSegment.at(1, begin, size).name())).exists();
                assertThat(folder.resolve(WalSegment.at(2, fork, size).name() + ".partial"))
                        .exists();
            }
        }
    }

    @Test
    void logThatTheServerHasRemovedIsMissingByName() {
        try (PostgresServer server =
                        PostgresServer.builder().config("wal_keep_size", "0").start();
                AdminSession admin = server.admin();
                PhysicalReplicationConnection db = PhysicalReplicationConnection.connect(server.dsn("postgres"))) {
            Lsn begin = Lsn.parse(admin.value("select pg_current_wal_insert_lsn()"));
            for (int i = 0; i < 3; i++) {
                admin.execute("create table t" + i + " (id int); select pg_switch_wal()");
                admin.execute("checkpoint");
            }
            int size = db.cursor().walSegmentSize();
            WalReception reception =
                    new WalReception(db.cursor(), size, FolderStore.archive(folder, file -> {}), SETTINGS, event -> {});

            assertThatThrownBy(() -> reception.run(1, begin))
                    .isInstanceOfSatisfying(
                            BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WAL_MISSING))
                    .hasMessageContaining(WalSegment.at(1, begin, size).name());
            assertThat(folder).isEmptyDirectory();
            assertThat(db.cursor().show("wal_segment_size")).isEqualTo("16MB");
        }
    }

    /** A folder whose disk fails from some moment on. */
    private record FailingStore(FolderStore store, AtomicBoolean syncFails, AtomicLong left) implements WalStore {

        private BackupException failed() {
            return new BackupException(Reason.FILE_FAILED, "no space left on the device", null);
        }

        @Override
        public void open(WalSegment segment) {
            store.open(segment);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (left.addAndGet(-length) < 0) {
                throw failed();
            }
            store.write(bytes, offset, length);
        }

        @Override
        public boolean isDurable() {
            return store.isDurable();
        }

        @Override
        public void sync() {
            if (syncFails.get()) {
                throw failed();
            }
            store.sync();
        }

        @Override
        public void complete() {
            store.complete();
        }

        @Override
        public void leave() {
            store.leave();
        }

        @Override
        public boolean hasHistory(long timeline) {
            return store.hasHistory(timeline);
        }

        @Override
        public void history(long timeline, byte[] content) {
            store.history(timeline, content);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatCannotBeBroughtToTheDiskIsNeverToldToBeThere(boolean whenSynced) throws IOException {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST);
                AdminSession admin = server.admin();
                PhysicalReplicationConnection db = PhysicalReplicationConnection.connect(server.dsn("postgres"))) {
            admin.execute("select pg_create_physical_replication_slot('kept', true)");
            Lsn begin = Lsn.parse(admin.value("select restart_lsn from pg_replication_slots"));
            admin.execute("create table t as select repeat('x', 500) from generate_series(1, 2000) n");
            FailingStore store = new FailingStore(
                    FolderStore.archive(folder, file -> {}),
                    new AtomicBoolean(whenSynced),
                    new AtomicLong(whenSynced ? Long.MAX_VALUE : ROOM));
            int size = db.cursor().walSegmentSize();
            WalReception reception = new WalReception(
                    db.cursor(),
                    size,
                    store,
                    new WalReception.Settings("kept", Duration.ofSeconds(1), true, null),
                    event -> {});

            assertThatThrownBy(() -> reception.run(1, begin))
                    .isInstanceOfSatisfying(
                            BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FILE_FAILED));
            db.close();

            Lsn told = Lsn.parse(admin.value("select restart_lsn from pg_replication_slots"));
            if (whenSynced) {
                assertThat(reception.flushed()).isEqualTo(Lsn.ZERO);
                assertThat(told).isEqualTo(begin);
            } else {
                Lsn most = WalSegment.at(1, begin, size).start().plus(ROOM);
                assertThat(reception.flushed()).isLessThanOrEqualTo(most);
                // Where the slot began, if it failed before anything was told.
                assertThat(told)
                        .satisfiesAnyOf(
                                lsn -> assertThat(lsn).isLessThanOrEqualTo(most),
                                lsn -> assertThat(lsn).isEqualTo(begin));
            }
            // What had come before that is kept, and recognisable as not whole.
            assertThat(ReceivedLog.names(folder))
                    .containsExactly(WalSegment.at(1, begin, size).name() + ".partial");
        }
    }

    @Test
    void whoSaysStopGetsBackWhatHasComeAndTheConnection() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST);
                AdminSession admin = server.admin();
                PhysicalReplicationConnection db = PhysicalReplicationConnection.connect(server.dsn("postgres"))) {
            Lsn begin = ReceivedLog.position(server);
            WalReception reception = new WalReception(
                    db.cursor(),
                    db.cursor().walSegmentSize(),
                    FolderStore.archive(folder, file -> {}),
                    SETTINGS,
                    event -> {});
            Thread receiving = Thread.ofVirtual().start(() -> reception.run(1, begin));
            admin.execute("create table t (id int)");
            Lsn end = ReceivedLog.position(server);
            Await.until(
                    "it has come",
                    ReceivedLog.PATIENCE,
                    () -> reception.written().compareTo(end) >= 0);

            reception.stop();

            assertThat(receiving.join(ReceivedLog.PATIENCE)).isTrue();
            assertThat(reception.flushed()).isGreaterThanOrEqualTo(end);
            ReceivedLog.assertSameAsOf(server, folder, end);
            assertThat(db.cursor().show("wal_segment_size")).isEqualTo("16MB");
        }
    }
}
