package dev.howdah;

import dev.howdah.pump.ReplicationHost;
import dev.howdah.session.QueryResult;
import dev.howdah.sql.AdaptedStatement;
import dev.howdah.sql.Identifier;
import dev.howdah.sql.Sql;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cursor whose result is in memory as a whole: what psycopg2 calls a client-side cursor. It runs one statement after
 * another and remembers what the last one yielded.
 *
 * <p>May be subclassed. {@link #execute(Sql, Object...)} and every {@code call} go through {@link #execute(String,
 * Object...)}, and {@link #executeMany(Sql, Iterable)} goes through {@link #executeMany(String, Iterable)}, so a subclass
 * that overrides these two, {@code executeMany} with its mode and {@code executeValues} with its page size, sees all that is run.
 *
 * <p>A statement that fails leaves the cursor without a result: fetching throws an {@link IllegalStateException} that says
 * so, with the failure as its cause, until another one is executed. Rows stay after the connection has ended.
 */
public class Cursor extends BaseCursor {

    private List<Result> results = List.of();
    private @Nullable Rows rows;
    private int place;
    private long rowCount = -1;
    private String statusMessage = "";
    private @Nullable String queryText;
    private @Nullable Throwable failure;

    /**
     * Makes a cursor; it sends nothing.
     *
     * @param connection whose statements it runs
     */
    public Cursor(PgConnection connection) {
        super(connection);
    }

    /** Returns what the driver's own cursors for replication need; for nobody else, for its type is not exported. */
    protected static ReplicationHost replicationHost(PgConnection connection) {
        Verbs verbs = connection.verbs();
        return new ConnectionReplication(verbs.core(), verbs.limits());
    }

    /**
     * Runs a statement, whose result is received as a whole. Without parameters the text may be a script of several
     * statements, which is one round trip and one transaction unless it says otherwise: {@link #results()} has all of
     * them, and the cursor stands before the first row of the last one's. One statement that can return rows is prepared
     * and kept as {@link Queries#query} does it; the values of all others come as text, as in {@link Queries#script}.
     *
     * @param sql one statement, or several if there are no parameters
     * @param parameters the values for {@code $1, $2 ...}
     * @return this
     * @throws IllegalStateException if the cursor has been closed
     */
    @Override
    public Cursor execute(String sql, @Nullable Object... parameters) {
        running(() -> {
            List<QueryResult> yielded = run(sql, parameters);
            results = yielded.stream().map(Result::new).toList();
            stand(results.getLast());
            return yielded;
        });
        return this;
    }

    /** Runs composed SQL; see {@link #execute(String, Object...)}. */
    @Override
    public Cursor execute(Sql sql, @Nullable Object... parameters) {
        super.execute(sql, parameters);
        return this;
    }

    private List<QueryResult> run(String sql, @Nullable Object @Nullable [] parameters) {
        Verbs verbs = verbs();
        if (parameters != null && parameters.length == 0) {
            boolean query = SingleQuery.is(sql, verbs.sqlContext().standardConformingStrings());
            queryText = sql;
            if (!query) {
                return verbs.simple(sql);
            }
        }
        AdaptedStatement adapted = verbs.adapted(sql, parameters);
        queryText = adapted.sql();
        return List.of(verbs.extended(sql, Verbs.orNone(parameters), adapted));
    }

    private void stand(Result result) {
        statusMessage = result.commandTag();
        rows = result.hasRows() ? result.rows() : null;
        rowCount = result.hasRows() ? result.rows().size() : result.rowCount();
    }

    /** Forgets what the last statement yielded and runs something; what that throws is remembered. */
    private <T> T running(Supplier<T> work) {
        requireOpen();
        results = List.of();
        rows = null;
        place = 0;
        rowCount = -1;
        statusMessage = "";
        failure = null;
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        }
    }

    /**
     * Runs one statement with many sets of parameters; see {@link Queries#executeMany(String, Iterable)}. What RETURNING
     * gave, of all sets in order, is then fetched from this cursor, and {@link #rowCount()} is that of all sets together.
     * {@link #results()} is empty and so is {@link #statusMessage()}, for there is one for each set.
     *
     * @param sql one statement
     * @param parameterSets each a {@link java.util.Collection} or an array of objects
     * @throws dev.howdah.error.PgException whose {@code batchSet} is the index of the set that failed
     * @throws IllegalStateException if the cursor has been closed
     */
    public BatchResult executeMany(String sql, Iterable<?> parameterSets) {
        return executeMany(sql, parameterSets, BatchMode.PIPELINED);
    }

    /** Runs one statement with many sets of parameters, pipelined or as arrays; see {@link BatchMode}. */
    public BatchResult executeMany(String sql, Iterable<?> parameterSets, BatchMode mode) {
        return batch(sql, () -> verbs().executeMany(sql, parameterSets, mode));
    }

    /** Runs one composed statement with many sets of parameters; see {@link Queries#executeMany(Sql, Iterable)}. */
    public BatchResult executeMany(Sql sql, Iterable<?> parameterSets) {
        var statement = sql.statement(verbs().sqlContext());
        return executeMany(statement.text(), statement.parameterSets(parameterSets));
    }

    /**
     * Runs one statement with the values of many rows in its text, a page of them at a time: {@code insert into t (a, b)
     * values %s}. The pages are pipelined, and all of it happens or nothing. What RETURNING gave, of all rows in order, is
     * then fetched from this cursor, and {@link #rowCount()} is that of all pages together.
     *
     * @param sql has one place for the rows, {@code %s} or {@code $1}, and no other parameter
     * @param rows each a {@link java.util.Collection} or an array of objects, all of one size; one page of them is in
     *     memory at a time
     * @return with a set for each row
     * @throws IllegalArgumentException if there is not one place for the rows, or a row has another size; it is named
     * @throws dev.howdah.error.PgException whose {@code batchFirst} and {@code batchLast} say between which rows it failed
     * @throws IllegalStateException if the cursor has been closed
     */
    public BatchResult executeValues(String sql, Iterable<?> rows) {
        return executeValues(sql, rows, null, ValuesPages.PAGE_SIZE);
    }

    /** Runs one statement with pages of rows in its text; see {@link #executeValues(String, Iterable)}. */
    public BatchResult executeValues(String sql, Iterable<?> rows, int pageSize) {
        return executeValues(sql, rows, null, pageSize);
    }

    /**
     * Runs one statement with pages of rows in its text; see {@link #executeValues(String, Iterable)}.
     *
     * @param template one row, such as {@code ($1, $2, now())}, or {@code (:id, :name)} for rows that are a {@link Map} or a
     *     record; null for one value after another
     * @param pageSize how many rows one statement has at most, at least 1; fewer if they would have more than 65,535 values
     */
    public BatchResult executeValues(String sql, Iterable<?> rows, @Nullable String template, int pageSize) {
        return batch(sql, () -> ValuesPages.run(verbs(), sql, rows, template, pageSize));
    }

    /** Runs one composed statement with pages of rows in its text; see {@link #executeValues(String, Iterable)}. */
    public BatchResult executeValues(Sql sql, Iterable<?> rows, @Nullable String template, int pageSize) {
        return executeValues(ValuesPages.text(verbs(), sql), rows, template, pageSize);
    }

    private BatchResult batch(String sql, Supplier<BatchResult> work) {
        return running(() -> {
            queryText = sql;
            BatchResult batch = work.get();
            rows = batch.hasRows() ? batch.rows() : null;
            rowCount = batch.rowCount();
            return batch;
        });
    }

    /**
     * Calls a function or procedure; its rows, or what the OUT parameters of a procedure are afterwards, are then fetched
     * from this cursor. A function is run as {@code select * from name(...)}, a procedure as {@code call name(...)}. Which
     * of them it is, is looked up first, which is a round trip of its own with a time limit of its own.
     *
     * <p>Each argument takes the type of the parameter it is for. Where several functions of that name differ in it, or it
     * may be anything, the argument's class decides: an Integer is an int4, a String a text. OUT parameters of a procedure
     * may be given, as anything, or left out.
     *
     * @param name as in SQL: folded to lower case unless in double quotes, with a schema or without, as in {@code
     *     shop."Total"}
     * @param arguments in order; variadic ones each by itself, those with a default may be left out at the end
     * @return this
     * @throws IllegalArgumentException if the name is not a name
     * @throws dev.howdah.error.ServerException if there is nothing of that name that takes such arguments, or it failed
     * @throws IllegalStateException if the cursor has been closed
     * @see <a href="https://www.postgresql.org/docs/current/sql-call.html">CALL</a>
     */
    public Cursor call(String name, @Nullable Object... arguments) {
        return call(Identifier.parse(name), arguments);
    }

    /** Calls a function or procedure; see {@link #call(String, Object...)}. */
    public Cursor call(Identifier name, @Nullable Object... arguments) {
        @Nullable Object[] given = Verbs.orNone(arguments);
        return call(running(() -> RoutineCall.positional(verbs(), name, given, lookUp(name))));
    }

    /**
     * Calls a function or procedure with named arguments; see {@link #call(String, Object...)}.
     *
     * @param named the arguments by the names of the parameters, as they are stored: case matters
     * @return this
     * @throws IllegalArgumentException if a name is not a name
     * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-calling-funcs.html#SQL-SYNTAX-CALLING-FUNCS-NAMED">
     *     Named notation</a>
     */
    public Cursor call(String name, Map<String, ?> named) {
        return call(Identifier.parse(name), named);
    }

    /** Calls a function or procedure with named arguments; see {@link #call(String, Map)}. */
    public Cursor call(Identifier name, Map<String, ?> named) {
        return call(running(() -> RoutineCall.named(verbs(), name, named, lookUp(name))));
    }

    private Cursor call(RoutineCall call) {
        return execute(call.sql(), call.parameters());
    }

    /** A transaction that has failed answers no questions; the call then says so. */
    private List<Routine> lookUp(Identifier name) {
        return connection().info().transactionStatus() == TransactionStatus.FAILED
                ? List.of()
                : Routine.find(verbs(), name);
    }

    /**
     * Returns what each statement of the last {@link #execute} yielded, in order; none if it failed.
     *
     * @return unmodifiable
     */
    public List<Result> results() {
        return results;
    }

    private Rows requireRows() {
        requireOpen();
        if (rows != null) {
            return rows;
        }
        if (failure != null) {
            throw new IllegalStateException(
                    "there is nothing to fetch, for the last statement failed: execute another one", failure);
        }
        if (queryText == null) {
            throw new IllegalStateException("there is nothing to fetch: execute a statement first");
        }
        throw new IllegalStateException("there is nothing to fetch: the last statement"
                + (statusMessage.isEmpty() ? "" : " (" + statusMessage + ")") + " returns no rows");
    }

    @Override
    public @Nullable Row fetchOne() {
        Rows all = requireRows();
        return place < all.size() ? all.get(place++) : null;
    }

    /** {@inheritDoc} They are part of the result that the cursor has, not copies. */
    @Override
    public Rows fetchMany(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("the number of rows to fetch is at least 0, not " + count);
        }
        Rows all = requireRows();
        int begin = place;
        place += Math.min(count, all.size() - place);
        return all.range(begin, place);
    }

    /** {@inheritDoc} They are part of the result that the cursor has, not copies. */
    @Override
    public Rows fetchAll() {
        Rows all = requireRows();
        int begin = place;
        place = all.size();
        return all.range(begin, place);
    }

    @Override
    boolean hasMore() {
        return place < requireRows().size();
    }

    /**
     * Moves to where the next row is fetched from; {@link #rowCount()} is behind the last row.
     *
     * @throws IndexOutOfBoundsException if there is no such place; the cursor stays where it is
     */
    @Override
    public void scroll(long value, ScrollMode mode) {
        int size = requireRows().size();
        long from = mode == ScrollMode.ABSOLUTE ? 0 : place;
        // Not the sum, which may overflow.
        if (value < -from || value > size - from) {
            throw new IndexOutOfBoundsException(
                    (mode == ScrollMode.ABSOLUTE ? "place " + value : value + " rows from place " + place)
                            + " is not within the result of " + size + " rows");
        }
        place = (int) (from + value);
    }

    /**
     * {@inheritDoc} Before the first statement, after one that failed, and after one that says nothing of rows, such as
     * CREATE TABLE, it is -1.
     */
    @Override
    public long rowCount() {
        return rowCount;
    }

    @Override
    public long rowNumber() {
        return rows == null ? -1 : place;
    }

    @Override
    public List<Column> columns() {
        return rows == null ? List.of() : rows.columns();
    }

    /** {@inheritDoc} Empty, too, after one that failed. */
    @Override
    public String statusMessage() {
        return statusMessage;
    }

    @Override
    public @Nullable String queryText() {
        return queryText;
    }

    /** Closes it. Its rows are gone; what {@link #rowCount()} and the like say stays. Does nothing if it is closed. */
    @Override
    public void close() {
        super.close();
        rows = null;
        results = List.of();
    }
}
