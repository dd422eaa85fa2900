package dev.howdah;

import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlStatement;
import dev.howdah.type.TypeRegistry;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Cursor} and a {@link ServerCursor} have in common: a place among the rows of a result, and calls that take
 * rows from there on. All of them, iteration included, move the same place, so however they are mixed no row is lost and
 * none comes twice.
 *
 * <p>Rows count from 0. Used by one thread at a time; the connection itself may be shared. What its calls throw is what
 * {@link Queries} says, and an {@link IllegalStateException} once it has been closed, or if nothing that has rows was
 * executed.
 */
public abstract class BaseCursor implements Iterable<Row>, AutoCloseable {

    private static final int DEFAULT_ARRAY_SIZE = 1;

    private final PgConnection connection;
    private int arraySize = DEFAULT_ARRAY_SIZE;
    private boolean closed;
    private @Nullable Duration timeout;
    private @Nullable TypeRegistry types;

    BaseCursor(PgConnection connection) {
        this.connection = connection;
    }

    /** Has a factory of the user's make a cursor, and looks at what it made. */
    @SuppressWarnings("NullAway") // what users return is not checked by a compiler
    static <C extends BaseCursor> C made(CursorFactory<C> factory, PgConnection connection) {
        C cursor = factory.create(connection);
        if (cursor == null) {
            throw new IllegalStateException("the cursor factory returned null: it has to make a cursor");
        }
        if (cursor.connection() != connection) {
            throw new IllegalStateException("the cursor factory returned a cursor of another connection: it has to make"
                    + " one of the connection that it is given");
        }
        return cursor;
    }

    /** Returns the connection that it belongs to. */
    public final PgConnection connection() {
        return connection;
    }

    /** Returns whether it has been closed, or its connection has ended. */
    public final boolean isClosed() {
        return closed || !connection.isOpen();
    }

    /**
     * Returns the types that this cursor encodes and decodes values with, a scope within those of the connection:
     * registering here concerns this cursor only.
     */
    public final TypeRegistry types() {
        TypeRegistry own = types;
        if (own == null) {
            own = connection.types().child();
            types = own;
        }
        return own;
    }

    /** Returns how long each of its calls may take, or null if only the connection's own limit holds. */
    public final @Nullable Duration timeout() {
        return timeout;
    }

    /**
     * Sets how long each of its calls may take before it is cancelled.
     *
     * @param limit more than zero, or null for the connection's own limit
     */
    public final void timeout(@Nullable Duration limit) {
        if (limit != null && (limit.isNegative() || limit.isZero())) {
            throw new IllegalArgumentException("a timeout is more than zero, not " + limit);
        }
        timeout = limit;
    }

    /** Returns how many rows {@link #fetchMany()} gives at most; 1 unless it was set. */
    public final int arraySize() {
        return arraySize;
    }

    /**
     * Sets how many rows {@link #fetchMany()} gives at most.
     *
     * @param rows at least 1
     */
    public final void arraySize(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("the array size is at least 1, not " + rows);
        }
        arraySize = rows;
    }

    /** Runs a statement; its rows, if it has any, are then fetched from this cursor. */
    public abstract BaseCursor execute(String sql, @Nullable Object... parameters);

    /** Runs a composed statement; see {@link #execute(String, Object...)}. */
    public BaseCursor execute(Sql sql, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(verbs().sqlContext());
        return execute(statement.text(), statement.parameters(Verbs.orNone(parameters)));
    }

    /** Returns the next row, or null behind the last one. */
    public abstract @Nullable Row fetchOne();

    /** Returns the next rows, {@link #arraySize()} of them or what is left; none behind the last one. */
    public Rows fetchMany() {
        return fetchMany(arraySize);
    }

    /**
     * Returns the next rows.
     *
     * @param count how many at most, at least 0
     * @return fewer where there are no more, none behind the last one
     */
    public abstract Rows fetchMany(int count);

    /** Returns all rows that are left. */
    public abstract Rows fetchAll();

    /** Returns the next row as an object, by the rules of {@link Rows#as(Class)}, or null behind the last one. */
    public <T> @Nullable T fetchOne(Class<T> type) {
        Row row = fetchOne();
        return row == null ? null : row.as(type);
    }

    /** Returns the next rows as objects, by the rules of {@link Rows#as(Class)}. */
    public <T> List<T> fetchMany(int count, Class<T> type) {
        return fetchMany(count).as(type);
    }

    /** Returns all rows that are left as objects, by the rules of {@link Rows#as(Class)}. */
    public <T> List<T> fetchAll(Class<T> type) {
        return fetchAll().as(type);
    }

    /** Moves by that many rows: forward if positive, backward if negative. */
    public void scroll(long rows) {
        scroll(rows, ScrollMode.RELATIVE);
    }

    /**
     * Moves to where the next row is fetched from.
     *
     * @throws IndexOutOfBoundsException if there is no such place
     */
    public abstract void scroll(long value, ScrollMode mode);

    /** Returns how many rows the last statement returned or affected; -1 if that is not known. */
    public abstract long rowCount();

    /** Returns the index of the row that is fetched next, or -1 if there is no result set. */
    public abstract long rowNumber();

    /** Returns what the columns are; empty if there is no result set. */
    public abstract List<Column> columns();

    /** Returns how the server said the last command ended, such as {@code SELECT 5}; empty before the first. */
    public abstract String statusMessage();

    /** Returns the text that was sent last, also when it failed; null before the first. It holds no bound value. */
    public abstract @Nullable String queryText();

    /** Returns the text that a server would read if the parameters were part of it; see {@link PgConnection#mogrify}. */
    public String mogrify(String sql, @Nullable Object... parameters) {
        return Sql.mogrify(sql, verbs().sqlContext(), Verbs.orNone(parameters));
    }

    /** Returns the text of composed SQL with all its values as literals. */
    public String mogrify(Sql sql, @Nullable Object... parameters) {
        return sql.mogrify(verbs().sqlContext(), Verbs.orNone(parameters));
    }

    /**
     * Goes on from where the cursor stands; every iterator of a cursor moves the same place, and {@code hasNext} may ask
     * the server.
     */
    @Override
    public Iterator<Row> iterator() {
        requireOpen();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return hasMore();
            }

            @Override
            public Row next() {
                Row row = fetchOne();
                if (row == null) {
                    throw new NoSuchElementException("the cursor is behind the last row");
                }
                return row;
            }
        };
    }

    /** Returns whether {@link #fetchOne()} would give a row. */
    abstract boolean hasMore();

    /** Closes it. Its result is gone; the connection and its transaction go on. Does nothing if it is closed. */
    @Override
    public void close() {
        closed = true;
    }

    /** Returns the verbs of the connection with this cursor's types and time limit. */
    final Verbs verbs() {
        TypeRegistry own = types;
        Verbs verbs = own == null ? connection.verbs() : connection.verbs().withTypes(own);
        Duration limit = timeout;
        return limit == null ? verbs : verbs.withTimeout(limit);
    }

    /**
     * Throws if it cannot be used.
     *
     * @throws IllegalStateException if it has been closed
     */
    final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the cursor has been closed");
        }
    }
}
