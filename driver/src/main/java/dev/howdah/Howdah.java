package dev.howdah;

import dev.howdah.auth.AuthSettings;
import dev.howdah.auth.ChannelBinding;
import dev.howdah.auth.GssSettings;
import dev.howdah.auth.OAuthSettings;
import dev.howdah.auth.ScramKeyCache;
import dev.howdah.error.ConfigException;
import dev.howdah.message.StartupMessage;
import dev.howdah.pump.BlockingPump;
import dev.howdah.pump.Connector;
import dev.howdah.pump.Waits;
import dev.howdah.session.Session;
import dev.howdah.session.StatementCache;
import dev.howdah.transport.DialPlan;
import dev.howdah.transport.Dialed;
import dev.howdah.transport.Endpoint;
import dev.howdah.transport.SessionTarget;
import dev.howdah.transport.SocketSettings;
import dev.howdah.transport.TlsPolicy;
import dev.howdah.transport.TlsSettings;
import dev.howdah.type.RowValue;
import dev.howdah.type.TypeRegistry;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where everything begins: connections to PostgreSQL.
 *
 * <pre>{@code
 * try (PgConnection db = Howdah.connect("postgresql://app@localhost/shop")) {
 *     for (Row row : db.query("select id, name from item where price > $1", 10)) {
 *         System.out.println(row.getInt("id") + " " + row.getString("name"));
 *     }
 * }
 * }</pre>
 */
public final class Howdah {

    /** Longer texts of statements are not kept prepared, in characters. */
    private static final int MAX_CACHED_TEXT = 16 * 1024;

    /** The SCRAM keys of those who asked for it: {@link ConnectOptions#cacheScramKeys()}. */
    private static final ScramKeyCache SCRAM_KEYS = new ScramKeyCache(64);

    private Howdah() {}

    /**
     * Connects.
     *
     * @param conninfo a URI ({@code postgresql://...}), {@code keyword=value} text, or nothing for the defaults of the
     *     environment; as libpq
     * @throws dev.howdah.error.ConfigException if the text is not understood
     * @throws dev.howdah.error.ConnectFailedException if no server accepts us
     * @throws dev.howdah.error.InterruptedWaitException if the thread was interrupted
     */
    public static PgConnection connect(String conninfo) {
        return connect(ConnectOptions.parse(conninfo));
    }

    /**
     * Connects.
     *
     * @throws dev.howdah.error.ConnectFailedException if no server accepts us
     * @throws dev.howdah.error.InterruptedWaitException if the thread was interrupted
     */
    public static PgConnection connect(ConnectOptions options) {
        return connect(options, PgConnection::new);
    }

    /**
     * Connects, and makes an object of your own of the connection.
     *
     * @throws dev.howdah.error.ConnectFailedException if no server accepts us
     * @throws dev.howdah.error.InterruptedWaitException if the thread was interrupted
     */
    public static <C extends PgConnection> C connect(ConnectOptions options, ConnectionFactory<C> factory) {
        ConnectOptions used = factory.options(options);
        return connect(used, factory, WaitCallbacks.of(used), Events.Watch.WHEN_WANTED);
    }

    /**
     * Connects.
     *
     * @param waits how threads wait for the connection
     * @param watch whether the connection is watched while nobody uses it
     */
    static <C extends PgConnection> C connect(
            ConnectOptions options, ConnectionFactory<C> factory, Waits waits, Events.Watch watch) {
        Events events = new Events(options, watch);
        TraceFile trace = TraceFile.open(options.traceFile());
        if (trace != null) {
            events.atEnd(trace::close);
        }
        FlightEvents.Connect flight = FlightEvents.Connect.begun();
        boolean made = false;
        try {
            C connection = open(options, factory, events, trace, waits);
            flight.connected(connection.info());
            made = true;
            return connection;
        } catch (RuntimeException | Error e) {
            flight.failed(options, e);
            throw e;
        } finally {
            if (!made) {
                events.terminated(null);
            }
        }
    }

    /**
     * Connects without making the caller wait.
     *
     * @param conninfo as for {@link #connect(String)}
     * @return fails with what {@link #connect(String)} throws
     * @see #connectAsync(ConnectOptions)
     */
    public static CompletableFuture<AsyncConnection> connectAsync(String conninfo) {
        Objects.requireNonNull(conninfo, "conninfo");
        return AsyncConnecting.start(() -> ConnectOptions.parse(conninfo));
    }

