package dev.howdah.event;

import dev.howdah.error.PgException;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection. Immutable.
 *
 * @param cause why it was lost, with the server's last words if it had any; null if the program closed it
 */
public record Termination(@Nullable PgException cause) {

    /** Returns whether the program closed the connection itself. */
    public boolean isClosed() {
        return cause == null;
    }
}
