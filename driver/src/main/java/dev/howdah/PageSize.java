package dev.howdah;

import dev.howdah.session.RowBuffer;
import dev.howdah.session.RowShape;

/**
 * How many rows the next page of a cursor has: as many as were asked for, or as many as fit into a target of memory by
 * what the rows before had. A page grows four times at most, and a column that may be wide is expected to be so: what
 * follows small rows may be large, and a page cannot be stopped once it has been asked for.
 */
final class PageSize {

    private static final int FIRST = 64;
    private static final int GROWTH = 4;
    private static final int LARGEST = 100_000;
    /** What a row counts for at least, in bytes, if it has a column without a limit. */
    private static final int WIDE = 256;
    /** What keeping a row needs beside its bytes. */
    private static final int EACH = Long.BYTES;

    private final int fixed;
    private final long target;
    private long size;
    private long rows;
    private long bytes;

    private PageSize(int fixed, long target) {
        this.fixed = fixed;
        this.target = target;
        this.size = Math.max(1, Math.min(FIRST, target / WIDE));
    }

    /** Always so many rows. */
    static PageSize of(int rows) {
        return new PageSize(rows, 0);
    }

    /** As many rows as fit. */
    static PageSize within(long bytes) {
        return new PageSize(0, bytes);
    }

    /** Returns how many rows to ask for. */
    int next() {
        return fixed > 0 ? fixed : (int) size;
    }

    /** Notes what a page had. */
    void read(RowShape shape, RowBuffer page) {
        int count = page.size();
        if (fixed > 0 || count == 0) {
            return;
        }
        long pageBytes = page.received() + (long) EACH * count;
        rows += count;
        bytes += pageBytes;
        long each = Math.max(ceil(bytes, rows), ceil(pageBytes, count));
        if (mayBeWide(shape)) {
            each = Math.max(each, WIDE);
        }
        size = Math.max(1, Math.min(Math.min(size * GROWTH, LARGEST), target / each));
    }

    private static long ceil(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private static boolean mayBeWide(RowShape shape) {
        for (int column = 0; column < shape.size(); column++) {
            if (shape.field(column).typeSize() < 0) {
                return true;
            }
        }
        return false;
    }
}
