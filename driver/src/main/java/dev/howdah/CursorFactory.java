package dev.howdah;

/**
 * Makes a cursor of your own for a connection, usually by its constructor, as in {@code LoggingCursor::new}.
 *
 * @param <C> your subclass of {@link Cursor} or {@link ServerCursor}
 */
@FunctionalInterface
public interface CursorFactory<C extends BaseCursor> {

    /** Makes the cursor; it sends nothing. */
    C create(PgConnection connection);
}
