package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.ConnectOptions;
import dev.howdah.backup.BackupProgress;
import dev.howdah.backup.BackupProgress.Phase;
import dev.howdah.backup.ServerCompression;
import dev.howdah.cli.Cli.Outcome;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** What the command line of a base backup means, without a server. */
class BackupFormTest {

    @ParameterizedTest
    @CsvSource({"32, 32", "500kB, 500", "20MB, 20480", "20M, 20480", "1GB, 1048576", "2 MB/s, 2048"})
    void ratesAreReadWithTheirUnit(String text, int kibibytes) {
        assertThat(new RateConverter().convert(text)).isEqualTo(kibibytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "31kB", "2GB", "1TB", "-5", "fast", "99999999"})
    void otherRatesAreRefused(String text) {
        assertThatThrownBy(() -> new RateConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void aCompressionIsAMethodWithALevelOrOtherDetail() {
        CompressionConverter converter = new CompressionConverter();
        assertThat(converter.convert("gzip")).isEqualTo(ServerCompression.gzip());
        assertThat(converter.convert("lz4:9")).isEqualTo(ServerCompression.lz4().level(9));
        assertThat(converter.convert("zstd:level=3,workers=2"))
                .isEqualTo(new ServerCompression("zstd", "level=3,workers=2"));
        assertThatThrownBy(() -> converter.convert("bzip2"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("gzip, lz4, zstd");
    }

    @Test
    void aTablespaceIsTwoFoldersAndAnEqualsSignMayBeInTheirNames() {
        PathPairConverter converter = new PathPairConverter();
        assertThat(converter.convert("/a/b=c")).isEqualTo(new PathPair(Path.of("/a/b"), Path.of("c")));
        assertThat(converter.convert("/a\\=b=/c\\=d")).isEqualTo(new PathPair(Path.of("/a=b"), Path.of("/c=d")));
        for (String wrong : new String[] {"/a", "=b", "/a=", "/a=b=c", "a=b"}) {
            assertThatThrownBy(() -> converter.convert(wrong)).isInstanceOf(TypeConversionException.class);
        }
    }

    @Test
    void aStandbyConnectsAsTheCommandDoes() {
        String text = PrimaryConninfo.of(ConnectOptions.parse(
                "host=db.example,other.example port=5433 user='a b' password='it\\'s \\\\ secret' dbname=shop"
                        + " sslmode=verify-full sslrootcert=ca.crt require_auth=scram-sha-256 connect_timeout=5"
                        + " query_timeout=3 sslpassword=p"));
        assertThat(text)
                .startsWith("host=db.example,other.example port=5433,5433 user='a b' ")
                .contains(
                        "password='it\\'s \\\\ secret'",
                        "sslmode=verify-full",
                        "sslrootcert=",
                        Path.of("ca.crt").toAbsolutePath().toString(),
                        "require_auth=scram-sha-256",
                        "connect_timeout=5",
                        "dbname=shop",
                        "sslpassword=p")
                .doesNotContain("keepalives", "query_timeout", "sslnegotiation", "load_balance_hosts", "***");
        ConnectOptions again = ConnectOptions.parse(text);
        assertThat(again.password(again.hosts().getFirst()).reveal()).isEqualTo("it's \\ secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dir --target blackhole",
                "--target blackhole --wal stream",
                "--target blackhole --standby",
                "--target blackhole --verify",
                "dir --create-slot",
                "dir --slot s --no-slot",
                "dir --slot s --wal none",
                "dir --standby --slot s --create-slot --wal fetch",
                "dir --format tar --standby",
                "dir --format tar --tablespace /a=b",
                "dir --compress lz4",
                "dir --compress lz4 --format tar --verify",
                "dir --no-manifest --verify",
                "dir --max-rate 5kB",
                "dir --checkpoint soon",
                "dir --manifest-checksums MD5",
                "dir --tablespace b=/a"
            })
    void whatDoesNotGoTogetherIsSaidBeforeAnybodyConnects(String arguments) {
        Outcome outcome = new Cli().run(("base-backup --dsn port=1 " + arguments).split(" "));
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).startsWith("howdah: ").doesNotContain("127.0.0.1", "connect to");
        assertThat(Path.of("dir")).doesNotExist();
    }

    private static String drawn(BackupProgress... all) {
        StringWriter err = new StringWriter();
        Surroundings around = new Surroundings(
                InputStream.nullInputStream(),
                new PrintWriter(new StringWriter()),
                OutputStream.nullOutputStream(),
                new PrintWriter(err),
                Map.of("COLUMNS", "100"),
                true,
                true);
        try (BackupMeter meter = new BackupMeter(around, true)) {
            for (BackupProgress each : all) {
                meter.accept(each);
            }
        }
        return err.toString();
    }

    @Test
    void aBarBeginsBehindTheCheckpointWithTheTotalThatIsKnownThen() {
        int size = 4 << 20;
        String drawn = drawn(
                new BackupProgress(Phase.CHECKPOINT, 0, 0, ""),
                new BackupProgress(Phase.FILES, 0, size, ""),
                new BackupProgress(Phase.FILES, size / 2, size, "base.tar"),
                new BackupProgress(Phase.FILES, size, size, "base.tar"),
                new BackupProgress(Phase.LOG, size, size, ""));
        assertThat(drawn)
                .contains("waiting for checkpoint (--checkpoint fast has", "\rbacking up 100%", "4/4 MiB")
                .endsWith("\r" + " ".repeat(99) + "\r");
    }
}
