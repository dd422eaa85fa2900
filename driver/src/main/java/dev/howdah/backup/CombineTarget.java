package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
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
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNERS_FILE = PosixFilePermissions.fromString("rw-------");

    private final Path folder;
    private final Map<Path, Path> mapping;
    private final BackupChain chain;
    /** Where each tablespace goes, by its link's name. */
    private final Map<String, Path> tablespaces = new LinkedHashMap<>();
    /** Folders that were not there before. */
    private final List<Path> made = new ArrayList<>();

    CombineTarget(Path folder, Map<Path, Path> mapping, BackupChain chain) {
        this.folder = folder;
        this.mapping = mapping;
        this.chain = chain;
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
            requireFree(each);
            if (all.stream().anyMatch(other -> !other.equals(each) && other.startsWith(each))) {
                throw inUse(each + " would hold another folder of the same backup");
            }
        }
        try {
            for (Path each : all) {
                if (!Files.exists(each)) {
                    makeFolder(each, OWNERS);
                    made.add(each);
                }
            }
            PartMarker.create(folder, List.copyOf(tablespaces.values()));
        } catch (FileAlreadyExistsException e) {
            // What is there now is not ours.
            throw new BackupException(Reason.FOLDER_IN_USE, "somebody else writes into " + e.getFile(), e);
        } catch (IOException | RuntimeException e) {
            remove(e);
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

    private void requireFree(Path place) throws IOException {
        for (BackupChain.Link each : chain.links()) {
            if (place.startsWith(BackupCombiner.absolute(each.folder()))) {
                throw inUse(place + " lies in the backup " + each.folder());
            }
        }
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isDirectory(place)) {
                throw inUse(place + " is no folder");
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
                if (entries.iterator().hasNext()) {
                    throw inUse(place + " is not empty");
                }
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
        if (isPosix(made)) {
            makeFolder(made, Files.getPosixFilePermissions(like));
        } else {
            makeFolder(made, OWNERS);
        }
    }

    private static void makeFolder(Path made, Set<PosixFilePermission> permissions) throws IOException {
        Files.createDirectories(Objects.requireNonNull(made.getParent(), "parent"));
        Files.createDirectory(made, attributes(made, permissions));
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
                like != null && isPosix(like) ? Files.getPosixFilePermissions(like) : OWNERS_FILE;
        return Channels.newOutputStream(FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes(file, permissions)));
    }

    /** All is there: from now on it is a backup. */
    void finish(boolean sync) throws IOException {
        if (sync) {
            FolderTree.sync(folder);
            for (Path each : tablespaces.values()) {
                FolderTree.sync(each);
            }
        }
        Path control = place(PartMarker.CONTROL_FILE);
        Files.move(place(PartMarker.CONTROL_FILE_PART), control);
        if (sync) {
            DurableFiles.syncFolder(Objects.requireNonNull(control.getParent(), "parent"));
        }
        PartMarker.delete(folder);
        if (sync) {
            DurableFiles.syncFolder(folder);
            for (Path each : made) {
                DurableFiles.syncFolder(Objects.requireNonNull(each.getParent(), "parent"));
            }
        }
    }

    /** Removes all that was written; what cannot be removed is noted with the failure. */
    void remove(Throwable failure) {
        List<Path> all = new ArrayList<>(tablespaces.values());
        // The mark goes last.
        all.add(folder);
        for (Path each : all) {
            try {
                if (Files.isDirectory(each)) {
                    FolderTree.clear(each);
                }
                if (made.contains(each)) {
                    Files.deleteIfExists(each);
                }
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
