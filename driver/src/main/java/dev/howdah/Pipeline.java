package dev.howdah;

import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.session.PipelineEntry;
import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlStatement;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Statements sent one behind the other without waiting for the answers, in one round trip or a few:
 *
 * <pre>{@code
 * try (Pipeline p = db.pipeline()) {
 *     var item = p.queryOne("select * from item where id = $1", 7);
 *     var sold = p.execute("update item set sold = sold + 1 where id = $1", 7);
 *     p.sync();
 *     item.get();
 *     sold.get();
 * }
 * }</pre>
 *
 * <p>A verb queues one statement and returns what its answer will be. What is queued is sent when there is enough of it, at
 * {@link #sync()}, and when an answer is {@linkplain PipelineAnswer#get() waited for}; results are read meanwhile, so that
 * neither side ever waits for the other to read. If more is queued than the server takes, queueing waits. Answers that have
 * come are in memory until their {@link PipelineAnswer} is forgotten. A text that is new waits, and
 * what is behind it with it, until all before it has been answered and the server has described it. Values are encoded when
 * they are sent: do not change them before that.
 *
 * <p><b>What fails.</b> By default what is queued between two calls of {@link #sync()} is, outside a transaction, one
 * transaction, made to last by the second: if one statement fails, what ran before it is undone and the rest is skipped,
 * and after the sync the pipeline goes on. Inside a transaction a failure fails that. {@link PipelineMode#SYNC_EACH} makes each
 * statement stand for itself. {@link PipelineAnswer#outcome()} tells of each what became of it. What commits by itself, as
 * COMMIT or VACUUM do, is not undone. A statement that the server kept and does not take any more (its result has changed,
 * somebody dropped it) fails in its sync and is prepared anew the next time; with a sync each it is run again where what
 * was sent behind it has not run.
 *
 * <p>Each is one statement: no scripts, and no COPY, which ends in an {@link
 * dev.howdah.error.UnexpectedCopyException}. COPY, DISCARD and DEALLOCATE are waited for before more is sent. With autocommit
 * off a transaction is begun first, as ever.
 *
 * <p><b>The connection</b> is the pipeline's until it is closed, also inside a {@link Transaction}: other threads wait, and
 * what the thread that opened it runs on the connection itself is refused with an {@link IllegalStateException}. {@link
 * PgConnection#cancel()} cancels the statement that runs at that moment; with a sync
 * each the one behind it may be hit too, as PostgreSQL signals a session twice. To be used by one thread at a time.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING">Pipelining</a>
 */
public final class Pipeline implements AutoCloseable {

    private final Pipelining work;

    Pipeline(Pipelining work) {
        this.work = work;
    }

    private <T extends @Nullable Object> PipelineAnswer<T> queue(
            String sql, @Nullable Object @Nullable [] parameters, Function<PipelineEntry, T> value) {
        @Nullable Object[] given = Verbs.orNone(parameters);
        return work.queue(work.verbs().entry(sql, given), Kind.QUERY, sql, given, value);
    }

    private <T extends @Nullable Object> PipelineAnswer<T> queue(
            Sql sql, @Nullable Object @Nullable [] parameters, Function<PipelineEntry, T> value) {
        SqlStatement statement = sql.statement(work.verbs().sqlContext());
        return queue(statement.text(), statement.parameters(Verbs.orNone(parameters)), value);
    }

    private <T extends @Nullable Object> PipelineAnswer<T> queue(
            PreparedQuery query, @Nullable Object @Nullable [] parameters, Function<PipelineEntry, T> value) {
        return work.queue(
                query.entry(work.core(), parameters), Kind.QUERY, query.sql(), query.shown(parameters), value);
    }

    private static Rows rows(PipelineEntry entry) {
        return Rows.of(entry.result());
    }

    private static Result result(PipelineEntry entry) {
        return new Result(entry.result());
    }

    /**
     * Queues a query; see {@link Queries#query}.
     *
     * @throws IllegalStateException if the pipeline has been closed, as every verb does
     */
    public PipelineAnswer<Rows> query(String sql, @Nullable Object... parameters) {
        return queue(sql, parameters, Pipeline::rows);
    }

    /** Queues a composed query; see {@link #query(String, Object...)}. */
    public PipelineAnswer<Rows> query(Sql sql, @Nullable Object... parameters) {
        return queue(sql, parameters, Pipeline::rows);
    }

    /**
     * Queues a run of a prepared query; see {@link PreparedQuery#query}. It may be closed before it is run.
     *
     * @throws IllegalArgumentException if it was prepared on another connection
     */
    public PipelineAnswer<Rows> query(PreparedQuery query, @Nullable Object... parameters) {
        return queue(query, parameters, Pipeline::rows);
    }

    /** Queues a statement, one also if it has no parameters; see {@link Queries#execute}. */
    public PipelineAnswer<Result> execute(String sql, @Nullable Object... parameters) {
        return queue(sql, parameters, Pipeline::result);
    }

    /** Queues a composed statement; see {@link #execute(String, Object...)}. */
    public PipelineAnswer<Result> execute(Sql sql, @Nullable Object... parameters) {
        return queue(sql, parameters, Pipeline::result);
    }

    /** Queues a run of a prepared query; see {@link #query(PreparedQuery, Object...)}. */
    public PipelineAnswer<Result> execute(PreparedQuery query, @Nullable Object... parameters) {
        return queue(query, parameters, Pipeline::result);
    }

    /** Queues a query that has exactly one row; see {@link Queries#queryOne(String, Object...)}. */
    public PipelineAnswer<Row> queryOne(String sql, @Nullable Object... parameters) {
        return queue(sql, parameters, entry -> rows(entry).one());
    }

    /** Queues a query that has exactly one row; see {@link Queries#queryOne(String, Class, Object...)}. */
    public <T> PipelineAnswer<T> queryOne(String sql, Class<T> type, @Nullable Object... parameters) {
        return queue(sql, parameters, entry -> rows(entry).one().as(type));
    }

    /** Queues a composed query that has exactly one row; see {@link #queryOne(String, Object...)}. */
    public PipelineAnswer<Row> queryOne(Sql sql, @Nullable Object... parameters) {
        return queue(sql, parameters, entry -> rows(entry).one());
    }

    /** Queues a run of a prepared query that has exactly one row; see {@link #query(PreparedQuery, Object...)}. */
    public PipelineAnswer<Row> queryOne(PreparedQuery query, @Nullable Object... parameters) {
        return queue(query, parameters, entry -> rows(entry).one());
    }

    /** Queues a query for one value; see {@link Queries#queryValue(String, Class, Object...)}. */
    public <T> PipelineAnswer<@Nullable T> queryValue(String sql, Class<T> type, @Nullable Object... parameters) {
        return queue(sql, parameters, entry -> rows(entry).onlyValue(type));
    }

    /** Queues a composed query for one value; see {@link #queryValue(String, Class, Object...)}. */
    public <T> PipelineAnswer<@Nullable T> queryValue(Sql sql, Class<T> type, @Nullable Object... parameters) {
        return queue(sql, parameters, entry -> rows(entry).onlyValue(type));
    }

    /** Queues a run of a prepared query for one value; see {@link #query(PreparedQuery, Object...)}. */
    public <T> PipelineAnswer<@Nullable T> queryValue(
            PreparedQuery query, Class<T> type, @Nullable Object... parameters) {
        return queue(query, parameters, entry -> rows(entry).onlyValue(type));
    }

    /**
     * Queues a statement with many sets of parameters, see {@link Queries#executeMany(String, Iterable)}; with a sync each it
     * has one behind the last set. The sets are asked for as they are sent, while a call of this pipeline waits; what
     * fails says which one it was.
     *
     * @param parameterSets each a {@link java.util.List} or an array of objects
     */
    public PipelineAnswer<BatchResult> executeMany(String sql, Iterable<?> parameterSets) {
        return batch(work.verbs().batchEntry(sql, parameterSets), sql);
    }

    /** Queues a composed statement with many sets of parameters; see {@link Queries#executeMany(Sql, Iterable)}. */
    public PipelineAnswer<BatchResult> executeMany(Sql sql, Iterable<?> parameterSets) {
        SqlStatement statement = sql.statement(work.verbs().sqlContext());
        return executeMany(statement.text(), statement.parameterSets(parameterSets));
    }

    /** Queues a prepared query with many sets of parameters; see {@link PreparedQuery#executeMany(Iterable)}. */
    public PipelineAnswer<BatchResult> executeMany(PreparedQuery query, Iterable<?> parameterSets) {
        return batch(query.batchEntry(work.core(), parameterSets), query.sql());
    }

    private PipelineAnswer<BatchResult> batch(PipelineEntry entry, String sql) {
        return work.queue(entry, Kind.BATCH, sql, new @Nullable Object[0], done -> new BatchResult(done.outcome()));
    }

    /**
     * Ends what has been queued since the last sync and sends it. What failed has been skipped up to here; what is queued
     * from now on is run whatever came before. Does not wait for the answers, only until what is queued has been sent but
     * for a few kilobytes, and so for the description of texts that are new.
     *
     * @return when this has been answered, what ran is made to last; its {@link PipelineAnswer#get()} throws if that
     *     failed, for example because of a deferred constraint, or if anything before it did
     */
    public PipelineAnswer<@Nullable Void> sync() {
        return work.sync();
    }

    /**
     * Ends the pipeline: what is queued is sent and made to last as by {@link #sync()}, all answers are taken, which can be
     * {@linkplain PipelineAnswer#get() had} afterwards, and the connection is free again. An interrupt is kept for later.
     * What takes longer than the connection's query timeout is cancelled. Does nothing if it has been closed.
     *
     * @throws RuntimeException the first failure that nobody has been given by {@link PipelineAnswer#get()}; further ones,
     *     up to 100, are suppressed by it. What was skipped because of a failure counts as none
     */
    @Override
    public void close() {
        work.close();
    }

    /** Returns what it is; no value. */
    @Override
    public String toString() {
        return "Pipeline[" + work.core().session().transactionStatus() + "]";
    }
}
