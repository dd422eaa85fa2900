package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The statement was stopped, by a cancel request, {@code statement_timeout} or the like: SQLSTATE 57014, query_canceled.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class QueryCanceledException extends ServerException {
    private static final long serialVersionUID = 1L;

    QueryCanceledException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
