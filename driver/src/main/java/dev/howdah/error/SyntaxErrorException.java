package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The server could not parse the statement: SQLSTATE 42601, syntax_error. {@link Diagnostics#statementPosition()} says where.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class SyntaxErrorException extends SyntaxOrAccessException {
    private static final long serialVersionUID = 1L;

    SyntaxErrorException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
