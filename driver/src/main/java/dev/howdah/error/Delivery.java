package dev.howdah.error;

/**
 * Could the server have acted on the failed operation? Retry code needs this one fact.
 *
 * <p>It speaks of the operation that failed: a statement, a script, a COPY, a connect. Earlier statements of the same
 * transaction share the fate of the transaction.
 */
public enum Delivery {
    /** No byte of the operation reached the server: it cannot have acted. */
    NOT_SENT,

    /**
     * The server refused the operation, so it keeps no effect of it. Exceptions are what PostgreSQL itself never
     * rolls back (sequence values, notices, what a procedure or a script committed before the error).
     */
    REFUSED,

    /** The operation was sent, at least in part, and no answer came: the server may have acted on it or not. */
    UNKNOWN,

    /**
     * The server did the operation; what failed came after it, on this side (for example a value that cannot be
     * converted). Inside a transaction its effect still waits for COMMIT.
     */
    COMPLETED
}
