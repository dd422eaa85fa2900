package dev.howdah.backup;

import static dev.howdah.backup.ReceivedLog.SIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest {

    private static final WalSegment SEGMENT = WalSegment.at(1, Lsn.parse("0/5000000"), 1 << 20);

    @TempDir
    Path folder;

    private final List<Path> completed = new ArrayList<>();

    private Path partial() {
        return folder.resolve(SEGMENT.name() + ".partial");
    }

    private FolderStore archive() {
        return FolderStore.archive(folder, completed::add);
    }

    private static byte[] filled(int size, int with) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    @Test
    void aSegmentHasItsNameOnlyWhenItIsWhole() throws IOException {
        FolderStore store = archive();
        byte[] half = filled(SEGMENT.size() / 2, 7);
        store.open(SEGMENT);
        store.write(half, 0, half.length);
        store.sync();

        assertThat(ReceivedLog.names(folder)).containsExactly(SEGMENT.name() + ".partial");
        assertThat(partial()).hasSize(SEGMENT.size());
        assertThat(Files.readAllBytes(partial())).startsWith(half).endsWith(new byte[half.length]);
        assertThatThrownBy(store::complete).isInstanceOf(IllegalStateException.class);
        assertThat(completed).isEmpty();

        store.write(half, 0, half.length);
        store.complete();

        assertThat(ReceivedLog.names(folder)).containsExactly(SEGMENT.name());
        assertThat(folder.resolve(SEGMENT.name())).hasBinaryContent(filled(SEGMENT.size(), 7));
        assertThat(completed).containsExactly(folder.resolve(SEGMENT.name()));
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            assertThat(Files.getPosixFilePermissions(folder.resolve(SEGMENT.name())))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void whatIsBegunAnewIsWrittenOverAndNeverCut() throws IOException {
        Files.write(partial(), filled(SEGMENT.size(), 9));
        FolderStore store = archive();
        store.open(SEGMENT);
        store.write(filled(100, 7), 0, 100);
        store.leave();

        byte[] left = Files.readAllBytes(partial());
        assertThat(left).hasSize(SEGMENT.size()).startsWith(filled(100, 7)).endsWith(filled(SEGMENT.size() - 100, 9));
    }

    @Test
    void whatIsTooShortIsFilledUpAndWhatIsTooLongIsLeftAlone() throws IOException {
        Files.write(partial(), filled(10, 9));
        FolderStore store = archive();
        store.open(SEGMENT);
        store.leave();
        assertThat(Files.readAllBytes(partial()))
                .hasSize(SEGMENT.size())
                .startsWith(filled(10, 9))
                .endsWith(new byte[SEGMENT.size() - 10]);

        Files.write(partial(), filled(SIZE, 9));
        assertThatThrownBy(() -> store.open(SEGMENT))
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
                .hasMessageContaining(partial().toString());
        assertThat(partial()).hasBinaryContent(filled(SIZE, 9));
    }

    @Test
    void whatNothingWasWrittenToIsNotLeftThere() {
        FolderStore store = archive();
        store.open(SEGMENT);
        store.leave();

        assertThat(folder).isEmptyDirectory();
        // And can be begun again.
        store.open(SEGMENT);
        store.write(filled(1, 1), 0, 1);
        store.leave();
        assertThat(partial()).exists();
    }

    @Test
    void aFileThatCannotBeMadeIsNamed() throws IOException {
        Files.createDirectory(partial());
        FolderStore store = archive();

        assertThatThrownBy(() -> store.open(SEGMENT))
                .isInstanceOfSatisfying(
                        BackupException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FILE_FAILED))
                .hasMessageContaining(partial().toString());
        store.leave();
        assertThat(ReceivedLog.names(folder)).containsExactly(SEGMENT.name() + ".partial");
    }

    @Test
    void aBackupsOwnLogIsNamedAtOnceAndMarkedWhenWhole() throws IOException {
        FolderStore store = FolderStore.pgWal(folder, true);
        store.open(SEGMENT);
        assertThat(folder.resolve(SEGMENT.name())).hasSize(SEGMENT.size());
        store.write(filled(SEGMENT.size(), 7), 0, SEGMENT.size());
        store.complete();
        store.open(SEGMENT.next());
        store.write(filled(100, 7), 0, 100);
        store.leave();
        store.history(2, "1\t0/5000000\n".getBytes(StandardCharsets.UTF_8));

        assertThat(store.hasHistory(2)).isTrue();
        assertThat(store.hasHistory(3)).isFalse();
        assertThat(ReceivedLog.names(folder))
                .containsExactly(SEGMENT.name(), SEGMENT.next().name(), "00000002.history", "archive_status");
        assertThat(ReceivedLog.names(folder.resolve("archive_status")))
                .containsExactly(SEGMENT.name() + ".done", "00000002.history.done");
        assertThat(folder.resolve("00000002.history")).hasContent("1\t0/5000000\n");
    }

    @Test
    void moreThanASegmentHasIsRefused() {
        FolderStore store = archive();
        store.open(SEGMENT);

        assertThatThrownBy(() -> store.write(new byte[SEGMENT.size() + 1], 0, SEGMENT.size() + 1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.open(SEGMENT.next())).isInstanceOf(IllegalStateException.class);
        store.leave();
    }
}
