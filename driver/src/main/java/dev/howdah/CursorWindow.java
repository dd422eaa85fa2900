package dev.howdah;

import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.RowBuffer;
import dev.howdah.session.RowShape;
import dev.howdah.session.SqlCursor;
import org.jspecify.annotations.Nullable;

/**
 * What has been read of a server's cursor and where its user stands in that: the one buffer behind all of its calls. A
 * call that fails leaves both as they were.
 */
final class CursorWindow {

    private final Core core;
    private final SqlCursor cursor;
    private final PageSize pages;
    private RowShape shape;
    private RowBuffer rows;
    /** The place of the first row in the buffer. */
    private long start;
    /** Which row of the buffer comes next. */
    private int next;

    CursorWindow(Core core, SqlCursor cursor, PageSize pages, SqlCursor.Page first) {
        this(core, cursor, pages, first.shape(), first.rows(), 0);
        pages.read(shape, rows);
    }

    private CursorWindow(Core core, SqlCursor cursor, PageSize pages, RowShape shape, RowBuffer rows, long start) {
        this.core = core;
        this.cursor = cursor;
        this.pages = pages;
        this.shape = shape;
        this.rows = rows;
        this.start = start;
    }

    /** Looks into a cursor from where it stands. */
    static CursorWindow at(Core core, SqlCursor cursor, PageSize pages) {
        return new CursorWindow(core, cursor, pages, cursor.shape(), RowBuffer.empty(), cursor.place());
    }

    SqlCursor cursor() {
        return cursor;
    }

    RowShape shape() {
        return shape;
    }

    long place() {
        return start + next;
    }

    private long end() {
        return start + rows.size();
    }

    /** Returns whether a row comes next, after reading a page if need be. */
    boolean hasMore(CallLimits limits) {
        requireUsable(limits);
        if (next < rows.size()) {
            return true;
        }
        if (cursor.total() == end()) {
            return false;
        }
        goTo(read(end(), pages.next(), limits), end(), end());
        return next < rows.size();
    }

    @Nullable
    Row fetchOne(CallLimits limits) {
        if (!hasMore(limits)) {
            return null;
        }
        int row = next++;
        return new Row(shape, rows.array(row), rows.offset(row));
    }

    /** Returns the next rows, those in the buffer first. */
    Rows fetchMany(int count, CallLimits limits) {
        requireUsable(limits);
        int here = rows.size() - next;
        if (count <= here || cursor.total() == end()) {
            return take(Math.min(count, here));
        }
        int missing = count - here;
        return takeWith(read(end(), Math.max(missing, pages.next()), limits), missing);
    }

    Rows fetchAll(CallLimits limits) {
        requireUsable(limits);
        if (cursor.total() == end()) {
            return take(rows.size() - next);
        }
        return takeWith(read(end(), 0, limits), Integer.MAX_VALUE);
    }

    private Rows take(int count) {
        RowBuffer taken = RowBuffer.joined(rows, next, next + count, rows, 0, 0);
        next += count;
        return rows(taken);
    }

    /** Takes all rows of the buffer and some of the page behind it, which becomes the buffer unless nothing is left of it. */
    private Rows takeWith(SqlCursor.Page page, int count) {
        int taken = Math.min(count, page.rows().size());
        RowBuffer all = RowBuffer.joined(rows, next, rows.size(), page.rows(), 0, taken);
        long first = end();
        goTo(page, first, first + taken);
        if (taken == page.rows().size()) {
            stopAt(place());
        }
        return rows(all);
    }

    private Rows rows(RowBuffer taken) {
        String tag = cursor.commandTag();
        return new Rows(shape, taken, tag == null ? "" : tag);
    }

    private SqlCursor.Page read(long from, int count, CallLimits limits) {
        SqlCursor.Page page = core.goOn(cursor.page(from, count), Kind.FETCH, cursor, limits);
        pages.read(page.shape(), page.rows());
        return page;
    }

    /** Makes a page the buffer. */
    private void goTo(SqlCursor.Page page, long first, long place) {
        shape = page.shape();
        rows = page.rows();
        start = first;
        next = (int) (place - first);
    }

    void scroll(long value, ScrollMode mode, CallLimits limits) {
        requireUsable(limits);
        long from = mode == ScrollMode.ABSOLUTE ? 0 : place();
        // Not the sum, which may overflow.
        boolean before = value < -from;
        boolean tooFar = value > Long.MAX_VALUE - from;
        long target = before ? -1 : tooFar ? Long.MAX_VALUE : from + value;
        if (target < place() && !cursor.isScrollable()) {
            throw new IllegalStateException("the cursor only goes forward: for scrolling back it has to be opened with"
                    + " scrollable(true), or with SCROLL in SQL");
        }
        if (before || !reach(target, limits)) {
            String total = cursor.total() < 0 ? "" : " of " + cursor.total() + " rows";
            throw new IndexOutOfBoundsException(
                    (mode == ScrollMode.ABSOLUTE ? "place " + value : value + " rows from place " + from)
                            + " is not within the result" + total);
        }
    }

    /** Goes to a place; returns false if there is none such. */
    private boolean reach(long target, CallLimits limits) {
        long total = cursor.total();
        if (start <= target && target <= end()) {
            next = (int) (target - start);
            return true;
        }
        if (total >= 0 && target >= total) {
            if (target == total || !cursor.isScrollable()) {
                stopAt(total);
            }
            return target == total;
        }
        int count = pages.next();
        // Who goes back may go on going back.
        long first = target < start ? Math.max(0, target + 1 - count) : target;
        SqlCursor.Page page = read(first, count, limits);
        if (page.reached() && target - first <= page.rows().size()) {
            goTo(page, first, target);
            return true;
        }
        if (!cursor.isScrollable()) {
            stopAt(cursor.total());
        }
        return false;
    }

    /** Stands at a place with nothing read from there on. */
    private void stopAt(long end) {
        rows = RowBuffer.empty();
        start = end;
        next = 0;
    }

    /**
     * Has the server say what is wrong if the connection has ended or the transaction has failed, so that it does not
     * depend on the size of a page how far one gets.
     */
    private void requireUsable(CallLimits limits) {
        boolean open = core.session().isOpen();
        if (open) {
            cursor.requireUsable();
        }
        if (!open || core.session().transactionStatus() == TransactionStatus.FAILED) {
            core.goOn(cursor.check(), Kind.FETCH, cursor, limits);
        }
    }
}
