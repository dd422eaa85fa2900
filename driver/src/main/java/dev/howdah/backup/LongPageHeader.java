package dev.howdah.backup;

import dev.howdah.type.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What the first page of a segment says of the server. It is in the order of that machine, which shows in what makes sense.
 *
 * @param systemId what IDENTIFY_SYSTEM says; an unsigned number
 * @param timeline which the page was written on, as its name does
 * @param place of the page, the first of the segment
 * @param segmentSize of the server
 */
record LongPageHeader(String systemId, long timeline, Lsn place, int segmentSize) {

    /** How many bytes it has. */
    static final int SIZE = 40;

    private static final int LONG_HEADER = 2;
    private static final int MAGIC_HIGH = 0xd0;
    private static final int LEAST_PAGE = 1 << 10;
    private static final int MOST_PAGE = 1 << 16;

    /** Reads the beginning of a segment; returns null if it is not that of a page, such as where nothing has been written. */
    static @Nullable LongPageHeader read(byte[] page) {
        if (page.length < SIZE) {
            return null;
        }
        LongPageHeader little = read(ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN));
        return little != null ? little : read(ByteBuffer.wrap(page).order(ByteOrder.BIG_ENDIAN));
    }

    private static @Nullable LongPageHeader read(ByteBuffer page) {
        int magic = Short.toUnsignedInt(page.getShort(0));
        int info = page.getShort(2);
        int segmentSize = page.getInt(32);
        int pageSize = page.getInt(36);
        if ((magic >>> 8 & 0xf0) != MAGIC_HIGH
                || (info & LONG_HEADER) == 0
                || !WalSegment.isSize(segmentSize)
                || pageSize < LEAST_PAGE
                || pageSize > MOST_PAGE) {
            return null;
        }
        return new LongPageHeader(
                Long.toUnsignedString(page.getLong(24)),
                Integer.toUnsignedLong(page.getInt(4)),
                Lsn.of(page.getLong(8)),
                segmentSize);
    }
}
