package dev.howdah.backup;

import dev.howdah.type.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the records of the log as its bytes come, from the beginning of a segment on, and sees whether each is whole: pages in
 * their order, records with their checksum, each pointing to the one before. It keeps no more than a header. For one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/wal-internals.html">WAL internals</a>
 */
final class WalRecords {

    private static final int SHORT_PAGE_HEADER = 24;
    private static final int LONG_PAGE_HEADER = 40;
    private static final int RECORD_HEADER = 24;
    private static final int CHECKSUM_AT = 20;
    private static final int ALIGNMENT = 8;
    /** No record is longer. */
    private static final long LONGEST_RECORD = 1L << 30;

    private static final int FIRST_IS_CONTINUED = 1;
    private static final int LONG_HEADER = 2;
    private static final int FIRST_IS_OVERWRITTEN = 8;

    private static final int SWITCH = 0x40;

    /** What the next byte is of. */
    private enum State {
        /** What lies before the first record that is wanted. */
        BEFORE,
        PAGE_HEADER,
        RECORD_HEADER,
        BODY,
        ALIGNMENT,
        /** What lies behind a switch to the next segment. */
        REST_OF_SEGMENT,
        WHOLE,
        BROKEN
    }

    private final long timeline;
    private final Lsn start;
    private final Lsn end;
    private final int segmentSize;
    private final CRC32C sum = new CRC32C();
    private final byte[] pageHeader = new byte[LONG_PAGE_HEADER];
    private final byte[] recordHeader = new byte[RECORD_HEADER];

    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private int pageSize;
    private int magic = -1;
    private long pageTimeline;
    /** Where the next byte lies. */
    private long position;
    /** What is gone on with behind a header of a page. */
    private State inPage = State.BEFORE;

    private State state = State.PAGE_HEADER;
    private int filledPage;
    private int filledRecord;
    private long recordStart;
    /** Where the record before begins; none before the first. */
    private long previous;

    private boolean first = true;
    /** How much of the record is still to come, its header included. */
    private long left;

    private long count;
    private @Nullable String fault;

    /**
     * Begins.
     *
     * @param timeline none of the pages may be of a later one
     * @param start where the first record begins
     * @param end where the last one ends
     */
    WalRecords(long timeline, Lsn start, Lsn end, int segmentSize) {
        this.timeline = timeline;
        this.start = start;
        this.end = end;
        this.segmentSize = segmentSize;
        this.position = start.segmentStart(segmentSize).asLong();
        if (!end.isAfter(start)) {
            state = State.WHOLE;
        }
    }

    /** Returns the place of the next byte that is wanted; at first the beginning of the segment of the first record. */
    Lsn position() {
        return Lsn.of(position);
    }

    /** Returns whether all records up to the end have been seen, and are whole. */
    boolean isWhole() {
        return state == State.WHOLE;
    }

    /** Returns what is wrong, and where; null as long as nothing is. */
    @Nullable
    String fault() {
        return fault;
    }

    /** Returns how many records have been seen that are whole. */
    long count() {
        return count;
    }

    /** Returns what lacks when no more bytes are to be had. */
    String lacks() {
        return "the log ends at " + position() + (isInRecord() ? ", within the record at " + Lsn.of(recordStart) : "")
                + ", and is needed up to " + end;
    }

    private boolean isInRecord() {
        State inside = state == State.PAGE_HEADER ? inPage : state;
        return inside == State.BODY || inside == State.RECORD_HEADER && filledRecord > 0;
    }

    /** Takes the next bytes. What comes behind the end or a fault is not looked at. */
    void accept(byte[] bytes, int offset, int length) {
        int at = offset;
        int limit = offset + length;
        while (at < limit && state != State.WHOLE && state != State.BROKEN) {
            int taken = (int) Math.min(limit - at, untilPageEnd());
            taken = switch (state) {
                case PAGE_HEADER -> pageHeader(bytes, at, taken);
                case BEFORE -> (int) Math.min(taken, start.asLong() - position);
                case RECORD_HEADER -> recordHeader(bytes, at, taken);
                case BODY -> body(bytes, at, taken);
                case ALIGNMENT -> (int) Math.min(taken, -position & (ALIGNMENT - 1));
                case REST_OF_SEGMENT -> (int) Math.min(taken, -position & (segmentSize - 1L));
                case WHOLE, BROKEN -> throw new IllegalStateException("nothing is read any more");
            };
            at += taken;
            position += taken;
            advance();
        }
    }

