package dev.howdah;

import dev.howdah.event.Notice;
import dev.howdah.event.QueryEvent;
import dev.howdah.event.QueryLoggers;
import dev.howdah.event.Termination;
import java.util.List;
import java.util.function.Consumer;

/** What a connection tells: what the server says unasked, and what is run; and the verbs. */
abstract class ListeningQueries extends ForwardingQueries {

    /** Only connections are made of this. */
    ListeningQueries() {}

    abstract Core core();

    abstract Events events();

    /**
     * Calls {@code listener} with each notification on a channel, at once, also while nobody uses the connection; {@link
     * NotificationListener} says what may be relied on. The same listener may be added to several channels, and twice to
     * one, and is then called twice. The connection keeps it until it is removed.
     *
     * <p>The server is asked once for each channel. Where it listens already nothing is sent and nobody waits; else this
     * waits for its turn, as a query does, so also for the end of another thread's transaction.
     *
     * <p>Inside a transaction the server begins to listen when that commits. If it rolls back, the listeners of a channel
     * that the server then does not listen to have gone with it, as if they had been removed; add them again. A
     * listener on a channel that the server listened to before stays. What the program's own UNLISTEN or DISCARD ALL ends
     * is begun again at once, as long as a channel has listeners; what comes between is lost. An UNLISTEN within a function
     * is not seen.
     *
     * @param channel its name as it is, 1 to 63 bytes in UTF-8; case matters
     * @throws IllegalArgumentException if it cannot be the name of a channel
     * @throws dev.howdah.error.ServerException if the server refuses, for example in a transaction that has failed; the
     *     listener is not there then
     * @see <a href="https://www.postgresql.org/docs/current/sql-listen.html">LISTEN</a>
     */
    public void addListener(String channel, NotificationListener listener) {
        events().addListener(core(), channel, listener);
    }

    /**
     * Stops calling {@code listener} for a channel, once if it was added several times, whatever becomes of a transaction
     * that is open: also for what has arrived and waits. Does nothing if it is not there. Never waits: when the last of a
     * channel goes, the server is told as soon as nobody uses the connection and no transaction is open. It then stops
     * listening to the channel also if the program had listened by itself.
     *
     * @see <a href="https://www.postgresql.org/docs/current/sql-unlisten.html">UNLISTEN</a>
     */
    public void removeListener(String channel, NotificationListener listener) {
        events().removeListener(channel, listener);
    }

    /**
     * Returns the notifications that have arrived on the channels this session listens on, however it came to listen;
     * they are collected from the first call on.
     */
    public Notifications notifications() {
        return events().notifications();
    }

    /**
     * Calls {@code listener} with each notice of the server, at once, also while nobody uses the connection and when the
     * statement fails; never with errors. Which severities come is up to {@code client_min_messages}; INFO always does.
     * Calls run as those of a {@link NotificationListener}, in one order with them, from the same bounded queue: notices
     * that are dropped are counted in the driver's log.
     */
    public void addLogListener(Consumer<Notice> listener) {
        events().addLogListener(listener);
    }

    /** Stops calling {@code listener} with notices, also with those that have arrived and wait. */
    public void removeLogListener(Consumer<Notice> listener) {
        events().removeLogListener(listener);
    }

    /** Returns the last notices of the server, at most 50, the oldest first. */
    public List<Notice> notices() {
        return events().notices();
    }

    /**
     * Calls {@code listener} once when the connection has been closed or lost, after all that came before, where listeners
     * run (see {@link NotificationListener}); at once if that has happened already. From now on a loss is noticed also
     * while nobody uses the connection, if the server or the network says so.
     */
    public void addTerminationListener(Consumer<Termination> listener) {
        events().addTerminationListener(listener);
    }

    /** Stops {@code listener} from being told of the end. */
    public void removeTerminationListener(Consumer<Termination> listener) {
        events().removeTerminationListener(listener);
    }

    /** Calls {@code logger} after each operation that begins from now on; {@link QueryLoggers} says what may be relied on. */
    public void addQueryLogger(Consumer<QueryEvent> logger) {
        core().log().add(logger);
    }

    /** Stops calling {@code logger}, once if it was added several times. Does nothing if it is not there. */
    public void removeQueryLogger(Consumer<QueryEvent> logger) {
        core().log().remove(logger);
    }

    /** Adds {@code logger} until the scope is closed; see {@link #addQueryLogger}. */
    public QueryLoggerScope queryLogger(Consumer<QueryEvent> logger) {
        return new QueryLoggerScope(core().log(), logger);
    }
}
