package dev.howdah;

import dev.howdah.sql.Sql;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ServerCursor} of an asynchronous connection: the result stays on the server, and rows come a page at a time. How
 * long it lives and what its verbs do is said there. One that is to outlive the transaction that made it is used with {@link
 * #on} afterwards.
 *
 * @param <C> the class of the cursor
 */
public final class AsyncServerCursor<C extends ServerCursor> extends AsyncBaseCursor<C> {

    AsyncServerCursor(AsyncVerbs place, C cursor) {
        super(place, cursor);
    }

    /**
     * Returns the same cursor, used in another place.
     *
     * @param other the connection that it is of, or a transaction of it
     * @throws IllegalArgumentException if that is of another connection
     */
    public AsyncServerCursor<C> on(AsyncQueries other) {
        return new AsyncServerCursor<>(place().sibling(other), cursor());
    }

    /** Returns its name, not quoted. */
    public String name() {
        return cursor().name();
    }

    /**
     * Sets whether it may scroll backwards; see {@link ServerCursor#scrollable}.
     *
     * @return this
     * @throws IllegalStateException if it is open
     */
    public AsyncServerCursor<C> scrollable(boolean yes) {
        cursor().scrollable(yes);
        return this;
    }

    /**
     * Sets whether it outlives its transaction; see {@link ServerCursor#withHold}.
     *
     * @return this
     * @throws IllegalStateException if it is open
     */
    public AsyncServerCursor<C> withHold(boolean yes) {
        cursor().withHold(yes);
        return this;
    }

    /**
     * Sets how many rows a page has; see {@link ServerCursor#fetchSize}.
     *
     * @param rows at least 1
     * @return this
     * @throws IllegalStateException if it is open
     */
    public AsyncServerCursor<C> fetchSize(int rows) {
        cursor().fetchSize(rows);
        return this;
    }

    /**
     * Sets how much memory a page is to take; see {@link ServerCursor#memoryTarget}.
     *
     * @param bytes at least 1
     * @return this
     * @throws IllegalStateException if it is open
     */
    public AsyncServerCursor<C> memoryTarget(long bytes) {
        cursor().memoryTarget(bytes);
        return this;
    }

    /** Opens it for a query; see {@link ServerCursor#execute(String, Object...)}. Yields this. */
    public CompletableFuture<AsyncServerCursor<C>> execute(String sql, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return run(c -> {
            c.execute(sql, given);
            return this;
        });
    }

    /** Opens it for a composed query; see {@link ServerCursor#execute(Sql, Object...)}. Yields this. */
    public CompletableFuture<AsyncServerCursor<C>> execute(Sql sql, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return run(c -> {
            c.execute(sql, given);
            return this;
        });
    }

    /** Opens it for a prepared query; see {@link ServerCursor#execute(PreparedQuery, Object...)}. Yields this. */
    public CompletableFuture<AsyncServerCursor<C>> execute(AsyncPreparedQuery query, @Nullable Object... parameters) {
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        PreparedQuery prepared = query.blocking();
        return run(c -> {
            c.execute(prepared, given);
            return this;
        });
    }

    /** Attaches this to a cursor of its name that exists on the server; see {@link ServerCursor#attach()}. Yields this. */
    public CompletableFuture<AsyncServerCursor<C>> attach() {
        return run(c -> {
            c.attach();
            return this;
        });
    }
}
