package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.type.Lsn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests, written and read back; and those that no server wrote. */
class BackupManifestTest {

    private static final Instant MODIFIED = Instant.parse("2024-02-29T23:59:58Z");
    private static final List<WalRange> RANGES = List.of(
            new WalRange(2, Lsn.parse("1/2000028"), Lsn.parse("1/2000100")),
            new WalRange(1, Lsn.parse("0/FF000028"), Lsn.parse("1/2000028")));

    @TempDir
    Path folder;

    private static ManifestFile described(String path) {
        return new ManifestFile(path, 42, MODIFIED, ChecksumAlgorithm.CRC32C, "2d4d8e07");
    }

    private static String text(OptionalLong system, ManifestFile... files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ManifestWriter.write(out, system, List.of(files), RANGES);
        return out.toString(StandardCharsets.UTF_8);
    }

    private BackupManifest read(String text) throws IOException {
        return BackupManifest.read(Files.writeString(folder.resolve(BackupManifest.FILE_NAME), text));
    }

    /** Returns the text with a checksum that fits. */
    private static String summed(String text) {
        String before = text.substring(0, text.lastIndexOf("\"Manifest-Checksum"));
        byte[] bytes = before.getBytes(StandardCharsets.UTF_8);
        ChecksumAlgorithm.Running sum = ChecksumAlgorithm.SHA256.begin();
        sum.update(bytes, 0, bytes.length);
        return before + "\"Manifest-Checksum\": \"" + sum.hex() + "\"}\n";
    }

