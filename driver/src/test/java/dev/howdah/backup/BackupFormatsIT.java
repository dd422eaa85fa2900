package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.howdah.backup.VerifyReport.Kind;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.InstalledTools;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.ReachableFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL's own programs write is read here, and what is written here they take. */
@Timeout(180)
class BackupFormatsIT {

    private static final int VERSION = 15;

    private static PostgresServer server;
    private static ReachableFolder files;

    @TempDir
    Path temp;

    @BeforeAll
    static void startServer() {
        assumeTrue(InstalledTools.find("pg_basebackup", VERSION).isPresent(), "pg_basebackup 15 is not installed");
        server = PostgresServer.start(VERSION);
        files = ReachableFolder.create();
        try (AdminSession admin = server.admin()) {
            admin.execute("create tablespace elsewhere location '" + files.folder("elsewhere") + "'");
            admin.execute("create table kept tablespace elsewhere as select generate_series(1, 1000) id");
        }
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
            files.close();
        }
    }

    /** Has pg_basebackup take a backup. */
    private Path taken(String... options) throws IOException, InterruptedException {
        Path folder = temp.resolve("backup");
        List<String> all = new ArrayList<>(List.of(
                "--dbname=" + server.dsn("postgres"),
                "--pgdata=" + folder,
                "--checkpoint=fast",
                "--tablespace-mapping=" + files.path().resolve("elsewhere") + "=" + temp.resolve("elsewhere")));
        all.addAll(List.of(options));
        InstalledTools.Run run = run("pg_basebackup", all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.output()).isZero();
        return folder;
    }

    private static InstalledTools.Run run(String program, String... arguments)
            throws IOException, InterruptedException {
        Optional<Path> found = InstalledTools.find(program, VERSION);
        return InstalledTools.run(found.orElseThrow(), arguments);
    }

    private static void isSound(VerifyReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.files()).isGreaterThan(900);
        assertThat(report.walRecords()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--format=plain",
                "--format=plain --wal-method=fetch",
                "--format=tar",
                "--format=tar --wal-method=fetch",
                "--format=tar --gzip",
                "--format=tar --compress=server-gzip --wal-method=fetch",
                "--format=tar --manifest-force-encode"
            })
    void aBackupOfPgBasebackupIsSound(String options) throws IOException, InterruptedException {
        isSound(BackupVerifier.DEFAULT.verify(taken(options.split(" "))));
    }

    @ParameterizedTest
    @EnumSource
    void aManifestIsReadWithEachChecksumAndWrittenAgainToTheByte(ChecksumAlgorithm algorithm)
            throws IOException, InterruptedException {
        Path folder = taken("--format=plain", "--manifest-checksums=" + algorithm);
        isSound(BackupVerifier.DEFAULT.verify(folder));
        BackupManifest read = BackupManifest.read(folder);
        assertThat(read.files()).allMatch(file -> file.algorithm() == algorithm);

        ByteArrayOutputStream written = new ByteArrayOutputStream();
        ManifestWriter.write(written, OptionalLong.empty(), read.files(), read.walRanges());

        assertThat(written.toByteArray()).isEqualTo(Files.readAllBytes(folder.resolve(BackupManifest.FILE_NAME)));
    }

    @Test
    void aManifestThatWasMadeHereIsTakenByPgVerifybackup() throws IOException, InterruptedException {
        Path folder = taken("--format=plain", "--manifest-checksums=none");
        BackupManifest given = BackupManifest.read(folder);
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            List<ManifestFile> summed = new ArrayList<>();
            for (ManifestFile each : given.files()) {
                byte[] content = Files.readAllBytes(folder.resolve(each.path()));
                ChecksumAlgorithm.Running sum = algorithm.begin();
                sum.update(content, 0, content.length);
                summed.add(new ManifestFile(each.path(), content.length, each.modified(), algorithm, sum.hex()));
            }
            try (OutputStream out = Files.newOutputStream(folder.resolve(BackupManifest.FILE_NAME))) {
                ManifestWriter.write(out, OptionalLong.empty(), summed, given.walRanges());
            }
            InstalledTools.Run run = run("pg_verifybackup", folder.toString());
            assertThat(run.output()).contains("backup successfully verified");
            isSound(BackupVerifier.DEFAULT.verify(folder));
        }
    }

    /** What somebody may do to a backup. */
    private enum Damage {
        CHANGED(folder -> {
            try (RandomAccessFile file =
                    new RandomAccessFile(folder.resolve("PG_VERSION").toFile(), "rw")) {
                file.write('9');
            }
        }),
        LONGER(folder -> Files.write(folder.resolve("global/pg_filenode.map"), new byte[513])),
        GONE(folder -> Files.delete(folder.resolve("base/1/pg_filenode.map"))),
        MORE(folder -> Files.writeString(folder.resolve("base/1/more"), "x")),
        NO_LOG(folder -> Files.walk(folder.resolve("pg_wal"), 1)
                .filter(Files::isRegularFile)
                .forEach(file -> assertThat(file.toFile().delete()).isTrue()));

        interface Deed {
            void on(Path folder) throws IOException;
        }

        private final Deed deed;

        Damage(Deed deed) {
            this.deed = deed;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatPgVerifybackupFindsIsFoundHere(Damage damage) throws IOException, InterruptedException {
        Path folder = taken("--format=plain");
        damage.deed.on(folder);

        InstalledTools.Run run = run("pg_verifybackup", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        VerifyReport report = BackupVerifier.DEFAULT.verify(folder);
        assertThat(report.problems()).hasSize(1);
        Kind expected = switch (damage) {
            case CHANGED -> Kind.CHECKSUM;
            case LONGER -> Kind.SIZE;
            case GONE -> Kind.MISSING;
            case MORE -> Kind.EXTRA;
            case NO_LOG -> Kind.WAL;
        };
        assertThat(report.problems().getFirst().kind()).isEqualTo(expected);
    }

    @Test
    void anArchiveOfPgBasebackupIsWrittenAgainToTheByteButForItsOwner() throws IOException, InterruptedException {
        Path archive = taken("--format=tar").resolve("base.tar");
        byte[] original = Files.readAllBytes(archive);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(written);

        TarReader reader = new TarReader("base.tar", new TarHandler() {
            @Override
            public void begin(TarEntry entry) throws IOException {
                writer.begin(entry);
            }

            @Override
            public void data(byte[] bytes, int offset, int length) throws IOException {
                writer.write(bytes, offset, length);
            }

            @Override
            public void end() {}
        });
        reader.accept(original, 0, original.length);
        reader.end();
        writer.finish();

        assertThat(reader.isEnded()).isTrue();
        assertThat(Arrays.mismatch(withoutOwners(written.toByteArray()), withoutOwners(original)))
                .as("first byte that differs of %d and %d", written.size(), original.length)
                .isEqualTo(-1);
    }

    /** Blanks what names the owner in each header, and the checksum; names begin without {@code ./}. */
    private static byte[] withoutOwners(byte[] archive) {
        byte[] blank = archive.clone();
        int at = 0;
        while (at + 512 <= blank.length && blank[at] != 0) {
            int size = Integer.parseInt(new String(blank, at + 124, 11, StandardCharsets.US_ASCII), 8);
            Arrays.fill(blank, at + 108, at + 124, (byte) 0);
            Arrays.fill(blank, at + 148, at + 156, (byte) 0);
            Arrays.fill(blank, at + 265, at + 329, (byte) 0);
            if (blank[at] == '.') {
                // Servers write ./pg_wal/archive_status.
                System.arraycopy(blank, at + 2, blank, at, 98);
            }
            at += 512 + (size + 511) / 512 * 512;
        }
        return blank;
    }
}
