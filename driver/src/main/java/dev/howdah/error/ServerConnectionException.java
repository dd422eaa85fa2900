package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The server reports a broken conversation, its own with us or one with another server: SQLSTATE class 08, for example 08P01
 * protocol_violation. The loss of our own connection is a {@link ConnectionLostException}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class ServerConnectionException extends ServerException {
    private static final long serialVersionUID = 1L;

    ServerConnectionException(Diagnostics diagnostics, @Nullable String query, Delivery delivery) {
        super(diagnostics, query, delivery);
    }
}
