package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folders that a backup is written into, that of its data and those of its tablespaces. Each has nothing in it when it is taken,
 * or what is left of a backup that was not finished, which is removed. Until the end they are marked, and locked against others who want
 * them for the same. For one thread.
 */
final class BackupFolders {

    /** The file that keeps a folder for one backup. */
    static final String LOCK = "backup.lock";

    private static final Set<String> NOTHING = Set.of(LOCK, PartMarker.NAME + DurableFiles.TEMPORARY);

    private final Path data;
    private final Map<Path, FolderLock> taken = new LinkedHashMap<>();
    /** Those that were not there before. */
    private final List<Path> made = new ArrayList<>();

    /** Makes them known; takes none. */
    BackupFolders(Path data) {
        this.data = data;
    }

    /** Takes the folder of the data. */
    void take() throws IOException {
        take(data);
    }

    /** Takes the folders of the tablespaces, too. */
    void takeTablespaces(List<Path> places) throws IOException {
        for (Path each : places) {
            take(each);
        }
        PartMarker.write(data, places);
    }

    private void take(Path place) throws IOException {
        try {
            if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                DurableFiles.createFolder(place);
                made.add(place);
            }
        } catch (FileAlreadyExistsException e) {
            if (!Files.exists(place)) {
                throw e;
            }
            // Somebody else has just made it.
        }
        if (!Files.isDirectory(place)) {
            throw inUse(place, "it is no folder");
        }
        requireFree(place);
        FolderLock lock = FolderLock.take(place, LOCK);
        try {
            // Who had it before may have finished in the meantime.
            requireFree(place);
        } catch (BackupException e) {
            lock.close();
            throw e;
        }
        taken.put(place, lock);
        FolderTree.clear(place, LOCK);
        // No server starts on one that others may look into.
        DurableFiles.closeFolder(place);
        PartMarker.write(place, List.of());
    }

    /** Only what has the mark of an unfinished backup may be removed. */
    private static void requireFree(Path place) throws IOException {
        if (PartMarker.exists(place)) {
            return;
        }
        try (Stream<Path> files = Files.list(place)) {
            if (files.anyMatch(file -> !NOTHING.contains(String.valueOf(file.getFileName())))) {
                throw inUse(place, "there is something in it");
            }
        }
    }

    private static BackupException inUse(Path place, String why) {
        return new BackupException(
                Reason.FOLDER_IN_USE, "a backup cannot go to " + place + ": " + why + ". Name an empty folder", null);
    }

    /** Gives what is whole the name that says so. */
    interface Naming {
        void run() throws IOException;
    }

    /** All of a data folder is there: from now on a server can be started on it; see {@link #finish(boolean, Naming)}. */
    void finish(boolean sync) throws IOException {
        finish(sync, () -> {
            Path control = data.resolve(PartMarker.CONTROL_FILE);
            Files.move(data.resolve(PartMarker.CONTROL_FILE_PART), control, StandardCopyOption.ATOMIC_MOVE);
            if (sync) {
                DurableFiles.syncFolder(parent(control));
            }
        });
    }

    /**
     * All is there, and is a backup from now on.
     *
     * @param sync whether to see to it that it outlives a power cut
     * @param naming is run when all that was written does
     */
    void finish(boolean sync, Naming naming) throws IOException {
        if (sync) {
            for (Path each : taken.keySet()) {
                FolderTree.sync(each);
            }
        }
        naming.run();
        // That of the data goes last: it says whether there is a backup.
        for (Path each : taken.keySet().stream().toList().reversed()) {
            PartMarker.delete(each);
        }
        for (FolderLock each : taken.values()) {
            each.close();
        }
        if (sync) {
            for (Path each : taken.keySet()) {
                DurableFiles.syncFolder(each);
            }
            for (Path each : made) {
                DurableFiles.syncFolder(parent(each));
            }
        }
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "parent");
    }

    /** Leaves the folders as they were: those that were not there are gone, the others empty. */
    void giveUp(Throwable why) {
        taken.forEach((place, lock) -> {
            try {
                FolderTree.clear(place, LOCK);
                lock.close();
                if (made.contains(place)) {
                    Files.delete(place);
                }
            } catch (IOException | BackupException e) {
                why.addSuppressed(e);
            }
        });
    }
}
