package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What tests of received log ask of servers and folders. */
final class ReceivedLog {

    static final int SIZE = 16 << 20;
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private ReceivedLog() {}

    /** Up to where the log of a primary is on its disk: more than that it does not send. */
    static Lsn position(PostgresServer server) {
        try (AdminSession admin = server.admin()) {
            return Lsn.parse(admin.value("select pg_current_wal_flush_lsn()"));
        }
    }

    /** Writes about so many segments of log. */
    static void write(PostgresServer server, int segments) {
        try (AdminSession admin = server.admin()) {
            admin.execute("create table if not exists filler (t text)");
            for (int i = 0; i < segments; i++) {
                admin.execute("insert into filler select repeat('x', 1000) from generate_series(1, 17000)");
            }
        }
    }

    /** Writes at least so many bytes of log. */
    static void writeBytes(PostgresServer server, long bytes) {
        Lsn enough = position(server).plus(bytes);
        while (position(server).compareTo(enough) < 0) {
            write(server, 1);
        }
    }

    /** Returns once a receiver has all on the disk that the server has written until now. */
    static void awaitAll(WalReceiver receiver, PostgresServer server) {
        awaitFlushed(receiver, position(server));
    }

    static void awaitFlushed(WalReceiver receiver, Lsn place) {
        Await.until(
                "all up to " + place + " is on the disk: " + receiver + " " + receiver.failure(),
                PATIENCE,
                () -> receiver.status().flushedLsn().compareTo(place) >= 0 || !receiver.isRunning());
        assertThat(receiver.failure()).isNull();
        assertThat(receiver.status().flushedLsn()).isGreaterThanOrEqualTo(place);
    }

    static Path file(PostgresServer server, WalSegment segment) {
        return server.dataDirectory().resolve("pg_wal").resolve(segment.name());
    }

    /** Compares with the server's own files: whole ones byte by byte, others as far as they were received. */
    static int assertSameAsOf(PostgresServer server, Path folder, Lsn until) throws IOException {
        while (true) {
            try {
                return assertSame(server, folder, until);
            } catch (NoSuchFileException e) {
                // One got its final name in the meantime, which happens once to each.
                assertThat(folder.resolve(e.getFile())).asString().endsWith(".partial");
            }
        }
    }

    private static int assertSame(PostgresServer server, Path folder, Lsn until) throws IOException {
        int whole = 0;
        for (WalFolder.Stored stored : WalFolder.open(folder).segments()) {
            Path own = file(server, stored.segment());
            if (stored.form() == WalFolder.Form.WHOLE) {
                assertThat(Files.mismatch(stored.file(), own))
                        .as(stored.segment().name())
                        .isEqualTo(-1);
                whole++;
            } else if (stored.segment().contains(until)) {
                long at = Files.mismatch(stored.file(), own);
                assertThat(at)
                        .as(stored.segment().name())
                        .satisfiesAnyOf(
                                same -> assertThat(same).isEqualTo(-1),
                                differs -> assertThat(differs)
                                        .isGreaterThanOrEqualTo(
                                                until.minus(stored.segment().start())));
            }
        }
        return whole;
    }

    /** The names of the files in a folder, in order. */
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /** The beginning of a segment as a server writes it. */
    static byte[] page(WalSegment segment, long systemId, ByteOrder order) {
        return ByteBuffer.allocate(8192)
                .order(order)
                .putShort((short) 0xd110)
                .putShort((short) 2)
                .putInt((int) segment.timeline())
                .putLong(segment.start().asLong())
                .putInt(0)
                .putInt(0)
                .putLong(systemId)
                .putInt(segment.size())
                .putInt(8192)
                .array();
    }

    /** Makes a file as long as a segment, with a page of the server's at its beginning. */
    static Path put(Path folder, WalSegment segment, String suffix, long systemId) throws IOException {
        Path file = folder.resolve(segment.name() + suffix);
        Files.write(
                file,
                ByteBuffer.allocate(segment.size())
                        .put(page(segment, systemId, ByteOrder.LITTLE_ENDIAN))
                        .array());
        return file;
    }
}
