package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code backup_label} says of where a backup begins.
 *
 * @param start where recovery from the backup begins
 * @param timeline that place's
 * @param fromStart where the backup begins that this one has the changes since; null for a full backup
 * @param fromTimeline that place's; 0 for a full backup
 * @param text all of it
 */
record BackupLabel(Lsn start, long timeline, @Nullable Lsn fromStart, long fromTimeline, String text) {

    static final String FILE_NAME = "backup_label";

    private static final int LARGEST = 1 << 16;

    /** A line that only the label of an incremental backup has. */
    private static final Pattern INCREMENTAL = Pattern.compile("^INCREMENTAL FROM [^\n]*(\n|\\z)", Pattern.MULTILINE);

    /** Reads that of a backup's folder. */
    static BackupLabel read(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            // Bytes as they are: the label of a backup may be in any encoding.
            text = new String(in.readNBytes(LARGEST), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new BackupException(
                    Reason.FILE_FAILED, file + " cannot be read, without which a backup is none: " + e, e);
        }
        Lsn start = place(text, "START WAL LOCATION");
        long timeline = timeline(text, "START TIMELINE");
        if (start == null || timeline == 0) {
            throw new BackupException(Reason.DAMAGED, file + " does not say where the backup begins", null);
        }
        Lsn fromStart = place(text, "INCREMENTAL FROM LSN");
        long fromTimeline = timeline(text, "INCREMENTAL FROM TLI");
        if (fromStart == null != (fromTimeline == 0)) {
            throw new BackupException(Reason.DAMAGED, file + " says only half of what the backup was made from", null);
        }
        return new BackupLabel(start, timeline, fromStart, fromTimeline, text);
    }

    private static @Nullable String value(String text, String name, String form) {
        Matcher line = Pattern.compile("^" + name + ": (" + form + ")", Pattern.MULTILINE)
                .matcher(text);
        return line.find() ? line.group(1) : null;
    }

    private static @Nullable Lsn place(String text, String name) {
        String value = value(text, name, "[0-9A-F]{1,8}/[0-9A-F]{1,8}");
        return value == null ? null : Lsn.parse(value);
    }

    private static long timeline(String text, String name) {
        String value = value(text, name, "\\d{1,10}");
        return value == null ? 0 : Long.parseLong(value);
    }

    /** Returns what the file has to be when the backup has been made a full one. */
    byte[] ofFullBackup() {
        return INCREMENTAL.matcher(text).replaceAll("").getBytes(StandardCharsets.ISO_8859_1);
    }
}
