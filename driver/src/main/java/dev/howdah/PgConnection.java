package dev.howdah;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.event.Notice;
import dev.howdah.event.Termination;
import dev.howdah.password.Passwords;
import dev.howdah.pump.CallLimits;
import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlContext;
import dev.howdah.type.TypeRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a PostgreSQL server. Calls run on the thread that makes them, platform or virtual.
 *
 * <p>Safe for several threads: operations queue up in order and nothing is interleaved. A {@link Transaction} keeps other
 * threads out until it ends. Interrupting a thread that waits here cancels its statement and leaves the connection
 * usable.
 *
 * <p>Autocommit is on at first, as in PostgreSQL itself. The session's time zone, locale and settings are the server's
 * own and those of the options; text is UTF-8 always.
 */
public class PgConnection extends ForwardingQueries implements SqlContext, AutoCloseable {

    private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

    private final Core core;
    private final ConnectionInfo info;
    private final ConnectOptions options;
    private final Events events;
    private final TransactionStack transactions;
    private final Verbs verbs;

    /**
     * Takes over a connection that has been made.
     *
     * @param opened from {@link Howdah}
     */
    protected PgConnection(OpenedConnection opened) {
        this.core = opened.core();
        this.info = opened.info();
        this.options = opened.options();
        this.events = opened.events();
        this.transactions = new TransactionStack(core);
        this.verbs = new Verbs(core, CallLimits.within(options.queryTimeout()));
    }

    /** Returns the verbs as they are, with what the driver's own parts need of them. */
    @Override
    final Verbs verbs() {
        return verbs;
    }

    @Override
    public SqlContext sqlContext() {
        return this;
    }

    @Override
    public boolean standardConformingStrings() {
        return core.standardConformingStrings();
    }

    /**
     * Returns the text that a server would read if the parameters were part of it: {@code $1, $2 ...} replaced by
     * literals, where they are code. Sends nothing and works on a closed connection too. To run a statement, give its
     * parameters to a verb instead.
     *
     * @param sql any number of statements
     * @param parameters one for each number
     * @throws IllegalArgumentException if a number has no value, a value no number, or a string, quoted name or comment
     *     never ends
     * @throws dev.howdah.error.ConversionException if a value cannot be written; it names its class
     * @see dev.howdah.sql.Literal
     */
    public String mogrify(String sql, @Nullable Object... parameters) {
        return Sql.mogrify(sql, this, Verbs.orNone(parameters));
    }

    /** Returns the text of composed SQL with all its values as literals; see {@link #mogrify(String, Object...)}. */
    public String mogrify(Sql sql, @Nullable Object... parameters) {
        return sql.mogrify(this, Verbs.orNone(parameters));
    }

    // Transactions

    /** Begins a transaction with the session's defaults; inside another one, a savepoint. */
    public Transaction begin() {
        return begin(TransactionMode.DEFAULT);
    }

    /** Begins a transaction of that isolation. */
    public Transaction begin(Isolation isolation) {
        return begin(TransactionMode.of(isolation));
    }

    /**
     * Begins a transaction.
     *
     * @throws IllegalStateException if one is open and {@code mode} is not the default: a savepoint takes no mode
     */
    public Transaction begin(TransactionMode mode) {
        return transactions.begin(mode, verbs.limits());
    }

    /** Runs work in a transaction with the session's defaults; see {@link #inTransaction(TransactionMode, TransactionBody)}. */
    public <T, X extends Exception> T inTransaction(TransactionBody<T, X> body) throws X {
        return inTransaction(TransactionMode.DEFAULT, body);
    }

    /** Runs work in a transaction of that isolation; see {@link #inTransaction(TransactionMode, TransactionBody)}. */
    public <T, X extends Exception> T inTransaction(Isolation isolation, TransactionBody<T, X> body) throws X {
        return inTransaction(TransactionMode.of(isolation), body);
    }

    /**
     * Runs work in a transaction: committed when it returns, rolled back when it throws. When the server refuses it with
     * 40001 (serialization failure) or 40P01 (deadlock) it is run again in a new one, up to 10 times in all, after a
     * short random pause that grows; also when the work caught that exception and went on. Inside another transaction it
     * is a savepoint and is not run again.
     *
     * @return what the work returned
     * @throws X what the work threw
     */
    public <T, X extends Exception> T inTransaction(TransactionMode mode, TransactionBody<T, X> body) throws X {
        return transactions.run(mode, body, verbs.limits());
    }

    /** Returns whether each statement outside a transaction is committed by itself. */
    public boolean autocommit() {
        return core.autocommit();
    }

    /**
     * Sets whether each statement outside a transaction is committed by itself. If not, the first statement begins a
     * transaction, which {@link #commit()} or {@link #rollback()} ends.
     *
     * @throws IllegalStateException inside a transaction
     */
    public void setAutocommit(boolean autocommit) {
        if (info.transactionStatus() == TransactionStatus.IN_TRANSACTION
                || info.transactionStatus() == TransactionStatus.FAILED) {
            throw new IllegalStateException("autocommit cannot be changed inside a transaction");
        }
        core.autocommit(autocommit);
    }

