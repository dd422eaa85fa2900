package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The row conflicts with another under an EXCLUDE constraint: SQLSTATE 23P01, exclusion_violation.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class ExclusionViolationException extends IntegrityException {
    private static final long serialVersionUID = 1L;

    ExclusionViolationException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
