package dev.howdah.pump;

import dev.howdah.session.Conversation;
import dev.howdah.session.ObjectPipe;
import dev.howdah.session.Session;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What large objects need of the connection that they are of. Safe for several threads. */
public interface ObjectHost {

    /** The values of a row of a query that the driver has made. */
    interface Values {

        /** Returns a number that is never NULL. */
        long number(int column);

        /** Returns a text. */
        @Nullable
        String text(int column);
    }

    /** A transaction, or a savepoint, that is rolled back unless it is committed. */
    interface Unit extends AutoCloseable {

        /** Makes what was done last. */
        void commit();

        @Override
        void close();
    }

    /**
     * Work that may be run again.
     *
     * @param <T> what it returns
     * @param <X> what it throws
     */
    @FunctionalInterface
    interface Body<T extends @Nullable Object, X extends Exception> {

        /** Does it. */
        T run() throws X;
    }

    /** Returns the session; to be looked at only. */
    Session session();

    /** Returns what all requests for open large objects go through. */
    ObjectPipe objects();

    /** Returns whether each statement outside a transaction is committed by itself. */
    boolean autocommit();

    /** Runs something while nobody else uses the connection; operations may be part of it. */
    void inTurn(CallLimits limits, Runnable action);

    /** Takes what has arrived, without waiting. */
    void hear();

    /**
     * Runs what goes on with a large object that is open; loggers are told.
     *
     * @param sql what to tell them
     */
    <R> R run(Conversation<R> conversation, String sql, CallLimits limits);

    /** Runs a query; with autocommit off, a transaction is begun if there is none. Loggers are told. */
    <T> List<T> query(String sql, CallLimits limits, Function<Values, T> row, Object... parameters);

    /** Runs commands that return nothing, likewise. */
    void command(String sql, CallLimits limits);

    /** Begins a transaction, or a savepoint where one is open; with autocommit off it is neither and its end does nothing. */
    Unit begin(CallLimits limits);

    /** Runs work in a transaction, again if the server asks for that. */
    <T extends @Nullable Object, X extends Exception> T inTransaction(Body<T, X> body, CallLimits limits) throws X;
}
