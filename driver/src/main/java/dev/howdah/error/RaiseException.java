package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * {@code RAISE EXCEPTION} in a function or procedure, without a code of its own: SQLSTATE P0001, raise_exception.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class RaiseException extends PlPgSqlException {
    private static final long serialVersionUID = 1L;

    RaiseException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
