package dev.howdah.event;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.PgException;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection. Immutable.
 *
 * @param cause why it was lost, with the server's last words if it had any; null if the program closed it
 */
public record Termination(@Nullable PgException cause) {

    /** Who ended a connection. */
    public enum Kind {
        /** The program closed it. */
        CLOSED,
        /** The server ended it, and said why: {@link #lastWords()}. */
        ENDED_BY_SERVER,
        /** It broke: an I/O error, a peer that was gone without a word, a message that makes no sense. */
        BROKEN
    }

    /** Returns who ended it. */
    public Kind kind() {
        if (cause == null) {
            return Kind.CLOSED;
        }
        return lastWords() != null ? Kind.ENDED_BY_SERVER : Kind.BROKEN;
    }

    /**
     * Returns what the server said before it ended the connection, for example FATAL 57P01 (admin_shutdown); null if it
     * said nothing or did not end it.
     */
    public @Nullable Diagnostics lastWords() {
        return cause instanceof ConnectionLostException lost ? lost.lastWords() : null;
    }

    /** Returns in a line why it ended. */
    public String reason() {
        if (cause == null) {
            return "the program closed the connection";
        }
        Diagnostics words = lastWords();
        if (words != null) {
            return "the server ended the connection: " + words.severity() + " "
                    + words.sqlState().code() + ": " + words.messagePrimary();
        }
        Throwable below = cause.getCause();
        return below == null || below.getMessage() == null
                ? String.valueOf(cause.getMessage())
                : cause.getMessage() + ": " + below.getMessage();
    }

    /** Returns whether the program closed the connection itself. */
    public boolean isClosed() {
        return cause == null;
    }

    /** Returns who ended the connection and why. */
    @Override
    public String toString() {
        return "Termination[" + kind() + ": " + reason() + "]";
    }
}
