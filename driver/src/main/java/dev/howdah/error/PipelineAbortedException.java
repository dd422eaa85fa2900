package dev.howdah.error;

/**
 * The server skipped an operation of a pipeline because an earlier one failed; that error is the cause. {@link
 * Delivery#REFUSED}: the skipped operation had no effect.
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
     * {@inheritDoc}
     *
     * @return what the error of the operation that failed says
     */
    @Override
    public boolean isSafeToRetry() {
        return getCause() instanceof PgException first && first.isSafeToRetry();
    }
}
