package dev.howdah.backup;

import dev.howdah.type.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** A log made up for a test, as a server would write it, from the beginning of a segment of 1 MB on. */
final class WalBytes {

    static final int SEGMENT = 1 << 20;
    static final int PAGE = 8192;
    static final int CONTINUED = 1;
    static final int OVERWRITTEN = 8;

    private static final int LONG_HEADER = 40;
    private static final int SHORT_HEADER = 24;
    private static final int MAGIC = 0xD118;

    private final Lsn begin;
    private final ByteBuffer log;
    private int timeline = 1;
    private long previous;

    WalBytes(Lsn begin, int segments, ByteOrder order) {
        this.begin = begin;
        this.log = ByteBuffer.allocate(segments * SEGMENT).order(order);
        page(0, 0);
    }

    /** Returns where the next record begins, or the page in whose beginning it does. */
    Lsn end() {
        return begin.plus(log.position());
    }

    /** Says of which timeline the pages are that come. */
    void timeline(int now) {
        timeline = now;
    }

    byte[] bytes() {
        return log.array();
    }

    /** Adds a record, and returns where it begins. */
    Lsn record(int length) {
        return record(length, 0x20, 10);
    }

    /** Adds the record behind which a segment has nothing more. */
    Lsn switchSegment() {
        Lsn place = record(24, 0x40, 0);
        log.position(log.position() + (-log.position() & (SEGMENT - 1)));
        return place;
    }

    private Lsn record(int length, int info, int rmgr) {
        if (log.position() % PAGE == 0) {
            page(0, 0);
        }
        Lsn place = end();
        byte[] record = bytes(length, info, rmgr);
        write(record, record.length);
        previous = place.asLong();
        log.position(log.position() + (-log.position() & 7));
        return place;
    }

    /** Begins a record that the end of a page cuts, and another in its place on the next page. */
    void crash(int length) {
        byte[] record = bytes(length, 0x20, 10);
        int there = PAGE - log.position() % PAGE;
        write(record, Math.min(there, length - 1));
        page(OVERWRITTEN, 0);
    }

    private byte[] bytes(int length, int info, int rmgr) {
        ByteBuffer record = ByteBuffer.allocate(length).order(log.order());
        record.putInt(length).putInt(7).putLong(previous).put((byte) info).put((byte) rmgr);
        for (int i = 24; i < length; i++) {
            record.put(i, (byte) (i * 31));
        }
        CRC32C sum = new CRC32C();
        sum.update(record.array(), 24, length - 24);
        sum.update(record.array(), 0, 20);
        return record.putInt(20, (int) sum.getValue()).array();
    }

    private void write(byte[] record, int length) {
        int written = 0;
        while (written < length) {
            if (log.position() % PAGE == 0) {
                page(written == 0 ? 0 : CONTINUED, record.length - written);
            }
            int there = Math.min(length - written, PAGE - log.position() % PAGE);
            log.put(record, written, there);
            written += there;
        }
    }

    private void page(int info, int left) {
        int at = log.position();
        boolean first = at % SEGMENT == 0;
        log.putShort((short) MAGIC).putShort((short) (info | (first ? 2 : 0))).putInt(timeline);
        log.putLong(begin.plus(at).asLong())
                .putInt((info & CONTINUED) == 0 ? 0 : left)
                .putInt(0);
        if (first) {
            log.putLong(42).putInt(SEGMENT).putInt(PAGE);
        }
        assert log.position() == at + (first ? LONG_HEADER : SHORT_HEADER);
    }

    /** Returns the segments, one after the other. */
    byte[] segment(int number) {
        return Arrays.copyOfRange(bytes(), number * SEGMENT, (number + 1) * SEGMENT);
    }
}
