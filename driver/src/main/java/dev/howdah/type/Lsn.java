package dev.howdah.type;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A place in the write-ahead log, PostgreSQL's {@code pg_lsn}: a count of bytes, 64 bits without sign. Immutable.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-pg-lsn.html">pg_lsn</a>
 */
public final class Lsn implements Comparable<Lsn> {

    /** 0/0, which PostgreSQL uses for "no such place". */
    public static final Lsn ZERO = new Lsn(0);

    /** The highest there can be. */
    public static final Lsn MAX = new Lsn(-1);

    private static final int MAX_HALF_DIGITS = 8;

    private final long value;

    private Lsn(long value) {
        this.value = value;
    }

    /**
     * Makes a place from its number.
     *
     * @param value bytes since the log's beginning; a negative long stands for 2<sup>63</sup> and more
     * @return never null
     */
    public static Lsn of(long value) {
        return value == 0 ? ZERO : new Lsn(value);
    }

    /**
     * Reads text such as {@code 16/B374D848}: two hexadecimal numbers of up to 8 digits.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        return of(half(text, 0, slash) << 32 | half(text, slash + 1, text.length()));
    }

    private static long half(String text, int from, int to) {
        if (to <= from || to - from > MAX_HALF_DIGITS) {
            throw new IllegalArgumentException("the text is not an LSN such as 16/B374D848");
        }
        long half = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw new IllegalArgumentException("the text is not an LSN such as 16/B374D848");
            }
            half = half << 4 | digit;
        }
        return half;
    }

    /** Returns whether it is 0/0. */
    public boolean isZero() {
        return value == 0;
    }

    /** Returns whether it lies behind another place. */
    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    /** {@return bytes since the log's beginning; a negative long stands for 2<sup>63</sup> and more} */
    public long asLong() {
        return value;
    }

    /**
     * {@return the place that many bytes later}
     *
     * @param bytes how many; negative for an earlier place
     * @throws ArithmeticException if it lies outside of the log's 64 bits
     */
    public Lsn plus(long bytes) {
        long sum = value + bytes;
        boolean later = Long.compareUnsigned(sum, value) >= 0;
        if (bytes >= 0 != later && bytes != 0) {
            throw new ArithmeticException("the LSN would lie outside of its 64 bits");
        }
        return of(sum);
    }

    /**
     * {@return how many bytes this place is behind another one; negative if it lies before it}
     *
     * @param other the other place
     * @throws ArithmeticException if that are more than a long holds
     */
    public long minus(Lsn other) {
        long difference = value - other.value;
        if (difference < 0 != compareTo(other) < 0) {
            throw new ArithmeticException("the distance is more than a long holds");
        }
        return difference;
    }

    /**
     * Returns the name of the file in {@code pg_wal} that holds the byte at this place: 24 hexadecimal digits, as
     * {@code pg_walfile_name} of PostgreSQL 17 and later gives it. (Older servers name the file before when the place is a
     * file's first byte.)
     *
     * @param timeline the timeline, without sign
     * @param segmentSize bytes in a file, {@code wal_segment_size}: a power of two from 1 MB to 1 GB; 16 MB unless initdb
     *     was told otherwise
     * @return never null
     * @throws IllegalArgumentException if no server has files of that size
     * @see <a href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-BACKUP">Backup control
     *     functions</a>
     */
    public String segmentFileName(int timeline, int segmentSize) {
        requireSize(segmentSize);
        return String.format(
                Locale.ROOT, "%08X%08X%08X", timeline, (int) (value >>> 32), (value & 0xffff_ffffL) / segmentSize);
    }

    /**
     * Returns the place of the first byte of the file that holds the byte at this place; where a receiver of the log begins.
     *
     * @param segmentSize see {@link #segmentFileName(int, int)}
     * @throws IllegalArgumentException if no server has files of that size
     */
    public Lsn segmentStart(int segmentSize) {
        requireSize(segmentSize);
        return of(value & -(long) segmentSize);
    }

    private static void requireSize(int segmentSize) {
        if (segmentSize < 1 << 20 || segmentSize > 1 << 30 || Integer.bitCount(segmentSize) != 1) {
            throw new IllegalArgumentException("a segment has a power of two of bytes, from 1 MB to 1 GB");
        }
    }

    /** Compares as PostgreSQL does, without sign. */
    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Lsn lsn && lsn.value == value;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    /** Returns the text as PostgreSQL prints it: {@code 16/B374D848}. */
    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xffff_ffffL).toUpperCase(Locale.ROOT);
    }
}
