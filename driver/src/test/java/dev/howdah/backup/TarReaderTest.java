package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives, written and read back; and those that nobody should read. */
class TarReaderTest {

    private static final long MODIFIED = 1_700_000_000;
    private static final int TYPE = 156;
    private static final int SIZE = 124;

    /** Notes what it is told, in words. */
    private static final class Notes implements TarHandler {
        final List<String> lines = new ArrayList<>();
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        long bytes;

        @Override
        public void begin(TarEntry entry) {
            lines.add(entry.kind() + " " + entry.name() + " " + entry.size() + " " + Integer.toOctalString(entry.mode())
                    + entry.target());
            data.reset();
        }

        @Override
        public void data(byte[] bytes, int offset, int length) {
            this.bytes += length;
            if (data.size() < 1000) {
                data.write(bytes, offset, length);
            }
        }

        @Override
        public void end() {
            lines.add(data.toString(StandardCharsets.UTF_8));
        }
    }

    private static byte[] sample() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        tar.begin(TarEntry.folder("base", 0700, MODIFIED));
        tar.file("base/1", "a page".getBytes(StandardCharsets.UTF_8), 0600, MODIFIED);
        tar.file("base/2", new byte[0], 0640, MODIFIED);
        tar.file("base/3", "x".repeat(512).getBytes(StandardCharsets.UTF_8), 0600, MODIFIED);
        tar.begin(TarEntry.link("pg_tblspc/16384", "/somewhere", 0777, MODIFIED));
        tar.file("tablé", "y".repeat(513).getBytes(StandardCharsets.UTF_8), 0600, MODIFIED);
        tar.finish();
        return out.toByteArray();
    }

    private static final List<String> TOLD = List.of(
            "FOLDER base 0 700",
            "FILE base/1 6 600",
            "a page",
            "FILE base/2 0 640",
            "",
            "FILE base/3 512 600",
            "x".repeat(512),
            "LINK pg_tblspc/16384 0 777/somewhere",
            "FILE tablé 513 600",
            "y".repeat(513));

    private static TarReader read(Notes notes, byte[] archive, int from, int to) throws IOException {
        TarReader reader = new TarReader("base.tar", notes);
        reader.accept(archive, from, to - from);
        return reader;
    }

    private static void refuses(byte[] archive, String... why) {
        assertThatThrownBy(() -> read(new Notes(), archive, 0, archive.length).end())
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.ARCHIVE_REFUSED))
                .hasMessageContaining("base.tar")
                .hasMessageContainingAll(why);
    }

    /** Returns an archive of one entry with a header that is changed and has its checksum. */
    private static byte[] changed(TarEntry entry, int at, String... bytes) {
        byte[] header = TarHeader.write(entry);
        int place = at;
        for (String each : bytes) {
            byte[] put = each.getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(put, 0, header, place, put.length);
            place += put.length;
        }
        return summed(header);
    }

    private static byte[] summed(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, header, 148, digits.length);
        return header;
    }

    private static TarEntry empty(String name) {
        return TarEntry.file(name, 0, 0600, MODIFIED);
    }

    @Test
    void whatIsWrittenIsReadBackInWhateverPiecesItComes() throws IOException {
        byte[] archive = sample();
        for (int piece : new int[] {1, 7, 511, 512, 513, archive.length}) {
            Notes notes = new Notes();
            TarReader reader = new TarReader("base.tar", notes);
            for (int at = 0; at < archive.length; at += piece) {
                reader.accept(archive, at, Math.min(piece, archive.length - at));
            }
            reader.end();
            assertThat(notes.lines).isEqualTo(TOLD);
            assertThat(reader.isEnded()).isTrue();
        }
    }

    @Test
    void anArchiveEndsAtABorderOfItsEntriesAndNowhereElse() throws IOException {
        byte[] archive = sample();
        int whole = archive.length - 1024;
        List<Integer> borders = List.of(0, 512, 1536, 2048, 3072, 3584, whole, whole + 512, archive.length);
        for (int cut = 0; cut <= archive.length; cut++) {
            byte[] part = Arrays.copyOf(archive, cut);
            if (borders.contains(cut)) {
                assertThatCode(() -> read(new Notes(), part, 0, part.length).end())
                        .doesNotThrowAnyException();
            } else {
                refuses(part, "ends within");
            }
        }
    }

    @Test
    void zerosMayFollowTheEndAndNothingElse() throws IOException {
        byte[] archive = sample();
        byte[] longer = Arrays.copyOf(archive, archive.length + 10_240 + 3);
        Notes notes = new Notes();

        read(notes, longer, 0, longer.length).end();

        assertThat(notes.lines).isEqualTo(TOLD);
        longer[longer.length - 1] = 1;
        refuses(longer, "behind its end");
        byte[] afterOneBlock = Arrays.copyOf(archive, archive.length);
        System.arraycopy(TarHeader.write(empty("late")), 0, afterOneBlock, archive.length - 512, 512);
        refuses(afterOneBlock, "behind its end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../outside",
                "base/../../outside",
                "base/..",
                "..",
                ".",
                "././base",
                "./../base",
                "./",
                "base//1",
                "",
                "base/\n1",
                "base/\u007f",
                "base/1/"
            })
    void aFileThatWouldNotLieInTheFolderIsRefused(String name) {
        refuses(changed(empty("x"), 0, name, "\0"), "name that is not taken");
    }

    @Test
    void aFolderOrLinkThatWouldNotLieInTheFolderIsRefused() {
        refuses(TarHeader.write(TarEntry.folder("../x", 0700, MODIFIED)), "'../x'", "the part '..'");
        refuses(TarHeader.write(TarEntry.link("/x", "y", 0700, MODIFIED)), "'/x'", "absolute");
        refuses(TarHeader.write(TarEntry.folder("", 0700, MODIFIED)), "empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3", "4", "6", "7", "x", "g", "L", "K", "S", "\u00ff"})
    void whatIsNeitherFileNorFolderNorSymbolicLinkIsRefused(String type) {
        refuses(changed(empty("base/1"), TYPE, type), "'base/1'", "neither file nor folder");
    }

    @Test
    void aNameMayBeginWithTheFolderItselfAsServersWriteIt() throws IOException {
        Notes notes = new Notes();

        read(notes, TarHeader.write(TarEntry.folder("./pg_wal/archive_status", 0700, MODIFIED)), 0, 512)
                .end();

        assertThat(notes.lines).containsExactly("FOLDER pg_wal/archive_status 0 700");
    }

    @Test
    void anOldHeaderWithoutMagicIsAFileToo() throws IOException {
        byte[] header = TarHeader.write(empty("old"));
        header[TYPE] = 0;
        Arrays.fill(header, 257, 265, (byte) 0);
        Notes notes = new Notes();

        read(notes, summed(header), 0, 512).end();

        assertThat(notes.lines).containsExactly("FILE old 0 600", "");
    }

    @Test
    void whatOtherProgramsWriteIsRefused() {
        refuses(changed(empty("x"), 257, "ustar  "), "no way that PostgreSQL does");
        refuses(changed(empty("x"), 345, "prefix"), "no way that PostgreSQL does");
    }

    @Test
    void everyChangedBitOfAHeaderIsNoticed() {
        for (int bit = 0; bit < 512 * 8; bit++) {
            byte[] header = TarHeader.write(TarEntry.file("base/1", 0, 0600, MODIFIED));
            header[bit / 8] ^= (byte) (1 << (bit % 8));
            byte[] archive = header;
            // The checksum itself can be written in several ways.
            if (bit / 8 < 148 || bit / 8 >= 156) {
                assertThatThrownBy(() -> read(new Notes(), archive, 0, 512))
                        .as("bit %d", bit)
                        .isInstanceOf(BackupException.class);
            }
        }
    }

    @Test
    void aNameThatIsNotUtf8IsRefused() {
        refuses(changed(empty("x"), 0, "caf\u00e9"), "not UTF-8");
    }

    @Test
    void aLongNameFillsItsFieldAndALongerOneIsNotWritten() throws IOException {
        String longest = "n".repeat(99);
        Notes notes = new Notes();

        read(notes, TarHeader.write(empty(longest)), 0, 512).end();

        assertThat(notes.lines).containsExactly("FILE " + longest + " 0 600", "");
        assertThatThrownBy(() -> TarHeader.write(empty(longest + "n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("99 bytes");
        assertThatThrownBy(() -> TarHeader.write(TarEntry.folder(longest, 0700, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileMayBeLargerThanOctalDigitsCanSayAndTakesNoMemory() throws IOException {
        for (long size : new long[] {(1L << 33) - 1, 1L << 33, 1L << 40, Long.MAX_VALUE - 512}) {
            Notes notes = new Notes();
            TarReader reader = read(notes, TarHeader.write(TarEntry.file("large", size, 0600, MODIFIED)), 0, 512);
            assertThat(notes.lines).containsExactly("FILE large " + size + " 600");
            assertThatThrownBy(reader::end).hasMessageContaining(size + " bytes before that file's end");
        }
    }

    @Test
    void aSizeThatCannotBeIsRefused() {
        TarEntry file = empty("base/1");
        refuses(changed(file, SIZE, "\u0080\0\0\0\u0080\0\0\0\0\0\0\0"), "no size that can be");
        refuses(changed(file, SIZE, "\u0080\0\0\u0001\0\0\0\0\0\0\0\0"), "no size that can be");
        refuses(changed(file, SIZE, "\u0080\0\0\0\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"), "no size");
        refuses(
                changed(file, SIZE, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"),
                "octal");
        refuses(changed(file, SIZE, "-0000000001"), "octal");
        refuses(changed(file, SIZE, "0000000000x"), "octal");
        refuses(changed(file, SIZE, "000 0000001"), "octal");
        refuses(changed(TarEntry.folder("base", 0700, MODIFIED), SIZE, "00000000010"), "no file and has a size");
    }

    @Test
    void whatTheHandlerThrowsComesOut() {
        TarHandler full = new TarHandler() {
            @Override
            public void begin(TarEntry entry) throws IOException {
                throw new IOException("disk full");
            }

            @Override
            public void data(byte[] bytes, int offset, int length) {
                throw new AssertionError("nothing began");
            }

            @Override
            public void end() {
                throw new AssertionError("nothing began");
            }
        };
        assertThatThrownBy(() -> new TarReader("base.tar", full).accept(TarHeader.write(empty("x")), 0, 512))
                .isInstanceOf(IOException.class)
                .hasMessage("disk full");
    }

    @Test
    void rubbishIsRefusedAndNeverAnotherFailure() {
        Random random = new Random(20_240_607);
        for (int i = 0; i < 2_000; i++) {
            byte[] rubbish = new byte[512 + random.nextInt(1024)];
            random.nextBytes(rubbish);
            if (i % 2 == 0) {
                byte[] header = Arrays.copyOf(rubbish, 512);
                System.arraycopy(TarHeader.write(empty("x")), 0, header, 0, random.nextInt(512));
                System.arraycopy(summed(header), 0, rubbish, 0, 512);
            }
            assertThatThrownBy(
                            () -> read(new Notes(), rubbish, 0, rubbish.length).end())
                    .isInstanceOf(BackupException.class);
        }
    }

    @Test
    void aWriterHoldsToTheSizesThatWereSaid() throws IOException {
        TarWriter tar = new TarWriter(new ByteArrayOutputStream());
        tar.begin(TarEntry.file("x", 3, 0600, 0));
        assertThatThrownBy(() -> tar.write(new byte[4], 0, 4)).isInstanceOf(IllegalStateException.class);
        tar.write(new byte[2], 0, 2);
        assertThatThrownBy(tar::finish).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tar.begin(empty("y"))).isInstanceOf(IllegalStateException.class);
    }
}
