package dev.howdah.error;

/**
 * An operation of a pipeline was skipped because an earlier one of the same sync failed; that error is the cause. It had no
 * effect: {@link Delivery#REFUSED} if the server skipped it, {@link Delivery#NOT_SENT} if the failure was known before it
 * was sent.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING">Pipelining</a>
 */
public final class PipelineAbortedException extends PgException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports a skipped operation.
     *
     * @param cause the error of the operation that failed
     */
    public PipelineAbortedException(PgException cause) {
        super("Skipped, because an earlier operation of the pipeline failed", Delivery.REFUSED, cause);
    }

    /**
     * Reports a skipped operation.
     *
     * @param cause what failed: an error of the server, or what kept an operation from being sent
     * @param delivery {@link Delivery#REFUSED} or {@link Delivery#NOT_SENT}
     */
    public PipelineAbortedException(Throwable cause, Delivery delivery) {
        super("Skipped, because an earlier operation of the pipeline failed", delivery, cause);
    }

    /**
     * {@inheritDoc}
     *
     * @return what the error of the operation that failed says
     */
    @Override
    public boolean isSafeToRetry() {
        return getCause() instanceof PgException first && first.isSafeToRetry();
    }
}
