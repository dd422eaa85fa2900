package dev.howdah;

import dev.howdah.sql.Identifier;
import dev.howdah.sql.Sql;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cursor of a {@link PollingConnection}: what executes begins and returns at once, {@link PollingConnection#poll()} goes on
 * with it, and when that returns {@link PollState#OK} all rows are here to be fetched. Fetching and moving never send
 * anything.
 *
 * <p>To be used by the thread that polls.
 *
 * @see Cursor
 */
public final class PollingCursor implements Iterable<Row>, AutoCloseable {

    private final PollingConnection connection;
    private final Cursor cursor;
    private @Nullable Polled<?> last;
    private volatile boolean closed;

    PollingCursor(PollingConnection connection, Cursor cursor) {
        this.connection = connection;
        this.cursor = cursor;
    }

    private <R> Polled<R> begin(Function<Cursor, R> verb) {
        Polled<R> begun = connection.call(db -> {
            try {
                return verb.apply(cursor);
            } finally {
                if (closed) {
                    cursor.close();
                }
            }
        });
        last = begun;
        return begun;
    }

    private Cursor ended() {
        Polled<?> begun = last;
        if (begun != null && !begun.isDone()) {
            throw new IllegalStateException("the cursor is executing: call poll() until it returns OK");
        }
        return cursor;
    }

    /** Returns the connection that has to be polled. */
    public PollingConnection connection() {
        return connection;
    }

    // What begins something

    /**
     * Begins a statement or script; see {@link Cursor#execute(String, Object...)}.
     *
     * @throws IllegalStateException if an operation is under way already
     */
    public Polled<PollingCursor> execute(String sql, @Nullable Object... parameters) {
        return begin(inner -> {
            inner.execute(sql, parameters);
            return this;
        });
    }

    /** Begins a composed statement or script; see {@link Cursor#execute(Sql, Object...)}. */
    public Polled<PollingCursor> execute(Sql sql, @Nullable Object... parameters) {
        return begin(inner -> {
            inner.execute(sql, parameters);
            return this;
        });
    }

    /** Begins a statement for each set of parameters; see {@link Cursor#executeMany(String, Iterable)}. */
    public Polled<BatchResult> executeMany(String sql, Iterable<?> parameterSets) {
        return begin(inner -> inner.executeMany(sql, parameterSets));
    }

    /** Begins a statement for each set of parameters; see {@link Cursor#executeMany(String, Iterable, BatchMode)}. */
    public Polled<BatchResult> executeMany(String sql, Iterable<?> parameterSets, BatchMode mode) {
        return begin(inner -> inner.executeMany(sql, parameterSets, mode));
    }

    /** Begins statements of many rows each; see {@link Cursor#executeValues(String, Iterable)}. */
    public Polled<BatchResult> executeValues(String sql, Iterable<?> rows) {
        return begin(inner -> inner.executeValues(sql, rows));
    }

    /** Begins statements of many rows each; see {@link Cursor#executeValues(String, Iterable, String, int)}. */
    public Polled<BatchResult> executeValues(String sql, Iterable<?> rows, @Nullable String template, int pageSize) {
        return begin(inner -> inner.executeValues(sql, rows, template, pageSize));
    }

    /** Begins a call of a function or procedure; see {@link Cursor#call(String, Object...)}. */
    public Polled<PollingCursor> call(String name, @Nullable Object... arguments) {
        return begin(inner -> {
            inner.call(name, arguments);
            return this;
        });
    }

    /** Begins a call of a function or procedure; see {@link Cursor#call(Identifier, Object...)}. */
    public Polled<PollingCursor> call(Identifier name, @Nullable Object... arguments) {
        return begin(inner -> {
            inner.call(name, arguments);
            return this;
        });
    }

    /** Begins a call with named arguments; see {@link Cursor#call(String, Map)}. */
    public Polled<PollingCursor> call(String name, Map<String, ?> named) {
        return begin(inner -> {
            inner.call(name, named);
            return this;
        });
    }

    // What has arrived

    /**
     * Returns the next row, or null if there is none; see {@link Cursor#fetchOne()}.
     *
     * @throws IllegalStateException if the cursor is executing, or has nothing to fetch
     */
    public @Nullable Row fetchOne() {
        return ended().fetchOne();
    }

    /** Returns the next row as an object, or null if there is none; see {@link #fetchOne()}. */
    public <T> @Nullable T fetchOne(Class<T> type) {
        return ended().fetchOne(type);
    }

    /** Returns the next rows; see {@link #fetchOne()}. */
    public Rows fetchMany(int count) {
        return ended().fetchMany(count);
    }

    /** Returns the rows that are left; see {@link #fetchOne()}. */
    public Rows fetchAll() {
        return ended().fetchAll();
    }

    /** Returns the rows that are left as objects; see {@link #fetchOne()}. */
    public <T> List<T> fetchAll(Class<T> type) {
        return ended().fetchAll(type);
    }

    /** Returns the rows that are left one after another; see {@link #fetchOne()}. */
    @Override
    public Iterator<Row> iterator() {
        return ended().iterator();
    }

    /** Moves to where the next row is fetched from; see {@link Cursor#scroll(long, ScrollMode)}. */
    public void scroll(long value, ScrollMode mode) {
        ended().scroll(value, mode);
    }

    /** Returns what each statement of a script yielded; see {@link Cursor#results()}. */
    public List<Result> results() {
        return ended().results();
    }

    /** Returns how many rows there are or were affected; see {@link Cursor#rowCount()}. */
    public long rowCount() {
        return ended().rowCount();
    }

    /** Returns which row is fetched next; see {@link Cursor#rowNumber()}. */
    public long rowNumber() {
        return ended().rowNumber();
    }

    /** Returns what the rows are made of; see {@link Cursor#columns()}. */
    public List<Column> columns() {
        return ended().columns();
    }

    /** Returns what the server said of the last statement; see {@link Cursor#statusMessage()}. */
    public String statusMessage() {
        return ended().statusMessage();
    }

    /** Returns the text of the last statement, or null if there was none; see {@link Cursor#queryText()}. */
    public @Nullable String queryText() {
        return ended().queryText();
    }

    /** Returns a statement with its parameters as literals; see {@link Cursor#mogrify(String, Object...)}. */
    public String mogrify(String sql, @Nullable Object... parameters) {
        return cursor.mogrify(sql, parameters);
    }

    /** Returns whether it has been closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Drops its rows; a statement under way goes on, and its rows are dropped when it has ended. */
    @Override
    public void close() {
        closed = true;
        if (last == null || last.isDone()) {
            cursor.close();
        }
    }
}
