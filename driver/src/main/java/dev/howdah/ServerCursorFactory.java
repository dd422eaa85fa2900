package dev.howdah;

/**
 * Makes a {@link ServerCursor} of your own for a connection, usually by its constructor, as in {@code AuditedCursor::new}.
 *
 * @param <C> your subclass
 */
@FunctionalInterface
public interface ServerCursorFactory<C extends ServerCursor> {

    /** Makes the cursor; it sends nothing. */
    C create(PgConnection connection, String name);
}
