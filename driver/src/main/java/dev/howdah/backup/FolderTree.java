package dev.howdah.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Folders with all that is in them; links are not followed. */
final class FolderTree {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private FolderTree() {}

    /** Sees to it that all of it outlives a power cut. */
    static void sync(Path folder) throws IOException {
        boolean interrupted = Thread.interrupted();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    DurableFiles.syncFolder(each);
                } else if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                    // A file may be one that even its owner can only read, such as a key; Windows wants more.
                    StandardOpenOption how = POSIX ? StandardOpenOption.READ : StandardOpenOption.WRITE;
                    try (FileChannel channel = FileChannel.open(each, how)) {
                        channel.force(true);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Deletes all that is in a folder but one file; the mark of an unfinished backup goes last.
     *
     * @param kept the name of what stays
     */
    static void clear(Path folder, String kept) throws IOException {
        Path mark = folder.resolve(PartMarker.NAME);
        Set<Path> spared = Set.of(folder, mark, folder.resolve(kept));
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            if (!spared.contains(each)) {
                Files.deleteIfExists(each);
            }
        }
        Files.deleteIfExists(mark);
    }
}
