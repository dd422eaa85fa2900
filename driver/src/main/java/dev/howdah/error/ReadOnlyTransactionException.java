package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * A write in a read-only transaction or on a standby: SQLSTATE 25006, read_only_sql_transaction.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class ReadOnlyTransactionException extends InvalidTransactionStateException {
    private static final long serialVersionUID = 1L;

    ReadOnlyTransactionException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
