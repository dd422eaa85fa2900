package dev.howdah;

import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import dev.howdah.largeobject.LargeObjects;
import dev.howdah.password.Passwords;
import dev.howdah.pump.CallLimits;
import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlContext;
import dev.howdah.type.TypeRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a PostgreSQL server. Calls run on the thread that makes them, platform or virtual.
 *
 * <p>Safe for several threads: operations queue up in order and nothing is interleaved. Single statements of several threads
 * outside transactions are pipelined: each is sent before those ahead have been answered. A {@link Transaction} keeps other
 * threads out until it ends. Interrupting a thread that waits here cancels its statement and leaves the connection
 * usable.
 *
 * <p>Autocommit is on at first, as in PostgreSQL itself. The session's time zone, locale and settings are the server's
 * own and those of the options; text is UTF-8 always.
 */
public class PgConnection extends ListeningQueries implements SqlContext, AutoCloseable {

    private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

    private final Core core;
    private final ConnectionInfo info;
    private final ConnectOptions options;
    private final Events events;
    private final TransactionStack transactions;
    private final Verbs verbs;
    private final LargeObjects largeObjects;

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
        CallLimits limits = CallLimits.within(options.queryTimeout());
        this.transactions = new TransactionStack(core, limits);
        this.verbs = new Verbs(core, limits);
        this.largeObjects = new LargeObjects(new ConnectionObjects(core, transactions), limits);
    }

    @Override
    final Core core() {
        return core;
    }

    @Override
    final Events events() {
        return events;
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

    // Cursors

    /**
     * Makes a cursor, by the options' {@link ConnectOptions#cursorFactory()} if there is one. Sends nothing.
     *
     * @throws IllegalStateException if the factory gave none, or one of another connection
     */
    public Cursor cursor() {
        CursorFactory<? extends Cursor> factory = options.cursorFactory();
        return factory == null ? new Cursor(this) : cursor(factory);
    }

    /**
     * Makes a cursor of a class of your own. Sends nothing.
     *
     * @param factory usually a constructor, as in {@code LoggingCursor::new}
     * @throws IllegalStateException if it gave none, or one of another connection
     */
    public <C extends Cursor> C cursor(CursorFactory<C> factory) {
        return BaseCursor.made(factory, this);
    }

    /**
     * Makes a cursor of the server, whose rows come page by page; see {@link ServerCursor}. Sends nothing.
     *
     * @param name as it is, not quoted; at most 63 bytes in UTF-8
     * @throws IllegalArgumentException if it cannot be a name
     */
    public ServerCursor cursor(String name) {
        return new ServerCursor(this, name);
    }

    /**
     * Makes a cursor of the server of a class of your own. Sends nothing.
     *
     * @param name as it is, not quoted; at most 63 bytes in UTF-8
     * @param factory usually a constructor, as in {@code AuditedCursor::new}
     * @throws IllegalArgumentException if it cannot be a name
     * @throws IllegalStateException if the factory gave none, or one of another connection or name
     */
    public <C extends ServerCursor> C cursor(String name, ServerCursorFactory<C> factory) {
        return ServerCursor.made(factory, this, name);
    }

    // Transactions

    /** Begins a transaction with the session's modes; inside another one, a savepoint. */
    public Transaction begin() {
        return begin(TransactionMode.DEFAULT);
    }

    /** Begins a transaction of that isolation, otherwise with the session's modes. */
    public Transaction begin(Isolation isolation) {
        return begin(TransactionMode.of(isolation));
    }

    /**
     * Begins a transaction. What is null in its mode is as {@link #setSession(TransactionMode)} says.
     *
     * @throws IllegalStateException if one is open and {@code mode} is not the default: a savepoint takes no mode; or a
     *     two-phase transaction is under way
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
     * @throws dev.howdah.error.CommitRolledBackException if the server rolled back instead of committing, because a statement had
     *     failed
     * @throws IllegalStateException if the transaction was ended by something else than the work, as by {@link #reset()} of another
     *     thread or the end of one around it
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
        transactions.changeTraits(mode -> mode, autocommit, verbs.limits());
    }

    /** Sets what transactions begin with, leaving autocommit as it is; see {@link #setSession(TransactionMode, boolean)}. */
    public void setSession(TransactionMode mode) {
        transactions.changeTraits(before -> mode, null, verbs.limits());
    }

    /**
     * Sets what transactions begin with unless their own mode says otherwise, and whether each statement is one; what is
     * null is the server's default. Every BEGIN of this connection says it, so with autocommit off nothing is sent now,
     * and poolers that hand each transaction to another backend do no harm. With autocommit on, single statements are
     * transactions too: then {@code default_transaction_isolation} and its like are set on the server, and taken back when
     * autocommit is turned off. If the server refuses that, everything is as before. {@code DISCARD ALL} in SQL takes the
     * modes back to the server's defaults; other SQL that changes these settings is not seen.
     *
     * @throws IllegalStateException inside a transaction
     * @see <a href="https://www.postgresql.org/docs/current/sql-set-transaction.html">SET TRANSACTION</a>
     */
    public void setSession(TransactionMode mode, boolean autocommit) {
        transactions.changeTraits(before -> mode, autocommit, verbs.limits());
    }

    /** Returns the isolation set for transactions; null is the server's default. */
    public @Nullable Isolation isolation() {
        return core.traits().mode().isolation();
    }

    /** Sets how much transactions see of others, null for the server's default; see {@link #setSession(TransactionMode)}. */
    public void setIsolation(@Nullable Isolation isolation) {
        transactions.changeTraits(
                mode -> new TransactionMode(isolation, mode.readOnly(), mode.deferrable()), null, verbs.limits());
    }

    /** Returns whether transactions have been set to read only, or to write; null is the server's default. */
    public @Nullable Boolean readOnly() {
        return core.traits().mode().readOnly();
    }

    /** Sets whether transactions only read, null for the server's default; see {@link #setSession(TransactionMode)}. */
    public void setReadOnly(@Nullable Boolean readOnly) {
        transactions.changeTraits(
                mode -> new TransactionMode(mode.isolation(), readOnly, mode.deferrable()), null, verbs.limits());
    }

    /** Returns whether transactions have been set to be deferrable, or not to be; null is the server's default. */
    public @Nullable Boolean deferrable() {
        return core.traits().mode().deferrable();
    }

    /** Sets whether transactions are deferrable, null for the server's default; see {@link #setSession(TransactionMode)}. */
    public void setDeferrable(@Nullable Boolean deferrable) {
        transactions.changeTraits(
                mode -> new TransactionMode(mode.isolation(), mode.readOnly(), deferrable), null, verbs.limits());
    }

    /**
     * Commits the transaction that autocommit off or a BEGIN in SQL began; does nothing if there is none.
     *
     * @throws dev.howdah.error.CommitRolledBackException if the server rolled back instead; why is its cause
     * @throws IllegalStateException if a {@link Transaction} is open or a two-phase one is under way: that one commits
     */
    public void commit() {
        transactions.commit(verbs.limits());
    }

    /**
     * Rolls back the transaction that autocommit off or a BEGIN in SQL began; does nothing if there is none.
     *
     * @throws IllegalStateException if a {@link Transaction} is open or a two-phase one is under way: that one rolls back
     */
    public void rollback() {
        transactions.rollback();
    }

    /**
     * Sets a savepoint in the transaction that is open; with autocommit off it begins one if there is none. A nested {@link
     * Transaction} is a savepoint too, without a name to think of.
     *
     * @param name any text of 1 to 63 bytes in UTF-8; case matters; of several of one name the last counts
     * @throws IllegalArgumentException if it cannot be the name of a savepoint
     * @throws IllegalStateException if no transaction is open and autocommit is on
     * @see <a href="https://www.postgresql.org/docs/current/sql-savepoint.html">SAVEPOINT</a>
     */
    public void savepoint(String name) {
        transactions.savepoints().set(name, verbs.limits());
    }

    /**
     * Undoes what was done since a savepoint was set, also after a statement has failed. The savepoint stays; a {@link
     * Transaction} that began after it has ended.
     *
     * @throws IllegalStateException if no transaction is open
     * @throws dev.howdah.error.ServerException with 3B001 if it has no such savepoint
     */
    public void rollbackTo(String name) {
        transactions.savepoints().rollbackTo(name);
    }

    /**
     * Forgets a savepoint and those set since; what was done stays. A {@link Transaction} that began after it has ended,
     * what it did stays too.
     *
     * @throws IllegalStateException if no transaction is open
     * @throws dev.howdah.error.ServerException with 3B001 if it has no such savepoint
     */
    public void release(String name) {
        transactions.savepoints().release(name, verbs.limits());
    }

    /** Returns the two-phase transactions of this connection and of the server; always the same object. */
    public TwoPhase twoPhase() {
        return transactions.twoPhase();
    }

    // Pipelines

    /** Opens a pipeline in which what is queued between two syncs is one transaction; see {@link Pipeline}. */
    public Pipeline pipeline() {
        return pipeline(PipelineMode.SHARED_SYNC);
    }

    /**
     * Opens a pipeline, when this connection is free. It has the connection until it is closed. Sends nothing.
     *
     * @throws IllegalStateException if this thread has one open already, or a stream outside a transaction
     */
    public Pipeline pipeline(PipelineMode mode) {
        return new Pipeline(Pipelining.open(verbs, mode));
    }

    // Large objects

    /** Returns the large objects of the database; always the same object. */
    public LargeObjects largeObjects() {
        return largeObjects;
    }

    /** Opens a large object for as long as the transaction lasts; see {@link LargeObjects#open(long, LargeObjectMode)}. */
    public LargeObject largeObject(long oid, LargeObjectMode mode) {
        return largeObjects.open(oid, mode);
    }

    /** Makes an empty large object and opens it for writing; see {@link LargeObjects#openNew()}. */
    public LargeObject createLargeObject() {
        return largeObjects.openNew();
    }

    /** Makes an empty large object of an OID that is free and opens it for writing; see {@link LargeObjects#openNew(long)}. */
    public LargeObject createLargeObject(long oid) {
        return largeObjects.openNew(oid);
    }

    /** Makes a large object of a file and opens it, at its beginning; see {@link LargeObjects#openImported(Path)}. */
    public LargeObject importLargeObject(Path file) throws IOException {
        return largeObjects.openImported(file);
    }

    /** Makes a large object of a file likewise, under an OID that is free. */
    public LargeObject importLargeObject(Path file, long oid) throws IOException {
        return largeObjects.openImported(file, oid);
    }

    // The connection itself

    /**
     * Cancels the statement that runs now on this connection, over a connection of its own to the same server. May be
     * called by any thread; the statement fails with a {@link dev.howdah.error.QueryCanceledException} unless it was
     * faster. A later statement is never hit.
     *
     * @return false if nothing was running
     * @throws dev.howdah.error.ConnectionLostException if the server could not be reached for it; this connection is as it was
     */
    public boolean cancel() {
        return core.cancel();
    }

    /**
     * Makes the session what it was when it was new, for somebody else to use. An open transaction is rolled back, whoever
     * began it; a prepared one stays on the server. Streams, a COPY, a pipeline and a replication stream have ended, the last as by
     * {@link dev.howdah.replication.ReplicationCursor#stopReplication}. Prepared queries prepare themselves anew. With {@code DISCARD ALL}
     * the server drops settings, prepared statements, temporary tables, advisory locks and what is listened to. Autocommit is on, the
     * modes of transactions are the server's, no listener of a channel is left, and notifications and notices that were kept are gone;
     * what the server said of types is asked again. Listeners of notices and of the connection's end stay, and so does what is
     * registered in {@link #types()}. Query loggers are told of the reset and then removed, for the statements of the next user are
     * not their business.
     *
     * <p>Waits for an operation of another thread to end, but not for who waits for a message of a replication stream. What another
     * thread was to do next in what has ended here, as to commit a transaction, is refused it with an {@link IllegalStateException},
     * and so is all that work in {@code inTransaction} goes on to run. Where the server does not know DISCARD ALL, its parts are tried
     * one after the other.
     *
     * @throws dev.howdah.error.ServerException if the server refuses; then transactions have ended and the rest is as it was
     * @see <a href="https://www.postgresql.org/docs/current/sql-discard.html">DISCARD</a>
     */
    public void reset() {
        new ConnectionReset(core, transactions, events).run(verbs.limits());
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
        core.makeWay("the connection was closed");
        core.pump().close(CLOSE_GRACE);
        events.terminated(null);
    }

    /** Returns who is connected where; no secret. */
    @Override
    public String toString() {
        return "PgConnection[" + info + "]";
    }
}
