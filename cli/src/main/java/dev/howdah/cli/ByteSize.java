package dev.howdah.cli;

import java.util.Locale;

/** Counts of bytes for people to read, in the units of PostgreSQL's settings: a kB is 1024 bytes, an MB 1024 kB. */
final class ByteSize {

    static final long GB = 1L << 30;

    private static final int KILO = 1024;
    private static final int THREE_DIGITS = 100;
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

    private ByteSize() {}

    /** Returns it with three digits or so. */
    static String text(long bytes) {
        if (Math.abs(bytes) < KILO) {
            return bytes + " B";
        }
        double size = bytes;
        int unit = -1;
        // What would be printed as 1024 of a unit is one of the next.
        while (Math.abs(size) >= KILO - 0.5 && unit < UNITS.length - 1) {
            size /= KILO;
            unit++;
        }
        return String.format(Locale.ROOT, Math.abs(size) < THREE_DIGITS ? "%.1f %s" : "%.0f %s", size, UNITS[unit]);
    }
}
