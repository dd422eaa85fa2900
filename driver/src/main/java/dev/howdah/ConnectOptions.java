package dev.howdah;

import dev.howdah.error.ConfigException;
import dev.howdah.password.OAuthTokenSource;
import dev.howdah.password.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a server, as libpq understands it: a URI, {@code key=value} text or a builder, completed from the service
 * file, the {@code PG*} environment variables and built-in defaults, in this order of rank. Immutable, safe for several
 * threads. No secret is in any text that it gives.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING">Connection strings</a>
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS">Parameter key words</a>
 */
public final class ConnectOptions {
    private final EffectiveOptions options;
    private final PgEnvironment environment;
    private final OptionExtras extras;

    ConnectOptions(EffectiveOptions options, PgEnvironment environment, OptionExtras extras) {
        this.options = options;
        this.environment = environment;
        this.extras = extras;
    }

    /**
     * Reads a connection string: a URI ({@code postgresql://...}), {@code key=value} text, or an empty text. What it
     * leaves open comes from the service file, the environment and the defaults, read now; the password file is read at
     * each connect.
     *
     * @param text the connection string
     * @return never null
     * @throws ConfigException if a keyword is unknown or not supported, a value cannot be used, options contradict each
     *     other, or a file that they name cannot be read; the message names the keyword and no secret
     */
    public static ConnectOptions parse(String text) {
        return parse(text, PgEnvironment.ofProcess());
    }

    static ConnectOptions parse(String text, PgEnvironment environment) {
        return OptionResolver.parse(text, environment);
    }

    /**
     * Starts with nothing given. What stays open is completed when {@link ConnectOptionsBuilder#build()} runs, as
     * {@link #parse(String)} does.
     *
     * @return a new builder
     */
    public static ConnectOptionsBuilder builder() {
        return builder(PgEnvironment.ofProcess());
    }

    static ConnectOptionsBuilder builder(PgEnvironment environment) {
        return new ConnectOptionsBuilder(new GivenOptions(), environment, true, OptionExtras.NONE);
    }

    /**
     * Starts with these options. All that they took from the service, the environment or the system counts as given;
     * only a database that nobody named follows the user.
     *
     * @return a new builder, whose {@code build()} gives equal options if nothing is changed
     */
    public ConnectOptionsBuilder toBuilder() {
        return new ConnectOptionsBuilder(options.asGiven(), environment, false, extras);
    }

    /**
     * The password for a host: from the supplier, which is called each time, else as given, else from the password file,
     * which is read each time.
     *
     * @param host one of {@link #hosts()}
     * @return null if there is none
     * @throws ConfigException if the password file can be used but not be read; also what the supplier throws
     */
    public @Nullable Secret password(Host host) {
        Supplier<? extends @Nullable Secret> supplier = extras.passwordSupplier();
        if (supplier != null) {
            return supplier.get();
        }
        Secret password = options.secret(Keyword.PASSWORD);
        if (password != null) {
            return password;
        }
        boolean local =
                environment.socketFolders().stream().anyMatch(f -> f.toString().equals(host.name()));
        Set<String> names = local ? Set.of(host.name(), "localhost") : Set.of(host.name());
        return PasswordFile.find(options.required(Keyword.PASSFILE), names, host.port(), dbname(), user(), environment);
    }

