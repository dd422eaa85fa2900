package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * A COPY from or to the client was sent through a method that runs plain statements. The COPY was ended, the
 * connection stays usable.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>
 */
public final class UnexpectedCopyException extends PgException {
    private static final long serialVersionUID = 1L;

    /** Which way the data goes. */
    private final Direction direction;

    /**
     * Reports a COPY in the wrong place.
     *
     * @param direction which way its data goes
     * @param delivery {@link Delivery#REFUSED} for data to the server (the driver made the COPY fail), {@link
     *     Delivery#COMPLETED} for data from the server (the driver dropped it), unless the operation failed later
     * @param cause the error of the server with which the operation failed after this COPY had begun; null if it did not
     */
    public UnexpectedCopyException(Direction direction, Delivery delivery, @Nullable ServerException cause) {
        super(direction.message, delivery, cause);
        this.direction = direction;
    }

    /**
     * Which way the data of the COPY goes.
     *
     * @return never null
     */
    public Direction direction() {
        return direction;
    }

    /**
     * {@inheritDoc}
     *
     * @return always false: it needs another method
     */
    @Override
    public boolean isSafeToRetry() {
        return false;
    }

    /** Which way the data of a COPY goes. */
    public enum Direction {
        /** COPY ... FROM STDIN: to the server. */
        IN("COPY ... FROM STDIN needs data: use copyIn instead of execute or query"),
        /** COPY ... TO STDOUT: from the server. */
        OUT("COPY ... TO STDOUT sends data: use copyOut instead of execute or query"),
        /** Both ways: replication. */
        BOTH("This starts a replication stream: use a replication connection's startReplication");

        private final String message;

        Direction(String message) {
            this.message = message;
        }
    }
}
