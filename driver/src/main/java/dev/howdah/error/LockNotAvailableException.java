package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * {@code NOWAIT} or {@code lock_timeout} gave up on a lock: SQLSTATE 55P03, lock_not_available.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class LockNotAvailableException extends ServerException {
    private static final long serialVersionUID = 1L;

    LockNotAvailableException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
