package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * Not in this state of the transaction: SQLSTATE class 25.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public sealed class InvalidTransactionStateException extends ServerException
        permits FailedTransactionException, ReadOnlyTransactionException {
    private static final long serialVersionUID = 1L;

    InvalidTransactionStateException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
