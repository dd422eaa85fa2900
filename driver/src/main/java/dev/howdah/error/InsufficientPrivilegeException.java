package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The role may not do this: SQLSTATE 42501, insufficient_privilege.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class InsufficientPrivilegeException extends SyntaxOrAccessException {
    private static final long serialVersionUID = 1L;

    InsufficientPrivilegeException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
