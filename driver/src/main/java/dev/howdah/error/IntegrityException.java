package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * A constraint refused the data: SQLSTATE class 23. {@link Diagnostics#constraintName()} says which.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public sealed class IntegrityException extends ServerException
        permits UniqueViolationException,
                ForeignKeyViolationException,
                NotNullViolationException,
                CheckViolationException,
                ExclusionViolationException {
    private static final long serialVersionUID = 1L;

    IntegrityException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