    /**
     * Connects without making the caller wait. Cancelling the stage abandons the attempt; if it is completed by somebody else
     * before, a connection that is made all the same is closed.
     *
     * @return fails with what {@link #connect(ConnectOptions)} throws
     */
    public static CompletableFuture<AsyncConnection> connectAsync(ConnectOptions options) {
        Objects.requireNonNull(options, "options");
        return AsyncConnecting.start(() -> options);
    }

    /**
     * Begins to connect, and does not wait for it; see {@link PollingConnection}.
     *
     * @param conninfo as for {@link #connect(String)}
     * @throws dev.howdah.error.ConfigException if the text is not understood
     */
    public static PollingConnection connectPolling(String conninfo) {
        return connectPolling(ConnectOptions.parse(conninfo));
    }

    /**
     * Begins to connect, and does not wait for it: {@link PollingConnection#poll()} goes on. Failures come from there.
     *
     * @return a connection that is connecting
     */
    public static PollingConnection connectPolling(ConnectOptions options) {
        return PollingConnection.begin(options);
    }

    /**
     * Sets how calls that wait for a server do it in this process, on connections that are open already, too, and while
     * connecting; those with a {@linkplain ConnectOptionsBuilder#waitCallback callback of their own} keep that. Polling
     * and asynchronous connections and subscriptions have their own ways of waiting.
     *
     * @param callback null for the driver's own way
     */
    public static void setWaitCallback(@Nullable WaitCallback callback) {
        WaitCallbacks.setOfProcess(callback);
    }

    /** Returns how calls that wait for a server do it in this process; null if it is the driver's own way. */
    public static @Nullable WaitCallback waitCallback() {
        return WaitCallbacks.ofProcess();
    }

    /**
     * Subscribes to channels with default settings; see {@link #subscribe(ConnectOptions, Collection, SubscriptionListener,
     * SubscriptionOptions)}.
     *
     * @param conninfo as for {@link #connect(String)}
     */
    public static Subscription subscribe(String conninfo, Collection<String> channels, SubscriptionListener listener) {
        return subscribe(ConnectOptions.parse(conninfo), channels, listener);
    }

    /**
     * Subscribes to channels with default settings; see {@link #subscribe(ConnectOptions, Collection, SubscriptionListener,
     * SubscriptionOptions)}.
     */
    public static Subscription subscribe(
            ConnectOptions options, Collection<String> channels, SubscriptionListener listener) {
        return subscribe(options, channels, listener, SubscriptionOptions.DEFAULT);
    }

    /**
     * Listens on channels until the subscription is closed, over connections of its own: when one is lost it makes another,
     * and tells of the gap. Unless that is to happen in the background, it has connected and listens when this returns.
     *
     * <p>A standby refuses LISTEN: where the options do not say which kind of server they want, or prefer a standby, a
     * primary is taken. Where they set no limit for a try to connect, it is 10 seconds.
     *
     * @param channels their names as they are, at most 63 bytes in UTF-8; may be none, for channels can be added later
     * @param listener hears all of these channels, and of connections and gaps
     * @throws IllegalArgumentException if a name cannot be that of a channel
     * @throws dev.howdah.error.ConfigException if the options ask for a standby
     * @throws dev.howdah.error.ConnectFailedException if no server accepts us, unless connecting in the background
     * @throws dev.howdah.error.ServerException if the server refuses LISTEN, likewise
     * @throws dev.howdah.error.InterruptedWaitException if the thread was interrupted
     */
    public static Subscription subscribe(
            ConnectOptions options,
            Collection<String> channels,
            SubscriptionListener listener,
            SubscriptionOptions settings) {
        return Subscription.start(options, channels, listener, settings);
    }

