package dev.howdah;

import dev.howdah.event.Notice;
import dev.howdah.event.QueryEvent;
import dev.howdah.event.Termination;
import dev.howdah.sql.Sql;
import dev.howdah.type.TypeRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection for those who do not wait: each call gives a {@link CompletableFuture} at once, also {@link #close()}. Made by
 * {@link Howdah#connectAsync}. Safe for several threads.
 *
 * <p><b>How it works.</b> Below it is a {@link PgConnection}, and a virtual thread, {@code howdah-async}, that takes the operations
 * in the order of the calls and runs the blocking verb of each. While that waits for the server the thread is parked, and one
 * selector loop waits for the sockets of all connections; so thousands of connections need no more platform threads than one.
 * A {@link WaitCallback} is not used.
 * Whatever a {@code PgConnection} can do can be done here: by the verb of the same name, or by {@link #run}.
 *
 * <p><b>Where stages complete.</b> In the order of the operations, on {@link ConnectOptions#callbackExecutor()}, or without one on
 * a virtual thread; never on the thread of the operations or on the loop, so what depends on a stage cannot stop the connection,
 * and may block. What depends on one stage delays that of the next ones for 10 ms at most; then they go on beside it, so waiting
 * for a later stage there is no deadlock, provided that an executor of your own has a thread to spare. Query loggers, the
 * consumers of batches and what is given to {@link #run} do run on the thread of the operations.
 *
 * <p><b>Transactions.</b> From when {@link #begin()} has had its turn until the {@link AsyncTransaction} has ended, only what is given
 * to that is run, and what is given to the connection waits. So code that is to be part of a transaction has to be given it, and
 * must not wait for what it gives to the connection. BEGIN in SQL, autocommit off and two-phase transactions by {@link #run} do
 * not divide: there all operations of the connection belong to the transaction.
 *
 * <p><b>How many may wait.</b> As many as there is memory for; {@link #pending()} tells how many do, and who produces faster than
 * the server works should look at it, or wait for stages.
 *
 * <p><b>When the connection is lost</b> the operation that ran fails with what is known of it, and those that wait with a {@link
 * dev.howdah.error.ConnectionLostException} that says {@link dev.howdah.error.Delivery#NOT_SENT}.
 */
public final class AsyncConnection extends AsyncPlace {

    private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

    private final AsyncQueue queue;
    private final PgConnection db;

    AsyncConnection(AsyncQueue queue) {
        super(queue.root());
        this.queue = queue;
        this.db = queue.db();
    }

    // Transactions and the session

    /** Commits what autocommit off or a BEGIN in SQL began; see {@link PgConnection#commit()}. */
    public CompletableFuture<Void> commit() {
        return perform(PgConnection::commit);
    }

    /** Rolls back what autocommit off or a BEGIN in SQL began; see {@link PgConnection#rollback()}. */
    public CompletableFuture<Void> rollback() {
        return perform(PgConnection::rollback);
    }

    /** Returns whether each statement outside a transaction is committed by itself. */
    public boolean autocommit() {
        return db.autocommit();
    }

    /** Sets whether each statement outside a transaction is committed by itself; see {@link PgConnection#setAutocommit}. */
    public CompletableFuture<Void> setAutocommit(boolean autocommit) {
        return perform(c -> c.setAutocommit(autocommit));
    }

    /** Sets what transactions begin with; see {@link PgConnection#setSession(TransactionMode)}. */
    public CompletableFuture<Void> setSession(TransactionMode mode) {
        Objects.requireNonNull(mode, "mode");
        return perform(c -> c.setSession(mode));
    }

    /** Sets what transactions begin with, and autocommit; see {@link PgConnection#setSession(TransactionMode, boolean)}. */
    public CompletableFuture<Void> setSession(TransactionMode mode, boolean autocommit) {
        Objects.requireNonNull(mode, "mode");
        return perform(c -> c.setSession(mode, autocommit));
    }

    /** Returns the isolation set for transactions; null is the server's default. */
    public @Nullable Isolation isolation() {
        return db.isolation();
    }

    /** Sets how much transactions see of others; see {@link PgConnection#setIsolation}. */
    public CompletableFuture<Void> setIsolation(@Nullable Isolation isolation) {
        return perform(c -> c.setIsolation(isolation));
    }

    /** Returns whether transactions have been set to read only, or to write; null is the server's default. */
    public @Nullable Boolean readOnly() {
        return db.readOnly();
    }

    /** Sets whether transactions only read; see {@link PgConnection#setReadOnly}. */
    public CompletableFuture<Void> setReadOnly(@Nullable Boolean readOnly) {
        return perform(c -> c.setReadOnly(readOnly));
    }

    /** Returns whether transactions have been set to be deferrable, or not to be; null is the server's default. */
    public @Nullable Boolean deferrable() {
        return db.deferrable();
    }

    /** Sets whether transactions are deferrable; see {@link PgConnection#setDeferrable}. */
    public CompletableFuture<Void> setDeferrable(@Nullable Boolean deferrable) {
        return perform(c -> c.setDeferrable(deferrable));
    }

    /**
     * Makes the session what it was when it was new; see {@link PgConnection#reset()}. It waits for what was given to the
     * connection before, as far as that can run, and for the end of a subscription outside a transaction; but not for
     * transactions that are open: they are rolled back, and what waits in them fails.
     */
    public CompletableFuture<Void> reset() {
        return lane().submitEnd(AsyncOperation.Kind.ENDS_INNER, (c, left) -> {
            c.reset();
            return null;
        });
    }

    // What the server says unasked

    /**
     * Calls {@code listener} with each notification on a channel; see {@link PgConnection#addListener}. What the listener is
     * given is the connection below; it may be used there, and waits for transactions that are open here.
     *
     * @return completes when the server listens
     */
    public CompletableFuture<Void> addListener(String channel, NotificationListener listener) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(listener, "listener");
        return perform(c -> c.addListener(channel, listener));
    }

    /**
     * Stops calling {@code listener} for a channel; see {@link PgConnection#removeListener}. Waits for no other operation.
     *
     * @return completes when it is not called any more
     */
    public CompletableFuture<Void> removeListener(String channel, NotificationListener listener) {
        return queue.completions().aside(() -> {
            db.removeListener(channel, listener);
            return null;
        });
    }

    /**
     * Returns the notifications that have arrived; see {@link PgConnection#notifications()}. Its {@link
     * Notifications#publisher()} makes nobody wait; {@code poll} with a time and the iterator do.
     */
    public Notifications notifications() {
        return db.notifications();
    }

    /** Calls {@code listener} with each notice of the server; see {@link PgConnection#addLogListener}. */
    public void addLogListener(Consumer<Notice> listener) {
        db.addLogListener(listener);
    }

    /** Stops calling {@code listener} with notices. */
    public void removeLogListener(Consumer<Notice> listener) {
        db.removeLogListener(listener);
    }

    /** Returns the last notices of the server, at most 50, the oldest first. */
    public List<Notice> notices() {
        return db.notices();
    }

    /** Calls {@code listener} once when the connection has ended; see {@link PgConnection#addTerminationListener}. */
    public void addTerminationListener(Consumer<Termination> listener) {
        db.addTerminationListener(listener);
    }

    /** Stops {@code listener} from being told of the end. */
    public void removeTerminationListener(Consumer<Termination> listener) {
        db.removeTerminationListener(listener);
    }

    /** Calls {@code logger} after each operation, on the thread of the operations; see {@link PgConnection#addQueryLogger}. */
    public void addQueryLogger(Consumer<QueryEvent> logger) {
        db.addQueryLogger(logger);
    }

    /** Stops calling {@code logger}, once if it was added several times. */
    public void removeQueryLogger(Consumer<QueryEvent> logger) {
        db.removeQueryLogger(logger);
    }

    /** Adds {@code logger} until the scope is closed; see {@link #addQueryLogger}. */
    public QueryLoggerScope queryLogger(Consumer<QueryEvent> logger) {
        return db.queryLogger(logger);
    }

    // The connection itself

    /**
     * Cancels the statement that runs now; see {@link PgConnection#cancel()}. Those that wait are not hit.
     *
     * @return yields false if nothing was running
     */
    public CompletableFuture<Boolean> cancel() {
        return queue.completions().aside(db::cancel);
    }

    /** Returns how many operations have not begun. */
    public int pending() {
        return queue.pending();
    }

    /** Returns what this connection is. */
    public ConnectionInfo info() {
        return db.info();
    }

    /** Returns the options that it was made with. */
    public ConnectOptions options() {
        return db.options();
    }

    /** Returns the types that it encodes and decodes values with; registering here concerns this connection only. */
    public TypeRegistry types() {
        return db.types();
    }

    /** Returns the text that a server would read if the parameters were part of it; see {@link PgConnection#mogrify}. */
    public String mogrify(String sql, @Nullable Object... parameters) {
        return db.mogrify(sql, parameters);
    }

    /** Returns the text of composed SQL with all its values as literals; see {@link PgConnection#mogrify}. */
    public String mogrify(Sql sql, @Nullable Object... parameters) {
        return db.mogrify(sql, parameters);
    }

    /** Yields the form in which a password is stored; see {@link PgConnection#encryptPassword(String, String)}. */
    public CompletableFuture<String> encryptPassword(String password, String user) {
        return run(c -> c.encryptPassword(password, user));
    }

    /** Returns whether it takes operations, as far as is known: neither closed, nor being closed, nor lost. */
    public boolean isOpen() {
        return queue.isOpen();
    }

    /**
     * Closes the connection, and gives what is there 5 seconds to end; see {@link #close(Duration)}.
     *
     * @return completes when it is closed; never fails
     */
    public CompletableFuture<Void> close() {
        return close(CLOSE_GRACE);
    }

    /**
     * Closes the connection when all operations that it has been given have run; what is given to it or to its transactions
     * from now on fails with a {@link dev.howdah.error.ConnectionClosedException}. A transaction in which nothing waits any
     * more is rolled back. What has not run when {@code grace} has passed is cancelled or fails likewise, subscriptions
     * included, so everybody gets an answer. Called again it does nothing more, but with a shorter grace.
     *
     * @param grace how long what is there may take; zero is none
     * @return completes when it is closed, after the stages of all operations that have waited or run; never fails, and cancelling it
     *     does nothing
     */
    public CompletableFuture<Void> close(Duration grace) {
        return queue.close(grace);
    }

    /**
     * Closes the connection at once: what runs is cancelled, what waits fails.
     *
     * @return completes when it is closed; never fails
     */
    public CompletableFuture<Void> closeNow() {
        return close(Duration.ZERO);
    }

    /** Returns who is connected where; no secret. */
    @Override
    public String toString() {
        return "AsyncConnection[" + info() + "]";
    }
}
