package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * An earlier statement of the transaction failed; only ROLLBACK (to a savepoint) goes on from here: SQLSTATE 25P02,
 * in_failed_sql_transaction.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class FailedTransactionException extends InvalidTransactionStateException {
    private static final long serialVersionUID = 1L;

    FailedTransactionException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
