package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a backup is put together in, and those of its tablespaces: marked as unfinished until the end, removed if there is no
 * good one. For one thread.
 */
final class CombineTarget {

    private static final String TABLESPACES = "pg_tblspc";
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rw-------");

    private final Path folder;
    private final Map<Path, Path> mapping;
    private final BackupChain chain;
    /** Where each tablespace goes, by its link's name. */
    private final Map<String, Path> tablespaces = new LinkedHashMap<>();

    private final BackupFolders folders;

    CombineTarget(Path folder, Map<Path, Path> mapping, BackupChain chain) {
        this.folder = folder;
        this.mapping = mapping;
        this.chain = chain;
        this.folders = new BackupFolders(folder);
    }

    /** Looks whether there is room, and marks it as taken. Nothing is left if that fails. */
    void begin() throws IOException {
        findTablespaces();
        List<Path> all = new ArrayList<>(tablespaces.values());
        all.addFirst(folder);
        if (Set.copyOf(all).size() < all.size()) {
            throw inUse("two tablespaces, or one and the backup itself, would lie in the same folder");
        }
        for (Path each : all) {
            requireElsewhere(each);
            if (all.stream().anyMatch(other -> !other.equals(each) && other.startsWith(each))) {
                throw inUse(each + " would hold another folder of the same backup");
            }
        }
        try {
            folders.take();
            folders.takeTablespaces(List.copyOf(tablespaces.values()));
        } catch (IOException | RuntimeException e) {
            folders.giveUp(e);
            throw e;
        }
    }

    private void findTablespaces() throws IOException {
        Path links = chain.last().folder().resolve(TABLESPACES);
        if (!Files.isDirectory(links)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(links)) {
            for (Path each : entries) {
                if (Files.isDirectory(each) && !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    Path from = BackupCombiner.absolute(links.resolve(Files.readSymbolicLink(each)));
                    @Nullable Path to = mapping.get(from);
                    if (to == null) {
                        throw inUse("the tablespace " + each.getFileName() + " lies in " + from
                                + ", which the new backup would share: say where that folder goes");
                    }
                    tablespaces.put(TABLESPACES + "/" + each.getFileName(), to);
                }
            }
        }
    }

    private void requireElsewhere(Path place) {
        for (BackupChain.Link each : chain.links()) {
            if (place.startsWith(BackupCombiner.absolute(each.folder()))) {
                throw inUse(place + " lies in the backup " + each.folder());
            }
        }
    }

    private static BackupException inUse(String why) {
        return new BackupException(Reason.FOLDER_IN_USE, why, null);
    }

    /** Returns where a file goes; what is in a tablespace goes there over its link. */
    Path place(String path) {
        return EntryName.resolve(folder, path);
    }

    /** Returns what a file is called until all is there. */
    String partOf(String path) {
        return path.equals(PartMarker.CONTROL_FILE) ? PartMarker.CONTROL_FILE_PART : path;
    }

    /** Makes a folder as another is. */
    void createFolder(String path, Path like) throws IOException {
        Path made = place(path);
        Files.createDirectory(made, attributes(made, isPosix(made) ? Files.getPosixFilePermissions(like) : Set.of()));
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    /** Makes the link of a tablespace. */
    void link(String path) throws IOException {
        Files.createSymbolicLink(place(path), Objects.requireNonNull(tablespaces.get(path), path));
    }

    /**
     * Makes a file, which must not be there. The caller closes it.
     *
     * @param like with the permissions of this one; null if only its owner may read it
     */
    OutputStream create(Path file, @Nullable Path like) throws IOException {
        Set<PosixFilePermission> permissions =
                like != null && isPosix(like) ? Files.getPosixFilePermissions(like) : OWNERS;
        return Channels.newOutputStream(FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes(file, permissions)));
    }

    /** All is there: from now on it is a backup. */
    void finish(boolean sync) throws IOException {
        folders.finish(sync);
    }

    /** Removes all that was written; what cannot be removed is noted with the failure. */
    void remove(Throwable failure) {
        folders.giveUp(failure);
    }
}
