package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The server ran out of something: SQLSTATE class 53, for example disk, memory or connection slots.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class ResourceException extends ServerException {
    private static final long serialVersionUID = 1L;

    ResourceException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
