package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.InstalledTools;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** Logs that servers have written. */
@Timeout(180)
class WalRecordsIT {

    private static final int SEGMENT = 16 << 20;

    /** Has a server write records of all kinds, over several segments, and returns what they are. */
    private static WalRange work(PostgresServer server) {
        try (AdminSession admin = server.admin()) {
            admin.execute("create table logged (id int primary key, t text)");
            Lsn start = Lsn.parse(admin.value("select pg_current_wal_insert_lsn()"));
            for (int i = 0; i < 3; i++) {
                admin.execute("insert into logged select " + i
                        + " * 1000000 + n, repeat(md5(n::text), 40) from generate_series(1, 3000) n");
                admin.execute("select pg_switch_wal()");
                admin.execute("checkpoint");
                // Of many megabytes, over the end of a segment.
                admin.execute("select pg_logical_emit_message(false, 'p', repeat('x', 9000000))");
            }
            admin.execute("select pg_logical_emit_message(true, 'p', 'the end')");
            return new WalRange(1, start, Lsn.parse(admin.value("select pg_current_wal_flush_lsn()")));
        }
    }

    private static WalRanges read(Path wal, WalRange range) throws IOException {
        WalRanges ranges = new WalRanges(List.of(range), SEGMENT);
        ranges.read(name -> Files.newInputStream(wal.resolve(name)));
        return ranges;
    }

    @ParameterizedTest
    @PostgresVersions
    void theLogOfAServerIsWholeAndABitThatIsChangedIsFound(int version) throws IOException {
        try (PostgresServer server = PostgresServer.builder()
                .version(version)
                .config("wal_keep_size", "1GB")
                .start()) {
            WalRange range = work(server);
            Path wal = server.dataDirectory().resolve("pg_wal");

            WalRanges whole = read(wal, range);

            assertThat(whole.faults()).isEmpty();
            assertThat(whole.count()).isGreaterThan(9000);
            assertThat(whole.progress()).isGreaterThan(3L * SEGMENT);

            server.stop();
            Lsn place = range.end().plus(-40);
            try (RandomAccessFile segment = new RandomAccessFile(
                    wal.resolve(place.segmentFileName(1, SEGMENT)).toFile(), "rw")) {
                segment.seek(place.minus(place.segmentStart(SEGMENT)));
                int value = segment.read();
                segment.seek(segment.getFilePointer() - 1);
                segment.write(value ^ 4);
            }
            assertThat(read(wal, range).faults()).hasSize(1);
        }
    }

    @Test
    void thereAreAsManyRecordsAsPgWaldumpHas() throws IOException, InterruptedException {
        Optional<Path> waldump = InstalledTools.find("pg_waldump", 15);
        assumeTrue(waldump.isPresent(), "pg_waldump 15 is not installed");
        try (PostgresServer server = PostgresServer.builder()
                .version(15)
                .config("wal_keep_size", "1GB")
                .start()) {
            WalRange range = work(server);
            Path wal = server.dataDirectory().resolve("pg_wal");

            InstalledTools.Run run = InstalledTools.run(
                    waldump.orElseThrow(), "--path=" + wal, "--start=" + range.start(), "--end=" + range.end());

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output().lines().filter(line -> line.startsWith("rmgr:")))
                    .hasSize(Math.toIntExact(read(wal, range).count()));
        }
    }
}
