package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The server rolled the whole transaction back: SQLSTATE class 40.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public sealed class TransactionRollbackException extends ServerException
        permits SerializationFailureException, DeadlockException {
    private static final long serialVersionUID = 1L;

    TransactionRollbackException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
