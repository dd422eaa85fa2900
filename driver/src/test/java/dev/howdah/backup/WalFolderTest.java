package dev.howdah.backup;

import static dev.howdah.backup.ReceivedLog.SIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.backup.WalFolder.Form;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalFolderTest {

    private static final long SYSTEM = 0xfedc_ba98_7654_3210L;
    private static final WalSegment FIFTH = WalSegment.at(1, Lsn.parse("0/5000000"), SIZE);
    private static final WalSegment SIXTH = FIFTH.next();
    private static final WalSegment SEVENTH = SIXTH.next();

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    private WalFolder received;

    @BeforeEach
    void open() {
        received = WalFolder.open(folder);
    }

    private Path put(WalSegment segment, String suffix) throws IOException {
        return ReceivedLog.put(folder, segment, suffix, SYSTEM);
    }

    private byte[] compress(WalSegment segment, WalCompression compression) throws IOException {
        Path whole = put(segment, "");
        byte[] bytes = Files.readAllBytes(whole);
        try (OutputStream out =
                compression.compress(Files.newOutputStream(folder.resolve(segment.name() + compression.suffix())))) {
            out.write(bytes);
        }
        Files.delete(whole);
        return bytes;
    }

    // What is there

    @Test
    void anEmptyFolderSaysNothing() {
        assertThat(received.resumesAt()).isNull();
        assertThat(received.systemId()).isNull();
        assertThat(received.segmentSize()).isZero();
        assertThat(received.segments()).isEmpty();
        assertThat(received.histories()).isEmpty();
        assertThatThrownBy(() -> WalFolder.open(folder.resolve("nowhere")))
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FILE_FAILED));
    }

    @Test
    void whatIsThereIsToldInOrderInEachForm() throws IOException {
        put(SEVENTH, ".partial");
        compress(FIFTH, WalCompression.gzip());
        put(SIXTH, "");
        Files.writeString(folder.resolve("00000002.history"), "1\t0/7000000\n");

        assertThat(received.segments())
                .containsExactly(
                        new WalFolder.Stored(FIFTH, folder.resolve(FIFTH.name() + ".gz"), Form.COMPRESSED),
                        new WalFolder.Stored(SIXTH, folder.resolve(SIXTH.name()), Form.WHOLE),
                        new WalFolder.Stored(SEVENTH, folder.resolve(SEVENTH.name() + ".partial"), Form.PARTIAL));
        assertThat(received.histories()).containsExactly("00000002.history");
        assertThat(received.segmentSize()).isEqualTo(SIZE);
    }

    @Test
    void theSystemIsToldByLogOfEitherByteOrder() throws IOException {
        Path file = put(FIFTH, "");
        assertThat(received.systemId()).isEqualTo(Long.toUnsignedString(SYSTEM));

        byte[] bytes = Files.readAllBytes(file);
        System.arraycopy(ReceivedLog.page(FIFTH, SYSTEM, ByteOrder.BIG_ENDIAN), 0, bytes, 0, 8192);
        Files.write(file, bytes);
        assertThat(received.systemId()).isEqualTo(Long.toUnsignedString(SYSTEM));

        compress(FIFTH, WalCompression.gzip());
        assertThat(received.systemId()).isEqualTo(Long.toUnsignedString(SYSTEM));
    }

    @Test
    void filesOfOtherNamesAreOfNoInterest() throws IOException {
        put(FIFTH, "");
        for (String name : List.of(
                FIFTH.name() + ".unknown",
                FIFTH.name() + ".00000028.backup",
                "00000000000000000000000A",
                "0000000100000000000001FF",
                "000000010000000000000009.",
                "00000001000000000000000a",
                "passwd",
                "1.history")) {
            Files.writeString(folder.resolve(name), "something else");
        }
        Files.createDirectory(folder.resolve("000000010000000000000009"));

        assertThat(received.segments())
                .containsExactly(new WalFolder.Stored(FIFTH, folder.resolve(FIFTH.name()), Form.WHOLE));
        assertThat(received.histories()).isEmpty();
        assertThat(received.resumesAt()).isEqualTo(SIXTH);
    }

    // Where to go on

    @Test
    void itGoesOnBehindTheHighestWholeSegment() throws IOException {
        put(FIFTH, "");
        compress(SIXTH, WalCompression.gzip());
        assertThat(received.resumesAt()).isEqualTo(SEVENTH);

        put(SEVENTH, ".partial");
        assertThat(received.resumesAt()).isEqualTo(SEVENTH);

        // Between them one is missing.
        put(SEVENTH.next(), ".partial");
        Files.delete(folder.resolve(SEVENTH.name() + ".partial"));
        assertThat(received.resumesAt()).isEqualTo(SEVENTH);
    }

    @Test
    void itGoesOnWithWhatIsNotWholeIfNothingIs() throws IOException {
        put(SIXTH, ".partial");

        assertThat(received.resumesAt()).isEqualTo(SIXTH);
    }

    @Test
    void aPartThatNothingHadComeOfSaysNothing() throws IOException {
        Files.write(folder.resolve(FIFTH.name() + ".partial"), new byte[SIZE]);

        assertThat(received.resumesAt()).isNull();
    }

    @Test
    void theHighestTimelineCountsThoughAnOlderOneWentFurther() throws IOException {
        put(FIFTH, "");
        put(SIXTH, "");
        WalSegment fork = new WalSegment(2, FIFTH.number(), SIZE);
        put(fork, ".partial");

        assertThat(received.resumesAt()).isEqualTo(fork);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8192, SIZE - 1})
    void aWholeSegmentOfAnotherSizeIsDamage(int size) throws IOException {
        put(FIFTH, "");
        byte[] cut = new byte[size];
        System.arraycopy(Files.readAllBytes(put(SIXTH, "")), 0, cut, 0, size);
        Files.write(folder.resolve(SIXTH.name()), cut);

        assertThatThrownBy(received::resumesAt)
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
                .hasMessageContaining(SIXTH.name());
    }

    @Test
    void aCompressedFileThatCannotBeReadIsDamage() throws IOException {
        Files.writeString(folder.resolve(FIFTH.name() + ".gz"), "no gzip");

        assertThatThrownBy(received::resumesAt)
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
                .hasMessageContaining(FIFTH.name() + ".gz");
    }

    @Test
    void leftoversOfAKilledReceiverAreRemovedAndNothingElse() throws IOException {
        compress(FIFTH, WalCompression.gzip());
        put(FIFTH, "");
        put(SIXTH, "");
        put(SEVENTH, ".partial");
        for (String name : List.of(SIXTH.name() + ".gz.tmp", "00000002.history.tmp", "mine.tmp", "mine")) {
            Files.writeString(folder.resolve(name), "half");
        }

        received.removeLeftovers();

        assertThat(ReceivedLog.names(folder))
                .containsExactly(FIFTH.name() + ".gz", SIXTH.name(), SEVENTH.name() + ".partial", "mine", "mine.tmp");
    }

    // What is given back

    @Test
    void eachFormIsRestoredAsTheServerHasIt() throws IOException {
        WalCompression own = WalCompression.of(".zlib", DeflaterOutputStream::new, InflaterInputStream::new);
        WalFolder with = WalFolder.open(folder, own);
        byte[] fifth = compress(FIFTH, WalCompression.gzip(9));
        byte[] sixth = compress(SIXTH, own);
        byte[] seventh = Files.readAllBytes(put(SEVENTH, ""));
        Files.writeString(folder.resolve("00000002.history"), "1\t0/7000000\n");
        Path target = elsewhere.resolve("RECOVERYXLOG");

        assertThat(with.restore(FIFTH.name(), target)).isTrue();
        assertThat(target).hasBinaryContent(fifth);
        assertThat(with.restore(SIXTH.name(), target)).isTrue();
        assertThat(target).hasBinaryContent(sixth);
        assertThat(with.restore(SEVENTH.name(), target)).isTrue();
        assertThat(target).hasBinaryContent(seventh);
        assertThat(with.restore("00000002.history", target)).isTrue();
        assertThat(target).hasContent("1\t0/7000000\n");
        assertThat(received.restore(SIXTH.name(), target)).isFalse();
        assertThat(ReceivedLog.names(elsewhere)).containsExactly("RECOVERYXLOG");
        assertThat(with.restoreAll(elsewhere)).isEqualTo(4);
        assertThat(elsewhere.resolve(SIXTH.name())).hasBinaryContent(sixth);
    }

    @Test
    void aPartIsRestoredInItsWholeSizeUnlessNothingHadCome() throws IOException {
        byte[] part = new byte[10_000];
        System.arraycopy(ReceivedLog.page(FIFTH, SYSTEM, ByteOrder.LITTLE_ENDIAN), 0, part, 0, 8192);
        Files.write(folder.resolve(FIFTH.name() + ".partial"), part);
        Files.write(folder.resolve(SIXTH.name() + ".partial"), new byte[SIZE]);
        Path target = elsewhere.resolve("RECOVERYXLOG");

        assertThat(received.restore(FIFTH.name(), target)).isTrue();

        assertThat(target).hasSize(SIZE);
        assertThat(Files.readAllBytes(target)).startsWith(part).endsWith(new byte[100]);
        assertThat(received.restore(SIXTH.name(), target)).isFalse();
        assertThat(target).hasSize(SIZE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "secret",
                "",
                ".",
                "000000010000000000000005/../../secret",
                "000000010000000000000005.partial",
                "00000002.history.tmp",
                "000000010000000000000008",
                "00000009.history"
            })
    void whatIsNotThereOrNoFileOfTheLogIsNotGiven(String name) throws IOException {
        put(FIFTH, "");
        Files.writeString(folder.resolve("secret"), "secret");
        Files.writeString(folder.resolve("00000002.history.tmp"), "half");
        Path target = elsewhere.resolve("RECOVERYXLOG");

        assertThat(received.restore(name, target)).isFalse();
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void whatIsDamagedIsNotGivenAndLeavesNothing() throws IOException {
        compress(FIFTH, WalCompression.gzip());
        Path compressed = folder.resolve(FIFTH.name() + ".gz");
        byte[] bytes = Files.readAllBytes(compressed);
        byte[] cut = new byte[bytes.length / 2];
        System.arraycopy(bytes, 0, cut, 0, cut.length);
        Files.write(compressed, cut);
        Files.write(folder.resolve(SIXTH.name()), new byte[12_345]);
        Path target = elsewhere.resolve("RECOVERYXLOG");

        for (WalSegment each : List.of(FIFTH, SIXTH)) {
            assertThatThrownBy(() -> received.restore(each.name(), target))
                    .isInstanceOfSatisfying(
                            BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
                    .hasMessageContaining(each.name());
        }
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aBombIsNotUnpackedBeyondASegment() throws IOException {
        WalCompression bomb = WalCompression.of(".bomb", out -> out, in -> new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return length;
            }
        });
        Files.writeString(folder.resolve(FIFTH.name() + ".bomb"), "small");

        assertThatThrownBy(() -> WalFolder.open(folder, bomb).restore(FIFTH.name(), elsewhere.resolve("RECOVERYXLOG")))
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED));
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void whatAKilledReceiverHadNotCompressedIsFound() throws IOException {
        assertThat(received.leftUncompressed(2)).isEmpty();
        Path older = put(FIFTH, "");
        compress(SIXTH, WalCompression.gzip());
        assertThat(received.leftUncompressed(2)).isEmpty();
        Path first = put(SEVENTH, "");
        Path second = put(SEVENTH.next(), "");
        put(SEVENTH.next().next(), ".partial");
        assertThat(received.leftUncompressed(2)).containsExactly(first, second).doesNotContain(older);
        assertThat(received.leftUncompressed(1)).isEmpty();
        Files.writeString(second, "half");
        assertThatThrownBy(() -> received.leftUncompressed(2))
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
                .hasMessageContaining(SEVENTH.next().name());
    }

    @Test
    void aTargetThatCannotBeWrittenIsNamed() throws IOException {
        put(FIFTH, "");
        Path target = elsewhere.resolve("nowhere").resolve("RECOVERYXLOG");

        assertThatThrownBy(() -> received.restore(FIFTH.name(), target))
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FILE_FAILED))
                .hasMessageContaining(target.toString());
    }
}
