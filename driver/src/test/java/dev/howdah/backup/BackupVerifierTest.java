package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.backup.VerifyReport.Kind;
import dev.howdah.backup.VerifyReport.Problem;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.InterruptedWaitException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups that are what they should be, and those that are not. */
class BackupVerifierTest {

    @TempDir
    Path temp;

    private final MadeUpBackup made = new MadeUpBackup();
    private Path folder;
    private Path tablespace;

    @BeforeEach
    void place() {
        folder = temp.resolve("backup");
        tablespace = temp.resolve("tablespace");
    }

    private VerifyReport verify() {
        return BackupVerifier.DEFAULT.verify(folder);
    }

    private static void isSound(VerifyReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.isSound()).isTrue();
    }

    private static void finds(VerifyReport report, Kind kind, String path) {
        assertThat(report.isSound()).isFalse();
        assertThat(report.problemCount()).isEqualTo(1);
        Problem problem = report.problems().getFirst();
        assertThat(problem.kind()).as(problem.text()).isEqualTo(kind);
        assertThat(problem.path()).isEqualTo(path);
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            int value = open.read();
            open.seek(at);
            open.write(value ^ 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBackupThatIsWhatTheServerSentIsSound(ChecksumAlgorithm algorithm) throws IOException {
        made.algorithm = algorithm;
        made.into(folder, tablespace);

        VerifyReport report = verify();

        isSound(report);
        assertThat(report.files()).isEqualTo(made.files.size() - 1);
        assertThat(report.bytes())
                .isEqualTo(made.files.values().stream()
                                .mapToLong(each -> each.length)
                                .sum()
                        - made.files.get("postgresql.auto.conf").length);
        assertThat(report.walRecords()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz"})
    void aBackupInArchivesIsSoundWhereverTheLogIs(String suffix) throws IOException {
        isSound(BackupVerifier.DEFAULT.verify(made.archived(temp.resolve("own"), suffix, true)));
        VerifyReport report = BackupVerifier.DEFAULT.verify(made.archived(temp.resolve("within"), suffix, false));
        isSound(report);
        assertThat(report.walRecords()).isEqualTo(2);
        assertThat(report.files()).isEqualTo(made.files.size() - 1);
    }

    @Test
    void everyFileIsComparedByteForByte() throws IOException {
        made.into(folder, tablespace);
        for (String path : made.files.keySet()) {
            if (path.equals("postgresql.auto.conf")) {
                continue;
            }
            Path file = folder.resolve(path);
            flip(file, Files.size(file) - 1);
            finds(verify(), Kind.CHECKSUM, path);
            isSound(BackupVerifier.DEFAULT.withoutChecksums().verify(folder));
            flip(file, Files.size(file) - 1);
        }
        isSound(verify());
    }

    @Test
    void aFileThatIsMissingOrLongerOrTooManyIsFound() throws IOException {
        made.into(folder, tablespace);
        Path file = folder.resolve("base/5/1259");
        Files.write(file, Arrays.copyOf(made.files.get("base/5/1259"), 8192));
        finds(verify(), Kind.SIZE, "base/5/1259");
        finds(BackupVerifier.DEFAULT.withoutChecksums().verify(folder), Kind.SIZE, "base/5/1259");
        Files.delete(file);
        finds(verify(), Kind.MISSING, "base/5/1259");
        isSound(BackupVerifier.DEFAULT.ignore("base/5/1259").verify(folder));
        isSound(BackupVerifier.DEFAULT.ignore("base/").verify(folder));
        Files.write(file, made.files.get("base/5/1259"));
        Path extra =
                Files.writeString(Files.createDirectories(folder.resolve("log")).resolve("log"), "x");
        finds(verify(), Kind.EXTRA, "log/log");
        isSound(BackupVerifier.DEFAULT.ignore("log").verify(folder));
        Files.delete(extra);
        isSound(verify());
        Files.delete(tablespace.resolve("PG_17_202406281/5/16385"));
        finds(verify(), Kind.MISSING, MadeUpBackup.IN_TABLESPACE);
    }

    @Test
    void whatAServerOrItsOwnerMayChangeIsNotCompared() throws IOException {
        made.into(folder, tablespace);
        Files.writeString(folder.resolve("postgresql.auto.conf"), "primary_conninfo = 'host=x'\n");
        Files.writeString(folder.resolve("standby.signal"), "");
        Files.writeString(folder.resolve("recovery.signal"), "");
        Files.writeString(folder.resolve("pg_wal/archive_status/x.done"), "");

        isSound(verify());
    }

    @Test
    void aLinkIsNoFileAndLeadsNowhereButToATablespace() throws IOException {
        made.into(folder, tablespace);
        Path linked = folder.resolve("base/5/1259");
        Path moved = Files.move(linked, temp.resolve("moved"));
        Files.createSymbolicLink(linked, moved);

        assertThat(verify().problems()).extracting(Problem::kind).containsExactly(Kind.EXTRA, Kind.MISSING);
    }

    @Test
    void aBackupThatWasNeverFinishedIsNoneAndSaysSo() throws IOException {
        made.into(folder, tablespace);
        PartMarker.write(folder, List.of(tablespace));
        assertThatThrownBy(this::verify)
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNFINISHED))
                .hasMessageContaining(folder.toString());
        PartMarker.delete(folder);
        isSound(verify());
        flip(folder.resolve(BackupManifest.FILE_NAME), 100);
        assertThatThrownBy(this::verify)
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED));
    }

    @Test
    void theControlFileIsOfTheSystemThatTheManifestIsOf() throws IOException {
        made.files.put("global/pg_control", MadeUpBackup.control(5));
        made.into(folder, tablespace);
        finds(verify(), Kind.SYSTEM, "global/pg_control");
        finds(
                BackupVerifier.DEFAULT.verify(made.archived(temp.resolve("archived"), "", true)),
                Kind.SYSTEM,
                "global/pg_control");
        made.system = OptionalLong.empty();
        isSound(BackupVerifier.DEFAULT.verify(made.archived(temp.resolve("older"), "", true)));
    }

    @Test
    void theLogIsLookedAtRecordByRecord() throws IOException {
        made.into(folder, tablespace);
        String second = made.segments.keySet().stream().sorted().toList().get(1);
        Path segment = folder.resolve("pg_wal").resolve(second);
        flip(segment, 5000);
        VerifyReport broken = verify();
        finds(broken, Kind.WAL, "pg_wal");
        assertThat(broken.problems().getFirst().text()).contains("has not its checksum");
        isSound(BackupVerifier.DEFAULT.withoutWal().verify(folder));
        flip(segment, 5000);
        isSound(verify());
        Files.write(segment, Arrays.copyOf(made.segments.get(second), 6000));
        finds(verify(), Kind.WAL, "pg_wal");
        Files.delete(segment);
        VerifyReport missing = verify();
        finds(missing, Kind.WAL, "pg_wal");
        assertThat(missing.problems().getFirst().text()).contains("segment " + second);
    }

    @Test
    void theLogMayBeInAFolderOfItsOwnCompressedOrPartial() throws IOException {
        made.into(folder, tablespace);
        Path received = Files.createDirectory(temp.resolve("received"));
        List<String> names = made.segments.keySet().stream().sorted().toList();
        for (String name : names) {
            Files.delete(folder.resolve("pg_wal").resolve(name));
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(received.resolve(names.get(0) + ".gz")))) {
            out.write(made.segments.get(names.get(0)));
        }
        Files.write(received.resolve(names.get(1) + ".partial"), made.segments.get(names.get(1)));

        finds(verify(), Kind.WAL, "pg_wal");
        isSound(BackupVerifier.DEFAULT.walFolder(received).verify(folder));
        finds(BackupVerifier.DEFAULT.walFolder(temp).verify(folder), Kind.WAL, "pg_wal");
        Path archived = made.archived(temp.resolve("archived"), "", true);
        Files.delete(archived.resolve("pg_wal.tar"));
        finds(BackupVerifier.DEFAULT.verify(archived), Kind.WAL, "pg_wal");
        isSound(BackupVerifier.DEFAULT.walFolder(received).verify(archived));
    }

    @Test
    void theLogInAnArchiveIsReadInWhateverOrderItIs() throws IOException {
        Path archived = made.archived(folder, "", true);
        Files.delete(archived.resolve("pg_wal.tar"));
        try (OutputStream out = Files.newOutputStream(archived.resolve("pg_wal.tar"))) {
            TarWriter tar = new TarWriter(out);
            for (String name : made.segments.keySet().stream().sorted().toList().reversed()) {
                tar.file(name, Objects.requireNonNull(made.segments.get(name)), 0600, 0);
            }
            tar.finish();
        }
        isSound(verify());
    }

    @Test
    void ofAnArchiveThatCannotBeDecompressedOnlyThatIsSaid() throws IOException {
        made.archived(folder, "", true);
        Files.move(folder.resolve("base.tar"), folder.resolve("base.tar.lz4"));
        VerifyReport report = verify();
        finds(report, Kind.UNREADABLE, "base.tar.lz4");
        assertThat(report.problemCount()).isOne();
        assertThat(report.isSound()).isFalse();
    }

    @Test
    void whatIsWrongInAnArchiveIsFound() throws IOException {
        made.archived(folder, "", true);
        Path base = folder.resolve("base.tar");
        byte[] good = Files.readAllBytes(base);
        // In the data of the first table: a header, the folder's, and those of PG_VERSION and backup_label come before.
        flip(base, 512 + 1024 + 1024 + 512 + 100);
        finds(verify(), Kind.CHECKSUM, "base/5/1259");
        Files.write(base, Arrays.copyOf(good, good.length - 12_000));
        assertThat(verify().problems()).extracting(Problem::kind).contains(Kind.UNREADABLE, Kind.MISSING, Kind.SYSTEM);
        Files.write(base, good);
        isSound(verify());
        flip(base, 512);
        assertThat(verify().problems().getFirst().kind()).isEqualTo(Kind.UNREADABLE);
        Files.write(base, good);
        Files.writeString(folder.resolve("notes.txt"), "x");
        finds(verify(), Kind.EXTRA, "notes.txt");
        Files.delete(folder.resolve("notes.txt"));
        Files.copy(folder.resolve("16384.tar"), folder.resolve("16385.tar"));
        finds(verify(), Kind.EXTRA, "pg_tblspc/16385/PG_17_202406281/5/16385");
        Files.delete(folder.resolve("16385.tar"));
        Files.delete(folder.resolve("16384.tar"));
        finds(verify(), Kind.MISSING, MadeUpBackup.IN_TABLESPACE);
    }

    @Test
    void aCompressedArchiveThatIsCutOrOfAnUnknownFormIsUnreadable() throws IOException {
        made.archived(folder, ".gz", true);
        Path archive = folder.resolve("16384.tar.gz");
        byte[] good = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(good, good.length / 2));
        assertThat(verify().problems()).extracting(Problem::kind).contains(Kind.UNREADABLE);
        Files.write(archive, new byte[] {1, 2, 3});
        assertThat(verify().problems()).extracting(Problem::kind).contains(Kind.UNREADABLE, Kind.MISSING);
        Files.write(archive, good);
        Files.move(archive, folder.resolve("16384.tar.odd"));
        assertThat(verify().problems().getFirst().text()).contains("'.odd'");
        BackupVerifier knowing = BackupVerifier.DEFAULT.decompressor(".odd", GZIPInputStream::new);
        isSound(knowing.verify(folder));
    }

    @Test
    void progressGoesToTheEndAndWhatItThrowsComesOut() throws IOException {
        made.into(folder, tablespace);
        List<Long> told = new ArrayList<>();
        long[] all = {0};
        BackupVerifier.DEFAULT
                .onProgress((bytes, total) -> {
                    told.add(bytes);
                    all[0] = total;
                })
                .verify(folder);
        assertThat(told).isSorted();
        assertThat(told.getLast()).isEqualTo(all[0]).isPositive();
        IllegalStateException mine = new IllegalStateException("enough");
        assertThatThrownBy(() -> BackupVerifier.DEFAULT
                        .onProgress((bytes, total) -> {
                            throw mine;
                        })
                        .verify(folder))
                .isSameAs(mine);
    }

    @Test
    void anInterruptEndsIt() throws IOException {
        made.into(folder, tablespace);
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::verify).isInstanceOf(InterruptedWaitException.class);
        assertThat(Thread.interrupted()).isTrue();
        BackupVerifier interrupting = BackupVerifier.DEFAULT.onProgress(
                (bytes, total) -> Thread.currentThread().interrupt());
        assertThatThrownBy(() -> interrupting.verify(folder)).isInstanceOf(InterruptedWaitException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void tenThousandProblemsAreKeptAndMoreAreCounted() throws IOException {
        made.into(folder, tablespace);
        Path many = Files.createDirectory(folder.resolve("many"));
        for (int i = 0; i < 10_050; i++) {
            Files.createFile(many.resolve("f" + i));
        }
        VerifyReport report = BackupVerifier.DEFAULT.verify(folder);
        assertThat(report.problems()).hasSize(10_000);
        assertThat(report.problemCount()).isEqualTo(10_050);
    }

    @Test
    void optionsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> BackupVerifier.DEFAULT.ignore("../x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BackupVerifier.DEFAULT.decompressor("zst", FilterIn::new))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static final class FilterIn extends FilterInputStream {
        FilterIn(InputStream in) {
            super(in);
        }
    }
}
