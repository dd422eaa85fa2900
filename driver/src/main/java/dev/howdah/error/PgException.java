package dev.howdah.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that can go wrong between a program and its PostgreSQL server. Unchecked; the direct children
 * are sealed, so a {@code switch} over them is exhaustive.
 *
 * <p>No exception holds a password or a parameter value. Immutable (apart from the stack trace and suppressed
 * exceptions, as every Throwable), serializable, safe to hand to other threads.
 */
public abstract sealed class PgException extends RuntimeException
        permits ServerException,
                ConnectionLostException,
                ConnectionClosedException,
                ConnectFailedException,
                ConfigException,
                ProtocolException,
                ConversionException,
                QueryTimeoutException,
                InterruptedWaitException,
                UnexpectedCopyException,
                CopyFailedException,
                RowCountException,
                CommitRolledBackException,
                PipelineAbortedException,
                ReplicationException,
                BackupException {
    private static final long serialVersionUID = 1L;

    /** Whether the server could have acted. */
    private final Delivery delivery;

    private int batchFirst = -1;
    private int batchLast = -1;
    /** What the driver knows beside the server's words, or null. */
    private @Nullable String remark;

    PgException(String message, Delivery delivery, @Nullable Throwable cause) {
        super(message, cause);
        this.delivery = Objects.requireNonNull(delivery, "delivery");
    }

    /**
     * Could the server have acted on the failed operation?
     *
     * @return never null
     */
    public final Delivery delivery() {
        return delivery;
    }

    /**
     * Whether to try again: true only if the failed work has certainly not been done <em>and</em> another try may end
     * differently. That is the case when nothing was sent ({@link Delivery#NOT_SENT}) and the reason may pass, and for
     * the SQLSTATEs 40001 and 40P01. Inside a transaction "the work" is the whole transaction: roll back and run it again
     * from its first statement, not the last statement alone. False says "not known to be safe", never "not done".
     *
     * @return true if running the work again cannot do it twice and makes sense
     */
    public boolean isSafeToRetry() {
        return delivery == Delivery.NOT_SENT;
    }

    /**
     * Which set of parameters failed, when the operation was a batch ({@code executeMany}).
     *
     * @return its index, counted from 0, or -1 if the operation was no batch or no single set is known to be to blame
     */
    public final int batchSet() {
        return batchFirst == batchLast ? batchFirst : -1;
    }

    /**
     * The first of the sets of a batch one of which failed: the server does not tell more where several were run as one
     * statement. Equal to {@link #batchSet()} where that is known.
     *
     * @return its index, counted from 0, or -1 if the operation was no batch or no set is to blame
     */
    public final int batchFirst() {
        return batchFirst;
    }

    /**
     * The last of the sets of a batch one of which failed.
     *
     * @return its index, counted from 0, or -1 if the operation was no batch or no set is to blame
     * @see #batchFirst()
     */
    public final int batchLast() {
        return batchLast;
    }

    /**
     * Says which sets of parameters of a batch may have failed. For the driver.
     *
     * @param first the index of the first of them, counted from 0
     * @param last the index of the last of them
     */
    public final void batchSets(int first, int last) {
        batchFirst = first;
        batchLast = last;
    }

    /**
     * Adds to the message what the driver knows beside the server's words. For the driver.
     *
     * @param text one sentence
     */
    public final void remark(String text) {
        remark = text;
    }

    /** Returns what the driver knows beside the server's words, which is part of the message; null if there is nothing. */
    public final @Nullable String remark() {
        return remark;
    }

    /** The message; the sets of a batch that may have failed are named in it. */
    @Override
    public @Nullable String getMessage() {
        String message = super.getMessage();
        String full = remark == null ? message : message + "\n  Remark: " + remark;
        if (batchFirst < 0) {
            return full;
        }
        String sets =
                batchFirst == batchLast ? "Set " + batchFirst : "One of the sets " + batchFirst + " to " + batchLast;
        return sets + " of the batch (counted from 0): " + full;
    }
}
