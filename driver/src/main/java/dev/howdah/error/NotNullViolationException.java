package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * NULL for a column that must have a value: SQLSTATE 23502, not_null_violation.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class NotNullViolationException extends IntegrityException {
    private static final long serialVersionUID = 1L;

    NotNullViolationException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
