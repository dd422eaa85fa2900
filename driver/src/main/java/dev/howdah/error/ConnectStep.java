package dev.howdah.error;

import java.io.Serializable;
import java.time.Duration;

/**
 * One step of an attempt to connect, and how long it took. Immutable.
 *
 * @param kind what was done
 * @param time how long it took, waiting included; never negative
 */
public record ConnectStep(Kind kind, Duration time) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What is done, in this order, until a server is ready for queries. */
    public enum Kind {
        /** The addresses of a host given by name are looked up. It is done once for a host, and counts for its first address. */
        NAME_LOOKUP,
        /** The source of OAuth tokens is asked, because a server has just said where tokens for it come from. */
        TOKEN,
        /** The certificates and keys of the options are read, or taken from memory, and TLS gets ready. */
        TLS_SETUP,
        /** The socket connects. */
        SOCKET,
        /** The server is asked for TLS, unless it begins at once, and both shake hands. */
        TLS,
        /**
         * We say who we are and prove it, until the server accepts us. PostgreSQL holds its last word back until the session
         * is ready; its time to start the session is in here, therefore, rather than in {@link #SESSION}.
         */
        AUTHENTICATION,
        /** From being accepted until the server is ready for queries. */
        SESSION,
        /** The server is compared with target_session_attrs; it is asked what it is, unless it says so by itself. */
        SERVER_CHECK
    }
}