    private void refuses(String text, String why) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.DAMAGED))
                .hasMessageContaining(BackupManifest.FILE_NAME)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadBackWithEachChecksum(ChecksumAlgorithm algorithm) throws IOException {
        ChecksumAlgorithm.Running sum = algorithm.begin();
        sum.update("page".getBytes(StandardCharsets.US_ASCII), 0, 4);
        ManifestFile file = new ManifestFile("base/5/\"2\\3\" é", 1L << 40, MODIFIED, algorithm, sum.hex());

        BackupManifest manifest = read(text(OptionalLong.of(-2), file, described("PG_VERSION")));

        assertThat(manifest.version()).isEqualTo(2);
        assertThat(manifest.systemIdentifier()).hasValue(-2);
        assertThat(manifest.files()).containsExactly(file, described("PG_VERSION"));
        assertThat(manifest.file("PG_VERSION")).isEqualTo(described("PG_VERSION"));
        assertThat(manifest.file("PG_VERSIONS")).isNull();
        assertThat(manifest.walRanges()).isEqualTo(RANGES);
    }

    @Test
    void theFirstVersionHasNoSystemIdentifier() throws IOException {
        BackupManifest manifest = read(text(OptionalLong.empty()));

        assertThat(manifest.version()).isEqualTo(1);
        assertThat(manifest.systemIdentifier()).isEmpty();
        assertThat(manifest.files()).isEmpty();
    }

    @Test
    void anEncodedPathIsReadWhateverItsBytes() throws IOException {
        String text = text(OptionalLong.empty(), described("one"), described("two"))
                .replace("\"Path\": \"one\"", "\"Encoded-Path\": \"6f6e65\"")
                .replace("\"Path\": \"two\"", "\"Encoded-Path\": \"74ff6f\"");

        assertThat(read(summed(text)).files()).containsExactly(described("one"), described("t\ufffdo"));
    }

    @Test
    void aChecksumOfAMachineWithTheOtherOrderOfBytesIsThatOfTheFileToo() {
        assertThat(described("x").hasChecksum("2d4d8e07")).isTrue();
        assertThat(described("x").hasChecksum("078e4d2d")).isTrue();
        assertThat(described("x").hasChecksum("2d4d078e")).isFalse();
        String sha = "0123456789abcdef".repeat(4);
        ManifestFile strict = new ManifestFile("x", 1, MODIFIED, ChecksumAlgorithm.SHA256, sha);
        assertThat(strict.hasChecksum(sha)).isTrue();
        assertThat(strict.hasChecksum("efcdab8967452301".repeat(4))).isFalse();
    }

    @Test
    void everyChangedByteIsNoticed() throws IOException {
        byte[] good = text(OptionalLong.of(7), described("PG_VERSION")).getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < good.length; at++) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            Path file = Files.write(folder.resolve("changed"), changed);
            assertThatThrownBy(() -> BackupManifest.read(file))
                    .as("byte %d", at)
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.DAMAGED));
        }
    }

    @Test
    void aManifestThatIsCutAnywhereIsNoManifest() throws IOException {
        byte[] good = text(OptionalLong.of(7), described("PG_VERSION")).getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut < good.length; cut++) {
            Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(good, cut));
            assertThatThrownBy(() -> BackupManifest.read(file))
                    .as("cut at %d", cut)
                    .isInstanceOf(BackupException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/passwd", "base/../../x", "base//1", "", "a\\u0000b", "a\\nb"})
    void aPathThatLeadsOutOfTheBackupIsRefused(String path) throws IOException {
        refuses(summed(text(OptionalLong.empty(), described("PATH")).replace("PATH", path)), "which is not taken");
    }

    @Test
    void whatNoServerWritesIsRefused() throws IOException {
        String good = text(OptionalLong.of(7), described("PG_VERSION"));
        refuses(summed(good.replace("Version\": 2", "Version\": 3")), "a version that is known here but 3");
        refuses(summed(good.replace("Version\": 2", "Version\": 0")), "version");
        refuses(summed(good.replace("\"System-Identifier\": 7,\n", "")), "which system");
        refuses(summed(good.replace("System-Identifier\": 7", "System-Identifier\": 18446744073709551616")), "number");
        refuses(summed(good.replace("CRC32C", "MD5")), "MD5");
        refuses(summed(good.replace("\"2d4d8e07\"", "\"2d4d8e\"")), "the checksum of 'PG_VERSION'");
        refuses(summed(good.replace("\"2d4d8e07\"", "\"2d4d8e0x\"")), "the checksum of 'PG_VERSION'");
        refuses(summed(good.replace("\"Size\": 42", "\"Size\": -42")), "number");
        refuses(summed(good.replace("\"Size\": 42", "\"Size\": 9223372036854775808")), "a size");
        refuses(summed(good.replace("\"Size\": 42, ", "")), "no path or no size");
        refuses(summed(good.replace("\"Size\": 42", "\"Extra\": \"1\"")), "'Extra'");
        refuses(summed(good.replace("\"WAL-Ranges\"", "\"Ranges\"")), "'Ranges'");
        refuses(summed(good.replace("23:59:58", "24:59:58")), "a time");
        refuses(summed(good.replace("1/2000028", "1/2000G28")), "a place in the log");
        refuses(summed(good.replace("\"1/2000100\"", "\"0/2000100\"")), "a range of the log");
        refuses(summed(good.replace("\"Timeline\": 2", "\"Timeline\": 0")), "a range of the log");
        refuses(good.replace("\"Manifest-Checksum\": \"", "\"Manifest-Checksum\": \"0"), "its checksum is");
        refuses("[]\n[]\n", "object");
        refuses("", "line for its checksum");
        String twice = text(OptionalLong.empty(), described("PG_VERSION"), described("PG_VERSION"));
        refuses(twice, "twice");
    }

    @Test
    void aStringOrNestingWithoutEndTakesNoMemory() {
        refuses("{ \"" + "x".repeat(1 << 20) + "\": 1,\n}\n", "longer than");
        refuses("{ \"PostgreSQL-Backup-Manifest-Version\": " + "1".repeat(1 << 20) + ",\n}\n", "number is too long");
        refuses("{ \"PostgreSQL-Backup-Manifest-Version\": 1, \"Files\": " + "[".repeat(1 << 20) + "\n}\n", "object");
    }

    @Test
    void rubbishIsRefusedAndNeverAnotherFailure() throws IOException {
        byte[] good = text(OptionalLong.of(7), described("PG_VERSION")).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            byte[] changed = good.clone();
            for (int j = 0; j <= i % 5; j++) {
                changed[random.nextInt(changed.length)] =
                        (byte) (i % 2 == 0 ? random.nextInt(256) : "\"{}[],:\\0".charAt(random.nextInt(9)));
            }
            Path file = Files.write(folder.resolve("rubbish"), changed);
            try {
                assertThat(Arrays.equals(changed, good) || BackupManifest.read(file) == null)
                        .isTrue();
            } catch (BackupException e) {
                assertThat(e.reason()).isEqualTo(Reason.DAMAGED);
            }
        }
    }

    @Test
    void aFolderWithoutManifestOrWithTheMarkOfAnUnfinishedBackupSaysSo() throws IOException {
        assertThatThrownBy(() -> BackupManifest.read(folder))
                .isInstanceOfSatisfying(
                        BackupException.class, none -> assertThat(none.reason()).isEqualTo(Reason.UNFINISHED))
                .hasMessageContaining(folder.toString());
        read(text(OptionalLong.empty()));
        assertThat(BackupManifest.read(folder).files()).isEmpty();
        PartMarker.write(folder, List.of(folder.resolve("tablespace")));
        assertThat(folder.resolve(PartMarker.NAME))
                .content()
                .contains(folder.resolve("tablespace").toString());
        assertThatThrownBy(() -> BackupManifest.read(folder)).hasMessageContaining("never finished");
        PartMarker.delete(folder);
        assertThat(BackupManifest.read(folder).files()).isEmpty();
        assertThatThrownBy(() -> BackupManifest.read(folder.resolve("nowhere")))
                .isInstanceOfSatisfying(
                        BackupException.class, none -> assertThat(none.reason()).isEqualTo(Reason.FILE_FAILED));
    }
}
