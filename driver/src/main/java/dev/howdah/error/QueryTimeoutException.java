package dev.howdah.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The driver's timeout of an operation passed; the driver has then asked the server to cancel it. {@link
 * Delivery#REFUSED}: the server confirmed the cancellation, the connection stays usable. {@link Delivery#NOT_SENT}: it
 * never left the queue. {@link Delivery#UNKNOWN}: no answer. The server's own {@code statement_timeout} is a {@link
 * QueryCanceledException}.
 */
public final class QueryTimeoutException extends PgException {
    private static final long serialVersionUID = 1L;

    /** The time that was allowed. */
    private final Duration timeout;

    /**
     * Reports a timeout.
     *
     * @param timeout the time that was allowed
     * @param delivery what is known of the operation
     * @param cause the server's answer to the cancellation, for example; null if there is none
     */
    public QueryTimeoutException(Duration timeout, Delivery delivery, @Nullable Throwable cause) {
        super("The timeout of " + text(timeout) + " passed", delivery, cause);
        this.timeout = timeout;
    }

    /**
     * The time that was allowed.
     *
     * @return never null
     */
    public Duration timeout() {
        return timeout;
    }

    private static String text(Duration timeout) {
        if (timeout.compareTo(Duration.ofDays(1)) >= 0 || timeout.toNanosPart() % 1_000_000 != 0) {
            return timeout.toString();
        }
        return timeout.toNanosPart() == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
    }
}
