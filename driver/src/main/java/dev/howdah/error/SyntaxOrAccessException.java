package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The statement is wrong, or not allowed to this role: SQLSTATE class 42.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public sealed class SyntaxOrAccessException extends ServerException
        permits SyntaxErrorException, InsufficientPrivilegeException, UndefinedObjectException {
    private static final long serialVersionUID = 1L;

    SyntaxOrAccessException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