    /**
     * What the startup message says: user, database, and if given replication, options, application_name (or
     * fallback_application_name), further parameters; client_encoding is always UTF8. Nothing else.
     *
     * @return in the order to send; unmodifiable
     */
    public Map<String, String> startupParameters() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("user", user());
        all.put("database", dbname());
        String name = options.raw(Keyword.APPLICATION_NAME);
        putIfThere(all, "replication", options.raw(Keyword.REPLICATION));
        putIfThere(all, "options", options.raw(Keyword.OPTIONS));
        putIfThere(all, "application_name", name == null ? options.raw(Keyword.FALLBACK_APPLICATION_NAME) : name);
        all.put("client_encoding", "UTF8");
        all.putAll(options.parameters());
        return Collections.unmodifiableMap(all);
    }

    private static void putIfThere(Map<String, String> all, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            all.put(name, value);
        }
    }

    /**
     * The values in effect, defaults included, by keyword; {@code ***} for a secret.
     *
     * @return keywords without a value are missing; unmodifiable
     */
    public Map<String, String> keywords() {
        return Collections.unmodifiableMap(options.masked(extras.passwordSupplier() != null, false));
    }

    /**
     * The options as a URI, secrets as {@code ***}; {@link #parse(String)} reads it as {@link #toString()}'s text.
     *
     * @return never null
     */
    public String toUri() {
        return ConninfoUri.print(hosts(), options.masked(extras.passwordSupplier() != null, true));
    }

    /**
     * The options as {@code key=value} text, secrets as {@code ***}. In the same environment {@link #parse(String)} makes
     * equal options of it, but for the secrets, and what only a builder can set: suppliers, files to write, factories.
     */
    @Override
    public String toString() {
        return ConninfoText.print(options.masked(extras.passwordSupplier() != null, true));
    }

    /** Whether the values in effect are the same, wherever they come from; password suppliers by identity. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConnectOptions that && options.equals(that.options) && extras.equals(that.extras);
    }

    @Override
    public int hashCode() {
        return options.hashCode();
    }

    /** {@return the hosts to try, in the order given (see {@link #loadBalanceHosts()}); at least one; unmodifiable} */
    public List<Host> hosts() {
        return options.hosts();
    }

    /** {@return who logs in: keyword {@code user}, else the operating system's user; never empty} */
    public String user() {
        return options.required(Keyword.USER);
    }

    /** {@return the database: keyword {@code dbname}, else the name of the user; never empty} */
    public String dbname() {
        return options.required(Keyword.DBNAME);
    }

    /** {@return how much to insist on TLS: keyword {@code sslmode}; a Unix-domain socket never has TLS; never null} */
    public SslMode sslMode() {
        return SslMode.of(options.required(Keyword.SSLMODE));
    }

    /**
     * {@return where trusted certificates are: keyword {@code sslrootcert}, else {@code root.crt} in the user's folder
     * for TLS if that exists; a file name, or {@code system} for the JDK's own store; null if there is none}
     */
    public @Nullable String sslRootCert() {
        return options.value(Keyword.SSLROOTCERT);
    }

    /**
     * {@return the client certificate: keyword {@code sslcert}, else {@code postgresql.crt} in the user's folder for
     * TLS; a file name; null if there is none}
     */
    public @Nullable String sslCert() {
        return options.value(Keyword.SSLCERT);
    }

    /**
     * {@return the key of the client certificate: keyword {@code sslkey}, else {@code postgresql.key} in the user's
     * folder for TLS; a file name; null if there is none}
     */
    public @Nullable String sslKey() {
        return options.value(Keyword.SSLKEY);
    }

    /** {@return what decrypts the key: keyword {@code sslpassword}; null if none is given} */
    public @Nullable Secret sslPassword() {
        return options.secret(Keyword.SSLPASSWORD);
    }

    /**
     * {@return whether to show a client certificate: keyword {@code sslcertmode}; {@code disable}, {@code allow} or
     * {@code require}}
     */
    public String sslCertMode() {
        return options.required(Keyword.SSLCERTMODE);
    }

    /**
     * {@return the list of revoked certificates: keyword {@code sslcrl}, else {@code root.crl} in the user's folder
     * for TLS; a file name; null if there is none}
     */
    public @Nullable String sslCrl() {
        return options.value(Keyword.SSLCRL);
    }

    /**
     * {@return a folder of lists of revoked certificates: keyword {@code sslcrldir}; a folder's name; null if none is
     * given}
     */
    public @Nullable String sslCrlDir() {
        return options.value(Keyword.SSLCRLDIR);
    }

    /** {@return whether to tell the host name in the TLS handshake: keyword {@code sslsni}; true unless it is 0} */
    public boolean sslSni() {
        return options.required(Keyword.SSLSNI).equals("1");
    }

    /**
     * {@return the oldest TLS version: keyword {@code ssl_min_protocol_version}; for example {@code TLSv1.2}; null for
     * no limit}
     */
    public @Nullable String sslMinProtocolVersion() {
        return options.tlsVersion(Keyword.SSL_MIN_PROTOCOL_VERSION);
    }

    /**
     * {@return the newest TLS version: keyword {@code ssl_max_protocol_version}; for example {@code TLSv1.3}; null for
     * no limit}
     */
    public @Nullable String sslMaxProtocolVersion() {
        return options.tlsVersion(Keyword.SSL_MAX_PROTOCOL_VERSION);
    }

    /**
     * {@return whether TLS starts at once, without asking: keyword {@code sslnegotiation}; true for {@code direct},
     * false for {@code postgres}}
     */
    public boolean sslDirect() {
        return options.required(Keyword.SSLNEGOTIATION).equals("direct");
    }

    /** {@return where to write TLS keys for debugging; only a builder can set it; null for nowhere} */
    public @Nullable Path sslKeyLogFile() {
        return extras.sslKeyLogFile();
    }

    /**
     * {@return whether SCRAM binds to the TLS channel: keyword {@code channel_binding}; {@code disable}, {@code
     * prefer} or {@code require}}
     */
    public String channelBinding() {
        return options.required(Keyword.CHANNEL_BINDING);
    }

    /**
     * {@return the authentication methods that the server may ask for: keyword {@code require_auth}, its {@code !}
     * resolved; some of {@code password}, {@code md5}, {@code gss}, {@code sspi}, {@code scram-sha-256}, {@code
     * oauth}, {@code none} (the server asks for nothing); all of them if nothing is required; unmodifiable}
     */
    public Set<String> requireAuth() {
        String given = options.value(Keyword.REQUIRE_AUTH);
        return Collections.unmodifiableSet(KeywordCheck.parseRequireAuth("require_auth", given == null ? "" : given));
    }

    /**
     * {@return the most rounds of hashing that a server may have us do for SCRAM: keyword {@code
     * scram_max_iterations}; at least 1}
     */
    public int scramMaxIterations() {
        return options.integer(Keyword.SCRAM_MAX_ITERATIONS);
    }

    /** {@return whether SCRAM keys stay in memory for the next connect: keyword {@code scram_key_cache}} */
    public boolean cacheScramKeys() {
        return options.required(Keyword.SCRAM_KEY_CACHE).equals("1");
    }

    /**
     * {@return the operating system user that must own the server behind a Unix-domain socket: keyword {@code
     * requirepeer}; null for anybody}
     */
    public @Nullable String requirePeer() {
        return options.value(Keyword.REQUIREPEER);
    }

    /** {@return the service in the Kerberos principal of the server: keyword {@code krbsrvname}; never null} */
    public String krbSrvName() {
        return options.required(Keyword.KRBSRVNAME);
    }

    /** {@return whether to forward Kerberos credentials: keyword {@code gssdelegation}; false unless it is 1} */
    public boolean gssDelegation() {
        return options.required(Keyword.GSSDELEGATION).equals("1");
    }

    /**
     * {@return the trusted issuer of OAuth tokens: keyword {@code oauth_issuer}; an HTTPS URL; null if none is given}
     */
    public @Nullable String oauthIssuer() {
        return options.value(Keyword.OAUTH_ISSUER);
    }

    /** {@return what gives OAuth tokens; only a builder can set it; null if there is none} */
    public @Nullable OAuthTokenSource oauthTokenSource() {
        return extras.oauthTokenSource();
    }

    /** {@return the OAuth client: keyword {@code oauth_client_id}; null if none is given} */
    public @Nullable String oauthClientId() {
        return options.value(Keyword.OAUTH_CLIENT_ID);
    }

    /** {@return the OAuth client's secret: keyword {@code oauth_client_secret}; null if none is given} */
    public @Nullable Secret oauthClientSecret() {
        return options.secret(Keyword.OAUTH_CLIENT_SECRET);
    }

    /**
     * {@return the scope of the OAuth token: keyword {@code oauth_scope}; names with blanks between them; null if none
     * is given}
     */
    public @Nullable String oauthScope() {
        return options.value(Keyword.OAUTH_SCOPE);
    }

    /**
     * {@return which kind of server to stay with: keyword {@code target_session_attrs}; {@code any}, {@code
     * read-write}, {@code read-only}, {@code primary}, {@code standby} or {@code prefer-standby}}
     */
    public String targetSessionAttrs() {
        return options.required(Keyword.TARGET_SESSION_ATTRS);
    }

    /**
     * {@return whether hosts and their addresses are tried in random order: keyword {@code load_balance_hosts}; {@code
     * disable} or {@code random}}
     */
    public String loadBalanceHosts() {
        return options.required(Keyword.LOAD_BALANCE_HOSTS);
    }

    /** {@return the oldest protocol to accept: keyword {@code min_protocol_version}; {@code 3.0} or {@code 3.2}} */
    public String minProtocolVersion() {
        return options.protocolVersion(Keyword.MIN_PROTOCOL_VERSION);
    }

    /** {@return the protocol to ask for: keyword {@code max_protocol_version}; {@code 3.0} or {@code 3.2}} */
    public String maxProtocolVersion() {
        return options.protocolVersion(Keyword.MAX_PROTOCOL_VERSION);
    }

    /**
     * {@return how long an attempt with one address may take: keyword {@code connect_timeout}; 1 second counts as 2,
     * as in libpq; null for no limit}
     */
    public @Nullable Duration connectTimeout() {
        int seconds = options.integer(Keyword.CONNECT_TIMEOUT);
        return seconds <= 0 ? null : Duration.ofSeconds(Math.max(2, seconds));
    }

    /**
     * {@return how long a connect may take with all hosts together: keyword {@code connect_total_timeout}; null for no
     * limit}
     */
    public @Nullable Duration connectTotalTimeout() {
        return options.duration(Keyword.CONNECT_TOTAL_TIMEOUT);
    }

    /**
     * {@return how long each call may take before it is cancelled: keyword {@code query_timeout}; null for no limit}
     */
    public @Nullable Duration queryTimeout() {
        return options.duration(Keyword.QUERY_TIMEOUT);
    }

    /**
     * {@return how many statements are kept prepared on the server: keyword {@code statement_cache_size}; 0 for none,
     * as poolers between need it}
     */
    public int statementCacheSize() {
        return options.integer(Keyword.STATEMENT_CACHE_SIZE);
    }

    /** {@return whether TCP asks an idle peer if it is there: keyword {@code keepalives}; true unless it is 0} */
    public boolean keepalives() {
        return options.integer(Keyword.KEEPALIVES) != 0;
    }

    /**
     * {@return how long a TCP connection is idle before it asks: keyword {@code keepalives_idle}; null for the
     * system's own}
     */
    public @Nullable Duration keepalivesIdle() {
        return EffectiveOptions.positive(Duration.ofSeconds(options.integer(Keyword.KEEPALIVES_IDLE)));
    }

    /** {@return the time between two questions: keyword {@code keepalives_interval}; null for the system's own} */
    public @Nullable Duration keepalivesInterval() {
        return EffectiveOptions.positive(Duration.ofSeconds(options.integer(Keyword.KEEPALIVES_INTERVAL)));
    }

    /**
     * {@return after how many unanswered questions the connection is lost: keyword {@code keepalives_count}; 0 for the
     * system's own}
     */
    public int keepalivesCount() {
        return Math.max(0, options.integer(Keyword.KEEPALIVES_COUNT));
    }

    /**
     * {@return how long sent bytes may stay unacknowledged: keyword {@code tcp_user_timeout}; null for the system's
     * own}
     */
    public @Nullable Duration tcpUserTimeout() {
        return EffectiveOptions.positive(Duration.ofMillis(options.integer(Keyword.TCP_USER_TIMEOUT)));
    }

    /**
     * {@return how many notifications and notices may wait for listeners that are slow: keyword {@code
     * notification_queue}; at least 1}
     */
    public int notificationQueue() {
        return options.integer(Keyword.NOTIFICATION_QUEUE);
    }

    /** {@return what runs callbacks; only a builder can set it; null for virtual threads of the driver's} */
    public @Nullable Executor callbackExecutor() {
        return extras.callbackExecutor();
    }

    /** {@return how calls wait for the server; only a builder can set it; null for that of the process} */
    public @Nullable WaitCallback waitCallback() {
        return extras.waitCallback();
    }

    /** {@return where to write the messages of the conversation; only a builder can set it; null for nowhere} */
    public @Nullable Path traceFile() {
        return extras.traceFile();
    }

    /** {@return what makes the cursors of the connection; only a builder can set it; null for plain ones} */
    public @Nullable CursorFactory<? extends Cursor> cursorFactory() {
        return extras.cursorFactory();
    }

    /**
     * One host to try.
     *
     * @param name a host name, a numeric address, or the folder of a Unix-domain socket
     * @param address the numeric address to use in place of a name look-up (keyword {@code hostaddr}), or null
     * @param port 1 to 65535; for a socket the number at the end of its file name
     */
    public record Host(String name, @Nullable String address, int port) {
        private static final Pattern WINDOWS_FOLDER = Pattern.compile("[A-Za-z]:[\\\\/]");

        /** Checks nothing but null: hosts come from checked options. */
        public Host {
            Objects.requireNonNull(name, "name");
        }

        /**
         * Whether to connect through a Unix-domain socket: the name is an absolute path, and no address is given.
         *
         * @return if true, the socket is the file {@code .s.PGSQL.<port>} in the folder {@link #name()}
         */
        public boolean isSocket() {
            return address == null
                    && (name.startsWith("/") || WINDOWS_FOLDER.matcher(name).lookingAt());
        }
    }
}
