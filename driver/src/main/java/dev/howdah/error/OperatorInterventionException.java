package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * Somebody or something stopped the session or the server: the codes of SQLSTATE class 57, for example 57P01 admin_shutdown,
 * except 57014 ({@link QueryCanceledException}).
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class OperatorInterventionException extends ServerException {
    private static final long serialVersionUID = 1L;

    OperatorInterventionException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
