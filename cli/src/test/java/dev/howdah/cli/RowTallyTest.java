package dev.howdah.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowTallyTest {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};

    /** Counts the rows in pieces of one byte, of two ... and all at once; always the same. */
    private static long rows(Supplier<RowTally> tallies, byte[] data) {
        long rows = whole(tallies.get(), data, Math.max(1, data.length));
        for (int piece = 1; piece < Math.min(data.length, 40); piece++) {
            assertThat(whole(tallies.get(), data, piece))
                    .as("in pieces of %s", piece)
                    .isEqualTo(rows);
        }
        return rows;
    }

    private static long whole(RowTally tally, byte[] data, int piece) {
        byte[] shifted = new byte[data.length + 3];
        System.arraycopy(data, 0, shifted, 3, data.length);
        for (int at = 0; at < data.length; at += piece) {
            tally.take(shifted, 3 + at, Math.min(piece, data.length - at));
        }
        return tally.rows();
    }

    private static String unescaped(String text) {
        return text.replace("<lf>", "\n").replace("<cr>", "\r");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "~~ | 0",
                "a | 1",
                "<lf> | 1",
                "a,b<lf>c,d<lf> | 2",
                "a,b<lf>c,d | 2",
                "a<cr><lf>b<cr><lf> | 2",
                "a<cr>b<cr> | 2",
                "a<cr><lf><cr><lf>b | 3",
                "\"a<lf>b\",1<lf>c,2<lf> | 2",
                "\"a\"\"<lf>\"\"b\"<lf>c<lf> | 2",
                "\"a\"\"\"<lf>b<lf> | 2",
                "\"\"<lf>\"\"<lf> | 2",
                "x\"<cr><lf>\"y<lf>z | 2",
                "a\\<lf>b<lf> | 2",
                "\\.<lf>a<lf> | 2",
                "\"never closed<lf><lf><lf> | 1"
            })
    void csvHasLineEndsWithinQuotes(String data, long rows) {
        byte[] bytes = unescaped(data).getBytes(UTF_8);
        assertThat(rows(() -> RowTally.ofCsv(false, (byte) '"', (byte) '"'), bytes))
                .isEqualTo(rows);
        assertThat(rows(() -> RowTally.ofCsv(true, (byte) '"', (byte) '"'), bytes))
                .isEqualTo(Math.max(0, rows - 1));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "'a\\'<lf>b'<lf>c<lf> | 2",
                "'a\\\\'<lf>b<lf> | 2",
                "'a\\<lf>'<lf>b<lf> | 2",
                "a\\<lf>'b'<lf> | 2",
                "\"<lf>\"<lf> | 2"
            })
    void csvMayHaveItsOwnQuotesAndEscapes(String data, long rows) {
        assertThat(rows(
                        () -> RowTally.ofCsv(false, (byte) '\'', (byte) '\\'),
                        unescaped(data).getBytes(UTF_8)))
                .isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "~~ | 0",
                "a<lf>b<lf> | 2",
                "a<lf>b | 2",
                "a\\<lf>b<lf>c<lf> | 2",
                "a\\\\<lf>b<lf> | 2",
                "a\\\\\\<lf>b<lf> | 1",
                "\"<lf>\"<lf> | 2",
                "a<cr><lf>b<cr><lf> | 2",
                "a\\<cr>b<cr>c | 2",
                "a<lf>\\.<lf>b<lf>c<lf> | 1",
                "a<lf>b\\.<lf>\\N<lf> | 3"
            })
    void textHasLineEndsBehindBackslashes(String data, long rows) {
        byte[] bytes = unescaped(data).getBytes(UTF_8);
        assertThat(rows(() -> RowTally.ofText(false), bytes)).isEqualTo(rows);
        assertThat(rows(() -> RowTally.ofText(true), bytes)).isEqualTo(Math.max(0, rows - 1));
    }

    private static ByteBuffer binary(int extension) {
        return ByteBuffer.allocate(1_000)
                .put(SIGNATURE)
                .putInt(0)
                .putInt(extension)
                .put(new byte[extension]);
    }

    private static long binaryRows(ByteBuffer data) {
        byte[] bytes = new byte[data.flip().remaining()];
        data.get(bytes);
        return rows(RowTally::ofBinary, bytes);
    }

    @Test
    void binaryIsWalkedThroughByItsLengths() {
        ByteBuffer data = binary(0);
        data.putShort((short) 2).putInt(4).putInt(7).putInt(-1);
        data.putShort((short) 2).putInt(0).putInt(3).put(new byte[] {0, -1, -1});
        data.putShort((short) 0);
        data.putShort((short) 1).putInt(300).put(new byte[300]);
        data.putShort((short) -1);
        data.put(new byte[50]);
        assertThat(binaryRows(data)).isEqualTo(4);
    }

    @Test
    void binaryMayHaveAnExtensionAndEndAnywhere() {
        ByteBuffer data = binary(9).putShort((short) 1).putInt(2).put(new byte[2]);
        data.putShort((short) 1).putInt(2).put(new byte[1]);
        assertThat(binaryRows(data)).isEqualTo(1);
        assertThat(binaryRows(binary(0))).isZero();
        assertThat(binaryRows(ByteBuffer.allocate(5).put(SIGNATURE, 0, 5))).isZero();
    }

    @Test
    void whatIsNoBinaryDataIsNotCountedOn() {
        assertThat(binaryRows(binary(0).putShort((short) 1).putInt(-2).put(new byte[100])))
                .isZero();
        ByteBuffer negative = ByteBuffer.allocate(200).put(SIGNATURE).putInt(0).putInt(-5);
        assertThat(binaryRows(negative.put(new byte[100]))).isZero();
        byte[] text = "1,2,3\n".repeat(100).getBytes(UTF_8);
        assertThat(rows(RowTally::ofBinary, text)).isZero();
    }
}