    /**
     * Commits the transaction that autocommit off or a BEGIN in SQL began; does nothing if there is none.
     *
     * @throws dev.howdah.error.CommitRolledBackException if the server rolled back instead; why is its cause
     * @throws IllegalStateException if a {@link Transaction} is open: that one commits
     */
    public void commit() {
        refuseInsideTransaction("commit");
        if (core.session().transactionStatus() != dev.howdah.message.TransactionStatus.IDLE) {
            core.commit(verbs.limits());
        }
    }

    /**
     * Rolls back the transaction that autocommit off or a BEGIN in SQL began; does nothing if there is none.
     *
     * @throws IllegalStateException if a {@link Transaction} is open: that one rolls back
     */
    public void rollback() {
        refuseInsideTransaction("rollback");
        if (core.session().transactionStatus() != dev.howdah.message.TransactionStatus.IDLE) {
            core.script("ROLLBACK", CallLimits.CLEANUP);
        }
    }

    private void refuseInsideTransaction(String what) {
        if (transactions.current() != null) {
            throw new IllegalStateException("a Transaction is open on this connection: call its own " + what + "()");
        }
    }

    // What the server says unasked

    /**
     * Calls {@code listener} with each notification on a channel, at once, also while nobody uses the connection. The
     * same listener may be added to several channels, and twice to one. Inside a transaction the server begins to listen
     * when that commits.
     *
     * @param channel its name as it is, at most 63 bytes in UTF-8; case matters
     * @throws IllegalArgumentException if it cannot be the name of a channel
     */
    public void addListener(String channel, NotificationListener listener) {
        events.addListener(core, channel, listener);
    }

    /** Stops calling {@code listener} for a channel; what has arrived before may still be delivered. */
    public void removeListener(String channel, NotificationListener listener) {
        events.removeListener(core, channel, listener);
    }

    /**
     * Returns the notifications that have arrived on the channels this session listens on, however it came to listen;
     * they are collected from the first call on.
     */
    public Notifications notifications() {
        return events.notifications(core);
    }

    /** Calls {@code listener} with each notice of the server, on a thread of its own, in order. */
    public void addLogListener(Consumer<Notice> listener) {
        events.addLogListener(listener);
    }

    /** Stops calling {@code listener} with notices. */
    public void removeLogListener(Consumer<Notice> listener) {
        events.removeLogListener(listener);
    }

    /** Returns the last notices of the server, at most 50, the oldest first. */
    public List<Notice> notices() {
        return events.notices();
    }

    /**
     * Calls {@code listener} once when the connection has been closed or lost, on a thread of its own. From now on a loss
     * is noticed also while nobody uses the connection.
     */
    public void addTerminationListener(Consumer<Termination> listener) {
        events.addTerminationListener(listener);
        core.pump().watch(true);
    }

    /** Stops {@code listener} from being told of the end. */
    public void removeTerminationListener(Consumer<Termination> listener) {
        events.removeTerminationListener(listener);
    }

    // The connection itself

    /**
     * Cancels the statement that runs now on this connection, over a connection of its own to the same server. May be
     * called by any thread; the statement fails with a {@link dev.howdah.error.QueryCanceledException} unless it was
     * faster. A later statement is never hit.
     *
     * @return false if nothing was running
     * @throws ConnectionLostException if the server could not be reached for it; this connection is as it was
     */
    public boolean cancel() {
        try {
            return core.pump().cancel();
        } catch (IOException e) {
            throw new ConnectionLostException("The cancel request could not be delivered", null, Delivery.UNKNOWN, e);
        }
    }

    /** Returns what this connection is. */
    public ConnectionInfo info() {
        return info;
    }

    /** Returns the options that it was made with. */
    public ConnectOptions options() {
        return options;
    }

    /** Returns the types that it encodes and decodes values with; registering here concerns this connection only. */
    @Override
    public TypeRegistry types() {
        return core.statements().types();
    }

    /** Returns whether it can be used, as far as is known. */
    public boolean isOpen() {
        return core.session().isOpen();
    }

    /**
     * Returns the form in which a password is stored, by the algorithm that the server uses for new passwords.
     *
     * @param password the new password; it is not sent
     * @param user whose it is
     */
    public String encryptPassword(String password, String user) {
        String setting = query("show password_encryption").first().getString(0);
        return encryptPassword(password, user, "scram-sha-256".equals(setting) ? "scram-sha-256" : "md5");
    }

    /**
     * Returns the form in which a password is stored. Asks the server nothing.
     *
     * @param algorithm {@code md5} or {@code scram-sha-256}
     * @see Passwords#encrypt(String, String, String)
     */
    public String encryptPassword(String password, String user, String algorithm) {
        return Passwords.encrypt(password, user, algorithm);
    }

    /**
     * Closes the connection. What is under way is cancelled and given 5 seconds to end; an open transaction is rolled
     * back by the server. Does nothing if it is closed already.
     */
    @Override
    public void close() {
        core.pump().close(CLOSE_GRACE);
        events.terminated(null);
    }

    /** Returns who is connected where; no secret. */
    @Override
    public String toString() {
        return "PgConnection[" + info + "]";
    }
}
