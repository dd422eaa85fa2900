package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SegmentCompressorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Path put(String name) throws IOException {
        return Files.writeString(folder.resolve(name), "the log of " + name);
    }

    @Test
    void whatIsCompressedReplacesItsFile() throws IOException {
        try (SegmentCompressor compressor = new SegmentCompressor(WalCompression.gzip(), () -> {})) {
            for (String name : new String[] {"A", "B", "C", "D"}) {
                compressor.compress(put(name));
            }
        }

        assertThat(ReceivedLog.names(folder)).containsExactly("A.gz", "B.gz", "C.gz", "D.gz");
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve("C.gz")))) {
            assertThat(in.readAllBytes()).asString().isEqualTo("the log of C");
        }
    }

    @Test
    void notMoreThanTwoWaitBesideTheOneThatIsCompressed() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        WalCompression slow = WalCompression.of(
                ".slow",
                out -> {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return out;
                },
                in -> in);
        try (SegmentCompressor compressor = new SegmentCompressor(slow, () -> {})) {
            compressor.compress(put("A"));
            Await.until("it is busy", PATIENCE, () -> compressor.unfinished() == 1);
            compressor.compress(put("B"));
            compressor.compress(put("C"));
            Path fourth = put("D");
            Thread waiting = Thread.ofVirtual().start(() -> compressor.compress(fourth));
            Await.until("it waits", PATIENCE, () -> waiting.getState() == Thread.State.WAITING);
            assertThat(compressor.unfinished()).isEqualTo(3);

            goOn.countDown();
            assertThat(waiting.join(PATIENCE)).isTrue();
        }
        assertThat(ReceivedLog.names(folder)).containsExactly("A.slow", "B.slow", "C.slow", "D.slow");
    }

    @Test
    void oneThatFailsStaysIsToldOnceAndIsTheLast() throws IOException {
        AtomicInteger told = new AtomicInteger();
        WalCompression failing = WalCompression.of(
                ".bad",
                out -> {
                    throw new IllegalStateException("no");
                },
                in -> in);
        SegmentCompressor compressor = new SegmentCompressor(failing, told::incrementAndGet);
        compressor.compress(put("A"));
        Await.until("it is told", PATIENCE, () -> told.get() == 1);
        Path second = put("B");

        for (Runnable tried : new Runnable[] {() -> compressor.compress(second), compressor::close}) {
            assertThatThrownBy(tried::run)
                    .isInstanceOfSatisfying(
                            BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONSUMER_FAILED))
                    .hasMessageContaining(folder.resolve("A").toString());
        }
        assertThat(ReceivedLog.names(folder)).containsExactly("A", "B");
        assertThat(told).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "zst", ".partial", ".tmp", "./x", ".a.b", ".history"})
    void aSuffixThatWouldBeMistakenIsRefused(String suffix) {
        assertThatThrownBy(() -> WalCompression.of(suffix, out -> out, in -> in))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 0, 10})
    void aLevelThatGzipHasNotIsRefused(int level) {
        assertThatThrownBy(() -> WalCompression.gzip(level)).isInstanceOf(IllegalArgumentException.class);
    }
}
