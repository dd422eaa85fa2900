package dev.howdah.backup;

import dev.howdah.type.Lsn;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One file of the write-ahead log: which part of it, of which timeline. Immutable; ordered by timeline, then by place.
 *
 * @param timeline from 1 to 4294967295
 * @param number which one it is, counted from the log's beginning
 * @param size how many bytes a file has: a power of two from 1 MB to 1 GB
 * @see <a href="https://www.postgresql.org/docs/current/wal-internals.html">WAL internals</a>
 */
public record WalSegment(long timeline, long number, int size) implements Comparable<WalSegment> {

    private static final long MOST = 0xffff_ffffL;
    private static final int HALF = 8;
    private static final Pattern NAME = Pattern.compile("[0-9A-F]{24}");
    private static final Pattern HISTORY = Pattern.compile("[0-9A-F]{8}\\.history");
    private static final Comparator<WalSegment> ORDER =
            Comparator.comparingLong(WalSegment::timeline).thenComparingLong(WalSegment::number);

    /**
     * Takes the parts.
     *
     * @throws IllegalArgumentException if there is no such segment
     */
    public WalSegment {
        requireTimeline(timeline);
        requireSize(size);
        if (number < 0 || number > MOST * perHigh(size) + perHigh(size) - 1) {
            throw new IllegalArgumentException("there is no segment of the number " + number);
        }
    }

    /** Returns the one that holds the byte at a place. */
    public static WalSegment at(long timeline, Lsn place, int size) {
        requireSize(size);
        return new WalSegment(timeline, Long.divideUnsigned(place.asLong(), size), size);
    }

    /**
     * Reads the name of a file, such as {@code 00000001000000A900000065}.
     *
     * @return null if it is not that of a whole segment of that size
     */
    public static @Nullable WalSegment parse(String name, int size) {
        requireSize(size);
        if (!isName(name)) {
            return null;
        }
        long timeline = Long.parseLong(name, 0, HALF, 16);
        long high = Long.parseLong(name, HALF, 2 * HALF, 16);
        long low = Long.parseLong(name, 2 * HALF, 3 * HALF, 16);
        return timeline == 0 || low >= perHigh(size)
                ? null
                : new WalSegment(timeline, high * perHigh(size) + low, size);
    }

    /** Returns whether a file of that name is a whole segment, of whatever size. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns whether a file of that name is the history of a timeline. */
    static boolean isHistoryName(String name) {
        return HISTORY.matcher(name).matches();
    }

    /** Returns the name of the file with the history of a timeline, such as {@code 00000002.history}. */
    public static String historyFileName(long timeline) {
        requireTimeline(timeline);
        return String.format(Locale.ROOT, "%08X.history", timeline);
    }

    /** Returns whether servers can have files of that many bytes. */
    static boolean isSize(long size) {
        return size >= 1 << 20 && size <= 1 << 30 && Long.bitCount(size) == 1;
    }

    private static void requireSize(int size) {
        if (!isSize(size)) {
            throw new IllegalArgumentException("a segment has a power of two of bytes, from 1 MB to 1 GB, not " + size);
        }
    }

    private static void requireTimeline(long timeline) {
        if (timeline < 1 || timeline > MOST) {
            throw new IllegalArgumentException("a timeline is a number from 1 to 4294967295, not " + timeline);
        }
    }

    private static long perHigh(int size) {
        return (MOST + 1) / size;
    }

    /** Returns the name of the file: 24 hexadecimal digits. */
    public String name() {
        return start().segmentFileName((int) timeline, size);
    }

    /** Returns the place of its first byte. */
    public Lsn start() {
        return Lsn.of(number * size);
    }

    /**
     * Returns the place behind its last byte.
     *
     * @throws ArithmeticException of the very last one that there can be
     */
    public Lsn end() {
        return start().plus(size);
    }

    /** Returns the one that follows on the same timeline. */
    public WalSegment next() {
        return new WalSegment(timeline, number + 1, size);
    }

    /** Returns whether a place lies in it. */
    public boolean contains(Lsn place) {
        return place.segmentStart(size).equals(start());
    }

    @Override
    public int compareTo(WalSegment other) {
        return ORDER.compare(this, Objects.requireNonNull(other, "other"));
    }

    /** {@return the name of the file} */
    @Override
    public String toString() {
        return name();
    }
}
