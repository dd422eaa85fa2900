package dev.howdah;

import dev.howdah.error.ConfigException;

/**
 * How much a connection insists on TLS, from never to a verified name. The order of the constants is the order of
 * strictness.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION">Protection provided in
 *     different modes</a>
 */
public enum SslMode {
    /** Never TLS. */
    DISABLE("disable"),
    /** Plain first; TLS if the server refuses that. Protects nobody. */
    ALLOW("allow"),
    /** TLS if the server has it, else plain; nothing is verified. The default. */
    PREFER("prefer"),
    /** TLS or nothing; the certificate is verified only if there is a root certificate file. */
    REQUIRE("require"),
    /** TLS, and the certificate comes from an authority that is trusted. */
    VERIFY_CA("verify-ca"),
    /** As {@link #VERIFY_CA}, and the certificate is the one of the host that was asked for. */
    VERIFY_FULL("verify-full");

    private final String text;

    SslMode(String text) {
        this.text = text;
    }

    /**
     * The value of the keyword {@code sslmode}.
     *
     * @return for example {@code verify-full}; never null
     */
    public String text() {
        return text;
    }

    /**
     * The mode that a value of the keyword {@code sslmode} names.
     *
     * @param text for example {@code verify-full}, in lower case
     * @return never null
     * @throws ConfigException if no mode is written so
     */
    public static SslMode of(String text) {
        for (SslMode mode : values()) {
            if (mode.text.equals(text)) {
                return mode;
            }
        }
        throw new ConfigException(
                "sslmode", "\"" + text + "\" is none of disable, allow, prefer, require, verify-ca, verify-full");
    }
}
