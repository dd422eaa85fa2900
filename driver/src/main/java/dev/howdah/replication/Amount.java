package dev.howdah.replication;

import java.time.Duration;
import java.util.Locale;

/** Writes sizes and times for people. */
final class Amount {

    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

    private Amount() {}

    /** As in 512 bytes, 1.5 GB; a kB is 1024 bytes as with PostgreSQL. */
    static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " bytes";
        }
        double size = bytes;
        int unit = -1;
        while (size >= 1024 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        String text = String.format(Locale.ROOT, "%.1f", size);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " " + UNITS[unit];
    }

    /** In the largest unit of which there are at least two, or that it is a multiple of; less than a second in milliseconds. */
    static String time(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 1) {
            return time.toMillis() + " ms";
        }
        if (seconds < 120 && seconds != 60) {
            return seconds + " s";
        }
        if (seconds < 2 * 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }

    /** One of something, or several. */
    static String count(long count, String one, String several) {
        return count + " " + (count == 1 ? one : several);
    }
}
