package dev.howdah;

import dev.howdah.error.RowCountException;
import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.session.BatchQuery;
import dev.howdah.session.ExtendedQuery;
import dev.howdah.session.OwnStatement;
import dev.howdah.session.PipelineEntry;
import dev.howdah.session.Portal;
import dev.howdah.session.Preparation;
import dev.howdah.session.QueryResult;
import dev.howdah.session.ServerStatement;
import dev.howdah.sql.AdaptedStatement;
import dev.howdah.sql.SqlStatement;
import dev.howdah.type.PgType;
import dev.howdah.type.TypeRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement that the server has parsed and keeps for this object. {@link Queries#query} prepares and keeps statements
 * by itself; this is for those who want to look at one before running it, see its plan, or hold it by hand. Safe for
 * several threads.
 *
 * <p>When the server does not take it any more, because its result has changed or somebody dropped it, it is prepared anew
 * and run without a word. Inside a transaction that the refusal has failed, that is the caller's, and it is prepared anew
 * when it is run next.
 *
 * <p>Its verbs do and throw what those of {@link Queries} do, and throw an {@link IllegalStateException} once it has been
 * closed.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-prepare.html">Prepared statements</a>
 */
public final class PreparedQuery implements AutoCloseable {

    private static final String RESERVED = "howdah_";

    private final Verbs verbs;
    private final Core core;
    private final OwnStatement statement;
    private final @Nullable SqlStatement composed;

    private PreparedQuery(Verbs verbs, OwnStatement statement, @Nullable SqlStatement composed) {
        this.verbs = verbs;
        this.core = verbs.core();
        this.statement = statement;
        this.composed = composed;
    }

    /**
     * Prepares a statement.
     *
     * @param name what to call it on the server, or null
     * @param composed where its values come from, or null if they are all given with each run
     */
    static PreparedQuery prepare(Verbs verbs, String sql, @Nullable String name, @Nullable SqlStatement composed) {
        if (name != null) {
            requireName(name);
        }
        Core core = verbs.core();
        Preparation preparation = new Preparation(core.session(), core.statements(), sql, name);
        try {
            return new PreparedQuery(verbs, core.goOn(preparation, Kind.PREPARE, sql, verbs.limits()), composed);
        } catch (RuntimeException | Error e) {
            OwnStatement prepared = preparation.prepared();
            if (prepared != null) {
                prepared.close();
            }
            throw e;
        }
    }

    private static void requireName(String name) {
        ServerName.quoted("a prepared statement", name);
        if (name.startsWith(RESERVED)) {
            throw new IllegalArgumentException(
                    "names that begin with " + RESERVED + " are those that the driver gives: " + name);
        }
    }

    /** Returns the same statement run with the time limit and types of other verbs. */
    PreparedQuery with(Verbs others) {
        return new PreparedQuery(others, statement, composed);
    }

    Verbs verbs() {
        return verbs;
    }

    /** Returns the text. */
    public String sql() {
        return statement.sql();
    }

    /** Returns its name on the server. One that the driver gave changes when it is prepared anew. */
    public String name() {
        return statement.current().name();
    }

    /** Returns whether it has been closed. */
    public boolean isClosed() {
        return statement.isClosed();
    }

    /** Returns the type of each parameter; one that is not known here is named by its OID. */
    public List<PgType> parameterTypes() {
        statement.requireOpen();
        ServerStatement current = statement.current();
        List<PgType> types = new ArrayList<>();
        for (int i = 0; i < current.parameterCount(); i++) {
            int oid = current.parameterType(i);
            PgType type = core.types().type(oid);
            types.add(type != null ? type : PgType.of(oid, null, Integer.toUnsignedString(oid), PgType.Kind.BASE, 0));
        }
        return types;
    }

    /** Returns what its columns are, as of when it was prepared last; empty if it has no result set. */
    public List<Column> columns() {
        statement.requireOpen();
        return Columns.of(statement.current().shape(verbs.sqlContext().types()));
    }

    /**
     * Runs it and returns all rows.
     *
     * @see Queries#query
     */
    public Rows query(@Nullable Object... parameters) {
        return Rows.of(run(parameters));
    }

    /**
     * Runs it.
     *
     * @see Queries#execute
     */
    public Result execute(@Nullable Object... parameters) {
        return new Result(run(parameters));
    }

    private QueryResult run(@Nullable Object @Nullable [] parameters) {
        @Nullable Object[] values = values(parameters);
        ExtendedQuery query = new ExtendedQuery(
                core.session(),
                core.statements(),
                statement,
                values,
                verbs.sqlContext().types());
        return core.run(query, Kind.QUERY, sql(), shown(parameters), Function.identity(), verbs.limits());
    }

    /** Returns one run of it for a pipeline of a connection. */
    PipelineEntry entry(Core wanted, @Nullable Object @Nullable [] parameters) {
        OwnStatement own = ownedBy(wanted);
        return PipelineEntry.run(
                sql(), own, values(parameters), verbs.sqlContext().types());
    }

    /** Returns many runs of it for a pipeline of a connection. */
    PipelineEntry batchEntry(Core wanted, Iterable<?> parameterSets) {
        OwnStatement own = ownedBy(wanted);
        Iterable<?> sets = composed == null ? parameterSets : composed.parameterSets(parameterSets);
        return PipelineEntry.batch(
                sql(),
                own,
                sets.iterator(),
                set -> AdaptedStatement.values(Verbs.parametersOf(set), verbs.sqlContext()),
                verbs.sqlContext().types());
    }

    /** Returns the statement for a cursor or pipeline of a connection. */
    OwnStatement ownedBy(Core wanted) {
        statement.requireOpen();
        if (core != wanted) {
            throw new IllegalArgumentException("the query was prepared on another connection than this one");
        }
        return statement;
    }

    /** Returns the values for who logs the run: those that the statement brought along in their places. */
    @Nullable
    Object[] shown(@Nullable Object @Nullable [] parameters) {
        @Nullable Object[] given = Verbs.orNone(parameters);
        return composed == null ? given : composed.parameters(given);
    }

    /** Returns the values to be bound: those that the statement brought along in their places, all adapted. */
    @Nullable
    Object[] values(@Nullable Object @Nullable [] parameters) {
        statement.requireOpen();
        return AdaptedStatement.values(shown(parameters), verbs.sqlContext());
    }

    /**
     * Runs a query that has exactly one row.
     *
     * @throws RowCountException if it has none or more than one
     */
    public Row queryOne(@Nullable Object... parameters) {
        return query(parameters).one();
    }

    /**
     * Runs a query that has exactly one row and returns that as a record.
     *
     * @throws RowCountException if it has none or more than one
     * @see Rows#as(Class)
     */
    public <T> T queryOne(Class<T> type, @Nullable Object... parameters) {
        return queryOne(parameters).as(type);
    }

    /**
     * Runs a query for one value: the first column of its only row.
     *
     * @return null if the value is SQL NULL or there is no row
     * @throws RowCountException if there is more than one row
     */
    public <T> @Nullable T queryValue(Class<T> type, @Nullable Object... parameters) {
        return query(parameters).onlyValue(type);
    }

    /**
     * Runs a query for one value of a type with type arguments: the first column of its only row.
     *
     * @return null if the value is SQL NULL or there is no row, or an empty {@code Optional} if one was asked for
     * @throws RowCountException if there is more than one row
     */
    public <T> @Nullable T queryValue(TypeRef<T> type, @Nullable Object... parameters) {
        return query(parameters).onlyValue(type);
    }

    /**
     * Runs it with many sets of parameters, pipelined; all of it happens or nothing.
     *
     * @param parameterSets each a {@link java.util.List} or an array of objects, or if it was composed with placeholders
     *     that have names a {@link java.util.Map} or a record
     * @see Queries#executeMany(String, Iterable)
     */
    public BatchResult executeMany(Iterable<?> parameterSets) {
        statement.requireOpen();
        return new BatchResult(verbs.run(
                new BatchQuery(
                        core.session(),
                        core.statements(),
                        statement,
                        composed == null ? parameterSets : composed.parameterSets(parameterSets),
                        set -> AdaptedStatement.values(Verbs.parametersOf(set), verbs.sqlContext()),
                        verbs.sqlContext().types()),
                sql()));
    }

    /**
     * Runs it and returns its rows as they are asked for, a page at a time, in constant memory. The stream has to be
     * closed; it goes on when this has been.
     *
     * @param fetchSize how many rows a page has, at least 1
     * @see Queries#stream(String, int, Object...)
     */
    public Stream<Row> stream(int fetchSize, @Nullable Object... parameters) {
        return RowStream.open(core, verbs.limits(), fetchSize, opening(fetchSize, parameters));
    }

    /**
     * Runs it and returns its rows as objects as they are asked for.
     *
     * @param type what each row becomes, as {@link Rows#as(Class)} says
     * @see #stream(int, Object...)
     */
    public <T> Stream<T> stream(int fetchSize, Class<T> type, @Nullable Object... parameters) {
        return stream(fetchSize, parameters).map(row -> row.as(type));
    }

    /**
     * Returns its rows for subscribers, each of which has it run for itself; one that comes when this has been closed gets
     * the error.
     *
     * @param fetchSize how many rows a page has, at least 1
     * @see Queries#publish(String, int, Object...)
     */
    public Flow.Publisher<Row> publish(int fetchSize, @Nullable Object... parameters) {
        return RowPublisher.of(core, verbs.limits(), fetchSize, opening(fetchSize, parameters), row -> row);
    }

    /**
     * Returns its rows as objects for subscribers.
     *
     * @param type what each row becomes, as {@link Row#as(Class)} says; a row that becomes null is an error
     * @see #publish(int, Object...)
     */
    public <T> Flow.Publisher<T> publish(int fetchSize, Class<T> type, @Nullable Object... parameters) {
        Objects.requireNonNull(type, "type");
        return RowPublisher.of(core, verbs.limits(), fetchSize, opening(fetchSize, parameters), row -> row.as(type));
    }

    private PagedQuery opening(int fetchSize, @Nullable Object @Nullable [] parameters) {
        Verbs.requireFetchSize(fetchSize);
        @Nullable Object[] values = values(parameters);
        return new PagedQuery(
                sql(),
                shown(parameters),
                () -> Portal.open(
                        core.session(),
                        core.statements(),
                        statement,
                        values,
                        fetchSize,
                        core.newName("portal"),
                        verbs.sqlContext().types()));
    }

    /**
     * Asks how the server would run it with these values. Nothing is run.
     *
     * @throws dev.howdah.error.ServerException if the statement is not one that has a plan, or the transaction has failed
     */
    public Plan explain(@Nullable Object... parameters) {
        return explain(EnumSet.noneOf(ExplainOption.class), parameters);
    }

    /**
     * Runs it with these values and returns how that went. What it did is rolled back, to a savepoint if a transaction is
     * open; numbers that it took from sequences are gone.
     *
     * @throws dev.howdah.error.ServerException if the statement fails or is not one that has a plan, or the transaction has
     *     failed
     */
    public Plan explainAnalyze(@Nullable Object... parameters) {
        return explain(EnumSet.of(ExplainOption.ANALYZE), parameters);
    }

    /**
     * Asks how the server would run it, or with {@link ExplainOption#ANALYZE} how it did.
     *
     * @param options none, one or several; nothing is sent if the server lacks one or they do not go together
     * @param parameters the values; none with {@link ExplainOption#GENERIC_PLAN}
     * @throws UnsupportedOperationException if the server is too old for an option; it names that
     * @throws IllegalArgumentException if options do not go together
     * @see <a href="https://www.postgresql.org/docs/current/sql-explain.html">EXPLAIN</a>
     */
    public Plan explain(Set<ExplainOption> options, @Nullable Object... parameters) {
        statement.requireOpen();
        Explain explain = new Explain(core, verbs.limits(), options);
        if (explain.isGeneric()) {
            if (Verbs.orNone(parameters).length > 0) {
                throw new IllegalArgumentException("a generic plan is for any values: give none");
            }
            return explain.generic(sql(), verbs.sqlContext().types());
        }
        return explain.run(
                statement.prefixed(
                        explain.prefix(), values(parameters), verbs.sqlContext().types()),
                sql(),
                shown(parameters));
    }

    /**
     * Returns the same statement with a time limit for each call, waiting for its turn included; closing one closes both.
     *
     * @param timeout more than zero
     * @see Queries#withTimeout
     */
    public PreparedQuery withTimeout(Duration timeout) {
        statement.requireOpen();
        return new PreparedQuery(verbs.withTimeout(timeout), statement, composed);
    }

    /** Lets the server forget it, together with the next statement that is prepared. Waits for nothing, sends nothing. */
    @Override
    public void close() {
        statement.close();
    }

    /** Returns the text; no value. */
    @Override
    public String toString() {
        return "PreparedQuery[" + sql() + "]";
    }
}
