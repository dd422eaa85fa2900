package dev.howdah;

import dev.howdah.copy.CopyIn;
import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlContext;
import dev.howdah.type.TypeRef;
import dev.howdah.type.TypeRegistry;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The verbs in one lane of an asynchronous connection: each is the blocking one, run when its turn comes. */
class AsyncVerbs implements AsyncQueries {

    private final AsyncLane lane;
    private final Verbs verbs;

    AsyncVerbs(AsyncLane lane, Verbs verbs) {
        this.lane = lane;
        this.verbs = verbs;
    }

    final AsyncLane lane() {
        return lane;
    }

    final Verbs verbs() {
        return verbs;
    }

    /** Returns another place of the same connection. */
    final AsyncVerbs sibling(AsyncQueries other) {
        if (other instanceof AsyncVerbs sibling && sibling.lane.queue() == lane.queue()) {
            return sibling;
        }
        throw new IllegalArgumentException(
                "that is of another connection: give the one that this is of, or a" + " transaction of it");
    }

    /** Has a verb run when its turn comes, within what is left of the time limit then. */
    private <R> CompletableFuture<R> call(Function<Verbs, R> verb) {
        return call(verb, null);
    }

    private <R> CompletableFuture<R> call(Function<Verbs, R> verb, @Nullable Consumer<R> undo) {
        return lane.queue()
                .submit(new AsyncOperation<R>(
                        lane,
                        AsyncOperation.Kind.PLAIN,
                        verbs.limits().timeout(),
                        (db, left) -> verb.apply(left == null ? verbs : verbs.withTimeout(left)),
                        undo));
    }

    /** The caller may change his array before the operation begins. */
    static @Nullable Object[] kept(@Nullable Object @Nullable [] parameters) {
        return Verbs.orNone(parameters).clone();
    }

