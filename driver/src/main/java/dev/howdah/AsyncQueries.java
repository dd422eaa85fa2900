package dev.howdah;

import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlContext;
import dev.howdah.type.TypeRef;
import dev.howdah.type.TypeRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of {@link Queries} for those who do not wait: each gives a stage at once. What a verb takes, does and yields is
 * said there; {@link AsyncConnection} says in which order operations run, and where stages are completed. Safe for several
 * threads.
 *
 * <p>Nothing that a server or a value has to do with is thrown: what the blocking verb throws is what the stage fails with.
 * Parameters are copied when the verb is called; the sets of a batch are asked for when they are sent, on the connection's
 * own thread.
 *
 * <p>{@link CompletableFuture#cancel} drops an operation that has not begun; one that runs is cancelled on the server, and
 * the connection stays usable. The stage is cancelled at once, whether or not the server obeys. A stage that was completed by
 * somebody else, by {@link CompletableFuture#orTimeout} for example, stops nothing that runs; an operation that has not begun by
 * then is not run. {@link #withTimeout} is the time limit that cancels on the server. Cancelling a stage that was derived
 * from one of these does not reach the operation.
 */
public interface AsyncQueries extends AsyncCopyQueries {

    /** Runs a query; see {@link Queries#query(String, Object...)}. */
    CompletableFuture<Rows> query(String sql, @Nullable Object... parameters);

    /** Runs a composed query; see {@link Queries#query(Sql, Object...)}. */
    CompletableFuture<Rows> query(Sql sql, @Nullable Object... parameters);

    /** Runs a statement, or a script; see {@link Queries#execute(String, Object...)}. */
    CompletableFuture<Result> execute(String sql, @Nullable Object... parameters);

    /** Runs a composed statement; see {@link Queries#execute(Sql, Object...)}. */
    CompletableFuture<Result> execute(Sql sql, @Nullable Object... parameters);

    /** Runs a script; see {@link Queries#script(String)}. */
    CompletableFuture<List<Result>> script(String sql);

    /** Runs a composed script; see {@link Queries#script(Sql)}. */
    CompletableFuture<List<Result>> script(Sql sql);

    /** Runs a query that has exactly one row; see {@link Queries#queryOne(String, Object...)}. */
    CompletableFuture<Row> queryOne(String sql, @Nullable Object... parameters);

    /** Runs a composed query that has exactly one row; see {@link Queries#queryOne(Sql, Object...)}. */
    CompletableFuture<Row> queryOne(Sql sql, @Nullable Object... parameters);

    /** Runs a query for one record; see {@link Queries#queryOne(String, Class, Object...)}. */
    <T> CompletableFuture<T> queryOne(String sql, Class<T> type, @Nullable Object... parameters);

    /** Runs a composed query for one record; see {@link Queries#queryOne(Sql, Class, Object...)}. */
    <T> CompletableFuture<T> queryOne(Sql sql, Class<T> type, @Nullable Object... parameters);

    /** Runs a query for one value, maybe null; see {@link Queries#queryValue(String, Class, Object...)}. */
    <T> CompletableFuture<@Nullable T> queryValue(String sql, Class<T> type, @Nullable Object... parameters);

    /** Runs a composed query for one value, maybe null; see {@link Queries#queryValue(Sql, Class, Object...)}. */
    <T> CompletableFuture<@Nullable T> queryValue(Sql sql, Class<T> type, @Nullable Object... parameters);

    /** Runs a query for one value, maybe null; see {@link Queries#queryValue(String, TypeRef, Object...)}. */
    <T> CompletableFuture<@Nullable T> queryValue(String sql, TypeRef<T> type, @Nullable Object... parameters);

    /** Runs a composed query for one value, maybe null; see {@link Queries#queryValue(Sql, TypeRef, Object...)}. */
    <T> CompletableFuture<@Nullable T> queryValue(Sql sql, TypeRef<T> type, @Nullable Object... parameters);

    /** Runs a statement with many sets of parameters; see {@link Queries#executeMany(String, Iterable)}. */
    CompletableFuture<BatchResult> executeMany(String sql, Iterable<?> parameterSets);

    /** Runs a composed statement with many sets of parameters; see {@link Queries#executeMany(Sql, Iterable)}. */
    CompletableFuture<BatchResult> executeMany(Sql sql, Iterable<?> parameterSets);

    /** Runs a statement with many sets of parameters; see {@link Queries#executeMany(String, Iterable, BatchMode)}. */
    CompletableFuture<BatchResult> executeMany(String sql, Iterable<?> parameterSets, BatchMode mode);

    /** Runs a composed statement with many sets; see {@link Queries#executeMany(Sql, Iterable, BatchMode)}. */
    CompletableFuture<BatchResult> executeMany(Sql sql, Iterable<?> parameterSets, BatchMode mode);

    /**
     * Runs a statement with many sets of parameters and hands over what each yields; see {@link
     * Queries#executeMany(String, Iterable, BatchConsumer)}.
     *
     * @param consumer called on the connection's own thread; a slow one slows the server down
     */
    CompletableFuture<Long> executeMany(String sql, Iterable<?> parameterSets, BatchConsumer consumer);

    /** Runs a composed statement with many sets; see {@link #executeMany(String, Iterable, BatchConsumer)}. */
    CompletableFuture<Long> executeMany(Sql sql, Iterable<?> parameterSets, BatchConsumer consumer);

    /** Runs a statement with many sets in a way of the caller's choice; see {@link #executeMany(String, Iterable, BatchConsumer)}. */
    CompletableFuture<Long> executeMany(String sql, Iterable<?> parameterSets, BatchMode mode, BatchConsumer consumer);

    /** Runs a composed statement with many sets; see {@link #executeMany(String, Iterable, BatchMode, BatchConsumer)}. */
    CompletableFuture<Long> executeMany(Sql sql, Iterable<?> parameterSets, BatchMode mode, BatchConsumer consumer);

    /**
     * Returns the rows of a query for subscribers, page by page as they ask for them; see {@link Queries#publish(String,
     * int, Object...)}. Each subscriber's query takes its place in the order of the operations with the first row that it
     * asks for. In a transaction, others run between two of its pages; otherwise none begins until its last page has
     * been read or the subscription is cancelled, however slowly the subscriber asks: a subscriber must not wait there for
     * another operation of the connection.
     *
     * @throws IllegalArgumentException if the fetch size is less than 1, or the parameters cannot be written
     */
    Flow.Publisher<Row> publish(String sql, int fetchSize, @Nullable Object... parameters);

    /** Returns the rows of a composed query for subscribers; see {@link #publish(String, int, Object...)}. */
    Flow.Publisher<Row> publish(Sql sql, int fetchSize, @Nullable Object... parameters);

    /** Returns the rows of a query as objects for subscribers; see {@link #publish(String, int, Object...)}. */
    <T> Flow.Publisher<T> publish(String sql, int fetchSize, Class<T> type, @Nullable Object... parameters);

    /** Returns the rows of a composed query as objects; see {@link #publish(String, int, Object...)}. */
    <T> Flow.Publisher<T> publish(Sql sql, int fetchSize, Class<T> type, @Nullable Object... parameters);

    /**
     * Has the server parse and describe a statement; see {@link Queries#prepare(String)}.
     *
     * @return its runs are operations of the connection or transaction that this is of; {@link AsyncPreparedQuery#on} gives
     *     others
     */
    CompletableFuture<AsyncPreparedQuery> prepare(String sql);

    /** Has the server parse and describe a statement under a name; see {@link Queries#prepare(String, String)}. */
    CompletableFuture<AsyncPreparedQuery> prepare(String sql, String name);

    /** Has the server parse and describe a composed statement; see {@link Queries#prepare(Sql)}. */
    CompletableFuture<AsyncPreparedQuery> prepare(Sql sql);

    /** Has the server parse and describe a composed statement under a name; see {@link Queries#prepare(Sql, String)}. */
    CompletableFuture<AsyncPreparedQuery> prepare(Sql sql, String name);

    /**
     * Returns these verbs with a time limit for each call, counted from the call on: waiting for its turn is included. When
     * it has passed an operation that has not begun is dropped, one that runs is cancelled on the server, and the stage
     * fails with a {@link dev.howdah.error.QueryTimeoutException}.
     *
     * @param timeout more than zero
     * @throws IllegalArgumentException if it is not
     */
    AsyncQueries withTimeout(Duration timeout);

    /**
     * Returns these verbs with types of their own; see {@link Queries#withTypes}.
     *
     * @param scope {@code types().child()} of the connection, or a registry within that
     * @throws IllegalArgumentException if the scope is not within the connection's types
     */
    AsyncQueries withTypes(TypeRegistry scope);

    /** Returns what the text of composed SQL depends on. */
    SqlContext sqlContext();
}
