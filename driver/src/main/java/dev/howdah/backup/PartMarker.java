package dev.howdah.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What tells a backup that is being written, or never was finished, from a whole one: a file in its folder, with the folders of its
 * tablespaces, a line each. Until the end the control file, without which no server starts, has another name.
 */
final class PartMarker {

    /** The file's name. */
    static final String NAME = "backup.part";

    /** The file without which no server starts. */
    static final String CONTROL_FILE = "global/pg_control";

    /** Its name until all else is there. */
    static final String CONTROL_FILE_PART = CONTROL_FILE + ".part";

    private static final long LARGEST = 1 << 20;

    private PartMarker() {}

    /** Marks a folder; nothing may be marked there yet. The mark is on disk when it returns. */
    static void create(Path folder, List<Path> tablespaces) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path each : tablespaces) {
            text.append(each.toAbsolutePath()).append('\n');
        }
        Path file = folder.resolve(NAME);
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Returns whether a folder has a backup that was not finished. */
    static boolean exists(Path folder) {
        return Files.exists(folder.resolve(NAME), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the folders of the tablespaces of an unfinished backup. */
    static List<Path> tablespaces(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is larger than it can be");
        }
        List<Path> found = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                found.add(Path.of(line));
            }
        } catch (InvalidPathException e) {
            throw new IOException(file + " names a folder that there cannot be", e);
        }
        return found;
    }

    /** Removes the mark: the backup is whole. */
    static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(NAME));
    }
}
