package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the entries of an archive into a folder. Each has to be in a folder that came before it in the same archive, so nothing is ever
 * written through a link; links lead where tablespaces are, and nowhere else. For one thread.
 */
final class Unpacking implements TarHandler {

    private static final PosixFilePermission[] BY_BIT = {
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ,
    };
    private static final int OTHERS_BITS = 3;
    private static final int FOLDER_AT_LEAST = 0700;
    private static final int FILE_AT_LEAST = 0600;
    private static final int FOLDER_AT_MOST = 0750;
    private static final int FILE_AT_MOST = 0640;

    private final String archive;
    private final Path root;
    private final boolean posix;
    private final @Nullable PlacedTablespaces links;
    private final Consumer<String> current;
    private final Set<String> folders = new HashSet<>();
    private Path path;
    private @Nullable FileOutputStream file;

    /**
     * Begins.
     *
     * @param archive its name, for messages
     * @param root the folder, which is there
     * @param links where links may lead; null if there may be none
     * @param current is told of each file
     */
    Unpacking(String archive, Path root, @Nullable PlacedTablespaces links, Consumer<String> current) {
        this.archive = archive;
        this.root = root;
        this.path = root;
        this.links = links;
        this.current = current;
        this.posix = Files.getFileAttributeView(root, PosixFileAttributeView.class) != null;
    }

    @Override
    public void begin(TarEntry entry) {
        String name = entry.name();
        int slash = name.lastIndexOf('/');
        if (slash >= 0 && !folders.contains(name.substring(0, slash))) {
            throw refused(name, "it is in a folder that the archive does not have");
        }
        path = EntryName.resolve(root, name.equals(PartMarker.CONTROL_FILE) ? PartMarker.CONTROL_FILE_PART : name);
        try {
            switch (entry.kind()) {
                case FOLDER -> folder(entry);
                case LINK -> link(entry);
                case FILE -> {
                    current.accept(name);
                    Files.createFile(path);
                    allow(FILE_AT_LEAST | entry.mode() & FILE_AT_MOST);
                    file = new FileOutputStream(path.toFile());
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw refused(name, "it comes twice");
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make", path, e);
        }
    }

    private void folder(TarEntry entry) throws IOException {
        // Of the log and of tablespaces inside the data folder there may be something here before.
        DurableFiles.createFolderHere(path, LinkOption.NOFOLLOW_LINKS);
        allow(FOLDER_AT_LEAST | entry.mode() & FOLDER_AT_MOST);
        folders.add(entry.name());
    }

    private void link(TarEntry entry) throws IOException {
        Path target = links == null ? null : links.link(entry.name(), entry.target());
        if (target == null) {
            throw refused(entry.name(), "it is a link to " + EntryName.shown(entry.target()));
        }
        Files.createSymbolicLink(path, target);
    }

    private void allow(int mode) throws IOException {
        if (posix) {
            Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
            for (int bit = 0; bit < BY_BIT.length; bit++) {
                if ((mode >> (OTHERS_BITS + bit) & 1) != 0) {
                    all.add(BY_BIT[bit]);
                }
            }
            Files.setPosixFilePermissions(path, all);
        }
    }

    private BackupException refused(String name, String why) {
        return new BackupException(
                Reason.ARCHIVE_REFUSED,
                "the archive " + archive + " has an entry " + EntryName.shown(name) + " that is refused: " + why,
                null);
    }

    @Override
    public void data(byte[] bytes, int offset, int length) {
        FileOutputStream out = file;
        if (out == null) {
            throw new IllegalStateException("no file is open");
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot write", path, e);
        }
    }

    @Override
    public void end() {
        close();
    }

    /** Closes the file that is open, if one is. */
    void close() {
        FileOutputStream out = file;
        file = null;
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                throw DurableFiles.failed("cannot write", path, e);
            }
        }
    }
}
