package dev.howdah;

import dev.howdah.error.ConfigException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Completes given options as libpq does - what was given, then the service, then the environment, then the built-in
 * default - and refuses those that contradict each other.
 */
final class OptionResolver {
    /** Environment variables that libpq sends to the server as settings. */
    private static final Map<String, String> PARAMETER_VARIABLES =
            Map.of("PGTZ", "TimeZone", "PGDATESTYLE", "DateStyle", "PGGEQO", "geqo");

    /** The keywords of the user's files for TLS, with their names. */
    private static final Map<Keyword, String> TLS_FILES = Map.of(
            Keyword.SSLCERT, "postgresql.crt",
            Keyword.SSLKEY, "postgresql.key",
            Keyword.SSLROOTCERT, "root.crt",
            Keyword.SSLCRL, "root.crl");

    private final GivenOptions given;
    private final PgEnvironment environment;

    private OptionResolver(GivenOptions given, PgEnvironment environment) {
        this.given = given;
        this.environment = environment;
    }

    /** Options from a connection string. */
    static ConnectOptions parse(String text, PgEnvironment environment) {
        GivenOptions given = new GivenOptions();
        if (ConninfoUri.isUri(text)) {
            ConninfoUri.parse(text, given::put);
        } else {
            ConninfoText.parse(text, given::put);
        }
        return resolve(given, environment, true, OptionExtras.NONE);
    }

    /**
     * Completes the options.
     *
     * @param outside whether to look at the service and the environment, too
     */
    static ConnectOptions resolve(
            GivenOptions explicit, PgEnvironment environment, boolean outside, OptionExtras extras) {
        OptionResolver resolver = new OptionResolver(explicit.copy(), environment);
        if (outside) {
            resolver.takeService();
            resolver.takeEnvironment();
        }
        return resolver.complete(extras);
    }

    private void takeService() {
        String service = given.get(Keyword.SERVICE);
        if (service == null) {
            service = environment.variable("PGSERVICE");
        }
        if (service != null) {
            String file = given.get(Keyword.SERVICEFILE);
            given.fillFrom(ServiceFile.read(
                    service, file == null ? environment.variable("PGSERVICEFILE") : file, environment));
        }
    }

    private void takeEnvironment() {
        Set<Keyword> before = new HashSet<>(given.keywords());
        for (Keyword keyword : Keyword.values()) {
            String variable = keyword.variable();
            String value = variable == null ? null : environment.variable(variable);
            if (value != null && !before.contains(keyword)) {
                try {
                    given.put(keyword, value);
                } catch (ConfigException e) {
                    throw new ConfigException(
                            keyword.text(),
                            "the environment variable " + variable + " cannot be used: " + e.getMessage(),
                            e);
                }
            }
        }
        String requireSsl = environment.variable("PGREQUIRESSL");
        if (given.get(Keyword.SSLMODE) == null && requireSsl != null && requireSsl.startsWith("1")) {
            given.put(Keyword.SSLMODE, "require");
        }
        PARAMETER_VARIABLES.forEach((variable, parameter) -> {
            String value = environment.variable(variable);
            if (value != null
                    && !value.equalsIgnoreCase("default")
                    && !given.parameters().containsKey(parameter)) {
                given.putParameter(parameter, value);
            }
        });
    }

    private ConnectOptions complete(OptionExtras extras) {
        List<ConnectOptions.Host> hosts = HostList.of(given, environment);
        EnumMap<Keyword, String> effective = new EnumMap<>(Keyword.class);
        for (Keyword keyword : Keyword.values()) {
            String value = given.get(keyword);
            boolean open = value == null || (value.isEmpty() && TLS_FILES.containsKey(keyword));
            value = open ? defaultOf(keyword) : value;
            if (value != null) {
                effective.put(keyword, value);
            }
        }
        String user = effective.getOrDefault(Keyword.USER, "");
        user = user.isEmpty() ? environment.osUser() : user;
        if (user.isEmpty()) {
            throw new ConfigException("user", "none is given, and the operating system does not say who you are");
        }
        effective.put(Keyword.USER, user);
        if (!given.has(Keyword.DBNAME)) {
            effective.put(Keyword.DBNAME, user);
        }
        if (!given.has(Keyword.PASSFILE)) {
            effective.put(Keyword.PASSFILE, environment.passwordFile().toString());
        }
        checkTls(effective);
        checkAuthentication(effective);
        return new ConnectOptions(new EffectiveOptions(given, effective, hosts), environment, extras);
    }

    private @Nullable String defaultOf(Keyword keyword) {
        if (keyword == Keyword.SSLMODE && "system".equals(given.get(Keyword.SSLROOTCERT))) {
            return SslMode.VERIFY_FULL.text();
        }
        String file = TLS_FILES.get(keyword);
        return file == null ? keyword.builtIn() : environment.tlsFile(file);
    }

    private static void checkTls(Map<Keyword, String> effective) {
        SslMode mode = SslMode.of(effective.getOrDefault(Keyword.SSLMODE, ""));
        if (mode != SslMode.VERIFY_FULL && "system".equals(effective.get(Keyword.SSLROOTCERT))) {
            throw new ConfigException("sslmode", mode.text() + " is too weak for sslrootcert=system; use verify-full");
        }
        if (mode.compareTo(SslMode.REQUIRE) < 0 && "direct".equals(effective.get(Keyword.SSLNEGOTIATION))) {
            throw new ConfigException(
                    "sslmode",
                    mode.text() + " is too weak for sslnegotiation=direct; use require, verify-ca or verify-full");
        }
        int least = KeywordCheck.tlsRank("", effective.getOrDefault(Keyword.SSL_MIN_PROTOCOL_VERSION, ""));
        int most = KeywordCheck.tlsRank("", effective.getOrDefault(Keyword.SSL_MAX_PROTOCOL_VERSION, ""));
        if (most >= 0 && least > most) {
            throw new ConfigException("ssl_max_protocol_version", "is below ssl_min_protocol_version");
        }
        if ("3.0".equals(effective.get(Keyword.MAX_PROTOCOL_VERSION))
                && !"3.0".equals(effective.get(Keyword.MIN_PROTOCOL_VERSION))) {
            throw new ConfigException("max_protocol_version", "is below min_protocol_version");
        }
    }

    private static void checkAuthentication(Map<Keyword, String> effective) {
        if ("require".equals(effective.get(Keyword.CHANNEL_BINDING))) {
            if ("disable".equals(effective.get(Keyword.SSLMODE))) {
                throw new ConfigException("channel_binding", "require needs TLS, but sslmode is disable");
            }
            String methods = effective.getOrDefault(Keyword.REQUIRE_AUTH, "");
            if (!KeywordCheck.parseRequireAuth("require_auth", methods).contains("scram-sha-256")) {
                throw new ConfigException(
                        "channel_binding", "require needs scram-sha-256, but require_auth excludes it");
            }
        }
    }
}
