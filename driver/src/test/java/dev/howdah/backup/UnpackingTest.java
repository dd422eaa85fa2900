package dev.howdah.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Archives that want more than a backup has. */
class UnpackingTest {

    private static final BackupFile.Tablespace SPACE = new BackupFile.Tablespace(16385, "/srv/space");

    @TempDir
    private Path folder;

    private Path root;
    private Path moved;
    private final List<String> current = new ArrayList<>();

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        moved = folder.resolve("moved");
    }

    private void unpack(TarEntry... entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(out);
        for (TarEntry entry : entries) {
            writer.begin(entry);
            if (entry.size() > 0) {
                writer.write("x".repeat((int) entry.size()).getBytes(StandardCharsets.UTF_8), 0, (int) entry.size());
            }
        }
        writer.finish();
        PlacedTablespaces links = new PlacedTablespaces(root, List.of(SPACE), Map.of(Path.of(SPACE.location()), moved));
        Unpacking unpacking = new Unpacking("base.tar", root, links, current::add);
        try {
            TarReader reader = new TarReader("base.tar", unpacking);
            reader.accept(out.toByteArray(), 0, out.size());
            reader.end();
        } finally {
            unpacking.close();
        }
    }

    private void requireRefused(String why, TarEntry... entries) {
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(() -> unpack(entries))
                .matches(e -> e.reason() == Reason.ARCHIVE_REFUSED)
                .withMessageContaining(why)
                .withMessageContaining("base.tar");
    }

    private static TarEntry folder(String name) {
        return TarEntry.folder(name, 0700, 0);
    }

    private static TarEntry file(String name) {
        return TarEntry.file(name, 5, 0600, 0);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has other rights, and links are not for everybody")
    void filesFoldersAndLinksOfTablespacesComeOut() throws IOException {
        unpack(
                TarEntry.folder("global", 0777, 0),
                TarEntry.file("global/1262", 5, 04666, 0),
                file("global/pg_control"),
                folder("pg_tblspc"),
                TarEntry.link("pg_tblspc/16385", SPACE.location(), 0777, 0),
                TarEntry.file("PG_VERSION", 3, 0400, 0));
        assertThat(root.resolve("global/1262")).hasContent("xxxxx");
        assertThat(root.resolve("global/pg_control")).doesNotExist();
        assertThat(root.resolve(PartMarker.CONTROL_FILE_PART)).exists();
        assertThat(Files.readSymbolicLink(root.resolve("pg_tblspc/16385"))).isEqualTo(moved);
        assertThat(current).containsExactly("global/1262", "global/pg_control", "PG_VERSION");
        assertThat(rights("global")).as("nothing for others, nothing to run").isEqualTo("rwxr-x---");
        assertThat(rights("global/1262")).isEqualTo("rw-r-----");
        assertThat(rights("PG_VERSION")).isEqualTo("rw-------");
    }

    private String rights(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(name)));
    }

    @Test
    void linksLeadWhereATablespaceIsAndNowhereElse() {
        requireRefused("a link to '/etc'", folder("pg_tblspc"), TarEntry.link("pg_tblspc/16385", "/etc", 0777, 0));
        requireRefused("a link to", TarEntry.link("pg_wal", SPACE.location(), 0777, 0));
        requireRefused("a link to", folder("base"), TarEntry.link("base/16385", SPACE.location(), 0777, 0));
        requireRefused("a link to", folder("pg_tblspc"), TarEntry.link("pg_tblspc/16386", SPACE.location(), 0777, 0));
    }

    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        Files.createDirectory(moved);
        requireRefused(
                "in a folder that the archive does not have",
                folder("pg_tblspc"),
                TarEntry.link("pg_tblspc/16385", SPACE.location(), 0777, 0),
                file("pg_tblspc/16385/evil"));
        assertThat(moved).isEmptyDirectory();
    }

    @Test
    void aFolderCannotTakeThePlaceOfALink() {
        requireRefused(
                "comes twice",
                folder("pg_tblspc"),
                TarEntry.link("pg_tblspc/16385", SPACE.location(), 0777, 0),
                folder("pg_tblspc/16385"),
                file("pg_tblspc/16385/evil"));
    }

    @Test
    void nothingComesTwice() {
        requireRefused("comes twice", file("PG_VERSION"), file("PG_VERSION"));
        requireRefused("comes twice", file("PG_VERSION"), folder("PG_VERSION"));
    }

    @Test
    void namesThatLeadOutAreRefused() {
        for (String name : List.of("/evil", "../evil", "base/../../evil", "..")) {
            requireRefused("'" + name + "'", folder("base"), file(name));
        }
        assertThat(folder.resolve("evil")).doesNotExist();
    }
}
