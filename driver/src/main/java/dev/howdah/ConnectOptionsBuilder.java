package dev.howdah;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectAttempt;
import dev.howdah.password.OAuthTokenSource;
import dev.howdah.password.Secret;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link ConnectOptions}. Each setter checks its value at once, replaces what was set before, and returns this
 * builder; each throws {@link ConfigException} for a value that cannot be used. For one thread at a time; may be used
 * again after {@link #build()}.
 */
public final class ConnectOptionsBuilder {
    private final GivenOptions given;
    private final PgEnvironment environment;
    private boolean outside;
    private @Nullable Supplier<? extends @Nullable Secret> passwordSupplier;
    private @Nullable Path traceFile;
    private @Nullable Path sslKeyLogFile;
    private @Nullable OAuthTokenSource oauthTokenSource;
    private @Nullable CursorFactory<? extends Cursor> cursorFactory;
    private @Nullable Executor callbackExecutor;
    private @Nullable WaitCallback waitCallback;

    ConnectOptionsBuilder(GivenOptions given, PgEnvironment environment, boolean outside, OptionExtras extras) {
        this.given = given;
        this.environment = environment;
        this.outside = outside;
        this.passwordSupplier = extras.passwordSupplier();
        this.traceFile = extras.traceFile();
        this.sslKeyLogFile = extras.sslKeyLogFile();
        this.oauthTokenSource = extras.oauthTokenSource();
        this.cursorFactory = extras.cursorFactory();
        this.callbackExecutor = extras.callbackExecutor();
        this.waitCallback = extras.waitCallback();
    }

    /**
     * Sets any option by its keyword, as connection strings do.
     *
     * @param keyword for example {@code sslsni}
     * @param value as it stands in a connection string, without quotes
     * @return this
     * @throws ConfigException if there is no such keyword, or the value cannot be used
     */
    public ConnectOptionsBuilder option(String keyword, String value) {
        if (keyword.equals("password")) {
            passwordSupplier = null;
        }
        // The options of another service were not looked at yet.
        outside |= keyword.equals("service") || keyword.equals("servicefile");
        given.put(keyword, value);
        return this;
    }

    /**
     * Sets a server setting for the session, sent when it starts, so that {@code RESET ALL} comes back to it.
     *
     * @param name of the setting, for example {@code search_path}
     * @param value its value
     * @return this
     */
    public ConnectOptionsBuilder parameter(String name, String value) {
        given.putParameter(name, value);
        return this;
    }

    /**
     * Sets the host, or several with commas between them, in place of all hosts and addresses set before. Ports stay.
     *
     * @param host a name, an address, or the folder of a Unix-domain socket
     * @return this
     */
    public ConnectOptionsBuilder host(String host) {
        if (!outside || given.get(Keyword.HOSTADDR) != null) {
            given.put(Keyword.HOSTADDR, "");
        }
        given.put(Keyword.HOST, host);
        return this;
    }

    /**
     * Sets the only host and its port, in place of all set before.
     *
     * @param host a name, an address, or the folder of a Unix-domain socket
     * @param port 1 to 65535
     * @return this
     */
    public ConnectOptionsBuilder host(String host, int port) {
        return host(host).port(port);
    }

    /**
     * Names the server that an attempt was made to, by its address, in place of all hosts and ports set before: who connects once more
     * comes to the same of several.
     *
     * @param attempt such as {@link ConnectReport#accepted()}
     * @return this
     */
    public ConnectOptionsBuilder server(ConnectAttempt attempt) {
        return host(attempt.host(), attempt.port())
                .option("hostaddr", attempt.isUnix() ? "" : String.valueOf(attempt.address()));
    }

    /**
     * Adds a host to try after those set before. Those without a port keep 5432.
     *
     * @param host a name, an address, or the folder of a Unix-domain socket
     * @param port 1 to 65535
     * @return this
     */
    public ConnectOptionsBuilder addHost(String host, int port) {
        String hosts = given.get(Keyword.HOST);
        if (hosts == null) {
            return host(host, port);
        }
        String ports = given.has(Keyword.PORT) ? Objects.requireNonNull(given.get(Keyword.PORT)) : "";
        if (ports.indexOf(',') < 0) {
            ports = String.join(",", Collections.nCopies(hosts.split(",", -1).length, ports));
        }
        given.put(Keyword.HOST, hosts + "," + host);
        given.put(Keyword.PORT, ports + "," + port);
        if (given.has(Keyword.HOSTADDR)) {
            given.put(Keyword.HOSTADDR, given.get(Keyword.HOSTADDR) + ",");
        }
        return this;
    }

    /**
     * Sets the port of all hosts.
     *
     * @param port 1 to 65535
     * @return this
     */
    public ConnectOptionsBuilder port(int port) {
        return option("port", Integer.toString(port));
    }

    /**
     * Sets the database.
     *
     * @param dbname its name, never read as a connection string
     * @return this
     */
    public ConnectOptionsBuilder dbname(String dbname) {
        return option("dbname", dbname);
    }

    /**
     * Sets who logs in.
     *
     * @param user the role's name
     * @return this
     */
    public ConnectOptionsBuilder user(String user) {
        return option("user", user);
    }

    /**
     * Sets the password.
     *
     * @param password its text; empty for none, then the password file is asked
     * @return this
     */
    public ConnectOptionsBuilder password(String password) {
        return option("password", password);
    }

    /**
     * Sets the password.
     *
     * @param password the secret
     * @return this
     */
    public ConnectOptionsBuilder password(Secret password) {
        return option("password", password.reveal());
    }

    /**
     * Sets where passwords come from, for example tokens that expire.
     *
     * @param supplier called anew for each connection, on the thread that connects; it may block and throw, which fails
     *     the connect; null from it means no password
     * @return this
     */
    public ConnectOptionsBuilder password(Supplier<? extends @Nullable Secret> supplier) {
        given.remove(Keyword.PASSWORD);
        passwordSupplier = supplier;
        return this;
    }

    /**
     * Sets where OAuth tokens come from, for servers that ask for one (PostgreSQL 18).
     *
     * @param source asked for each connection; null for none
     * @return this
     */
    public ConnectOptionsBuilder oauthToken(@Nullable OAuthTokenSource source) {
        oauthTokenSource = source;
        return this;
    }

    /**
     * Sets how many rounds of hashing a server may have us do for SCRAM, so that a hostile one cannot keep us busy.
     *
     * @param iterations at least 1; PostgreSQL's own default is 4096, that of this option 100,000
     * @return this
     */
    public ConnectOptionsBuilder scramMaxIterations(int iterations) {
        return option("scram_max_iterations", Integer.toString(iterations));
    }

    /**
     * Sets whether the keys that SCRAM makes of a password stay in memory, so that the next connect of this program is
     * cheaper. Who reads the memory of the program can log in with them.
     *
     * @param keep false unless it is set
     * @return this
     */
    public ConnectOptionsBuilder cacheScramKeys(boolean keep) {
        return option("scram_key_cache", keep ? "1" : "0");
    }

    /**
     * Sets how much to insist on TLS.
     *
     * @param mode the mode
     * @return this
     */
    public ConnectOptionsBuilder sslMode(SslMode mode) {
        return option("sslmode", mode.text());
    }

    /**
     * Sets where trusted certificates are.
     *
     * @param fileOrSystem the name of a PEM file, or {@code system}
     * @return this
     */
    public ConnectOptionsBuilder sslRootCert(String fileOrSystem) {
        return option("sslrootcert", fileOrSystem);
    }

    /**
     * Sets the client certificate and its key.
     *
     * @param certificate file of the certificate
     * @param key file of the key
     * @return this
     */
    public ConnectOptionsBuilder sslCert(Path certificate, Path key) {
        return option("sslcert", certificate.toString()).option("sslkey", key.toString());
    }

    /**
     * Writes the keys of TLS connections into a file, for debugging. Whoever has the file can read the traffic.
     *
     * @param file appended to; null for nowhere
     * @return this
     */
    public ConnectOptionsBuilder sslKeyLogFile(@Nullable Path file) {
        sslKeyLogFile = file;
        return this;
    }

    /**
     * Sets whether SCRAM binds to the TLS channel.
     *
     * @param value {@code disable}, {@code prefer} or {@code require}
     * @return this
     */
    public ConnectOptionsBuilder channelBinding(String value) {
        return option("channel_binding", value);
    }

    /**
     * Sets the name that the server shows for the session.
     *
     * @param name the application's name
     * @return this
     */
    public ConnectOptionsBuilder applicationName(String name) {
        return option("application_name", name);
    }

    /**
     * Sets which kind of server to stay with.
     *
     * @param value a value of the keyword {@code target_session_attrs}
     * @return this
     */
    public ConnectOptionsBuilder targetSessionAttrs(String value) {
        return option("target_session_attrs", value);
    }

    /**
     * Sets how long an attempt with one address may take.
     *
     * @param timeout rounded up to whole seconds, at least 2; zero for no limit
     * @return this
     */
    public ConnectOptionsBuilder connectTimeout(Duration timeout) {
        long seconds = Math.max(0, timeout.plusNanos(999_999_999).toSeconds());
        return option("connect_timeout", Long.toString(seconds));
    }

    /**
     * Sets how long a connect may take with all hosts together.
     *
     * @param timeout zero for no limit
     * @return this
     */
    public ConnectOptionsBuilder connectTotalTimeout(Duration timeout) {
        return option("connect_total_timeout", seconds(timeout));
    }

    /**
     * Sets how long each call may take before it is cancelled.
     *
     * @param timeout zero for no limit
     * @return this
     */
    public ConnectOptionsBuilder queryTimeout(Duration timeout) {
        return option("query_timeout", seconds(timeout));
    }

    /**
     * Sets how many statements are kept prepared on the server.
     *
     * @param statements 0 for none, as poolers between need it
     * @return this
     */
    public ConnectOptionsBuilder statementCacheSize(int statements) {
        return option("statement_cache_size", Integer.toString(statements));
    }

    /**
     * Sets what runs listeners and subscribers, those of one connection still one after another. It is called from a
     * virtual thread, so it may block, and may run what it gets at once; when it refuses, the virtual thread runs it. It
     * must not drop what it has taken.
     *
     * @param executor null for virtual threads of the driver's, as if it had not been set
     * @return this
     */
    public ConnectOptionsBuilder callbackExecutor(@Nullable Executor executor) {
        callbackExecutor = executor;
        return this;
    }

    /**
     * Sets how many notifications and notices of a connection may wait for listeners, or for one subscriber, that are
     * slow; see {@link NotificationListener}.
     *
     * @param events at least 1; 1,000,000 unless it is set
     * @return this
     */
    public ConnectOptionsBuilder notificationQueue(int events) {
        return option("notification_queue", Integer.toString(events));
    }

    /**
     * Writes each message of the conversation into a file, for debugging. It shows statements and values, no passwords.
     *
     * @param file appended to; null for nowhere
     * @return this
     */
    public ConnectOptionsBuilder trace(@Nullable Path file) {
        traceFile = file;
        return this;
    }

    /**
     * Sets what makes the cursors that {@link PgConnection#cursor()} returns, usually the constructor of a class of your
     * own, as in {@code LoggingCursor::new}.
     *
     * @param factory called by each thread that wants a cursor; null for plain cursors
     * @return this
     */
    public ConnectOptionsBuilder cursorFactory(@Nullable CursorFactory<? extends Cursor> factory) {
        cursorFactory = factory;
        return this;
    }

    /**
     * Sets how calls wait for the server on this connection, while it is made, too; see {@link WaitCallback}.
     *
     * @param callback null for that of the process, {@link Howdah#setWaitCallback}
     * @return this
     */
    public ConnectOptionsBuilder waitCallback(@Nullable WaitCallback callback) {
        waitCallback = callback;
        return this;
    }

    /**
     * Completes the options from the service file, the environment and the defaults (but see
     * {@link ConnectOptions#toBuilder()}).
     *
     * @return never null
     * @throws ConfigException if options contradict each other, or a file that they name cannot be read
     */
    public ConnectOptions build() {
        return OptionResolver.resolve(
                given,
                environment,
                outside,
                new OptionExtras(
                        passwordSupplier,
                        traceFile,
                        sslKeyLogFile,
                        oauthTokenSource,
                        cursorFactory,
                        callbackExecutor,
                        waitCallback));
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.getSeconds())
                .add(BigDecimal.valueOf(duration.getNano(), 9))
                .stripTrailingZeros()
                .toPlainString();
    }
}
