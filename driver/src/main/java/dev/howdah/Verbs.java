package dev.howdah;

import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.ArrayBatchQuery;
import dev.howdah.session.BatchOutcome;
import dev.howdah.session.BatchQuery;
import dev.howdah.session.Conversation;
import dev.howdah.session.ExtendedQuery;
import dev.howdah.session.ManySets;
import dev.howdah.session.PipelineEntry;
import dev.howdah.session.Portal;
import dev.howdah.session.QueryResult;
import dev.howdah.session.Script;
import dev.howdah.session.SimpleQuery;
import dev.howdah.sql.AdaptedStatement;
import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlContext;
import dev.howdah.sql.SqlStatement;
import dev.howdah.type.TypeRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The verbs over one connection and one set of limits; each delegates to a conversation. */
final class Verbs extends ForwardingCopies implements Queries {

    private static final @Nullable Object[] NO_PARAMETERS = {};

    private final Core core;
    private final CallLimits limits;
    private final SqlContext context;

    Verbs(Core core, CallLimits limits) {
        this(core, limits, core);
    }

    /** Makes verbs that encode and decode with the types of a context: those of the connection, or of a scope within. */
    private Verbs(Core core, CallLimits limits, SqlContext context) {
        this.core = core;
        this.limits = limits;
        this.context = context;
    }

    @Override
    public Rows query(String sql, @Nullable Object... parameters) {
        return Rows.of(extended(sql, parameters));
    }

    private QueryResult extended(String sql, @Nullable Object @Nullable [] parameters) {
        @Nullable Object[] given = orNone(parameters);
        return extended(sql, given, adapted(sql, given));
    }

    /** Returns a statement as it goes to the server. */
    AdaptedStatement adapted(String sql, @Nullable Object @Nullable [] parameters) {
        return AdaptedStatement.of(sql, orNone(parameters), context);
    }

    /**
     * Runs a statement.
     *
     * @param sql as the caller gave it
     * @param given the parameters likewise
     */
    QueryResult extended(String sql, @Nullable Object[] given, AdaptedStatement adapted) {
        if (core.isWalSender()) {
            return asText(sql, given).getLast();
        }
        ExtendedQuery query = new ExtendedQuery(
                core.session(), core.statements(), adapted.sql(), adapted.parameters(), context.types());
        return core.run(query, Kind.QUERY, sql, given, Function.identity(), limits);
    }

    /** Runs a statement as a text that has the values in it: a server process that replicates knows no other way. */
    private List<QueryResult> asText(String sql, @Nullable Object[] given) {
        String text = given.length == 0 ? sql : Sql.mogrify(sql, context, given);
        return core.run(running(text), Kind.QUERY, sql, given, List::getFirst, limits);
    }

    /** Runs a query of the driver's own, whose parameters no adapter touches. */
    Rows own(String sql, @Nullable Object... parameters) {
        return Rows.of(core.runOwn(new ExtendedQuery(core.session(), core.statements(), sql, parameters), limits));
    }

    /** In a failed transaction nothing but its end is run, so only the first statement can be a COMMIT that failed. */
    List<QueryResult> simple(String sql) {
        return core.run(running(sql), Kind.SCRIPT, sql, NO_PARAMETERS, List::getFirst, limits);
    }

    /** A server process that replicates cannot be asked about types: a failure would cost the transaction. */
    private Conversation<List<QueryResult>> running(String text) {
        return core.isWalSender()
                ? Conversation.of(new SimpleQuery(text, core.statements(), context.types()))
                : new Script(core.session(), core.statements(), text, context.types());
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
        return query(sql, parameters).onlyValue(type);
    }

    @Override
    public BatchResult executeMany(String sql, Iterable<?> parameterSets) {
        return executeMany(sql, parameterSets, BatchMode.PIPELINED);
    }

    @Override
    public BatchResult executeMany(String sql, Iterable<?> parameterSets, BatchMode mode) {
        return switch (mode) {
            case PIPELINED -> new BatchResult(run(pipelined(sql, parameterSets, null), sql));
            case ARRAYS -> new BatchResult(run(arrays(sql, parameterSets, null), sql));
        };
    }

    @Override
    public long executeMany(String sql, Iterable<?> parameterSets, BatchMode mode, BatchConsumer consumer) {
        BatchQuery.Pages pages = (first, page) -> consumer.accept(first, new BatchResult(page));
        switch (mode) {
            case PIPELINED -> {
                BatchQuery batch = pipelined(sql, parameterSets, pages);
                run(batch, sql);
                return batch.total();
            }
            case ARRAYS -> {
                ArrayBatchQuery batch = arrays(sql, parameterSets, pages);
                run(batch, sql);
                return batch.total();
            }
        }
        throw new IllegalArgumentException("there is no way to run a batch as " + mode);
    }