    /** The first page says how long it is; until then there is only its header. */
    private long untilPageEnd() {
        if (state == State.PAGE_HEADER || state == State.REST_OF_SEGMENT || pageSize == 0) {
            return Long.MAX_VALUE;
        }
        return pageSize - (position & (pageSize - 1L));
    }

    /** Goes from one state to the next where the bytes of one have come. */
    private void advance() {
        switch (state) {
            case PAGE_HEADER -> afterPageHeader();
            case BEFORE -> {
                if (position == start.asLong()) {
                    begin();
                }
            }
            case RECORD_HEADER -> {
                if (filledRecord == RECORD_HEADER) {
                    afterRecordHeader();
                }
            }
            case BODY -> {
                if (left == 0) {
                    afterRecord();
                }
            }
            case ALIGNMENT -> {
                if ((position & (ALIGNMENT - 1)) == 0) {
                    between();
                }
            }
            case REST_OF_SEGMENT -> {
                if ((position & (segmentSize - 1L)) == 0) {
                    between();
                }
            }
            case WHOLE, BROKEN -> {
                return;
            }
        }
        boolean atPage = pageSize > 0 && (position & (pageSize - 1L)) == 0;
        if (atPage && state != State.PAGE_HEADER && state != State.REST_OF_SEGMENT && isGoingOn()) {
            inPage = state;
            filledPage = 0;
            state = State.PAGE_HEADER;
        }
    }

    private boolean isGoingOn() {
        return state != State.WHOLE && state != State.BROKEN;
    }

    /** Between two records: is it the end? */
    private void between() {
        if (Long.compareUnsigned(position, end.asLong()) >= 0) {
            state = State.WHOLE;
        } else {
            begin();
        }
    }

    private void begin() {
        state = State.RECORD_HEADER;
        filledRecord = 0;
    }

    private int pageHeader(byte[] bytes, int at, int there) {
        int length = filledPage < Short.BYTES * 2 ? Short.BYTES * 2 : pageHeaderLength();
        int taken = Math.min(there, length - filledPage);
        System.arraycopy(bytes, at, pageHeader, filledPage, taken);
        filledPage += taken;
        return taken;
    }

    /** The first page of each segment has the longer header. */
    private int pageHeaderLength() {
        long pageStart = position - filledPage;
        return (pageStart & (segmentSize - 1L)) == 0 ? LONG_PAGE_HEADER : SHORT_PAGE_HEADER;
    }

    private void afterPageHeader() {
        if (filledPage < SHORT_PAGE_HEADER || filledPage < pageHeaderLength()) {
            return;
        }
        long pageStart = position - filledPage;
        @Nullable String wrong = checkPage(pageStart);
        if (wrong != null) {
            broken("the page at " + Lsn.of(pageStart) + " " + wrong);
            return;
        }
        int info = page().getShort(2);
        boolean continued = inPage == State.BODY || inPage == State.RECORD_HEADER && filledRecord > 0;
        state = inPage;
        if (continued && (info & FIRST_IS_OVERWRITTEN) != 0) {
            // The server crashed while it wrote the record, and says here that its end will never come.
            begin();
        } else if (continued && ((info & FIRST_IS_CONTINUED) == 0 || page().getInt(16) != leftOfRecord())) {
            broken("the page at " + Lsn.of(pageStart) + " does not go on with the record at " + Lsn.of(recordStart));
        } else if (inPage == State.RECORD_HEADER && !continued && (info & FIRST_IS_CONTINUED) != 0) {
            broken("the page at " + Lsn.of(pageStart) + " goes on with a record that does not begin");
        } else if (inPage == State.RECORD_HEADER && !continued) {
            // The end may be given as the place behind the page's header.
            between();
        } else if (inPage == State.BEFORE && Long.compareUnsigned(position, start.asLong()) >= 0) {
            startIn(pageStart);
        }
    }

