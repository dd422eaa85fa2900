package dev.howdah;

import dev.howdah.error.PgException;
import dev.howdah.error.RowCountException;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.BatchQuery;
import dev.howdah.session.ExtendedQuery;
import dev.howdah.session.QueryResult;
import dev.howdah.session.Script;
import dev.howdah.sql.SqlContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The verbs over one connection and one set of limits; each delegates to a conversation. */
final class Verbs implements Queries {

    private final Core core;
    private final CallLimits limits;

    Verbs(Core core, CallLimits limits) {
        this.core = core;
        this.limits = limits;
    }

    @Override
    public Rows query(String sql, @Nullable Object... parameters) {
        return Rows.of(extended(sql, parameters));
    }

    private QueryResult extended(String sql, @Nullable Object @Nullable [] parameters) {
        ExtendedQuery query = new ExtendedQuery(core.session(), core.statements(), sql, orNone(parameters));
        return core.run(query, sql, Function.identity(), limits);
    }

    /** In a failed transaction nothing but its end is run, so only the first statement can be a COMMIT that failed. */
    private List<QueryResult> simple(String sql) {
        return core.run(new Script(core.session(), core.statements(), sql), sql, List::getFirst, limits);
    }

    /** A lone null given for the parameters is one SQL NULL. */
    static @Nullable Object[] orNone(@Nullable Object @Nullable [] parameters) {
        return parameters == null ? new @Nullable Object[] {null} : parameters;
    }

    @Override
    public Result execute(String sql, @Nullable Object... parameters) {
        @Nullable Object[] given = orNone(parameters);
        if (given.length > 0) {
            return new Result(extended(sql, given));
        }
        return new Result(simple(sql).getLast());
    }

    @Override
    public List<Result> script(String sql) {
        List<Result> results = new ArrayList<>();
        for (QueryResult result : simple(sql)) {
            results.add(new Result(result));
        }
        return List.copyOf(results);
    }

    @Override
    public Row queryOne(String sql, @Nullable Object... parameters) {
        return query(sql, parameters).one();
    }

    @Override
    public <T> T queryOne(String sql, Class<T> type, @Nullable Object... parameters) {
        return queryOne(sql, parameters).as(type);
    }

    @Override
    public <T> @Nullable T queryValue(String sql, Class<T> type, @Nullable Object... parameters) {
        Rows rows = query(sql, parameters);
        if (rows.size() > 1) {
            throw new RowCountException("at most one row", rows.size() + " rows");
        }
        return rows.isEmpty() ? null : rows.get(0).get(0, type);
    }

    @Override
    public BatchResult executeMany(String sql, Iterable<?> parameterSets) {
        BatchQuery batch = new BatchQuery(core.session(), core.statements(), sql, parameterSets, Verbs::parametersOf);
        try {
            return new BatchResult(core.run(batch, limits));
        } catch (PgException e) {
            int set = batch.failedSet();
            if (set >= 0) {
                e.batchSet(set);
            }
            throw e;
        }
    }

    private static @Nullable Object[] parametersOf(Object set) {
        if (set instanceof Object[] array) {
            return array;
        }
        if (set instanceof Collection<?> collection) {
            return collection.toArray();
        }
        throw new IllegalArgumentException("a set of parameters is a List or an array of objects, not "
                + set.getClass().getName());
    }

    @Override
    public Stream<Row> stream(String sql, int fetchSize, @Nullable Object... parameters) {
        if (fetchSize < 1) {
            throw new IllegalArgumentException("the fetch size is at least 1, not " + fetchSize);
        }
        return RowStream.open(core, limits, sql, fetchSize, orNone(parameters));
    }

    @Override
    public Queries withTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is more than zero, not " + timeout);
        }
        return new Verbs(core, new CallLimits(timeout, limits.interrupts(), limits.lease()));
    }

    @Override
    public SqlContext sqlContext() {
        return core;
    }

    CallLimits limits() {
        return limits;
    }
}
