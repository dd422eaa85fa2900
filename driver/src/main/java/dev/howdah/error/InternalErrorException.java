package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The server failed inside: SQLSTATE class XX, for example corrupted data.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class InternalErrorException extends ServerException {
    private static final long serialVersionUID = 1L;

    InternalErrorException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
