package dev.howdah.error;

/**
 * The program closed the connection before or during this operation. A connection that broke is a {@link
 * ConnectionLostException}.
 */
public final class ConnectionClosedException extends PgException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports the use of a closed connection.
     *
     * @param reason how it was closed, for example "close() was called"
     * @param delivery {@link Delivery#NOT_SENT} for a call after the close, {@link Delivery#UNKNOWN} for one that the
     *     close interrupted
     */
    public ConnectionClosedException(String reason, Delivery delivery) {
        super("The connection is closed: " + reason, delivery, null);
    }

    /**
     * {@inheritDoc}
     *
     * @return always false: the connection does not open again
     */
    @Override
    public boolean isSafeToRetry() {
        return false;
    }
}
