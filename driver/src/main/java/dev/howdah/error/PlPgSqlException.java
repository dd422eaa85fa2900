package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * An error from PL/pgSQL: SQLSTATE class P0.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public sealed class PlPgSqlException extends ServerException permits RaiseException {
    private static final long serialVersionUID = 1L;

    PlPgSqlException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
