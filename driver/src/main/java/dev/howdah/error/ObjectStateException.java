package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The object is not in the state that the statement needs: the codes of SQLSTATE class 55, except 55P03
 * ({@link LockNotAvailableException}).
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class ObjectStateException extends ServerException {
    private static final long serialVersionUID = 1L;

    ObjectStateException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
