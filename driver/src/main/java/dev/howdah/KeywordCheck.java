package dev.howdah;

import dev.howdah.error.ConfigException;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says what a value of a keyword must look like. */
@FunctionalInterface
interface KeywordCheck {
    /** The methods that {@code require_auth} knows. */
    List<String> AUTH_METHODS = List.of("password", "md5", "gss", "sspi", "scram-sha-256", "oauth", "none");

    /** TLS versions, oldest first. */
    List<String> TLS_VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    /** Nobody waits longer than this many seconds; it keeps nanoseconds in range. */
    BigDecimal MOST_SECONDS = BigDecimal.valueOf(Integer.MAX_VALUE);

    /** Throws {@link ConfigException} if the value is not one for this keyword. */
    void check(String keyword, String value);

    /** Accepts every text. */
    @SuppressWarnings("EmptyMethod")
    static void text(String keyword, String value) {
        // Every text is fine.
    }

    static KeywordCheck oneOf(String... values) {
        List<String> allowed = List.of(values);
        return (keyword, value) -> {
            if (!allowed.contains(value)) {
                throw new ConfigException(keyword, "\"" + value + "\" is none of " + String.join(", ", allowed));
            }
        };
    }

    static KeywordCheck refused(String reason) {
        return (keyword, value) -> {
            throw new ConfigException(keyword, "not supported: " + reason);
        };
    }

    static void integer(String keyword, String value) {
        parseInt(keyword, value);
    }

    /** An int in decimal digits, with white space around it if you like, as libpq reads it. */
    static int parseInt(String keyword, String value) {
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new ConfigException(keyword, "\"" + value + "\" is not an integer", e);
        }
    }

    static void count(String keyword, String value) {
        if (parseInt(keyword, value) < 0) {
            throw new ConfigException(keyword, "may not be negative");
        }
    }

    static void positive(String keyword, String value) {
        if (parseInt(keyword, value) < 1) {
            throw new ConfigException(keyword, "must be at least 1");
        }
    }

    static void seconds(String keyword, String value) {
        parseSeconds(keyword, value);
    }

    /** Seconds, with decimals if you like; never negative. */
    static BigDecimal parseSeconds(String keyword, String value) {
        BigDecimal seconds;
        try {
            seconds = new BigDecimal(value.strip());
        } catch (NumberFormatException e) {
            throw new ConfigException(keyword, "\"" + value + "\" is not a number of seconds", e);
        }
        if (seconds.signum() < 0 || seconds.compareTo(MOST_SECONDS) > 0) {
            throw new ConfigException(keyword, "must be from 0 to " + MOST_SECONDS + " seconds");
        }
        return seconds;
    }

    static void sslMode(String keyword, String value) {
        SslMode.of(value);
    }

    static void gssEncMode(String keyword, String value) {
        if (value.equals("require")) {
            throw new ConfigException(keyword, "require is not supported: there is no GSSAPI encryption here; use TLS");
        }
        oneOf("disable", "prefer").check(keyword, value);
    }

    static void clientEncoding(String keyword, String value) {
        String plain = value.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (!Set.of("utf8", "unicode", "auto").contains(plain)) {
            throw new ConfigException(keyword, "\"" + value + "\" is not supported: text is always UTF8");
        }
    }

    static void tlsVersion(String keyword, String value) {
        tlsRank(keyword, value);
    }

    /** The place of a version in {@link #TLS_VERSIONS}; -1 for no version. */
    static int tlsRank(String keyword, String value) {
        if (value.isEmpty()) {
            return -1;
        }
        for (int i = 0; i < TLS_VERSIONS.size(); i++) {
            if (TLS_VERSIONS.get(i).equalsIgnoreCase(value)) {
                return i;
            }
        }
        throw new ConfigException(keyword, "\"" + value + "\" is none of " + String.join(", ", TLS_VERSIONS));
    }

    static void requireAuth(String keyword, String value) {
        parseRequireAuth(keyword, value);
    }

    /** The methods that a value of {@code require_auth} allows; all of them for an empty one. */
    static Set<String> parseRequireAuth(String keyword, String value) {
        if (value.isEmpty()) {
            return new LinkedHashSet<>(AUTH_METHODS);
        }
        boolean negative = value.startsWith("!");
        Set<String> named = new LinkedHashSet<>();
        for (String item : value.split(",", -1)) {
            if (item.startsWith("!") != negative) {
                throw new ConfigException(keyword, "methods with ! and methods without it cannot be mixed");
            }
            String method = negative ? item.substring(1) : item;
            if (!AUTH_METHODS.contains(method)) {
                throw new ConfigException(
                        keyword, "\"" + item + "\" is none of " + String.join(", ", AUTH_METHODS) + " (or ! and one)");
            }
            if (!named.add(method)) {
                throw new ConfigException(keyword, "method " + method + " is named more than once");
            }
        }
        if (!negative) {
            return named;
        }
        Set<String> rest = new LinkedHashSet<>(AUTH_METHODS);
        rest.removeAll(named);
        return rest;
    }
}
