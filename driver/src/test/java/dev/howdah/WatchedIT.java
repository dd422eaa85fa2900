package dev.howdah;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.copy.CopyOut;
import dev.howdah.event.Notice;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is left under way between two calls, on a connection that is watched because somebody wants to hear what the server says: the thread
 * that watches reads, too.
 */
@Timeout(120)
class WatchedIT extends DriverContract {

    private static final int FIRST = 1_000_000;

    private final Random random = new Random(19);
    private final Consumer<Notice> listener = notice -> {};

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    @BeforeEach
    void watch() {
        db.addLogListener(listener);
    }

    @AfterEach
    void watchNoMore() {
        db.removeLogListener(listener);
    }

    /** Is busy for up to as long as the server needs for a packet or two. */
    private void dawdle() {
        long until = System.nanoTime() + random.nextInt(100_000);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static String series(int count) {
        return "select i from generate_series(" + FIRST + ", " + (FIRST + count - 1) + ") i";
    }

    @Test
    void nothingIsLostThatComesWhileTheSinkIsBusy() {
        int count = place.amount(3_000_000, 50_000);
        CRC32 expected = new CRC32();
        for (int i = FIRST; i < FIRST + count; i++) {
            expected.update((i + "\n").getBytes(UTF_8));
        }
        CRC32 got = new CRC32();
        long[] bytes = {0};
        long rows = db.copyOut("copy (" + series(count) + ") to stdout", new OutputStream() {
            @Override
            public void write(int one) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] piece, int offset, int length) {
                dawdle();
                got.update(piece, offset, length);
                bytes[0] += length;
            }
        });
        assertThat(rows).isEqualTo(count);
        assertThat(bytes[0]).isEqualTo(8L * count);
        assertThat(got.getValue()).isEqualTo(expected.getValue());
    }

    @Test
    void noRowIsLostThatComesWhileTheOneBeforeIsUsed() {
        int count = place.amount(500_000, 20_000);
        int next = FIRST;
        try (CopyOut<Row> out = db.copyOutQuery(series(count))) {
            for (Row row : out) {
                if (next % 1_000 == 0) {
                    dawdle();
                }
                assertThat(row.getInt(0)).isEqualTo(next++);
            }
        }
        assertThat(next).isEqualTo(FIRST + count);
    }

    @Test
    void noByteOfALargeObjectIsLostThatComesWhileThoseBeforeAreUsed() throws Exception {
        byte[] stored = new byte[place.amount(32 << 20, 1 << 20)];
        random.nextBytes(stored);
        long oid = db.largeObjects().create();
        db.largeObjects().write(oid, new ByteArrayInputStream(stored));
        db.largeObjects().inTransaction(objects -> {
            try (LargeObject object = objects.open(oid, LargeObjectMode.READ)) {
                int at = 0;
                for (byte[] piece = object.read(50_000); piece.length > 0; piece = object.read(50_000)) {
                    dawdle();
                    assertThat(Arrays.equals(piece, 0, piece.length, stored, at, at + piece.length))
                            .isTrue();
                    at += piece.length;
                }
                assertThat(at).isEqualTo(stored.length);
            }
            return true;
        });
        db.largeObjects().unlink(oid);
    }

    @Test
    void noAnswerOfAPipelineIsLostThatComesWhileThoseBeforeAreUsed() {
        int count = place.amount(20_000, 2_000);
        try (Pipeline pipeline = db.pipeline(PipelineMode.SYNC_EACH)) {
            List<PipelineAnswer<Rows>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(pipeline.query("select $1::int, repeat('x', 100)", i));
                if (i % 100 == 0) {
                    dawdle();
                }
            }
            pipeline.sync();
            for (int i = 0; i < count; i++) {
                if (i % 50 == 0) {
                    dawdle();
                }
                assertThat(answers.get(i).get().first().getInt(0)).isEqualTo(i);
            }
        }
    }
}
