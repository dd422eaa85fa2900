package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The transaction did not fit in with others that ran at the same time: SQLSTATE 40001, serialization_failure. Run the whole
 * transaction again.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class SerializationFailureException extends TransactionRollbackException {
    private static final long serialVersionUID = 1L;

    SerializationFailureException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
