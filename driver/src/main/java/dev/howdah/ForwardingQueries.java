package dev.howdah;

import dev.howdah.sql.Sql;
import dev.howdah.type.TypeRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The verbs of a connection, passed on to what runs them. */
abstract class ForwardingQueries extends ForwardingCopies implements Queries {

    /** Only connections are made of this. */
    ForwardingQueries() {}

    /** Returns what runs them. */
    abstract Queries verbs();

    @Override
    CopyQueries copying() {
        return verbs();
    }

    @Override
    public Rows query(String sql, @Nullable Object... parameters) {
        return verbs().query(sql, parameters);
    }

    @Override
    public Result execute(String sql, @Nullable Object... parameters) {
        return verbs().execute(sql, parameters);
    }

    @Override
    public List<Result> script(String sql) {
        return verbs().script(sql);
    }

    @Override
    public Row queryOne(String sql, @Nullable Object... parameters) {
        return verbs().queryOne(sql, parameters);
    }

    @Override
    public <T> T queryOne(String sql, Class<T> type, @Nullable Object... parameters) {
        return verbs().queryOne(sql, type, parameters);
    }

    @Override
    public <T> @Nullable T queryValue(String sql, Class<T> type, @Nullable Object... parameters) {
        return verbs().queryValue(sql, type, parameters);
    }

    @Override
    public BatchResult executeMany(String sql, Iterable<?> parameterSets) {
        return verbs().executeMany(sql, parameterSets);
    }

    @Override
    public BatchResult executeMany(String sql, Iterable<?> parameterSets, BatchMode mode) {
        return verbs().executeMany(sql, parameterSets, mode);
    }

    @Override
    public long executeMany(String sql, Iterable<?> parameterSets, BatchMode mode, BatchConsumer consumer) {
        return verbs().executeMany(sql, parameterSets, mode, consumer);
    }

    @Override
    public Stream<Row> stream(String sql, int fetchSize, @Nullable Object... parameters) {
        return verbs().stream(sql, fetchSize, parameters);
    }

    @Override
    public Flow.Publisher<Row> publish(String sql, int fetchSize, @Nullable Object... parameters) {
        return verbs().publish(sql, fetchSize, parameters);
    }

    @Override
    public <T> Flow.Publisher<T> publish(String sql, int fetchSize, Class<T> type, @Nullable Object... parameters) {
        return verbs().publish(sql, fetchSize, type, parameters);
    }

    @Override
    public PreparedQuery prepare(String sql) {
        return verbs().prepare(sql);
    }

    @Override
    public PreparedQuery prepare(String sql, String name) {
        return verbs().prepare(sql, name);
    }

    @Override
    public PreparedQuery prepare(Sql sql) {
        return verbs().prepare(sql);
    }

    @Override
    public PreparedQuery prepare(Sql sql, String name) {
        return verbs().prepare(sql, name);
    }

    @Override
    public Queries withTimeout(Duration timeout) {
        return verbs().withTimeout(timeout);
    }

    @Override
    public Queries withTypes(TypeRegistry scope) {
        return verbs().withTypes(scope);
    }
}
