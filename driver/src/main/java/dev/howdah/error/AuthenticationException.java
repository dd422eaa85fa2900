package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The server did not accept the user: SQLSTATE class 28, for example a wrong password.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class AuthenticationException extends ServerException {
    private static final long serialVersionUID = 1L;

    AuthenticationException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
