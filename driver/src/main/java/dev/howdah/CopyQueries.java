package dev.howdah;

import dev.howdah.copy.CopyIn;
import dev.howdah.copy.CopyOut;
import dev.howdah.sql.Identifier;
import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlContext;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The verbs that copy data in bulk: as they are, in any format that the server knows, or as rows of Java values.
 *
 * <p>A raw COPY takes any COPY statement, with its options, from a table or a query, as one statement and nothing else. COPY has
 * no parameters on the server; values given for {@code $1, $2 ...} become literals where the text is code, never within a
 * string, a quoted name or a comment. The data are UTF-8 unless the statement says otherwise by ENCODING.
 *
 * <p>Whoever gives or takes the data runs on the calling thread, with no lock held, and may use other connections but not this
 * one, which the COPY has until its end. A source or sink that is slow slows the server down. What it throws is the cause of a
 * {@link dev.howdah.error.CopyFailedException}: the COPY is ended, of data to the server nothing is kept, and the connection
 * stays usable. A time limit counts for the whole COPY; it does not end a call of the source or the sink, but what follows it. The same
 * goes for {@link PgConnection#cancel()}. Leaving data from the server unread, by a failure, a timeout or a cancel, fails a
 * transaction that is open, as that of any statement does.
 *
 * <p>Notices that the server sends meanwhile are heard at once; notifications the server keeps until the COPY, and the
 * transaction, has ended.
 *
 * <p>Safe for several threads: each COPY waits for its turn.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>
 */
public interface CopyQueries {

    /** Returns what the text of composed SQL depends on. */
    SqlContext sqlContext();

    /**
     * Copies what a stream gives, to its end, to the server. The stream is not closed.
     *
     * @param sql such as {@code COPY item (id, name) FROM STDIN (FORMAT csv, HEADER)}
     * @param parameters values for {@code $1, $2 ...}; they become literals
     * @return how many rows were stored
     * @throws IllegalArgumentException if it is no COPY; nothing is sent
     * @throws dev.howdah.error.ServerException if the server refuses it or a row, which {@link
     *     dev.howdah.error.Diagnostics#context()} names; nothing is stored
     * @throws dev.howdah.error.CopyFailedException if the stream fails
     * @throws dev.howdah.error.UnexpectedCopyException if it copies the other way
     * @throws dev.howdah.error.QueryTimeoutException if the time was up; nothing is stored
     */
    long copyIn(String sql, InputStream source, @Nullable Object... parameters);

    /**
     * Copies what a channel gives, to its end, to the server. The channel is not closed.
     *
     * @throws IllegalArgumentException if the channel is not in blocking mode
     * @see #copyIn(String, InputStream, Object...)
     */
    long copyIn(String sql, ReadableByteChannel source, @Nullable Object... parameters);

    /** Copies a file of this machine to the server; see {@link #copyIn(String, InputStream, Object...)}. */
    long copyIn(String sql, Path source, @Nullable Object... parameters);

    /**
     * Copies what a publisher gives to the server. No more than a few buffers are asked for before they are sent, and each is read when it
     * is sent, so it must not change until then. Waits for the publisher as long as the time limit allows.
     *
     * @see #copyIn(String, InputStream, Object...)
     */
    long copyIn(String sql, Flow.Publisher<ByteBuffer> source, @Nullable Object... parameters);

    /** Copies to the server by a composed statement; see {@link #copyIn(String, InputStream, Object...)}. */
    default long copyIn(Sql sql, InputStream source, @Nullable Object... parameters) {
        return copyIn(sql.mogrify(sqlContext(), Verbs.orNone(parameters)), source);
    }

    /** Copies to the server by a composed statement; see {@link #copyIn(String, ReadableByteChannel, Object...)}. */
    default long copyIn(Sql sql, ReadableByteChannel source, @Nullable Object... parameters) {
        return copyIn(sql.mogrify(sqlContext(), Verbs.orNone(parameters)), source);
    }

    /** Copies to the server by a composed statement; see {@link #copyIn(String, Path, Object...)}. */
    default long copyIn(Sql sql, Path source, @Nullable Object... parameters) {
        return copyIn(sql.mogrify(sqlContext(), Verbs.orNone(parameters)), source);
    }

    /** Copies to the server by a composed statement; see {@link #copyIn(String, Flow.Publisher, Object...)}. */
    default long copyIn(Sql sql, Flow.Publisher<ByteBuffer> source, @Nullable Object... parameters) {
        return copyIn(sql.mogrify(sqlContext(), Verbs.orNone(parameters)), source);
    }

    /**
     * Begins to write rows of Java values into a table. The server says first what the types of the columns are.
     *
     * @param table its name as SQL reads it: {@code item}, {@code shop.item}, {@code "My Table"}
     * @param columns the names as they are stored; if there are none, all that are not computed, in their order
     * @throws dev.howdah.error.ServerException if there is no such table or column, or it may not be written to
     */
    default CopyIn copyIn(String table, String... columns) {
        return copyIn(Identifier.parse(table), columns);
    }

    /** Begins to write rows into a table whose name is given in parts; see {@link #copyIn(String, String...)}. */
    CopyIn copyIn(Identifier table, String... columns);

    /**
     * Copies data from the server into a stream. The stream is flushed and not closed.
     *
     * @param sql such as {@code COPY (SELECT * FROM item WHERE price > $1) TO STDOUT (FORMAT csv)}
     * @param parameters values for {@code $1, $2 ...}; they become literals
     * @return how many rows there were
     * @throws IllegalArgumentException if it is no COPY; nothing is sent
     * @throws dev.howdah.error.ServerException if the server refuses it, or fails in the middle: some data may have been given by then
     * @throws dev.howdah.error.CopyFailedException if the stream fails
     * @throws dev.howdah.error.UnexpectedCopyException if it copies the other way
     * @throws dev.howdah.error.QueryTimeoutException if the time was up
     */
    long copyOut(String sql, OutputStream sink, @Nullable Object... parameters);

    /**
     * Copies data from the server into a channel. The channel is not closed.
     *
     * @throws IllegalArgumentException if the channel is not in blocking mode
     * @see #copyOut(String, OutputStream, Object...)
     */
    long copyOut(String sql, WritableByteChannel sink, @Nullable Object... parameters);

    /**
     * Copies data from the server into a file of this machine, whose content is replaced once the server has begun. After a
     * failure it has what came until then.
     *
     * @see #copyOut(String, OutputStream, Object...)
     */
    long copyOut(String sql, Path sink, @Nullable Object... parameters);

    /** Copies from the server by a composed statement; see {@link #copyOut(String, OutputStream, Object...)}. */
    default long copyOut(Sql sql, OutputStream sink, @Nullable Object... parameters) {
        return copyOut(sql.mogrify(sqlContext(), Verbs.orNone(parameters)), sink);
    }

    /** Copies from the server by a composed statement; see {@link #copyOut(String, WritableByteChannel, Object...)}. */
    default long copyOut(Sql sql, WritableByteChannel sink, @Nullable Object... parameters) {
        return copyOut(sql.mogrify(sqlContext(), Verbs.orNone(parameters)), sink);
    }

    /** Copies from the server by a composed statement; see {@link #copyOut(String, Path, Object...)}. */
    default long copyOut(Sql sql, Path sink, @Nullable Object... parameters) {
        return copyOut(sql.mogrify(sqlContext(), Verbs.orNone(parameters)), sink);
    }

    /**
     * Returns the data of a COPY from the server for subscribers, each of which has it run for itself. Each buffer is its
     * subscriber's; it is a few hundred kilobytes long at most, unless a row is longer. What is not asked for is not read. A
     * subscriber that cancels ends the COPY.
     *
     * @see #copyOut(String, OutputStream, Object...)
     */
    Flow.Publisher<ByteBuffer> publishCopy(String sql, @Nullable Object... parameters);

    /** Returns the data of a composed COPY for subscribers; see {@link #publishCopy(String, Object...)}. */
    default Flow.Publisher<ByteBuffer> publishCopy(Sql sql, @Nullable Object... parameters) {
        return publishCopy(sql.mogrify(sqlContext(), Verbs.orNone(parameters)));
    }

    /**
     * Begins to read the rows of a table.
     *
     * @param table its name as SQL reads it: {@code item}, {@code shop.item}, {@code "My Table"}
     * @param columns the names as they are stored; if there are none, all
     * @throws dev.howdah.error.ServerException if there is no such table or column, or it may not be read
     */
    default CopyOut<Row> copyOut(String table, String... columns) {
        return copyOut(Identifier.parse(table), columns);
    }

    /** Begins to read the rows of a table whose name is given in parts; see {@link #copyOut(String, String...)}. */
    CopyOut<Row> copyOut(Identifier table, String... columns);

    /**
     * Begins to read the rows of a table as objects.
     *
     * @param type what each row becomes, as by {@link Row#as}
     * @see #copyOut(String, String...)
     */
    default <T> CopyOut<T> copyOut(String table, Class<T> type, String... columns) {
        return copyOut(Identifier.parse(table), type, columns);
    }

    /** Begins to read rows as objects; see {@link #copyOut(String, Class, String...)}. */
    <T> CopyOut<T> copyOut(Identifier table, Class<T> type, String... columns);

    /**
     * Begins to read the rows of a query by COPY.
     *
     * @param query one statement with a result set
     * @param parameters values for {@code $1, $2 ...}; they become literals
     * @throws IllegalArgumentException if it has no result set
     * @throws dev.howdah.error.ServerException if the server refuses it
     */
    CopyOut<Row> copyOutQuery(String query, @Nullable Object... parameters);

    /** Begins to read the rows of a query as objects; see {@link #copyOutQuery(String, Object...)} and {@link Row#as}. */
    <T> CopyOut<T> copyOutQuery(String query, Class<T> type, @Nullable Object... parameters);

    /** Begins to read the rows of a composed query; see {@link #copyOutQuery(String, Object...)}. */
    default CopyOut<Row> copyOutQuery(Sql query, @Nullable Object... parameters) {
        return copyOutQuery(query.mogrify(sqlContext(), Verbs.orNone(parameters)));
    }

    /** Begins to read the rows of a composed query as objects; see {@link #copyOutQuery(String, Class, Object...)}. */
    default <T> CopyOut<T> copyOutQuery(Sql query, Class<T> type, @Nullable Object... parameters) {
        return copyOutQuery(query.mogrify(sqlContext(), Verbs.orNone(parameters)), type);
    }
}
