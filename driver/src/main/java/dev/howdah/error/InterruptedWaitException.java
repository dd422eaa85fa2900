package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The thread was interrupted while it waited for the server. The operation was cancelled, the connection is not
 * corrupted, the thread's interrupt status is set again.
 */
public final class InterruptedWaitException extends PgException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports an interrupted wait.
     *
     * @param delivery what is known of the operation
     * @param cause the InterruptedException or the server's answer to the cancellation; null if there is none
     */
    public InterruptedWaitException(Delivery delivery, @Nullable Throwable cause) {
        super("The thread was interrupted while it waited for the server", delivery, cause);
    }

    /**
     * {@inheritDoc}
     *
     * @return always false: whoever interrupted wants the work to end
     */
    @Override
    public boolean isSafeToRetry() {
        return false;
    }
}
