package dev.howdah;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link AsyncCursor} and an {@link AsyncServerCursor} have in common: a cursor of the connection, whose verbs run when
 * their turn comes. What they do is said at {@link BaseCursor}. Stages may be asked for one after another without waiting, for
 * they run in order; what is asked directly is as of the last one that has completed, and is asked while none is under way.
 *
 * @param <C> the class of the cursor
 */
public abstract class AsyncBaseCursor<C extends BaseCursor> {

    private final AsyncVerbs place;
    private final C cursor;

    AsyncBaseCursor(AsyncVerbs place, C cursor) {
        this.place = place;
        this.cursor = cursor;
    }

    final AsyncVerbs place() {
        return place;
    }

    final C cursor() {
        return cursor;
    }

    private @Nullable Duration limit() {
        Duration own = cursor.timeout();
        return own != null ? own : place.verbs().limits().timeout();
    }

    /**
     * Runs blocking code with the cursor as one operation, on the connection's own thread; see {@link AsyncConnection#run}.
     *
     * @param work gets the cursor, which it may keep no longer than it runs
     */
    public <R extends @Nullable Object> CompletableFuture<R> run(Function<? super C, ? extends R> work) {
        Objects.requireNonNull(work, "work");
        return place.lane().submit(limit(), (db, left) -> {
            if (left == null) {
                return work.apply(cursor);
            }
            Duration own = cursor.timeout();
            cursor.timeout(left);
            try {
                return work.apply(cursor);
            } finally {
                cursor.timeout(own);
            }
        });
    }

    /** Sets how long each operation may take, waiting for its turn included; see {@link BaseCursor#timeout(Duration)}. */
    public void timeout(@Nullable Duration limit) {
        cursor.timeout(limit);
    }

    /** Yields the next row, or null behind the last one. */
    public CompletableFuture<@Nullable Row> fetchOne() {
        return run(C::fetchOne);
    }

    /** Yields the next row as an object, or null behind the last one; see {@link BaseCursor#fetchOne(Class)}. */
    public <T> CompletableFuture<@Nullable T> fetchOne(Class<T> type) {
        Objects.requireNonNull(type, "type");
        return run(c -> c.fetchOne(type));
    }

    /** Yields the next rows; see {@link BaseCursor#fetchMany(int)}. */
    public CompletableFuture<Rows> fetchMany(int count) {
        return run(c -> c.fetchMany(count));
    }

    /** Yields the next rows as objects; see {@link BaseCursor#fetchMany(int, Class)}. */
    public <T> CompletableFuture<List<T>> fetchMany(int count, Class<T> type) {
        Objects.requireNonNull(type, "type");
        return run(c -> c.fetchMany(count, type));
    }

    /** Yields all rows that are left; see {@link BaseCursor#fetchAll()}. */
    public CompletableFuture<Rows> fetchAll() {
        return run(C::fetchAll);
    }

    /** Yields all rows that are left as objects; see {@link BaseCursor#fetchAll(Class)}. */
    public <T> CompletableFuture<List<T>> fetchAll(Class<T> type) {
        Objects.requireNonNull(type, "type");
        return run(c -> c.fetchAll(type));
    }

    /** Moves to where the next row is fetched from; see {@link BaseCursor#scroll(long, ScrollMode)}. */
    public CompletableFuture<Void> scroll(long value, ScrollMode mode) {
        Objects.requireNonNull(mode, "mode");
        return run(c -> {
            c.scroll(value, mode);
            return null;
        });
    }

    /** Returns how many rows the last statement returned or affected; see {@link BaseCursor#rowCount()}. */
    public long rowCount() {
        return cursor.rowCount();
    }

    /** Returns the index of the row that is fetched next; see {@link BaseCursor#rowNumber()}. */
    public long rowNumber() {
        return cursor.rowNumber();
    }

    /** Returns what the columns are; empty if there is no result set. */
    public List<Column> columns() {
        return cursor.columns();
    }

    /** Returns how the server said the last command ended; see {@link BaseCursor#statusMessage()}. */
    public String statusMessage() {
        return cursor.statusMessage();
    }

    /** Returns the text that was sent last; see {@link BaseCursor#queryText()}. */
    public @Nullable String queryText() {
        return cursor.queryText();
    }

    /** Returns whether it has been closed, or its connection has ended. */
    public boolean isClosed() {
        return cursor.isClosed();
    }

    /** Closes it. Its result is gone; the connection and its transaction go on. Does nothing if it is closed. */
    public CompletableFuture<Void> close() {
        AsyncLane lane = place.lane().isEnded() ? place.lane().queue().root() : place.lane();
        return lane.submitEnd(AsyncOperation.Kind.CLOSE, (db, left) -> {
            cursor.close();
            return null;
        });
    }
}