    private BatchQuery pipelined(String sql, Iterable<?> sets, BatchQuery.@Nullable Pages pages) {
        return new BatchQuery(
                core.session(), core.statements(), sql, sets.iterator(), this::adapted, context.types(), pages);
    }

    private ArrayBatchQuery arrays(String sql, Iterable<?> sets, BatchQuery.@Nullable Pages pages) {
        return new ArrayBatchQuery(
                core.session(),
                core.statements(),
                sql,
                ArrayInsert.rewrite(sql, context.standardConformingStrings()),
                sets.iterator(),
                this::adapted,
                context.types(),
                pages);
    }

    /** Returns one run of a statement for a pipeline. */
    PipelineEntry entry(String sql, @Nullable Object[] given) {
        AdaptedStatement adapted = adapted(sql, given);
        return PipelineEntry.run(adapted.sql(), null, adapted.parameters(), context.types());
    }

    /** Returns a batch for a pipeline. */
    PipelineEntry batchEntry(String sql, Iterable<?> sets) {
        return PipelineEntry.batch(sql, null, sets.iterator(), this::adapted, context.types());
    }

    private @Nullable Object[] adapted(Object set) {
        return AdaptedStatement.values(parametersOf(set), context);
    }

    /** Runs a batch; what fails says which set of parameters it was. */
    BatchOutcome run(ManySets batch, String sql) {
        return core.run(batch, sql, limits);
    }

    /** Returns the values of one set of parameters, or row, that has them in order. */
    static @Nullable Object[] parametersOf(Object set) {
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
        return RowStream.open(core, limits, fetchSize, opening(sql, fetchSize, parameters));
    }

    @Override
    public Flow.Publisher<Row> publish(String sql, int fetchSize, @Nullable Object... parameters) {
        return RowPublisher.of(core, limits, fetchSize, opening(sql, fetchSize, parameters), row -> row);
    }

    @Override
    public <T> Flow.Publisher<T> publish(String sql, int fetchSize, Class<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(type, "type");
        return RowPublisher.of(core, limits, fetchSize, opening(sql, fetchSize, parameters), row -> row.as(type));
    }

    private PagedQuery opening(String sql, int fetchSize, @Nullable Object @Nullable [] parameters) {
        requireFetchSize(fetchSize);
        @Nullable Object[] given = orNone(parameters);
        AdaptedStatement adapted = adapted(sql, given);
        return new PagedQuery(
                sql,
                given,
                () -> Portal.open(
                        core.session(),
                        core.statements(),
                        adapted.sql(),
                        adapted.parameters(),
                        fetchSize,
                        core.newName("portal"),
                        context.types()));
    }

    static void requireFetchSize(int fetchSize) {
        if (fetchSize < 1) {
            throw new IllegalArgumentException("the fetch size is at least 1, not " + fetchSize);
        }
    }

    @Override
    public PreparedQuery prepare(String sql) {
        return PreparedQuery.prepare(this, sql, null, null);
    }

    @Override
    public PreparedQuery prepare(String sql, String name) {
        return PreparedQuery.prepare(this, sql, name, null);
    }

    @Override
    public PreparedQuery prepare(Sql sql) {
        SqlStatement statement = sql.statement(context);
        return PreparedQuery.prepare(this, statement.text(), null, statement);
    }

    @Override
    public PreparedQuery prepare(Sql sql, String name) {
        SqlStatement statement = sql.statement(context);
        return PreparedQuery.prepare(this, statement.text(), name, statement);
    }

    @Override
    public Verbs withTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is more than zero, not " + timeout);
        }
        return new Verbs(core, new CallLimits(timeout, limits.interrupts(), limits.lease()), context);
    }

    @Override
    public Verbs withTypes(TypeRegistry scope) {
        if (!scope.isWithin(core.types())) {
            throw new IllegalArgumentException(
                    "the types have to be a scope within those of the connection: types().child()");
        }
        return new Verbs(core, limits, new Scope(core, scope));
    }

    /** The settings of a session with types of its own. */
    private record Scope(Core core, TypeRegistry types) implements SqlContext {
        @Override
        public boolean standardConformingStrings() {
            return core.standardConformingStrings();
        }
    }

    @Override
    public SqlContext sqlContext() {
        return context;
    }

    @Override
    CopyQueries copying() {
        return new Copying(this);
    }

    Core core() {
        return core;
    }

    CallLimits limits() {
        return limits;
    }
}
