package dev.howdah.cli;

import java.util.Locale;

/** Times for people to read. */
public final class Timing {

    private Timing() {}

    /**
     * The time in the unit that fits, with three digits or so.
     *
     * @param nanos nanoseconds
     */
    public static String text(long nanos) {
        if (nanos < 1_000_000) {
            return Math.round(nanos / 1e3) + " µs";
        } else if (nanos < 1_000_000_000) {
            return String.format(Locale.ROOT, nanos < 100_000_000 ? "%.1f ms" : "%.0f ms", nanos / 1e6);
        }
        return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }

    /** The same, since a moment that {@link System#nanoTime()} gave. */
    public static String since(long start) {
        return text(System.nanoTime() - start);
    }
}
