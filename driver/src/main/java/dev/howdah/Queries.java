package dev.howdah;

import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlStatement;
import dev.howdah.type.TypeRef;
import dev.howdah.type.TypeRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of a connection: everything that runs SQL. Safe for several threads; operations queue up in order.
 *
 * <p>Parameters are {@code $1, $2 ...} and always bound on the server, never put into the text. The server says what type
 * each one has, and the Java value is encoded as that; null is SQL NULL.
 *
 * <p>Each verb also takes composed SQL, {@link Sql}, which may bring values along; those given with the call are for its
 * placeholders without a name, in their order. Beside what the verb throws it is refused with an {@link
 * IllegalArgumentException} if the pieces do not make a statement or the values are not those that it takes.
 *
 * <p>Every method throws a {@link dev.howdah.error.PgException}: a {@link dev.howdah.error.ServerException} if the server
 * refused the statement, a {@link dev.howdah.error.ConversionException} if a value does not fit, a {@link
 * dev.howdah.error.QueryTimeoutException} if the time was up, a {@link dev.howdah.error.InterruptedWaitException} if the
 * thread was interrupted, and a {@link dev.howdah.error.ConnectionLostException} or {@link
 * dev.howdah.error.ConnectionClosedException} if there is no connection any more. After the others the connection is
 * usable.
 */
public interface Queries extends CopyQueries {

    /**
     * Runs a query and returns all its rows. Results are binary from the first run.
     *
     * @param sql one statement
     * @param parameters the values for {@code $1, $2 ...}, at most 65,535
     * @throws IllegalArgumentException if their count is not what the statement takes
     */
    Rows query(String sql, @Nullable Object... parameters);

    /**
     * Runs a statement. Without parameters the text may be a script of several statements, sent in one round trip; they
     * are one transaction unless it says otherwise, and the last one's result is returned.
     *
     * @param sql one statement, or several if there are no parameters
     * @param parameters the values for {@code $1, $2 ...}
     */
    Result execute(String sql, @Nullable Object... parameters);

    /**
     * Runs a script of any number of statements in one round trip and returns the result of each. Values come as text, as
     * the session's settings print them.
     */
    List<Result> script(String sql);

    /**
     * Runs a query that has exactly one row.
     *
     * @throws dev.howdah.error.RowCountException if it has none or more than one
     */
    Row queryOne(String sql, @Nullable Object... parameters);

    /**
     * Runs a query that has exactly one row and returns that as a record.
     *
     * @throws dev.howdah.error.RowCountException if it has none or more than one
     * @see Rows#as(Class)
     */
    <T> T queryOne(String sql, Class<T> type, @Nullable Object... parameters);

    /**
     * Runs a query for one value: the first column of its only row.
     *
     * @return null if the value is SQL NULL or there is no row
     * @throws dev.howdah.error.RowCountException if there is more than one row
     */
    <T> @Nullable T queryValue(String sql, Class<T> type, @Nullable Object... parameters);

    /**
     * Runs a query for one value of a type with type arguments: the first column of its only row.
     *
     * @param type such as {@code new TypeRef<List<Item>>() {}}
     * @return null if the value is SQL NULL or there is no row, or an empty {@code Optional} if one was asked for
     * @throws dev.howdah.error.RowCountException if there is more than one row
     */
    default <T> @Nullable T queryValue(String sql, TypeRef<T> type, @Nullable Object... parameters) {
        return query(sql, parameters).onlyValue(type);
    }

    /**
     * Runs one statement with many sets of parameters, pipelined: nothing waits for the answer to the set before. Outside
     * a transaction all of it happens or nothing; inside one, a failure aborts the transaction, as that of any statement
     * does. The sets are asked for as they are sent, so a million of them need no memory of their own.
     *
     * @param sql one statement
     * @param parameterSets each a {@link java.util.List} or an array of objects
     * @throws dev.howdah.error.PgException whose {@code batchSet} is the index of the set that failed
     */
    BatchResult executeMany(String sql, Iterable<?> parameterSets);

    /**
     * Runs one statement with many sets of parameters in a way of the caller's choice; all of it happens or nothing, as with
     * {@link #executeMany(String, Iterable)}.
     *
     * @param sql one statement
     * @param parameterSets each a {@link java.util.List} or an array of objects
     * @param mode how the sets are sent
     * @throws IllegalArgumentException if the statement cannot be run so
     * @throws dev.howdah.error.PgException whose {@code batchFirst} and {@code batchLast} tell which set failed, as exactly
     *     as it is known
     */
    BatchResult executeMany(String sql, Iterable<?> parameterSets, BatchMode mode);

    /**
     * Runs one statement with many sets of parameters and hands over what each yields as it comes, so that a million rows
     * need no more memory than a page of them; all of it happens or nothing, as with {@link #executeMany(String, Iterable)}.
     *
     * @param sql one statement
     * @param parameterSets each a {@link java.util.List} or an array of objects
     * @param consumer takes the counts and rows; what it throws undoes the batch
     * @return how many rows were returned or affected in all
     */
    default long executeMany(String sql, Iterable<?> parameterSets, BatchConsumer consumer) {
        return executeMany(sql, parameterSets, BatchMode.PIPELINED, consumer);
    }

