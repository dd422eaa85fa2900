package dev.howdah;

import dev.howdah.error.ConfigException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table of keywords: the text, the environment variable, the built-in default, what a value must look like.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS">Parameter key words</a>
 * @see <a href="https://www.postgresql.org/docs/current/libpq-envars.html">Environment variables</a>
 */
enum Keyword {
    // Where to
    HOST("host", "PGHOST", null, KeywordCheck::text),
    HOSTADDR("hostaddr", "PGHOSTADDR", null, KeywordCheck::text),
    PORT("port", "PGPORT", "5432", KeywordCheck::text),
    DBNAME("dbname", "PGDATABASE", null, KeywordCheck::text),
    TARGET_SESSION_ATTRS(
            "target_session_attrs",
            "PGTARGETSESSIONATTRS",
            "any",
            KeywordCheck.oneOf("any", "read-write", "read-only", "primary", "standby", "prefer-standby")),
    LOAD_BALANCE_HOSTS("load_balance_hosts", "PGLOADBALANCEHOSTS", "disable", KeywordCheck.oneOf("disable", "random")),
    SERVICE("service", "PGSERVICE", null, KeywordCheck::text),
    SERVICEFILE("servicefile", "PGSERVICEFILE", null, KeywordCheck::text),

    // Who
    USER("user", "PGUSER", null, KeywordCheck::text),
    PASSWORD("password", "PGPASSWORD", null, KeywordCheck::text),
    PASSFILE("passfile", "PGPASSFILE", null, KeywordCheck::text),
    REQUIRE_AUTH("require_auth", "PGREQUIREAUTH", null, KeywordCheck::requireAuth),
    CHANNEL_BINDING(
            "channel_binding", "PGCHANNELBINDING", "prefer", KeywordCheck.oneOf("disable", "prefer", "require")),
    REQUIREPEER("requirepeer", "PGREQUIREPEER", null, KeywordCheck::text),
    KRBSRVNAME("krbsrvname", "PGKRBSRVNAME", "postgres", KeywordCheck::text),
    GSSLIB("gsslib", "PGGSSLIB", null, KeywordCheck.oneOf("gssapi")),
    GSSDELEGATION("gssdelegation", "PGGSSDELEGATION", "0", KeywordCheck.oneOf("0", "1")),
    GSSENCMODE("gssencmode", "PGGSSENCMODE", "disable", KeywordCheck::gssEncMode),
    OAUTH_ISSUER("oauth_issuer", null, null, KeywordCheck::text),
    OAUTH_CLIENT_ID("oauth_client_id", null, null, KeywordCheck::text),
    OAUTH_CLIENT_SECRET("oauth_client_secret", null, null, KeywordCheck::text),
    OAUTH_SCOPE("oauth_scope", null, null, KeywordCheck::text),
    SCRAM_CLIENT_KEY(
            "scram_client_key",
            null,
            null,
            KeywordCheck.refused(
                    "keys in place of a password are for servers that log in to servers; give a password")),
    SCRAM_SERVER_KEY(
            "scram_server_key",
            null,
            null,
            KeywordCheck.refused(
                    "keys in place of a password are for servers that log in to servers; give a password")),

    // TLS
    SSLMODE("sslmode", "PGSSLMODE", "prefer", KeywordCheck::sslMode),
    SSLNEGOTIATION("sslnegotiation", "PGSSLNEGOTIATION", "postgres", KeywordCheck.oneOf("postgres", "direct")),
    SSLCOMPRESSION("sslcompression", "PGSSLCOMPRESSION", "0", KeywordCheck::text),
    SSLCERT("sslcert", "PGSSLCERT", null, KeywordCheck::text),
    SSLKEY("sslkey", "PGSSLKEY", null, KeywordCheck::text),
    SSLPASSWORD("sslpassword", null, null, KeywordCheck::text),
    SSLCERTMODE("sslcertmode", "PGSSLCERTMODE", "allow", KeywordCheck.oneOf("disable", "allow", "require")),
    SSLROOTCERT("sslrootcert", "PGSSLROOTCERT", null, KeywordCheck::text),
    SSLCRL("sslcrl", "PGSSLCRL", null, KeywordCheck::text),
    SSLCRLDIR("sslcrldir", "PGSSLCRLDIR", null, KeywordCheck::text),
    SSLSNI("sslsni", "PGSSLSNI", "1", KeywordCheck.oneOf("0", "1")),
    SSL_MIN_PROTOCOL_VERSION(
            "ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", "TLSv1.2", KeywordCheck::tlsVersion),
    SSL_MAX_PROTOCOL_VERSION("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", null, KeywordCheck::tlsVersion),
    SSLKEYLOGFILE(
            "sslkeylogfile",
            null,
            null,
            KeywordCheck.refused("a text may not name a file to write; use ConnectOptionsBuilder.sslKeyLogFile")),

