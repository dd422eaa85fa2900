package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * A COPY was ended because what gives its data, or takes them, failed on this side, or because the statement moves no data
 * between server and client. The connection stays usable.
 *
 * <p>Of data to the server nothing is kept: {@link Delivery#REFUSED}. Where the data came from the server, what failed came
 * behind the server's work: {@link Delivery#COMPLETED}. What the source or the sink threw is the cause.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>
 */
public final class CopyFailedException extends PgException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports a COPY that was ended.
     *
     * @param message what failed
     * @param delivery could the server have acted
     * @param cause what the source or sink threw, or null
     */
    public CopyFailedException(String message, Delivery delivery, @Nullable Throwable cause) {
        super(message, delivery, cause);
    }

    /**
     * {@inheritDoc}
     *
     * @return always false: the source may have given some of its data away
     */
    @Override
    public boolean isSafeToRetry() {
        return false;
    }
}
