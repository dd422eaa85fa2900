package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The server chose this transaction to end a deadlock: SQLSTATE 40P01, deadlock_detected. Run the whole transaction again.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class DeadlockException extends TransactionRollbackException {
    private static final long serialVersionUID = 1L;

    DeadlockException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
