package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.howdah.ConnectOptions;
import dev.howdah.backup.BackupProgress.Phase;
import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.testkit.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder of a backup: what it has to be before, what it looks like between, and to whom it belongs. */
class BackupFoldersIT {

    private static PostgresServer primary;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        primary = PostgresServer.start(18);
    }

    @AfterAll
    static void stop() {
        primary.close();
    }

    private static ConnectOptions options() {
        return ConnectOptions.parse(primary.dsn("postgres"));
    }

    private Path target() {
        return folder.resolve("backup");
    }

    @Test
    void aFolderThatWasThereBeforeIsEmptyAgain() throws IOException {
        Files.createDirectory(target());
        BackupOptions how = Backups.FAST.progress(said -> {
            if (said.current().equals("PG_VERSION")) {
                throw new IllegalStateException("enough");
            }
        });
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> BaseBackup.toFolder(options(), how, target()));
        assertThat(Backups.left(folder)).containsExactly("backup");
    }

    @Test
    void aFolderWithSomethingInItIsLeftAlone() throws IOException {
        Files.createDirectory(target());
        Files.writeString(target().resolve("mine"), "precious");
        for (boolean tar : new boolean[] {false, true}) {
            assertThatExceptionOfType(BackupException.class)
                    .isThrownBy(() -> Backups.take(tar, options(), Backups.FAST, target()))
                    .matches(e -> e.reason() == Reason.FOLDER_IN_USE)
                    .withMessageContaining(target().toString());
        }
        assertThat(Backups.left(folder)).containsExactly("backup", "backup/mine");
    }

    @Test
    void aFileInThePlaceOfTheFolderIsAClearError() throws IOException {
        Files.writeString(target(), "precious");
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(() -> BaseBackup.toFolder(options(), Backups.FAST, target()))
                .matches(e -> e.reason() == Reason.FOLDER_IN_USE);
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(() -> BaseBackup.toFolder(options(), Backups.FAST, target().resolve("below")))
                .matches(e -> e.reason() == Reason.FILE_FAILED)
                .withMessageContaining("below");
        assertThat(Backups.left(folder)).containsExactly("backup");
    }

    /** As a program leaves it that was killed: marked, and without a control file. */
    @Test
    void whatAKilledProgramLeavesIsNoBackupAndGivesWayToTheNext() throws IOException {
        AtomicBoolean looked = new AtomicBoolean();
        Path copy = folder.resolve("left");
        BaseBackup.toFolder(
                options(),
                Backups.FAST.progress(said -> {
                    if (said.phase() == Phase.LOG && looked.compareAndSet(false, true)) {
                        assertThat(target().resolve("global/pg_control")).doesNotExist();
                        assertThat(target().resolve("backup_manifest")).doesNotExist();
                        assertThat(target().resolve(PartMarker.NAME)).exists();
                        copy(target(), copy);
                    }
                }),
                target());
        assertThat(looked).isTrue();
        BaseBackup.toFolder(options(), Backups.FAST, copy);
        assertThat(copy.resolve("global/pg_control")).exists();
        assertThat(copy.resolve(PartMarker.NAME)).doesNotExist();
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileThatOnlyHasTheNameOfTheMarkIsSomebodysOwn() throws IOException {
        Files.createDirectory(target());
        Files.writeString(target().resolve(PartMarker.NAME), "half of a download");
        Files.writeString(target().resolve("mine"), "precious");
        for (boolean tar : new boolean[] {false, true}) {
            assertThatExceptionOfType(BackupException.class)
                    .isThrownBy(() -> Backups.take(tar, options(), Backups.FAST, target()))
                    .matches(e -> e.reason() == Reason.FOLDER_IN_USE);
        }
        assertThat(Backups.left(folder))
                .containsExactlyInAnyOrder("backup", "backup/mine", "backup/" + PartMarker.NAME);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBackupThatIsBeingWrittenIsNotTakenForOneThatNeverWasFinished(boolean tar) {
        AtomicReference<Throwable> refused = new AtomicReference<>();
        BackupOptions how = Backups.FAST.progress(said -> {
            if (said.phase() == Phase.LOG && refused.get() == null) {
                try {
                    BaseBackup.toFolder(options(), Backups.FAST, target());
                } catch (BackupException e) {
                    refused.set(e);
                }
            }
        });
        Backups.take(tar, options(), how, target());
        assertThat(refused.get())
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FOLDER_IN_USE));
        assertThat(BackupVerifier.DEFAULT.verify(target()).problems()).isEmpty();
        assertThat(target().resolve(BackupFolders.LOCK)).doesNotExist();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has other rights")
    void nobodyElseCanReadWhatIsWritten() throws IOException {
        BaseBackup.toFolder(options(), Backups.FAST, target());
        BaseBackup.toTarFiles(options(), Backups.FAST, folder.resolve("archives"));
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.filter(file -> !file.equals(folder)).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .as(each.toString())
                        .endsWith("---");
            }
        }
    }
}
