package dev.howdah.session;

import org.jspecify.annotations.Nullable;

/** Closes a cursor if it is still there, or asks whether it can be used. Yields whether the server was asked. */
final class CursorStep implements Conversation<Boolean> {

    private final SqlCursor cursor;
    private final boolean close;
    private boolean begun;
    private @Nullable CursorTrip trip;

    CursorStep(SqlCursor cursor, boolean close) {
        this.cursor = cursor;
        this.close = close;
    }

    @Override
    public @Nullable Exchange<?> next() {
        if (begun) {
            return null;
        }
        begun = true;
        CursorTrip made = new CursorTrip(cursor, cursor.text());
        if (close) {
            boolean gone = cursor.isGone();
            cursor.closed();
            if (gone) {
                return null;
            }
            made.closeCursor();
        } else {
            if (cursor.session().isOpen()) {
                cursor.requireUsable();
            }
            made.describeCursor();
        }
        trip = made;
        return made;
    }

    @Override
    public Boolean result() {
        if (trip != null) {
            trip.result();
        }
        return trip != null;
    }
}