    private static <C extends PgConnection> C open(
            ConnectOptions options,
            ConnectionFactory<C> factory,
            Events events,
            @Nullable TraceFile trace,
            Waits waits) {
        Dialed dialed = Connector.connect(
                plan(options, waits), () -> new Session(events, trace == null ? null : trace.newTracer()), waits);
        BlockingPump pump = new BlockingPump(dialed, events, waits);
        TypeRegistry types = TypeRegistry.global().child();
        types.registerConverter(Row.class, RowValue.class, value -> Row.of(value, types));
        Core core = new Core(
                pump,
                new StatementCache(options.statementCacheSize(), MAX_CACHED_TEXT, types),
                events,
                isWalSender(options));
        ConnectionInfo info = new ConnectionInfo(core, dialed, options);
        boolean made = false;
        try {
            C connection = factory.create(new OpenedConnection(core, info, options, events));
            events.attach(connection);
            made = true;
            return connection;
        } finally {
            if (!made) {
                pump.close(Duration.ZERO);
            }
        }
    }

    private static DialPlan plan(ConnectOptions options, Waits waits) {
        List<DialPlan.Host> hosts = new ArrayList<>();
        Map<DialPlan.Host, ConnectOptions.Host> named = new HashMap<>();
        for (ConnectOptions.Host host : options.hosts()) {
            DialPlan.Host target = new DialPlan.Host(host.name(), host.address(), host.port());
            hosts.add(target);
            named.put(target, host);
        }
        return new DialPlan(
                hosts,
                host -> resolve(host, waits),
                options.loadBalanceHosts().equals("random"),
                SessionTarget.valueOf(constant(options.targetSessionAttrs())),
                tls(options),
                new SocketSettings(
                        options.keepalives(),
                        options.keepalivesIdle(),
                        options.keepalivesInterval(),
                        options.keepalivesCount()),
                options.user(),
                host -> options.password(Objects.requireNonNull(named.get(host))),
                authentication(options),
                protocol(options.maxProtocolVersion()),
                protocol(options.minProtocolVersion()),
                options.startupParameters(),
                options.connectTimeout(),
                options.connectTotalTimeout());
    }

    private static List<Endpoint> resolve(DialPlan.Host host, Waits waits) throws UnknownHostException {
        if (!host.isName()) {
            return Endpoint.resolve(host);
        }
        UnknownHostException[] unknown = new UnknownHostException[1];
        List<Endpoint> found = waits.aside(() -> {
            try {
                return Endpoint.resolve(host);
            } catch (UnknownHostException e) {
                unknown[0] = e;
                return List.of();
            }
        });
        if (unknown[0] != null) {
            throw unknown[0];
        }
        return found;
    }

    private static AuthSettings authentication(ConnectOptions options) {
        return new AuthSettings(
                options.requireAuth(),
                ChannelBinding.valueOf(constant(options.channelBinding())),
                options.scramMaxIterations(),
                options.cacheScramKeys() ? SCRAM_KEYS : null,
                new OAuthSettings(
                        options.oauthTokenSource(),
                        options.oauthIssuer(),
                        options.oauthClientId(),
                        options.oauthClientSecret(),
                        options.oauthScope()),
                GssSettings.kerberos(options.krbSrvName(), options.gssDelegation()));
    }

    private static String constant(String keywordValue) {
        return keywordValue.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static int protocol(String version) {
        return version.equals("3.0") ? StartupMessage.VERSION_3_0 : StartupMessage.VERSION_3_2;
    }

    private static TlsSettings tls(ConnectOptions options) {
        if (options.sslKeyLogFile() != null) {
            throw new ConfigException("sslkeylogfile", "the JDK does not give the keys of TLS away; see the guide");
        }
        String root = options.sslRootCert();
        boolean system = "system".equals(root);
        return new TlsSettings(
                TlsPolicy.valueOf(options.sslMode().name()),
                new TlsSettings.Trust(
                        system ? null : path(root), system, path(options.sslCrl()), path(options.sslCrlDir())),
                new TlsSettings.Identity(
                        TlsSettings.CertificateMode.valueOf(constant(options.sslCertMode())),
                        path(options.sslCert()),
                        path(options.sslKey()),
                        options.sslPassword()),
                new TlsSettings.Versions(options.sslMinProtocolVersion(), options.sslMaxProtocolVersion()),
                options.sslSni(),
                options.sslDirect(),
                options.requirePeer());
    }

    private static @Nullable Path path(@Nullable String file) {
        return file == null ? null : Path.of(file);
    }

    /** Returns whether options ask for a server process that replicates. */
    private static boolean isWalSender(ConnectOptions options) {
        String replication = options.startupParameters().getOrDefault("replication", "");
        return Set.of("true", "on", "yes", "1", "database").contains(replication);
    }
}
