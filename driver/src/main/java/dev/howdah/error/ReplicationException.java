package dev.howdah.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A replication stream cannot go on, or must not be begun, though server and connection are as they should be: changes would be
 * lost, or there is no room for them. {@link #reason()} is for programs.
 */
public final class ReplicationException extends PgException {
    private static final long serialVersionUID = 1L;

    /** Why a stream ends, or is not begun. */
    public enum Reason {
        /** Transactions that still run take more room on disk than they may. */
        SPOOL_FULL,
        /** They could not be written to disk, or read from there. */
        SPOOL_FAILED,
        /** The slot has been moved on past what the sink has stored: what lies between is lost. */
        CHANGES_LOST,
        /** The slot is not there any more, though the sink has stored changes of it. */
        SLOT_MISSING,
        /** The server has given up the slot, with the log that it kept. */
        SLOT_INVALIDATED,
        /** The slot is there for something else: another database, plugin, or kind of replication. */
        SLOT_UNFIT,
        /** It is not the server, nor a copy of the server, of which the sink has stored changes. */
        OTHER_SYSTEM,
        /** The server's log ends before what the sink has stored: after a failover, the sink has changes that the server lost. */
        SERVER_BEHIND,
        /** The publication is not there. */
        PUBLICATION_MISSING,
        /** A setting, a right or a table stands in the way. */
        NOT_READY
    }

    /** Why. */
    private final Reason reason;

    /**
     * Reports the end of a stream.
     *
     * @param message the facts, with what can be done
     * @param cause null if there is none
     */
    public ReplicationException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, Delivery.COMPLETED, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }

    /**
     * {@inheritDoc}
     *
     * @return always false: somebody has to decide what becomes of the changes
     */
    @Override
    public boolean isSafeToRetry() {
        return false;
    }
}