    @Override
    public CompletableFuture<Rows> query(String sql, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.query(sql, given));
    }

    @Override
    public CompletableFuture<Rows> query(Sql sql, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.query(sql, given));
    }

    @Override
    public CompletableFuture<Result> execute(String sql, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.execute(sql, given));
    }

    @Override
    public CompletableFuture<Result> execute(Sql sql, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.execute(sql, given));
    }

    @Override
    public CompletableFuture<List<Result>> script(String sql) {
        Objects.requireNonNull(sql, "sql");
        return call(v -> v.script(sql));
    }

    @Override
    public CompletableFuture<List<Result>> script(Sql sql) {
        Objects.requireNonNull(sql, "sql");
        return call(v -> v.script(sql));
    }

    @Override
    public CompletableFuture<Row> queryOne(String sql, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.queryOne(sql, given));
    }

    @Override
    public CompletableFuture<Row> queryOne(Sql sql, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.queryOne(sql, given));
    }

    @Override
    public <T> CompletableFuture<T> queryOne(String sql, Class<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(type, "type");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.queryOne(sql, type, given));
    }

    @Override
    public <T> CompletableFuture<T> queryOne(Sql sql, Class<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(type, "type");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.queryOne(sql, type, given));
    }

    @Override
    public <T> CompletableFuture<@Nullable T> queryValue(String sql, Class<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(type, "type");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.queryValue(sql, type, given));
    }

    @Override
    public <T> CompletableFuture<@Nullable T> queryValue(Sql sql, Class<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(type, "type");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.queryValue(sql, type, given));
    }

    @Override
    public <T> CompletableFuture<@Nullable T> queryValue(String sql, TypeRef<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(type, "type");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.queryValue(sql, type, given));
    }

    @Override
    public <T> CompletableFuture<@Nullable T> queryValue(Sql sql, TypeRef<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(type, "type");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.queryValue(sql, type, given));
    }

    @Override
    public CompletableFuture<BatchResult> executeMany(String sql, Iterable<?> parameterSets) {
        return executeMany(sql, parameterSets, BatchMode.PIPELINED);
    }

    @Override
    public CompletableFuture<BatchResult> executeMany(Sql sql, Iterable<?> parameterSets) {
        return executeMany(sql, parameterSets, BatchMode.PIPELINED);
    }

    @Override
    public CompletableFuture<BatchResult> executeMany(String sql, Iterable<?> parameterSets, BatchMode mode) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(parameterSets, "parameterSets");
        return call(v -> v.executeMany(sql, parameterSets, mode));
    }

    @Override
    public CompletableFuture<BatchResult> executeMany(Sql sql, Iterable<?> parameterSets, BatchMode mode) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(parameterSets, "parameterSets");
        return call(v -> v.executeMany(sql, parameterSets, mode));
    }

    @Override
    public CompletableFuture<Long> executeMany(String sql, Iterable<?> parameterSets, BatchConsumer consumer) {
        return executeMany(sql, parameterSets, BatchMode.PIPELINED, consumer);
    }

    @Override
    public CompletableFuture<Long> executeMany(Sql sql, Iterable<?> parameterSets, BatchConsumer consumer) {
        return executeMany(sql, parameterSets, BatchMode.PIPELINED, consumer);
    }

    @Override
    public CompletableFuture<Long> executeMany(
            String sql, Iterable<?> parameterSets, BatchMode mode, BatchConsumer consumer) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(parameterSets, "parameterSets");
        Objects.requireNonNull(consumer, "consumer");
        return call(v -> v.executeMany(sql, parameterSets, mode, consumer));
    }

    @Override
    public CompletableFuture<Long> executeMany(
            Sql sql, Iterable<?> parameterSets, BatchMode mode, BatchConsumer consumer) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(parameterSets, "parameterSets");
        Objects.requireNonNull(consumer, "consumer");
        return call(v -> v.executeMany(sql, parameterSets, mode, consumer));
    }

    @Override
    public Flow.Publisher<Row> publish(String sql, int fetchSize, @Nullable Object... parameters) {
        return inTurn(verbs.publish(sql, fetchSize, kept(parameters)));
    }

    @Override
    public Flow.Publisher<Row> publish(Sql sql, int fetchSize, @Nullable Object... parameters) {
        return inTurn(verbs.publish(sql, fetchSize, kept(parameters)));
    }

    @Override
    public <T> Flow.Publisher<T> publish(String sql, int fetchSize, Class<T> type, @Nullable Object... parameters) {
        return inTurn(verbs.publish(sql, fetchSize, type, kept(parameters)));
    }

    @Override
    public <T> Flow.Publisher<T> publish(Sql sql, int fetchSize, Class<T> type, @Nullable Object... parameters) {
        return inTurn(verbs.publish(sql, fetchSize, type, kept(parameters)));
    }

    @Override
    public CompletableFuture<Long> copyIn(String sql, InputStream source, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(source, "source");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.copyIn(sql, source, given));
    }

    @Override
    public CompletableFuture<Long> copyIn(String sql, Path source, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(source, "source");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.copyIn(sql, source, given));
    }

    @Override
    public CompletableFuture<Long> copyIn(
            String sql, Flow.Publisher<ByteBuffer> source, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(source, "source");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.copyIn(sql, source, given));
    }

    @Override
    public CompletableFuture<Long> copyIn(String table, List<String> columns, Iterable<?> rows) {
        Objects.requireNonNull(rows, "rows");
        return rowsIn(table, columns, copy -> copy.from(rows));
    }

    @Override
    public CompletableFuture<Long> copyIn(String table, List<String> columns, Flow.Publisher<?> rows) {
        Objects.requireNonNull(rows, "rows");
        return rowsIn(table, columns, copy -> copy.from(rows));
    }

    private CompletableFuture<Long> rowsIn(String table, List<String> columns, Function<CopyIn, Long> writing) {
        Objects.requireNonNull(table, "table");
        String[] names = columns.toArray(String[]::new);
        return call(v -> {
            try (CopyIn copy = v.copyIn(table, names)) {
                return writing.apply(copy);
            }
        });
    }

    @Override
    public CompletableFuture<Long> copyOut(String sql, OutputStream sink, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(sink, "sink");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.copyOut(sql, sink, given));
    }

    @Override
    public CompletableFuture<Long> copyOut(String sql, Path sink, @Nullable Object... parameters) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(sink, "sink");
        @Nullable Object[] given = kept(parameters);
        return call(v -> v.copyOut(sql, sink, given));
    }

    @Override
    public Flow.Publisher<ByteBuffer> publishCopy(String sql, @Nullable Object... parameters) {
        return inTurn(verbs.publishCopy(sql, kept(parameters)));
    }

    /** Returns a publisher whose subscribers wait for their turn among the operations of the lane. */
    final <T> Flow.Publisher<T> inTurn(Flow.Publisher<T> publisher) {
        return RowPublisher.behind(() -> new AsyncEntrance(lane, verbs.limits().timeout()), publisher);
    }

    @Override
    public CompletableFuture<AsyncPreparedQuery> prepare(String sql) {
        Objects.requireNonNull(sql, "sql");
        return prepared(v -> v.prepare(sql));
    }

    @Override
    public CompletableFuture<AsyncPreparedQuery> prepare(String sql, String name) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(name, "name");
        return prepared(v -> v.prepare(sql, name));
    }

    @Override
    public CompletableFuture<AsyncPreparedQuery> prepare(Sql sql) {
        Objects.requireNonNull(sql, "sql");
        return prepared(v -> v.prepare(sql));
    }

    @Override
    public CompletableFuture<AsyncPreparedQuery> prepare(Sql sql, String name) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(name, "name");
        return prepared(v -> v.prepare(sql, name));
    }

    /** The object keeps the limit of these verbs, not what is left of it for preparing. */
    private CompletableFuture<AsyncPreparedQuery> prepared(Function<Verbs, PreparedQuery> preparing) {
        return call(v -> new AsyncPreparedQuery(this, preparing.apply(v).with(verbs)), AsyncPreparedQuery::close);
    }

    @Override
    public AsyncQueries withTimeout(Duration timeout) {
        return new AsyncVerbs(lane, verbs.withTimeout(timeout));
    }

    @Override
    public AsyncQueries withTypes(TypeRegistry scope) {
        return new AsyncVerbs(lane, verbs.withTypes(scope));
    }

    @Override
    public SqlContext sqlContext() {
        return verbs.sqlContext();
    }
}
