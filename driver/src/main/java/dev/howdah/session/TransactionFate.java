package dev.howdah.session;

import org.jspecify.annotations.Nullable;

/**
 * One transaction of a session, for whoever has to know later whether it has ended and how. Safe for several threads.
 *
 * @see Session#transaction()
 */
public final class TransactionFate {

    private volatile @Nullable End end;

    /** How a transaction can end. */
    public enum End {
        /** By COMMIT. */
        COMMITTED,
        /** By PREPARE TRANSACTION: it does not belong to the session any more. */
        PREPARED,
        /** By ROLLBACK, or a COMMIT that failed. */
        ROLLED_BACK
    }

    TransactionFate() {}

    /** Returns how it ended, or null as long as it is not known to have ended. */
    public @Nullable End end() {
        return end;
    }

    /** Notes its end; the first counts. */
    void end(End how) {
        if (end == null) {
            end = how;
        }
    }
}
