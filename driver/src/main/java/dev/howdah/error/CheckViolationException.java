package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * A CHECK constraint or a domain refused the value: SQLSTATE 23514, check_violation.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class CheckViolationException extends IntegrityException {
    private static final long serialVersionUID = 1L;

    CheckViolationException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
