package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * A row with the same key exists already: SQLSTATE 23505, unique_violation.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class UniqueViolationException extends IntegrityException {
    private static final long serialVersionUID = 1L;

    UniqueViolationException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
