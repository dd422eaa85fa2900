package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The statement names a table, column, function, type or other object that does not exist: SQLSTATE 42P01, 42703, 42883 and
 * 42704.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class UndefinedObjectException extends SyntaxOrAccessException {
    private static final long serialVersionUID = 1L;

    UndefinedObjectException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
