package dev.howdah;

import dev.howdah.sql.Sql;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Cursor} of an asynchronous connection: its result is in memory as a whole. What its verbs do is said there; those
 * that are not here are reached by {@link #run}.
 *
 * @param <C> the class of the cursor
 */
public final class AsyncCursor<C extends Cursor> extends AsyncBaseCursor<C> {

    AsyncCursor(AsyncVerbs place, C cursor) {
        super(place, cursor);
    }

    /**
     * Returns the same cursor, used in another place.
     *
     * @param other the connection that it is of, or a transaction of it
     * @throws IllegalArgumentException if that is of another connection
     */
    public AsyncCursor<C> on(AsyncQueries other) {
        return new AsyncCursor<>(place().sibling(other), cursor());
    }

    /** Runs a statement; see {@link Cursor#execute(String, Object...)}. Yields this. */
    public CompletableFuture<AsyncCursor<C>> execute(String sql, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return run(c -> {
            c.execute(sql, given);
            return this;
        });
    }

    /** Runs composed SQL; see {@link Cursor#execute(Sql, Object...)}. Yields this. */
    public CompletableFuture<AsyncCursor<C>> execute(Sql sql, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return run(c -> {
            c.execute(sql, given);
            return this;
        });
    }

    /** Runs a statement with many sets of parameters; see {@link Cursor#executeMany(String, Iterable)}. */
    public CompletableFuture<BatchResult> executeMany(String sql, Iterable<?> parameterSets) {
        return run(c -> c.executeMany(sql, parameterSets));
    }

    /** Runs a composed statement with many sets of parameters; see {@link Cursor#executeMany(Sql, Iterable)}. */
    public CompletableFuture<BatchResult> executeMany(Sql sql, Iterable<?> parameterSets) {
        return run(c -> c.executeMany(sql, parameterSets));
    }

    /** Runs a statement with pages of rows in its text; see {@link Cursor#executeValues(String, Iterable)}. */
    public CompletableFuture<BatchResult> executeValues(String sql, Iterable<?> rows) {
        return run(c -> c.executeValues(sql, rows));
    }

    /** Runs a statement with pages of rows in its text; see {@link Cursor#executeValues(String, Iterable, String, int)}. */
    public CompletableFuture<BatchResult> executeValues(
            String sql, Iterable<?> rows, @Nullable String template, int pageSize) {
        return run(c -> c.executeValues(sql, rows, template, pageSize));
    }

    /** Calls a function or procedure; see {@link Cursor#call(String, Object...)}. Yields this. */
    public CompletableFuture<AsyncCursor<C>> call(String name, @Nullable Object... arguments) {
        @Nullable Object[] given = AsyncVerbs.kept(arguments);
        return run(c -> {
            c.call(name, given);
            return this;
        });
    }

    /** Calls a function or procedure with named arguments; see {@link Cursor#call(String, Map)}. Yields this. */
    public CompletableFuture<AsyncCursor<C>> call(String name, Map<String, ?> named) {
        return run(c -> {
            c.call(name, named);
            return this;
        });
    }

    /** Returns what each statement of the last {@code execute} yielded; see {@link Cursor#results()}. */
    public List<Result> results() {
        return cursor().results();
    }
}
