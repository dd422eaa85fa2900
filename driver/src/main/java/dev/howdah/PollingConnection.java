package dev.howdah;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.Delivery;
import dev.howdah.event.Notice;
import dev.howdah.pump.Coroutine;
import dev.howdah.session.SessionState;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection that never waits for the server: whoever uses it waits, for this channel and a thousand others at once, in
 * a selector of his own.
 *
 * <p>{@link Howdah#connectPolling} and each verb begin something and return at once. {@link #poll()} goes on with it and
 * says what to wait for; when it returns {@link PollState#OK} the operation has ended and its result is there. What fails
 * is thrown by {@code poll()}; after that the connection is usable, unless it was lost.
 *
 * <pre>{@code
 * PollingConnection db = Howdah.connectPolling("dbname=test");
 * await(db);                                    // a loop of yours over poll(), channel() and nextDeadline()
 * PollingCursor cursor = db.cursor();
 * cursor.execute("select pg_sleep(5), 42");
 * await(db);
 * cursor.fetchOne();
 * }</pre>
 *
 * <p>All verbs of a {@link PgConnection} are here: {@link #call} and {@link #run} take any code that uses one, with
 * transactions, cursors of the server, batches and whatever else there is, and run it piece by piece, as {@link #poll()} is
 * called. That code may keep what it made, such as a {@link Transaction} or a {@link ServerCursor}, for a later call to
 * use. One operation is under way at a time.
 *
 * <p>While nothing is under way, {@code poll()} takes what the server says unasked, when the channel is ready to be read:
 * notifications, notices, the end of the connection. Nothing reads it in the background. Listeners are called by their
 * executor all the same; what a listener does with the connection it is given is waited for there.
 *
 * <p>To be used by one thread at a time; {@link #cancel()} may be called by any.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PQCONNECTSTARTPARAMS">libpq's
 *     PQconnectPoll</a>
 */
public final class PollingConnection implements Pollable, AutoCloseable {

    private final Coroutine coroutine = new Coroutine();
    private volatile @Nullable PgConnection connection;
    private volatile @Nullable Core core;
    private @Nullable Polled<?> current;
    private @Nullable Throwable connectFailure;
    private volatile boolean closed;

    private PollingConnection() {}

    static PollingConnection begin(ConnectOptions options) {
        PollingConnection made = new PollingConnection();
        Polled<PgConnection> connecting = new Polled<>(made);
        made.begin(connecting, () -> {
            ConnectionFactory<PgConnection> factory = opened -> {
                made.core = opened.core();
                return new PgConnection(opened);
            };
            PgConnection opened = Howdah.connect(options, factory, made.coroutine, Events.Watch.NEVER);
            made.connection = opened;
            if (made.closed) {
                opened.close();
            }
            return opened;
        });
        made.coroutine.poll();
        return made;
    }

    private interface Work<R> {
        R run();
    }

    private <R> Polled<R> begin(Polled<R> operation, Work<R> work) {
        coroutine.begin(() -> {
            try {
                operation.succeeded(work.run());
            } catch (Throwable e) {
                operation.failed(e);
            }
        });
        current = operation;
        return operation;
    }

    // Waiting

    /**
     * {@inheritDoc}
     *
     * <p>Returns {@link PollState#OK} when nothing is under way; wait for the channel to become readable then, if what the
     * server says unasked is of interest, and poll again.
     *
     * @throws dev.howdah.error.ConnectFailedException if no server accepts us; again with each further call
     * @throws dev.howdah.error.ConnectionLostException if the connection has been lost, likewise
     * @throws dev.howdah.error.ConnectionClosedException if it is closed
     */
    @Override
    public PollState poll() {
        if (current == null) {
            requireOpen();
            Core idle = requireCore();
            begin(new Polled<>(this), () -> {
                idle.pump().hear();
                return true;
            });
        } else if (closed) {
            requireOpen();
        }
        int operations = coroutine.poll();
        if (operations != 0) {
            return PollState.of(operations);
        }
        Polled<?> ended = Objects.requireNonNull(current);
        current = null;
        Throwable failure = ended.failure();
        if (failure != null) {
            if (connection == null) {
                connectFailure = failure;
                closed = true;
                coroutine.end();
            }
            throw thrown(failure);
        }
        requireOpen();
        return PollState.OK;
    }

    /** Throws if the connection has ended. */
    private void requireOpen() {
        Throwable failure = connectFailure;
        if (failure != null) {
            throw thrown(failure);
        }
        if (closed) {
            throw new ConnectionClosedException("close() was called", Delivery.NOT_SENT);
        }
        Core open = core;
        if (open != null) {
            switch (open.session().state()) {
                case SessionState.Lost lost -> throw lost.cause();
                case SessionState.Closed ended ->
                    throw new ConnectionClosedException("close() was called", Delivery.NOT_SENT);
                case SessionState.Starting starting -> {}
                case SessionState.Open usable -> {}
            }
        }
    }

    static RuntimeException thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException exception ? exception : new IllegalStateException(failure);
    }

    @Override
    public SelectableChannel channel() {
        SelectableChannel waitedFor = coroutine.channel();
        if (waitedFor != null) {
            return waitedFor;
        }
        if (core == null || closed) {
            throw new IllegalStateException("there is no channel: the connection is closed");
        }
        return requireCore().pump().transport().channel();
    }

    @Override
    public @Nullable Duration nextDeadline() {
        return WaitCallbacks.until(coroutine.deadline());
    }

    /** Returns whether an operation is under way, connecting included: {@link #poll()} has to be called until it is OK. */
    public boolean isExecuting() {
        return current != null && !closed;
    }

    // Verbs

    /**
     * Begins to run code that uses the connection as if it waited.
     *
     * @param work is run by {@link #poll()}, on another thread, which is always the same; it should not wait for anything
     *     but the connection, for {@code poll()} would, too. An interrupt of that thread cancels what it waits for: call {@code poll()}
     *     after it, since what needs no answer of the server makes no channel ready
     * @throws IllegalStateException if an operation is under way already
     */
    public <R> Polled<R> call(Function<? super PgConnection, ? extends R> work) {
        Objects.requireNonNull(work, "work");
        PgConnection free = free();
        return begin(new Polled<>(this), () -> work.apply(free));
    }

    /** Begins to run code that gives nothing; see {@link #call}. */
    public Polled<Boolean> run(Consumer<? super PgConnection> work) {
        Objects.requireNonNull(work, "work");
        return call(db -> {
            work.accept(db);
            return true;
        });
    }

    /** Begins a query; see {@link Queries#query(String, Object...)}. */
    public Polled<Rows> query(String sql, @Nullable Object... parameters) {
        return call(db -> db.query(sql, parameters));
    }

    /** Begins a statement or script; see {@link Queries#execute(String, Object...)}. */
    public Polled<Result> execute(String sql, @Nullable Object... parameters) {
        return call(db -> db.execute(sql, parameters));
    }

    /** Begins a statement for each set of parameters; see {@link Queries#executeMany(String, Iterable)}. */
    public Polled<BatchResult> executeMany(String sql, Iterable<?> parameterSets) {
        return call(db -> db.executeMany(sql, parameterSets));
    }

    /**
     * Makes a cursor, by the options' {@link ConnectOptions#cursorFactory()} if there is one. Sends nothing.
     *
     * @throws IllegalStateException while an operation is under way
     */
    public PollingCursor cursor() {
        return new PollingCursor(this, free().cursor());
    }

    private PgConnection free() {
        requireOpen();
        if (current != null) {
            throw new IllegalStateException(
                    connection == null
                            ? "the connection is being made: call poll() until it returns OK"
                            : "an operation is under way: call poll() until it returns OK");
        }
        return connected();
    }

    private Core requireCore() {
        Core parts = core;
        if (parts == null) {
            throw new IllegalStateException("the connection is being made: call poll() until it returns OK");
        }
        return parts;
    }

    private PgConnection connected() {
        PgConnection open = connection;
        if (open == null) {
            throw new IllegalStateException("the connection is being made: call poll() until it returns OK");
        }
        return open;
    }

    // What is known

    /** Returns whether the connection has been made and has not ended. */
    public boolean isOpen() {
        PgConnection open = connection;
        return open != null && !closed && open.isOpen();
    }

    /**
     * Returns what is known of the connection.
     *
     * @throws IllegalStateException while it is being made
     */
    public ConnectionInfo info() {
        return connected().info();
    }

    /**
     * Returns the notifications that have arrived since this was first called; {@link #poll()} takes them from the channel.
     *
     * @throws IllegalStateException while the connection is being made
     */
    public Notifications notifications() {
        return connected().notifications();
    }

    /**
     * Returns the last notices of the server; see {@link PgConnection#notices()}.
     *
     * @throws IllegalStateException while the connection is being made
     */
    public List<Notice> notices() {
        return connected().notices();
    }

    /**
     * Asks the server to cancel what is under way, and does not wait for it; {@link #poll()} then throws its {@link
     * dev.howdah.error.QueryCanceledException}, unless it was done before. What is begun later is never hit. May be called
     * by any thread.
     *
     * @return false if nothing was under way that can be cancelled, as while connecting
     */
    public boolean cancel() {
        return connection != null && !closed && requireCore().pump().cancelLater();
    }

    /**
     * Closes the connection and does not wait for it; what is under way is cancelled and fails. Does nothing if it is
     * closed already.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        PgConnection open = connection;
        boolean busy = coroutine.isBusy();
        coroutine.end();
        if (open != null && !busy) {
            open.close();
        } else if (open != null) {
            Thread.ofVirtual().name("howdah-close").start(open::close);
        } else {
            coroutine.interrupt();
        }
    }
}
