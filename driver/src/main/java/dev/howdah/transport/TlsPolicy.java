package dev.howdah.transport;

import java.util.Locale;

/** How much TLS is wanted: libpq's sslmode. */
public enum TlsPolicy {
    /** No TLS. */
    DISABLE,
    /** Without, or with TLS if the server insists. */
    ALLOW,
    /** With TLS, or without if the server has none. */
    PREFER,
    /** With TLS; the certificate is checked only if a root certificate was given. */
    REQUIRE,
    /** With TLS, and the certificate must come from a trusted authority. */
    VERIFY_CA,
    /** The same, and it must be for the host that was asked for. */
    VERIFY_FULL;

    /** Returns libpq's word for it. */
    String keyword() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns whether a connection without TLS is out of the question. */
    public boolean isRequired() {
        return compareTo(REQUIRE) >= 0;
    }
}
