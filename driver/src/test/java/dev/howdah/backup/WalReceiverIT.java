package dev.howdah.backup;

import static dev.howdah.backup.ReceivedLog.PATIENCE;
import static dev.howdah.backup.ReceivedLog.SIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.howdah.ConnectOptions;
import dev.howdah.replication.StandbyFeedback;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.InstalledTools;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receivers of the log from their first segment to their end. */
@Timeout(180)
class WalReceiverIT {

    @TempDir
    Path folder;

    private WalReceiverOptions options() {
        return WalReceiverOptions.into(folder).pauses(Duration.ofMillis(10), Duration.ofMillis(100));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void whatIsReceivedUnderLoadIsWhatTheServerHasByteByByte(int version) throws IOException {
        List<WalReceiverEvent> events = new CopyOnWriteArrayList<>();
        try (PostgresServer server = PostgresServer.start(version)) {
            Lsn begin = ReceivedLog.position(server);
            Lsn end;
            try (WalReceiver receiver = WalReceiver.start(
                    server.dsn("postgres"),
                    options().slot("receiver").createSlot(true).listener(events::add))) {
                ReceivedLog.write(server, 3);
                end = ReceivedLog.position(server);
                ReceivedLog.awaitFlushed(receiver, end);
                assertThat(receiver.isRunning()).isTrue();
                assertThat(receiver.status().segments()).isGreaterThanOrEqualTo(3);
                assertThat(receiver.status().streaming()).isTrue();
                assertThat(receiver.status().timeline()).isEqualTo(1);
                assertThat(receiver.status().bytes()).isGreaterThan(3L * SIZE);
            }

            assertThat(ReceivedLog.assertSameAsOf(server, folder, end)).isGreaterThanOrEqualTo(3);
            List<String> names = ReceivedLog.names(folder);
            assertThat(names.getLast()).endsWith(".partial");
            assertThat(names).doesNotContain(WalReceiver.LOCK);
            assertThat(names.subList(0, names.size() - 1)).allMatch(WalSegment::isName);
            assertThat(events.getFirst()).isInstanceOf(WalReceiverEvent.Streaming.class);
            assertThat(events)
                    .filteredOn(WalReceiverEvent.SegmentCompleted.class::isInstance)
                    .hasSize(names.size() - 1)
                    .first()
                    .isEqualTo(new WalReceiverEvent.SegmentCompleted(WalSegment.at(1, begin, SIZE)));
            // All that came was told to be on the disk before it ended.
            String kept = server.execute("select restart_lsn from pg_replication_slots")
                    .getFirst()
                    .getFirst();
            assertThat(Lsn.parse(Objects.requireNonNull(kept))).isGreaterThanOrEqualTo(end);
            assertThat(WalFolder.open(folder).systemId())
                    .isEqualTo(server.execute("select system_identifier from pg_control_system()")
                            .getFirst()
                            .getFirst());
        }
    }

    @Test
    void theFilesAreThoseOfPgReceivewal(@TempDir Path theirs) throws Exception {
        var tool = InstalledTools.find("pg_receivewal", 15);
        assumeTrue(tool.isPresent(), "pg_receivewal 15 is not installed");
        try (PostgresServer server = PostgresServer.start(15)) {
            ReceivedLog.write(server, 2);
            server.execute("select pg_create_physical_replication_slot('ours', true)");
            server.execute("select pg_create_physical_replication_slot('theirs', true)");
            ReceivedLog.write(server, 3);
            Lsn end = ReceivedLog.position(server);
            InstalledTools.Run run = InstalledTools.run(
                    tool.get(),
                    "-D",
                    theirs.toString(),
                    "-d",
                    server.dsn("postgres"),
                    "-S",
                    "theirs",
                    "-n",
                    // It goes on until there is more.
                    "--endpos=" + end.plus(-8));
            assertThat(run.exitCode()).as(run.output()).isZero();

            try (WalReceiver receiver = WalReceiver.start(
                    server.dsn("postgres"), options().slot("ours").endLsn(end).once())) {
                assertThat(receiver.await(PATIENCE)).isTrue();
                assertThat(receiver.failure()).isNull();
            }

            List<String> names = ReceivedLog.names(theirs);
            assertThat(ReceivedLog.names(folder)).isEqualTo(names).hasSizeGreaterThan(3);
            for (String name : names) {
                long differs = Files.mismatch(folder.resolve(name), theirs.resolve(name));
                // Of the last one each has what came, up to the end at least.
                assertThat(differs == -1 || name.endsWith(".partial") && differs >= end.asLong() % SIZE)
                        .as(name)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void whoeverStopsGoesOnLaterWithoutAGap(int version) throws Exception {
        try (PostgresServer server = PostgresServer.start(version)) {
            WalReceiverOptions options = options().slot("receiver").createSlot(true);
            for (int i = 0; i < 3; i++) {
                try (WalReceiver receiver = WalReceiver.start(server.dsn("postgres"), options)) {
                    ReceivedLog.write(server, 1);
                    ReceivedLog.awaitAll(receiver, server);
                }
                ReceivedLog.write(server, 1);
            }
            Lsn end = ReceivedLog.position(server);
            try (WalReceiver receiver = WalReceiver.start(server.dsn("postgres"), options.endLsn(end))) {
                assertThat(receiver.await(PATIENCE)).isTrue();
                assertThat(receiver.failure()).isNull();
            }

            assertThat(ReceivedLog.assertSameAsOf(server, folder, end)).isGreaterThanOrEqualTo(6);
            assertConsecutive();
        }
    }

    private void assertConsecutive() {
        List<WalFolder.Stored> all = WalFolder.open(folder).segments();
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i).segment()).isEqualTo(all.get(i - 1).segment().next());
        }
    }

    @Test
    void whatAKilledReceiverLeftIsWrittenOverInPlace() throws IOException {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
            Lsn begin = ReceivedLog.position(server);
            WalSegment segment = WalSegment.at(1, begin, SIZE);
            Path partial = ReceivedLog.put(folder, segment, ".partial", systemId(server));
            try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
                byte[] garbage = new byte[SIZE / 2];
                ThreadLocalRandom.current().nextBytes(garbage);
                file.seek(SIZE / 2);
                file.write(garbage);
            }
            Files.writeString(folder.resolve(WalReceiver.LOCK), "of somebody who is dead");
            Files.writeString(folder.resolve("0000000100000000000000AA.gz.tmp"), "half");
            ReceivedLog.write(server, 1);

            try (WalReceiver receiver = WalReceiver.start(server.dsn("postgres"), options())) {
                ReceivedLog.awaitAll(receiver, server);
            }

            assertThat(folder.resolve(segment.name())).hasSameBinaryContentAs(ReceivedLog.file(server, segment));
            assertThat(ReceivedLog.names(folder)).noneMatch(name -> name.endsWith(".tmp") || name.endsWith(".lock"));
        }
    }

    private static long systemId(PostgresServer server) {
        return Long.parseUnsignedLong(server.execute("select system_identifier from pg_control_system()")
                .getFirst()
                .getFirst());
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void itGoesOnWhenTheServerWasRestartedAndWhenItWasKilled(int version) throws IOException {
        List<WalReceiverEvent> events = new CopyOnWriteArrayList<>();
        try (PostgresServer server = PostgresServer.start(version);
                WalReceiver receiver = WalReceiver.start(
                        server.dsn("postgres"),
                        options().slot("receiver").createSlot(true).listener(events::add))) {
            ReceivedLog.write(server, 1);
            ReceivedLog.awaitAll(receiver, server);

            // This does not wait for the next status: what came last is confirmed when nothing more comes.
            server.restart();
            ReceivedLog.write(server, 1);
            ReceivedLog.awaitAll(receiver, server);
            server.crash();
            server.restart();
            ReceivedLog.write(server, 1);
            Lsn end = ReceivedLog.position(server);
            ReceivedLog.awaitFlushed(receiver, end);
            receiver.close();

            assertThat(ReceivedLog.assertSameAsOf(server, folder, end)).isGreaterThanOrEqualTo(3);
            assertThat(events)
                    .filteredOn(WalReceiverEvent.Interrupted.class::isInstance)
                    .isNotEmpty();
            assertThat(receiver.status().streams()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void aConnectionThatIsCutInTheMiddleOfAMessageCostsNothing() throws IOException {
        try (PostgresServer server = PostgresServer.builder()
                        .withoutTls()
                        .config("wal_keep_size", "512MB")
                        .start();
                FaultyWire wire = FaultyWire.to(server)) {
            Lsn begin = ReceivedLog.position(server);
            String dsn = wire.dsn("postgres", new Role("postgres", server.password()));
            try (WalReceiver receiver = WalReceiver.start(dsn, options().startLsn(begin))) {
                for (long cut : new long[] {3_000_001, 20_000_003, 40_000_007}) {
                    int before = wire.connections();
                    wire.toClient().resetAt(cut);
                    // However far it had come: to be cut twice, beginning at a segment again after the first.
                    ReceivedLog.writeBytes(server, 2 * cut + 2 * ReceivedLog.SIZE);
                    Await.until("it was cut", PATIENCE, () -> wire.connections() > before + 1);
                }
                wire.toClient().clear();
                Lsn end = ReceivedLog.position(server);
                ReceivedLog.awaitFlushed(receiver, end);
                receiver.close();

                assertThat(ReceivedLog.assertSameAsOf(server, folder, end)).isGreaterThanOrEqualTo(5);
                assertConsecutive();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aCommitThatWaitedForASynchronousReceiverIsOnItsDisk(int version) throws IOException {
        try (PostgresServer server = PostgresServer.start(version);
                AdminSession admin = server.admin()) {
            ConnectOptions connect = ConnectOptions.parse(server.dsn("postgres") + " application_name=the_archive");
            try (WalReceiver receiver = WalReceiver.start(
                    connect, options().slot("receiver").createSlot(true).synchronous(true))) {
                Await.until("it streams", PATIENCE, () -> receiver.status().streaming());
                server.configure("synchronous_standby_names", "the_archive");
                Await.until(
                        "commits wait for it",
                        PATIENCE,
                        () -> "sync".equals(admin.value("select max(sync_state) from pg_stat_replication")));
                admin.execute("create table promised (t text)");
                for (int i = 0; i < 50; i++) {
                    String word = "the promise of number " + i + " was kept";
                    admin.execute("insert into promised values ('" + word + "')");

                    // Nothing is waited for: the commit has returned.
                    assertThat(logHere().contains(word)).as(word).isTrue();
                }
                server.configure("synchronous_standby_names", "");
            }
        }
    }

    /** What is in the last segment, without the headers of pages, which may stand in the middle of a word. */
    private String logHere() throws IOException {
        WalFolder.Stored last = WalFolder.open(folder).segments().getLast();
        String bytes = Files.readString(last.file(), StandardCharsets.ISO_8859_1);
        StringBuilder log = new StringBuilder(bytes.substring(40, 8192));
        for (int page = 8192; page < bytes.length(); page += 8192) {
            log.append(bytes, page + 24, page + 8192);
        }
        return log.toString();
    }

    @Test
    void nothingIsToldToBeOnTheDiskThatIsNotThere() throws IOException {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST);
                AdminSession admin = server.admin();
                WalReceiver receiver = WalReceiver.start(
                        server.dsn("postgres"), options().slot("receiver").createSlot(true))) {
            Await.until("it streams", PATIENCE, () -> receiver.status().streaming());
            admin.execute("create table filler (t text)");
            for (int i = 0; i < 20; i++) {
                admin.execute("insert into filler select repeat('y', 1000) from generate_series(1, 3000)");
                Lsn told =
                        Lsn.parse(admin.value("select coalesce(max(flush_lsn)::text, '0/0') from pg_stat_replication"));

                ReceivedLog.assertSameAsOf(server, folder, told);
                WalSegment segment = WalSegment.at(1, told, SIZE);
                assertThat(told.equals(segment.start())
                                || Files.exists(folder.resolve(segment.name() + ".partial"))
                                || Files.exists(folder.resolve(segment.name())))
                        .isTrue();
            }
            // It was told something at all.
            Await.until(
                    "all is told",
                    PATIENCE,
                    () -> "t"
                            .equals(admin.value("select bool_or(flush_lsn >= pg_current_wal_flush_lsn())"
                                    + " from pg_stat_replication")));
        }
    }

    @Test
    void wholeSegmentsAreCompressedAndTheirFilesGo() throws IOException {
        compressed(WalCompression.gzip(1), ".gz");
    }

    @Test
    void aProgramCanBringACompressionOfItsOwn() throws IOException {
        compressed(WalCompression.of(".zlib", DeflaterOutputStream::new, InflaterInputStream::new), ".zlib");
    }

    private void compressed(WalCompression compression, String suffix) throws IOException {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST);
                AdminSession admin = server.admin()) {
            WalReceiverOptions options =
                    options().slot("receiver").createSlot(true).compression(compression);
            for (int i = 0; i < 2; i++) {
                try (WalReceiver receiver = WalReceiver.start(server.dsn("postgres"), options)) {
                    ReceivedLog.write(server, 2);
                    ReceivedLog.awaitAll(receiver, server);
                }
                if (i == 0) {
                    unpackLast(WalFolder.open(folder, compression));
                }
            }
            // Whoever compresses no more still sees what was.
            Lsn end;
            try (WalReceiver receiver = WalReceiver.start(
                    server.dsn("postgres"),
                    options.compression(WalCompression.NONE).reads(compression))) {
                end = ReceivedLog.position(server);
                ReceivedLog.awaitFlushed(receiver, end);
            }
            assertThat(WalFolder.open(folder, compression).resumesAt()).isEqualTo(WalSegment.at(1, end, SIZE));
            List<String> names = ReceivedLog.names(folder);

            assertThat(names.subList(0, names.size() - 1))
                    .hasSizeGreaterThanOrEqualTo(4)
                    .allMatch(name -> name.endsWith(suffix));
            assertThat(names.getLast()).endsWith(".partial");
            WalFolder received = WalFolder.open(folder, compression);
            for (WalFolder.Stored stored : received.segments()) {
                Path target = folder.resolve("restored");
                assertThat(received.restore(stored.segment().name(), target)).isTrue();
                if (stored.form() == WalFolder.Form.COMPRESSED) {
                    assertThat(target).hasSameBinaryContentAs(ReceivedLog.file(server, stored.segment()));
                }
            }
            assertThat(received.systemId()).isEqualTo(Long.toUnsignedString(systemId(server)));
            assertThat(admin.value("select count(*) from pg_replication_slots")).isEqualTo("1");
        }
    }

    /** As a receiver leaves it that was killed before it had compressed it. */
    private static void unpackLast(WalFolder received) throws IOException {
        WalFolder.Stored last = received.segments().stream()
                .filter(stored -> stored.form() == WalFolder.Form.COMPRESSED)
                .toList()
                .getLast();
        String name = last.segment().name();
        assertThat(received.restore(name, received.path().resolve(name))).isTrue();
        Files.delete(last.file());
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void whereTheSlotStandsIsWhereAnEmptyFolderBegins(int version) {
        try (PostgresServer server = PostgresServer.start(version)) {
            server.execute("select pg_create_physical_replication_slot('receiver', true)");
            Lsn kept = ReceivedLog.position(server);
            ReceivedLog.write(server, 2);

            try (WalReceiver receiver =
                    WalReceiver.start(server.dsn("postgres"), options().slot("receiver"))) {
                ReceivedLog.awaitAll(receiver, server);
            }

            assertThat(WalFolder.open(folder).segments().getFirst().segment()).isEqualTo(WalSegment.at(1, kept, SIZE));
            assertConsecutive();
        }
    }

    @Test
    void rowsThatSomebodyBehindTheLogCanSeeAreHeldBack() {
        try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST);
                AdminSession admin = server.admin()) {
            long xmin = Long.parseLong(admin.value("select pg_snapshot_xmin(pg_current_snapshot())"));
            try (WalReceiver receiver = WalReceiver.start(
                    server.dsn("postgres"),
                    options().slot("receiver").createSlot(true).standbyFeedback(() -> StandbyFeedback.xmin(xmin)))) {
                Await.until(
                        "it is held back: " + receiver,
                        PATIENCE,
                        () -> Long.toString(xmin)
                                .equals(admin.value("select max(xmin::text) from pg_replication_slots")));
            }
        }
    }
}
