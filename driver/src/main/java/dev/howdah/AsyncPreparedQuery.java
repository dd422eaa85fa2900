package dev.howdah;

import dev.howdah.type.PgType;
import dev.howdah.type.TypeRef;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PreparedQuery} of an asynchronous connection: its verbs do what is said there, and give stages as those of {@link
 * AsyncQueries} do. Its runs are operations of the connection or transaction that prepared it; {@link #on} has it run in another
 * place of the same connection. Safe for several threads.
 *
 * <p>Once it has been closed, stages fail with an {@link IllegalStateException}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-prepare.html">Prepared statements</a>
 */
public final class AsyncPreparedQuery {

    private final AsyncVerbs place;
    private final PreparedQuery query;

    AsyncPreparedQuery(AsyncVerbs place, PreparedQuery query) {
        this.place = place;
        this.query = query;
    }

    /** Has something run with the statement when its turn comes, within what is left of the time limit then. */
    private <R> CompletableFuture<R> call(Function<PreparedQuery, R> verb) {
        return place.lane()
                .submit(
                        query.verbs().limits().timeout(),
                        (db, left) -> verb.apply(left == null ? query : query.withTimeout(left)));
    }

    PreparedQuery blocking() {
        return query;
    }

    /**
     * Returns the same statement, run as an operation of another place: in a transaction, say, if the connection prepared it.
     * Closing one closes both.
     *
     * @param other the connection that it was prepared on, or a transaction of it
     * @throws IllegalArgumentException if that is of another connection
     */
    public AsyncPreparedQuery on(AsyncQueries other) {
        return new AsyncPreparedQuery(place.sibling(other), query);
    }

    /** Returns the text. */
    public String sql() {
        return query.sql();
    }

    /** Returns its name on the server; see {@link PreparedQuery#name()}. */
    public String name() {
        return query.name();
    }

    /** Returns whether it has been closed. */
    public boolean isClosed() {
        return query.isClosed();
    }

    /**
     * Returns the type of each parameter; see {@link PreparedQuery#parameterTypes()}.
     *
     * @throws IllegalStateException if it has been closed
     */
    public List<PgType> parameterTypes() {
        return query.parameterTypes();
    }

    /**
     * Returns what its columns are; see {@link PreparedQuery#columns()}.
     *
     * @throws IllegalStateException if it has been closed
     */
    public List<Column> columns() {
        return query.columns();
    }

    /** Runs it and yields all rows; see {@link PreparedQuery#query}. */
    public CompletableFuture<Rows> query(@Nullable Object... parameters) {
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return call(q -> q.query(given));
    }

    /** Runs it; see {@link PreparedQuery#execute}. */
    public CompletableFuture<Result> execute(@Nullable Object... parameters) {
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return call(q -> q.execute(given));
    }

    /** Runs a query that has exactly one row; see {@link PreparedQuery#queryOne(Object...)}. */
    public CompletableFuture<Row> queryOne(@Nullable Object... parameters) {
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return call(q -> q.queryOne(given));
    }

    /** Runs a query for one record; see {@link PreparedQuery#queryOne(Class, Object...)}. */
    public <T> CompletableFuture<T> queryOne(Class<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(type, "type");
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return call(q -> q.queryOne(type, given));
    }

    /** Runs a query for one value, maybe null; see {@link PreparedQuery#queryValue(Class, Object...)}. */
    public <T> CompletableFuture<@Nullable T> queryValue(Class<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(type, "type");
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return call(q -> q.queryValue(type, given));
    }

    /** Runs a query for one value, maybe null; see {@link PreparedQuery#queryValue(TypeRef, Object...)}. */
    public <T> CompletableFuture<@Nullable T> queryValue(TypeRef<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(type, "type");
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return call(q -> q.queryValue(type, given));
    }

    /** Runs it with many sets of parameters; see {@link PreparedQuery#executeMany}. */
    public CompletableFuture<BatchResult> executeMany(Iterable<?> parameterSets) {
        Objects.requireNonNull(parameterSets, "parameterSets");
        return call(q -> q.executeMany(parameterSets));
    }

    /**
     * Returns its rows for subscribers; see {@link AsyncQueries#publish(String, int, Object...)}.
     *
     * @throws IllegalStateException if it has been closed
     * @throws IllegalArgumentException if the fetch size is less than 1
     */
    public Flow.Publisher<Row> publish(int fetchSize, @Nullable Object... parameters) {
        return place.inTurn(query.publish(fetchSize, AsyncVerbs.kept(parameters)));
    }

    /** Returns its rows as objects for subscribers; see {@link #publish(int, Object...)}. */
    public <T> Flow.Publisher<T> publish(int fetchSize, Class<T> type, @Nullable Object... parameters) {
        return place.inTurn(query.publish(fetchSize, type, AsyncVerbs.kept(parameters)));
    }

    /** Asks how the server would run it; see {@link PreparedQuery#explain(Object...)}. */
    public CompletableFuture<Plan> explain(@Nullable Object... parameters) {
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return call(q -> q.explain(given));
    }

    /** Runs it and yields how that went; see {@link PreparedQuery#explainAnalyze}. */
    public CompletableFuture<Plan> explainAnalyze(@Nullable Object... parameters) {
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return call(q -> q.explainAnalyze(given));
    }

    /** Asks how the server would run it, or did; see {@link PreparedQuery#explain(Set, Object...)}. */
    public CompletableFuture<Plan> explain(Set<ExplainOption> options, @Nullable Object... parameters) {
        Set<ExplainOption> asked = Set.copyOf(options);
        @Nullable Object[] given = AsyncVerbs.kept(parameters);
        return call(q -> q.explain(asked, given));
    }

    /**
     * Returns the same statement with a time limit for each call, waiting for its turn included; closing one closes both.
     *
     * @param timeout more than zero
     * @throws IllegalArgumentException if it is not
     * @throws IllegalStateException if it has been closed
     */
    public AsyncPreparedQuery withTimeout(Duration timeout) {
        return new AsyncPreparedQuery(place, query.withTimeout(timeout));
    }

    /** Lets the server forget it, together with the next statement that is prepared. Waits for nothing, sends nothing. */
    public void close() {
        query.close();
    }

    /** Returns the text; no value. */
    @Override
    public String toString() {
        return "AsyncPreparedQuery[" + sql() + "]";
    }
}
