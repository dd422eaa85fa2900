package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The server cannot do this: SQLSTATE class 0A.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class FeatureNotSupportedException extends ServerException {
    private static final long serialVersionUID = 1L;

    FeatureNotSupportedException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
