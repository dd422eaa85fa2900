package dev.howdah.session;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of a session, for whoever has to know later whether it has ended and how. Safe for several threads.
 *
 * @see Session#transaction()
 */
public final class TransactionFate {

    private volatile @Nullable End end;
    private final AtomicInteger rollbacks = new AtomicInteger();

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

    /** Returns how often something of it was rolled back, while it went on: what a savepoint was set before. */
    public int rollbacks() {
        return rollbacks.get();
    }

    /** Notes that something of it was rolled back, or all. */
    void rolledBack() {
        rollbacks.incrementAndGet();
    }

    /** Notes its end; the first counts. */
    void end(End how) {
        if (end == null) {
            end = how;
        }
    }
}
