package dev.howdah.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What tells a backup that is being written, or never was finished, from a whole one: a file in its folder, with the folders of its
 * tablespaces, a line each, for people. Until the end the control file, without which no server starts, has another name.
 */
final class PartMarker {

    /** The file's name. */
    static final String NAME = "backup.part";

    /** The file without which no server starts. */
    static final String CONTROL_FILE = "global/pg_control";

    /** Its name until all else is there. */
    static final String CONTROL_FILE_PART = CONTROL_FILE + ".part";

    /** A folder that has such a file is cleared by the next backup, so no other file must be taken for one. */
    private static final byte[] FIRST_LINE =
            "A base backup that is being written, or was never finished; the next one to this folder removes it.\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private PartMarker() {}

    /** Marks a folder, or says more of one that is marked. The mark is on disk when it returns. */
    static void write(Path folder, List<Path> tablespaces) throws IOException {
        StringBuilder text = new StringBuilder(new String(FIRST_LINE, StandardCharsets.US_ASCII));
        for (Path each : tablespaces) {
            text.append(each.toAbsolutePath()).append('\n');
        }
        DurableFiles.write(folder.resolve(NAME), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns whether a folder has a backup that was not finished. */
    static boolean exists(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(FIRST_LINE.length), FIRST_LINE);
        }
    }

    /** Removes the mark: the backup is whole. */
    static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(NAME));
    }
}