    /** The first record begins at the page, or where its header ends. */
    private void startIn(long pageStart) {
        if (start.asLong() == position || start.asLong() == pageStart) {
            begin();
        } else {
            broken("no record can begin at " + start + ", within the header of a page");
        }
    }

    private long leftOfRecord() {
        // Of the header itself there may be a part to come; its first four bytes, the length, are never on another
        // page.
        return inPage == State.BODY ? left : Integer.toUnsignedLong(record().getInt(0)) - filledRecord;
    }

    private ByteBuffer page() {
        return ByteBuffer.wrap(pageHeader).order(order);
    }

    private ByteBuffer record() {
        return ByteBuffer.wrap(recordHeader).order(order);
    }

    private @Nullable String checkPage(long pageStart) {
        if (filledPage == LONG_PAGE_HEADER) {
            @Nullable String wrong = checkSegment();
            if (wrong != null) {
                return wrong;
            }
        }
        ByteBuffer page = page();
        int found = Short.toUnsignedInt(page.getShort(0));
        long pageTli = Integer.toUnsignedLong(page.getInt(4));
        if (magic >= 0 && found != magic) {
            return "is none of the same version";
        } else if (page.getLong(8) != pageStart) {
            return "is that of another place: " + Lsn.of(page.getLong(8));
        } else if (pageTli > timeline || pageTli < pageTimeline) {
            return "is of timeline " + pageTli;
        } else if (((page.getShort(2) & LONG_HEADER) != 0) != (filledPage == LONG_PAGE_HEADER)) {
            return "has not the header that belongs there";
        }
        magic = found;
        pageTimeline = pageTli;
        return null;
    }

    private @Nullable String checkSegment() {
        for (ByteOrder tried : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            ByteBuffer page = ByteBuffer.wrap(pageHeader).order(tried);
            int blockSize = page.getInt(36);
            boolean fits = page.getInt(32) == segmentSize && Integer.bitCount(blockSize) == 1 && blockSize >= 1 << 10;
            if (fits && (pageSize == 0 || pageSize == blockSize && order == tried)) {
                order = tried;
                pageSize = blockSize;
                return null;
            }
        }
        return "does not begin a segment of " + segmentSize + " bytes";
    }

    private int recordHeader(byte[] bytes, int at, int there) {
        if (filledRecord == 0) {
            recordStart = position;
        }
        int taken = Math.min(there, RECORD_HEADER - filledRecord);
        System.arraycopy(bytes, at, recordHeader, filledRecord, taken);
        filledRecord += taken;
        return taken;
    }

    private void afterRecordHeader() {
        long length = Integer.toUnsignedLong(record().getInt(0));
        long before = record().getLong(8);
        if (length < RECORD_HEADER || length > LONGEST_RECORD) {
            broken("no record begins at " + Lsn.of(recordStart) + ": it would be " + length + " bytes long");
        } else if (first ? Long.compareUnsigned(before, recordStart) >= 0 : before != previous) {
            broken("the record at " + Lsn.of(recordStart) + " points back to " + Lsn.of(before)
                    + (first ? "" : ", not to the one before, at " + Lsn.of(previous)));
        } else {
            left = length - RECORD_HEADER;
            sum.reset();
            state = State.BODY;
            if (left == 0) {
                afterRecord();
            }
        }
    }

    private int body(byte[] bytes, int at, int there) {
        int taken = (int) Math.min(there, left);
        sum.update(bytes, at, taken);
        left -= taken;
        return taken;
    }

    private void afterRecord() {
        sum.update(recordHeader, 0, CHECKSUM_AT);
        if ((int) sum.getValue() != record().getInt(CHECKSUM_AT)) {
            broken("the record at " + Lsn.of(recordStart) + " has not its checksum");
            return;
        }
        count++;
        first = false;
        previous = recordStart;
        if (recordHeader[17] == 0 && (recordHeader[16] & 0xf0) == SWITCH) {
            state = State.REST_OF_SEGMENT;
            if ((position & (segmentSize - 1L)) == 0) {
                between();
            }
        } else if ((position & (ALIGNMENT - 1)) != 0) {
            state = State.ALIGNMENT;
        } else {
            between();
        }
    }

    private void broken(String why) {
        fault = why;
        state = State.BROKEN;
    }
}