    /**
     * Runs one statement with many sets of parameters in a way of the caller's choice, and hands over what each yields as it
     * comes.
     *
     * @param sql one statement
     * @param parameterSets each a {@link java.util.List} or an array of objects
     * @param mode how the sets are sent
     * @param consumer takes the counts and rows; what it throws undoes the batch
     * @return how many rows were returned or affected in all
     * @throws IllegalArgumentException if the statement cannot be run so
     * @see #executeMany(String, Iterable, BatchConsumer)
     */
    long executeMany(String sql, Iterable<?> parameterSets, BatchMode mode, BatchConsumer consumer);

    /**
     * Runs a query and returns its rows as they are asked for, a page at a time, in constant memory. No transaction is
     * needed. The stream has to be closed; outside a transaction other statements on the connection wait until it is, and
     * one of the same thread is refused, for it would wait for ever.
     *
     * @param sql one statement
     * @param fetchSize how many rows a page has, at least 1
     * @param parameters the values for {@code $1, $2 ...}
     */
    Stream<Row> stream(String sql, int fetchSize, @Nullable Object... parameters);

    /**
     * Runs a query and returns its rows as objects as they are asked for, a page at a time, in constant memory.
     *
     * @param type what each row becomes, as {@link Rows#as(Class)} says
     * @see #stream(String, int, Object...)
     */
    default <T> Stream<T> stream(String sql, int fetchSize, Class<T> type, @Nullable Object... parameters) {
        return stream(sql, fetchSize, parameters).map(row -> row.as(type));
    }

    /**
     * Returns the rows of a query for subscribers. Each subscriber has it run for itself, on a virtual thread of its own,
     * from the first row that it asks for on. A page is fetched when the one before has been given away, so the
     * connection reads no faster than the subscriber takes, and at most one page is in memory.
     *
     * <p>Outside a transaction other statements on the connection wait from the first page until the last one has been
     * read or the subscription is cancelled. Who publishes or subscribes within a {@link Transaction} of his has the query
     * run in that, for as long as it lasts, and so may what a subscriber does with the connection when it is called; other
     * statements run between two pages. The time limit is that of each page.
     *
     * <p>What fails goes to {@code onError}, also the end of the connection while nothing is asked for. What a subscriber
     * throws is logged and cancels its subscription. A cancel gives the connection back; outside a transaction it ends the
     * statement that runs.
     *
     * @param sql one statement
     * @param fetchSize how many rows a page has, at least 1
     * @param parameters the values for {@code $1, $2 ...}; not to be changed later
     * @return a publisher that keeps the rules of Reactive Streams
     */
    Flow.Publisher<Row> publish(String sql, int fetchSize, @Nullable Object... parameters);

    /**
     * Returns the rows of a query as objects for subscribers.
     *
     * @param type what each row becomes, as {@link Row#as(Class)} says; a row that becomes null is an error
     * @see #publish(String, int, Object...)
     */
    <T> Flow.Publisher<T> publish(String sql, int fetchSize, Class<T> type, @Nullable Object... parameters);

    /**
     * Has the server parse and describe a statement, and keep it until the returned object is closed.
     *
     * @param sql one statement
     * @return runs with the time limit and the types of these verbs
     */
    PreparedQuery prepare(String sql);

    /**
     * Has the server parse and describe a statement under a name, by which the session's EXECUTE and DEALLOCATE know it,
     * too.
     *
     * @param sql one statement
     * @param name its name as it is, at most 63 bytes in UTF-8; case matters. Those that begin with {@code howdah_} are the
     *     driver's own
     * @throws dev.howdah.error.ServerException with 42P05 if the session has a statement of that name
     * @throws IllegalArgumentException if it cannot be a name
     */
    PreparedQuery prepare(String sql, String name);

    /**
     * Has the server parse and describe a composed statement. Values that it brings along are parameters of it and sent
     * with each run; those given with a run are for its placeholders without a name.
     *
     * @see #prepare(String)
     */
    PreparedQuery prepare(Sql sql);

    /** Has the server parse and describe a composed statement under a name; see {@link #prepare(String, String)}. */
    PreparedQuery prepare(Sql sql, String name);

    /**
     * Returns these verbs with a time limit for each call, waiting for its turn included. When it has passed the
     * statement is cancelled and the call throws a {@link dev.howdah.error.QueryTimeoutException}.
     *
     * @param timeout more than zero
     */
    Queries withTimeout(Duration timeout);

    /**
     * Returns the same connection with types of its own: its statements encode and decode with a scope within the
     * connection's, in which codecs, typecasters, adapters and a JSON mapper can be registered that hold here only. What the
     * server has prepared is shared.
     *
     * @param scope {@code types().child()} of the connection, or a registry within that
     * @return never null
     * @throws IllegalArgumentException if the scope is not within the connection's types
     */
    Queries withTypes(TypeRegistry scope);

    /** Runs a composed query and returns all its rows; see {@link #query(String, Object...)}. */
    default Rows query(Sql sql, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(sqlContext());
        return query(statement.text(), statement.parameters(Verbs.orNone(parameters)));
    }

