package dev.howdah;

/** Where a session stands with transactions. */
public enum TransactionStatus {
    /** In none. */
    IDLE,
    /** Something is being run. */
    ACTIVE,
    /** In one. */
    IN_TRANSACTION,
    /** In one that a statement's failure has aborted: only a rollback helps. */
    FAILED,
    /** There is no connection any more. */
    UNKNOWN
}
