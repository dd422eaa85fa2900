package dev.howdah;

import dev.howdah.error.ConfigException;
import dev.howdah.password.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
    private final Set<Keyword> given;
    private final Map<Keyword, String> effective = new EnumMap<>(Keyword.class);
    private final Map<Keyword, Secret> secrets = new EnumMap<>(Keyword.class);
    private final Map<String, String> parameters;
    private final List<Host> hosts;
    private final PgEnvironment environment;
    private final Extras extras;

    ConnectOptions(
            GivenOptions given,
            Map<Keyword, String> complete,
            List<Host> hosts,
            PgEnvironment environment,
            Extras extras) {
        this.given = given.keywords().isEmpty() ? EnumSet.noneOf(Keyword.class) : EnumSet.copyOf(given.keywords());
        complete.forEach((keyword, value) -> {
            if (keyword.isSecret()) {
                secrets.put(keyword, Secret.of(value));
            } else {
                effective.put(keyword, value);
            }
        });
        this.parameters = Collections.unmodifiableMap(new TreeMap<>(given.parameters()));
        this.hosts = hosts;
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
        return new ConnectOptionsBuilder(new GivenOptions(), environment, true, Extras.NONE);
    }

    /**
     * Starts with these options. All that they took from the service, the environment or the system counts as given;
     * only a database that nobody named follows the user.
     *
     * @return a new builder, whose {@code build()} gives equal options if nothing is changed
     */
    public ConnectOptionsBuilder toBuilder() {
        GivenOptions start = new GivenOptions();
        for (Keyword keyword : given) {
            Secret secret = secrets.get(keyword);
            start.put(keyword, secret == null ? required(keyword) : secret.reveal());
        }
        hostKeywords().forEach((keyword, value) -> start.put(Objects.requireNonNull(Keyword.find(keyword)), value));
        start.put(Keyword.USER, user());
        start.put(Keyword.PASSFILE, required(Keyword.PASSFILE));
        parameters.forEach(start::putParameter);
        return new ConnectOptionsBuilder(start, environment, false, extras);
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
        Secret password = secrets.get(Keyword.PASSWORD);
        if (password != null && !password.isEmpty()) {
            return password;
        }
        boolean local =
                environment.socketFolders().stream().anyMatch(f -> f.toString().equals(host.name()));
        Set<String> names = local ? Set.of(host.name(), "localhost") : Set.of(host.name());
        return PasswordFile.find(
                Path.of(required(Keyword.PASSFILE)), names, host.port(), dbname(), user(), environment);
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
        putIfThere(all, "replication", effective.get(Keyword.REPLICATION));
        putIfThere(all, "options", effective.get(Keyword.OPTIONS));
        putIfThere(all, "application_name", applicationName());
        all.put("client_encoding", "UTF8");
        all.putAll(parameters);
        return Collections.unmodifiableMap(all);
    }

    private @Nullable String applicationName() {
        String name = effective.get(Keyword.APPLICATION_NAME);
        return name == null ? effective.get(Keyword.FALLBACK_APPLICATION_NAME) : name;
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
        Map<String, String> all = new LinkedHashMap<>(hostKeywords());
        for (Keyword keyword : Keyword.values()) {
            String value = secrets.containsKey(keyword) ? Keyword.MASK : effective.get(keyword);
            if (value != null) {
                all.putIfAbsent(keyword.text(), value);
            }
        }
        if (extras.passwordSupplier() != null) {
            all.put(Keyword.PASSWORD.text(), Keyword.MASK);
        }
        parameters.forEach((name, value) -> all.put(GivenOptions.PARAMETER_PREFIX + name, value));
        return Collections.unmodifiableMap(all);
    }

    private Map<String, String> hostKeywords() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("host", hosts.stream().map(Host::name).collect(Collectors.joining(",")));
        if (given.contains(Keyword.HOSTADDR)) {
            all.put("hostaddr", required(Keyword.HOSTADDR));
        }
        all.put("port", hosts.stream().map(h -> Integer.toString(h.port())).collect(Collectors.joining(",")));
        return all;
    }

    /** What was given, and always host, port, user and dbname; secrets masked. */
    private Map<String, String> printed() {
        Map<String, String> printed = new LinkedHashMap<>(keywords());
        printed.keySet().removeIf(text -> {
            Keyword keyword = Keyword.find(text);
            return keyword != null && !given.contains(keyword) && !ALWAYS_PRINTED.contains(keyword);
        });
        if (extras.passwordSupplier() != null) {
            printed.put(Keyword.PASSWORD.text(), Keyword.MASK);
        }
        return printed;
    }

    private static final Set<Keyword> ALWAYS_PRINTED =
            EnumSet.of(Keyword.HOST, Keyword.PORT, Keyword.USER, Keyword.DBNAME);

    /**
     * The options as a URI, secrets as {@code ***}; {@link #parse(String)} reads it as {@link #toString()}'s text.
     *
     * @return never null
     */
    public String toUri() {
        Map<String, String> others = printed();
        String password = others.remove("password");
        for (Keyword keyword : ALWAYS_PRINTED) {
            others.remove(keyword.text());
        }
        return ConninfoUri.print(user(), password, hosts, dbname(), others);
    }

    /**
     * The options as {@code key=value} text, secrets as {@code ***}. In the same environment {@link #parse(String)} makes
     * equal options of it, but for the secrets, a password supplier, and the files to write that only a builder can set.
     */
    @Override
    public String toString() {
        return ConninfoText.print(printed());
    }

    /** Whether the values in effect are the same, wherever they come from; password suppliers by identity. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConnectOptions that
                && hosts.equals(that.hosts)
                && compared().equals(that.compared())
                && secrets.equals(that.secrets)
                && startupParameters().equals(that.startupParameters())
                && extras.equals(that.extras);
    }

    @Override
    public int hashCode() {
        return Objects.hash(hosts, compared(), startupParameters());
    }

    private Map<Keyword, String> compared() {
        Map<Keyword, String> values = new EnumMap<>(Keyword.class);
        values.putAll(effective);
        values.keySet().removeAll(WAYS_TO_VALUES);
        return values;
    }

    private static final Set<Keyword> WAYS_TO_VALUES =
            EnumSet.of(Keyword.HOST, Keyword.HOSTADDR, Keyword.PORT, Keyword.SERVICE, Keyword.SERVICEFILE);

    private @Nullable String value(Keyword keyword) {
        String value = effective.get(keyword);
        return value == null || value.isEmpty() ? null : value;
    }

    private String required(Keyword keyword) {
        return Objects.requireNonNull(effective.get(keyword), keyword.text());
    }

    private @Nullable String tlsVersion(Keyword keyword) {
        String value = value(keyword);
        return value == null ? null : KeywordCheck.TLS_VERSIONS.get(KeywordCheck.tlsRank(keyword.text(), value));
    }

    private String protocolVersion(Keyword keyword) {
        String value = required(keyword);
        return value.equals("latest") ? "3.2" : value;
    }

    private int integer(Keyword keyword) {
        String value = value(keyword);
        return value == null ? 0 : KeywordCheck.parseInt(keyword.text(), value);
    }

    private @Nullable Duration duration(Keyword keyword) {
        return positive(Duration.ofNanos(KeywordCheck.parseSeconds(keyword.text(), required(keyword))
                .movePointRight(9)
                .longValue()));
    }

    private static @Nullable Duration positive(Duration duration) {
        return duration.isPositive() ? duration : null;
    }

    /**
     * The hosts to try, in the order given (see {@link #loadBalanceHosts()}).
     *
     * @return at least one; unmodifiable
     */
    public List<Host> hosts() {
        return hosts;
    }

    /**
     * Who logs in: keyword {@code user}, else the operating system's user.
     *
     * @return never empty
     */
    public String user() {
        return required(Keyword.USER);
    }

    /**
     * The database: keyword {@code dbname}, else the name of the user.
     *
     * @return never empty
     */
    public String dbname() {
        return required(Keyword.DBNAME);
    }

    /**
     * How much to insist on TLS: keyword {@code sslmode}. A Unix-domain socket never has TLS.
     *
     * @return never null
     */
    public SslMode sslMode() {
        return SslMode.of(required(Keyword.SSLMODE));
    }

    /**
     * Where trusted certificates are: keyword {@code sslrootcert}, else {@code root.crt} in the user's folder for TLS if
     * that exists.
     *
     * @return a file name, or {@code system} for the JDK's own store; null if there is none
     */
    public @Nullable String sslRootCert() {
        return value(Keyword.SSLROOTCERT);
    }

    /**
     * The client certificate: keyword {@code sslcert}, else {@code postgresql.crt} in the user's folder for TLS.
     *
     * @return a file name; null if there is none
     */
    public @Nullable String sslCert() {
        return value(Keyword.SSLCERT);
    }

    /**
     * The key of the client certificate: keyword {@code sslkey}, else {@code postgresql.key} in the user's folder for TLS.
     *
     * @return a file name; null if there is none
     */
    public @Nullable String sslKey() {
        return value(Keyword.SSLKEY);
    }

    /**
     * What decrypts the key: keyword {@code sslpassword}.
     *
     * @return null if none is given
     */
    public @Nullable Secret sslPassword() {
        return secrets.get(Keyword.SSLPASSWORD);
    }

    /**
     * Whether to show a client certificate: keyword {@code sslcertmode}.
     *
     * @return {@code disable}, {@code allow} or {@code require}
     */
    public String sslCertMode() {
        return required(Keyword.SSLCERTMODE);
    }

    /**
     * The list of revoked certificates: keyword {@code sslcrl}, else {@code root.crl} in the user's folder for TLS.
     *
     * @return a file name; null if there is none
     */
    public @Nullable String sslCrl() {
        return value(Keyword.SSLCRL);
    }

    /**
     * A folder of lists of revoked certificates: keyword {@code sslcrldir}.
     *
     * @return a folder's name; null if none is given
     */
    public @Nullable String sslCrlDir() {
        return value(Keyword.SSLCRLDIR);
    }

    /**
     * Whether to tell the host name in the TLS handshake: keyword {@code sslsni}.
     *
     * @return true unless it is 0
     */
    public boolean sslSni() {
        return required(Keyword.SSLSNI).equals("1");
    }

    /**
     * The oldest TLS version: keyword {@code ssl_min_protocol_version}.
     *
     * @return for example {@code TLSv1.2}; null for no limit
     */
    public @Nullable String sslMinProtocolVersion() {
        return tlsVersion(Keyword.SSL_MIN_PROTOCOL_VERSION);
    }

    /**
     * The newest TLS version: keyword {@code ssl_max_protocol_version}.
     *
     * @return for example {@code TLSv1.3}; null for no limit
     */
    public @Nullable String sslMaxProtocolVersion() {
        return tlsVersion(Keyword.SSL_MAX_PROTOCOL_VERSION);
    }

    /**
     * Whether TLS starts at once, without asking: keyword {@code sslnegotiation}.
     *
     * @return true for {@code direct}, false for {@code postgres}
     */
    public boolean sslDirect() {
        return required(Keyword.SSLNEGOTIATION).equals("direct");
    }

    /**
     * Where to write TLS keys for debugging; only a builder can set it.
     *
     * @return null for nowhere
     */
    public @Nullable Path sslKeyLogFile() {
        return extras.sslKeyLogFile();
    }

    /**
     * Whether SCRAM binds to the TLS channel: keyword {@code channel_binding}.
     *
     * @return {@code disable}, {@code prefer} or {@code require}
     */
    public String channelBinding() {
        return required(Keyword.CHANNEL_BINDING);
    }

    /**
     * The authentication methods that the server may ask for: keyword {@code require_auth}, its {@code !} resolved.
     *
     * @return some of {@code password}, {@code md5}, {@code gss}, {@code sspi}, {@code scram-sha-256}, {@code oauth},
     *     {@code none} (the server asks for nothing); all of them if nothing is required; unmodifiable
     */
    public Set<String> requireAuth() {
        String given = value(Keyword.REQUIRE_AUTH);
        return Collections.unmodifiableSet(KeywordCheck.parseRequireAuth("require_auth", given == null ? "" : given));
    }

    /**
     * The operating system user that must own the server behind a Unix-domain socket: keyword {@code requirepeer}.
     *
     * @return null for anybody
     */
    public @Nullable String requirePeer() {
        return value(Keyword.REQUIREPEER);
    }

    /**
     * The service in the Kerberos principal of the server: keyword {@code krbsrvname}.
     *
     * @return never null
     */
    public String krbSrvName() {
        return required(Keyword.KRBSRVNAME);
    }

    /**
     * Whether to forward Kerberos credentials: keyword {@code gssdelegation}.
     *
     * @return false unless it is 1
     */
    public boolean gssDelegation() {
        return required(Keyword.GSSDELEGATION).equals("1");
    }

    /**
     * The trusted issuer of OAuth tokens: keyword {@code oauth_issuer}.
     *
     * @return an HTTPS URL; null if none is given
     */
    public @Nullable String oauthIssuer() {
        return value(Keyword.OAUTH_ISSUER);
    }

    /**
     * The OAuth client: keyword {@code oauth_client_id}.
     *
     * @return null if none is given
     */
    public @Nullable String oauthClientId() {
        return value(Keyword.OAUTH_CLIENT_ID);
    }

    /**
     * The OAuth client's secret: keyword {@code oauth_client_secret}.
     *
     * @return null if none is given
     */
    public @Nullable Secret oauthClientSecret() {
        return secrets.get(Keyword.OAUTH_CLIENT_SECRET);
    }

    /**
     * The scope of the OAuth token: keyword {@code oauth_scope}.
     *
     * @return names with blanks between them; null if none is given
     */
    public @Nullable String oauthScope() {
        return value(Keyword.OAUTH_SCOPE);
    }

    /**
     * Which kind of server to stay with: keyword {@code target_session_attrs}.
     *
     * @return {@code any}, {@code read-write}, {@code read-only}, {@code primary}, {@code standby} or {@code prefer-standby}
     */
    public String targetSessionAttrs() {
        return required(Keyword.TARGET_SESSION_ATTRS);
    }

    /**
     * Whether hosts and their addresses are tried in random order: keyword {@code load_balance_hosts}.
     *
     * @return {@code disable} or {@code random}
     */
    public String loadBalanceHosts() {
        return required(Keyword.LOAD_BALANCE_HOSTS);
    }

    /**
     * The oldest protocol to accept: keyword {@code min_protocol_version}.
     *
     * @return {@code 3.0} or {@code 3.2}
     */
    public String minProtocolVersion() {
        return protocolVersion(Keyword.MIN_PROTOCOL_VERSION);
    }

    /**
     * The protocol to ask for: keyword {@code max_protocol_version}.
     *
     * @return {@code 3.0} or {@code 3.2}
     */
    public String maxProtocolVersion() {
        return protocolVersion(Keyword.MAX_PROTOCOL_VERSION);
    }

    /**
     * How long an attempt with one address may take: keyword {@code connect_timeout}; 1 second counts as 2, as in libpq.
     *
     * @return null for no limit
     */
    public @Nullable Duration connectTimeout() {
        int seconds = integer(Keyword.CONNECT_TIMEOUT);
        return seconds <= 0 ? null : Duration.ofSeconds(Math.max(2, seconds));
    }

    /**
     * How long a connect may take with all hosts together: keyword {@code connect_total_timeout}.
     *
     * @return null for no limit
     */
    public @Nullable Duration connectTotalTimeout() {
        return duration(Keyword.CONNECT_TOTAL_TIMEOUT);
    }

    /**
     * How long each call may take before it is cancelled: keyword {@code query_timeout}.
     *
     * @return null for no limit
     */
    public @Nullable Duration queryTimeout() {
        return duration(Keyword.QUERY_TIMEOUT);
    }

    /**
     * How many statements are kept prepared on the server: keyword {@code statement_cache_size}.
     *
     * @return 0 for none, as poolers between need it
     */
    public int statementCacheSize() {
        return integer(Keyword.STATEMENT_CACHE_SIZE);
    }

    /**
     * Whether TCP asks an idle peer if it is there: keyword {@code keepalives}.
     *
     * @return true unless it is 0
     */
    public boolean keepalives() {
        return integer(Keyword.KEEPALIVES) != 0;
    }

    /**
     * How long a TCP connection is idle before it asks: keyword {@code keepalives_idle}.
     *
     * @return null for the system's own
     */
    public @Nullable Duration keepalivesIdle() {
        return positive(Duration.ofSeconds(integer(Keyword.KEEPALIVES_IDLE)));
    }

    /**
     * The time between two questions: keyword {@code keepalives_interval}.
     *
     * @return null for the system's own
     */
    public @Nullable Duration keepalivesInterval() {
        return positive(Duration.ofSeconds(integer(Keyword.KEEPALIVES_INTERVAL)));
    }

    /**
     * After how many unanswered questions the connection is lost: keyword {@code keepalives_count}.
     *
     * @return 0 for the system's own
     */
    public int keepalivesCount() {
        return Math.max(0, integer(Keyword.KEEPALIVES_COUNT));
    }

    /**
     * How long sent bytes may stay unacknowledged: keyword {@code tcp_user_timeout}.
     *
     * @return null for the system's own
     */
    public @Nullable Duration tcpUserTimeout() {
        return positive(Duration.ofMillis(integer(Keyword.TCP_USER_TIMEOUT)));
    }

    /**
     * Where to write the messages of the conversation; only a builder can set it.
     *
     * @return null for nowhere
     */
    public @Nullable Path traceFile() {
        return extras.traceFile();
    }

    /**
     * One host to try.
     *
     * @param name a host name, a numeric address, or the folder of a Unix-domain socket
     * @param address the numeric address to use in place of a name look-up (keyword {@code hostaddr}), or null
     * @param port 1 to 65535; for a socket the number at the end of its file name
     */
    public record Host(String name, @Nullable String address, int port) {
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
            return address == null && Path.of(name).isAbsolute();
        }
    }

    /** What only a builder can set. */
    record Extras(
            @Nullable Supplier<? extends @Nullable Secret> passwordSupplier,
            @Nullable Path traceFile,
            @Nullable Path sslKeyLogFile) {
        static final Extras NONE = new Extras(null, null, null);
    }
}