    /** Runs a composed statement, or a script if it has no values; see {@link #execute(String, Object...)}. */
    default Result execute(Sql sql, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(sqlContext());
        return execute(statement.text(), statement.parameters(Verbs.orNone(parameters)));
    }

    /**
     * Runs a composed script; see {@link #script(String)}.
     *
     * @throws IllegalArgumentException if it has values that are not literals, for which a script has no place
     */
    default List<Result> script(Sql sql) {
        SqlStatement statement = sql.statement(sqlContext());
        if (statement.parameters().length > 0) {
            throw new IllegalArgumentException("a script has no parameters: give its values as literals");
        }
        return script(statement.text());
    }

    /** Runs a composed query that has exactly one row; see {@link #queryOne(String, Object...)}. */
    default Row queryOne(Sql sql, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(sqlContext());
        return queryOne(statement.text(), statement.parameters(Verbs.orNone(parameters)));
    }

    /** Runs a composed query for one record; see {@link #queryOne(String, Class, Object...)}. */
    default <T> T queryOne(Sql sql, Class<T> type, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(sqlContext());
        return queryOne(statement.text(), type, statement.parameters(Verbs.orNone(parameters)));
    }

    /** Runs a composed query for one value; see {@link #queryValue(String, Class, Object...)}. */
    default <T> @Nullable T queryValue(Sql sql, Class<T> type, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(sqlContext());
        return queryValue(statement.text(), type, statement.parameters(Verbs.orNone(parameters)));
    }

    /**
     * Runs one composed statement with many sets of parameters; see {@link #executeMany(String, Iterable)}. The values of
     * placeholders with names come from a Map or a record for each set.
     *
     * @param parameterSets each a {@link java.util.Collection} or an array of objects, or if the placeholders have names
     *     a {@link java.util.Map} or a record
     */
    default BatchResult executeMany(Sql sql, Iterable<?> parameterSets) {
        SqlStatement statement = sql.statement(sqlContext());
        return executeMany(statement.text(), statement.parameterSets(parameterSets));
    }

    /**
     * Runs one composed statement with many sets of parameters; see {@link #executeMany(String, Iterable, BatchMode)}.
     *
     * @param parameterSets as for {@link #executeMany(Sql, Iterable)}
     */
    default BatchResult executeMany(Sql sql, Iterable<?> parameterSets, BatchMode mode) {
        SqlStatement statement = sql.statement(sqlContext());
        return executeMany(statement.text(), statement.parameterSets(parameterSets), mode);
    }

    /**
     * Runs one composed statement with many sets of parameters and hands over what each yields; see {@link
     * #executeMany(String, Iterable, BatchConsumer)}.
     *
     * @param parameterSets as for {@link #executeMany(Sql, Iterable)}
     */
    default long executeMany(Sql sql, Iterable<?> parameterSets, BatchConsumer consumer) {
        return executeMany(sql, parameterSets, BatchMode.PIPELINED, consumer);
    }

    /**
     * Runs one composed statement with many sets of parameters and hands over what each yields; see {@link
     * #executeMany(String, Iterable, BatchMode, BatchConsumer)}.
     *
     * @param parameterSets as for {@link #executeMany(Sql, Iterable)}
     */
    default long executeMany(Sql sql, Iterable<?> parameterSets, BatchMode mode, BatchConsumer consumer) {
        SqlStatement statement = sql.statement(sqlContext());
        return executeMany(statement.text(), statement.parameterSets(parameterSets), mode, consumer);
    }

    /** Runs a composed query for one value; see {@link #queryValue(String, TypeRef, Object...)}. */
    default <T> @Nullable T queryValue(Sql sql, TypeRef<T> type, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(sqlContext());
        return queryValue(statement.text(), type, statement.parameters(Verbs.orNone(parameters)));
    }

    /** Runs a composed query and streams its rows as objects; see {@link #stream(String, int, Class, Object...)}. */
    default <T> Stream<T> stream(Sql sql, int fetchSize, Class<T> type, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(sqlContext());
        return stream(statement.text(), fetchSize, type, statement.parameters(Verbs.orNone(parameters)));
    }

    /** Returns the rows of a composed query for subscribers; see {@link #publish(String, int, Object...)}. */
    default Flow.Publisher<Row> publish(Sql sql, int fetchSize, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(sqlContext());
        return publish(statement.text(), fetchSize, statement.parameters(Verbs.orNone(parameters)));
    }

    /** Returns the rows of a composed query as objects; see {@link #publish(String, int, Class, Object...)}. */
    default <T> Flow.Publisher<T> publish(Sql sql, int fetchSize, Class<T> type, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(sqlContext());
        return publish(statement.text(), fetchSize, type, statement.parameters(Verbs.orNone(parameters)));
    }

    /** Runs a composed query and returns its rows as they are asked for; see {@link #stream(String, int, Object...)}. */
    default Stream<Row> stream(Sql sql, int fetchSize, @Nullable Object... parameters) {
        SqlStatement statement = sql.statement(sqlContext());
        return stream(statement.text(), fetchSize, statement.parameters(Verbs.orNone(parameters)));
    }
}
