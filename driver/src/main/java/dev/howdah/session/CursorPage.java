package dev.howdah.session;

import org.jspecify.annotations.Nullable;

/** Reads a page of a cursor: moves to where it begins if the server stands elsewhere, and reads on from there. */
final class CursorPage implements Conversation<SqlCursor.Page> {

    private final SqlCursor cursor;
    private final long start;
    private final int count;
    private final RowTypes rowTypes;
    private @Nullable CursorTrip trip;

    CursorPage(SqlCursor cursor, long start, int count) {
        this.cursor = cursor;
        this.start = start;
        this.count = count;
        this.rowTypes = new RowTypes(cursor.session(), cursor.statements());
    }

    @Override
    public @Nullable Exchange<?> next() {
        CursorTrip ended = trip;
        if (ended == null) {
            if (cursor.session().isOpen()) {
                cursor.requireUsable();
            }
            CursorTrip begun = cursor.trip(start, count);
            trip = begun;
            return begun;
        }
        CursorTrip answered = ended.result();
        return rowTypes.next(() -> TypeProbe.outdated(answered.columns(), answered.rows()));
    }

    @Override
    public SqlCursor.Page result() {
        CursorTrip ended = trip;
        if (ended == null) {
            throw new IllegalStateException("the page has not been asked for");
        }
        return cursor.arrived(ended.result(), start, count);
    }
}
