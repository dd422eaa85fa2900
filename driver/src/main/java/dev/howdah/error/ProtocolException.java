package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The peer does not keep to PostgreSQL's protocol: a malformed message, one out of turn, an answer that proves false.
 * The connection cannot be used after it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol.html">Frontend/backend protocol</a>
 */
public final class ProtocolException extends PgException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports a breach while the fate of the operation is unknown.
     *
     * @param message what was received and what was expected; without secrets and without message contents
     */
    public ProtocolException(String message) {
        this(message, Delivery.UNKNOWN, null);
    }

    /**
     * Reports a breach.
     *
     * @param message what was received and what was expected; without secrets and without message contents
     * @param delivery what is known of the operation
     * @param cause null if there is none
     */
    public ProtocolException(String message, Delivery delivery, @Nullable Throwable cause) {
        super(message, delivery, cause);
    }

    /**
     * {@inheritDoc}
     *
     * @return always false
     */
    @Override
    public boolean isSafeToRetry() {
        return false;
    }
}
