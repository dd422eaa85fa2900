package dev.howdah.copy;

import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of Java values into a table by COPY. It has the connection until it ends: other threads wait, and this one
 * cannot run anything else on it meanwhile.
 *
 * <pre>{@code
 * try (CopyIn copy = db.copyIn("item", "id", "name", "price")) {
 *     copy.row(1, "pen", new BigDecimal("1.20"));
 *     copy.row(2, "ink", null);
 *     copy.finish();
 * }
 * }</pre>
 *
 * <p>All rows are stored or none: nothing is kept of what was written if {@link #finish()} is not reached, and after any
 * failure. A value that does not fit its column is refused with the row and the column named; the connection stays usable.
 * Outside a transaction COPY is one by itself; inside one, a failure fails it as that of any statement does.
 *
 * <p>Values go in the binary form, or all as text if the type of a column has none here.
 *
 * <p>To be used by one thread at a time.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>
 */
public interface CopyIn extends AutoCloseable {

    /** {@return the names of the columns, in the order in which a row has its values} */
    List<String> columns();

    /** {@return how many rows have been written} */
    long rows();

    /**
     * Writes one row. It may be sent now or later.
     *
     * @param values one for each column; null is NULL
     * @throws IllegalArgumentException if the count of values is not that of the columns; the COPY has ended
     * @throws dev.howdah.error.ConversionException if a value does not fit its column, which is named, as is the row, counted
     *     from 0; the COPY has ended
     * @throws dev.howdah.error.PgException if the server has refused an earlier row, or the time is up; the COPY has ended
     * @throws IllegalStateException if the COPY has ended
     */
    void row(@Nullable Object... values);

    /**
     * Writes one row.
     *
     * @param row a record, whose components stand for the columns of their names as when rows are read into records; or a list
     *     or an array with one value for each column
     * @throws IllegalArgumentException if it is anything else, or the record has a component without a column or lacks one for
     *     a column; the COPY has ended
     * @see #row(Object...)
     */
    void add(Object row);

    /**
     * Writes all rows and finishes.
     *
     * @param rows what {@link #add} takes; asked for as fast as the server takes them
     * @return how many rows were stored
     * @throws dev.howdah.error.CopyFailedException if it fails; its exception is the cause, and nothing is stored
     * @see #row(Object...)
     */
    long from(Iterable<?> rows);

    /** Writes all rows and finishes; the stream is closed. See {@link #from(Iterable)}. */
    long from(Stream<?> rows);

    /**
     * Writes all rows that a publisher gives and finishes. No more than a few are asked for before they are written. Waits for
     * the publisher as long as the time limit allows.
     *
     * @see #from(Iterable)
     */
    long from(Flow.Publisher<?> rows);

    /**
     * Sends what has not been sent, and has the server store all rows.
     *
     * @return how many rows were stored; fewer than were written if there is a WHERE or a trigger dropped some
     * @throws dev.howdah.error.PgException if the server refuses; nothing is stored
     * @throws IllegalStateException if the COPY has ended
     */
    long finish();

    /** Ends the COPY; if it has not been finished nothing is stored. Does nothing if it has ended. */
    @Override
    void close();
}
