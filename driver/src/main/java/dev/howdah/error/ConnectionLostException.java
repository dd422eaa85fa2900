package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The connection broke, or the server ended it. The connection is closed for good; later calls on it throw this
 * exception again, then with {@link Delivery#NOT_SENT}: {@link #isSafeToRetry()} then means "on another connection".
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html">Message flow: termination</a>
 */
public final class ConnectionLostException extends PgException {
    private static final long serialVersionUID = 1L;

    /** The server's last error, or null. */
    private final @Nullable Diagnostics lastWords;

    /**
     * Reports a lost connection.
     *
     * @param message what happened, without secrets; the last words are appended to it
     * @param lastWords the FATAL error that the server sent before it went; null if it sent none
     * @param delivery what is known of the operation that failed
     * @param cause for example an IOException; null if the server closed the connection in order
     */
    public ConnectionLostException(
            String message, @Nullable Diagnostics lastWords, Delivery delivery, @Nullable Throwable cause) {
        super(lastWords == null ? message : message + ": " + ErrorText.of(lastWords, null), delivery, cause);
        this.lastWords = lastWords;
    }

    /**
     * What the server said before it went, for example FATAL 57P01 admin_shutdown.
     *
     * @return null if it said nothing
     */
    public @Nullable Diagnostics lastWords() {
        return lastWords;
    }
}
