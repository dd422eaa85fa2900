package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The operating system under the server failed: SQLSTATE class 58.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class SystemErrorException extends ServerException {
    private static final long serialVersionUID = 1L;

    SystemErrorException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
