package dev.howdah.error;

import org.jspecify.annotations.Nullable;

/**
 * The connection options cannot be used: an unknown keyword, a bad value, an unreadable file. Nothing was sent.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS">Parameter key words</a>
 */
public final class ConfigException extends PgException {
    private static final long serialVersionUID = 1L;

    /** The option at fault, or null. */
    private final @Nullable String keyword;

    /**
     * Reports unusable options.
     *
     * @param keyword the option at fault; null if it is the text as a whole
     * @param message what is wrong with it; must not hold a secret, nor the text of a connection string
     */
    public ConfigException(@Nullable String keyword, String message) {
        this(keyword, message, null);
    }

    /**
     * Reports unusable options, with a cause.
     *
     * @param keyword the option at fault; null if it is the text as a whole
     * @param message what is wrong with it; must not hold a secret, nor the text of a connection string
     * @param cause for example an IOException from a certificate file; null if there is none
     */
    public ConfigException(@Nullable String keyword, String message, @Nullable Throwable cause) {
        super(keyword == null ? message : "Connection option " + keyword + ": " + message, Delivery.NOT_SENT, cause);
        this.keyword = keyword;
    }

    /**
     * The option at fault.
     *
     * @return null if the text as a whole is at fault
     */
    public @Nullable String keyword() {
        return keyword;
    }

    /**
     * {@inheritDoc}
     *
     * @return always false: the options stay wrong
     */
    @Override
    public boolean isSafeToRetry() {
        return false;
    }
}
