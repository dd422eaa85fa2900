package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * A foreign key has no target, or a row is still referred to: SQLSTATE 23503, foreign_key_violation, and
 * 23001, restrict_violation, which servers from PostgreSQL 18 on send for {@code ON DELETE RESTRICT} where older ones send
 * 23503.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class ForeignKeyViolationException extends IntegrityException {
    private static final long serialVersionUID = 1L;

    ForeignKeyViolationException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
