package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The server could not make sense of a value: SQLSTATE class 22, for example division by zero or a number out of range.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class DataException extends ServerException {
    private static final long serialVersionUID = 1L;

    DataException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