    // Conversation
    OPTIONS("options", "PGOPTIONS", null, KeywordCheck::text),
    APPLICATION_NAME("application_name", "PGAPPNAME", null, KeywordCheck::text),
    FALLBACK_APPLICATION_NAME("fallback_application_name", null, null, KeywordCheck::text),
    CLIENT_ENCODING("client_encoding", null, "UTF8", KeywordCheck::clientEncoding),
    REPLICATION(
            "replication",
            null,
            null,
            KeywordCheck.oneOf("", "true", "on", "yes", "1", "database", "false", "off", "no", "0")),
    MIN_PROTOCOL_VERSION(
            "min_protocol_version", "PGMINPROTOCOLVERSION", "3.0", KeywordCheck.oneOf("3.0", "3.2", "latest")),
    MAX_PROTOCOL_VERSION(
            "max_protocol_version", "PGMAXPROTOCOLVERSION", "latest", KeywordCheck.oneOf("3.0", "3.2", "latest")),

    // Time
    CONNECT_TIMEOUT("connect_timeout", "PGCONNECT_TIMEOUT", null, KeywordCheck::integer),
    KEEPALIVES("keepalives", null, "1", KeywordCheck::integer),
    KEEPALIVES_IDLE("keepalives_idle", null, "0", KeywordCheck::integer),
    KEEPALIVES_INTERVAL("keepalives_interval", null, "0", KeywordCheck::integer),
    KEEPALIVES_COUNT("keepalives_count", null, "0", KeywordCheck::integer),
    TCP_USER_TIMEOUT("tcp_user_timeout", null, "0", KeywordCheck::integer),

    // Howdah's own
    CONNECT_TOTAL_TIMEOUT("connect_total_timeout", null, "0", KeywordCheck::seconds),
    QUERY_TIMEOUT("query_timeout", null, "0", KeywordCheck::seconds),
    NOTIFICATION_QUEUE("notification_queue", null, "1000000", KeywordCheck::positive),
    STATEMENT_CACHE_SIZE("statement_cache_size", null, "256", KeywordCheck::count),
    SCRAM_MAX_ITERATIONS("scram_max_iterations", null, "100000", KeywordCheck::positive),
    SCRAM_KEY_CACHE("scram_key_cache", null, "0", KeywordCheck.oneOf("0", "1"));

    /** What the text of a secret is printed as. */
    static final String MASK = "***";

    private static final Map<String, Keyword> BY_TEXT =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Keyword::text, Function.identity()));

    private final String text;
    private final @Nullable String variable;
    private final @Nullable String builtIn;
    private final KeywordCheck check;

    Keyword(String text, @Nullable String variable, @Nullable String builtIn, KeywordCheck check) {
        this.text = text;
        this.variable = variable;
        this.builtIn = builtIn;
        this.check = check;
    }

    /** As it is written in a connection string. */
    String text() {
        return text;
    }

    /** The environment variable that holds a value for it, if there is one. */
    @Nullable
    String variable() {
        return variable;
    }

    /** The value where nothing else gives one. */
    @Nullable
    String builtIn() {
        return builtIn;
    }

    /** Whether values may not be shown. */
    boolean isSecret() {
        return this == PASSWORD || this == SSLPASSWORD || this == OAUTH_CLIENT_SECRET;
    }

    /** Throws if the value cannot be used. */
    void check(String value) {
        if (value.indexOf('\0') >= 0) {
            throw new ConfigException(text, "a value may not hold the character NUL");
        }
        check.check(text, value);
    }

    /** The keyword with this text, if it is one. */
    static @Nullable Keyword find(String text) {
        return BY_TEXT.get(text);
    }
}
