package dev.howdah.copy;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads rows by COPY, in the binary form, as they come: no more than a few hundred kilobytes of them are in memory at a time,
 * and a reader that is slow slows the server down. It has the connection until it ends: other threads wait, and this one
 * cannot run anything else on it meanwhile.
 *
 * <pre>{@code
 * try (CopyOut<Item> items = db.copyOut("item", Item.class)) {
 *     for (Item item : items) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>To be used by one thread at a time, and gone through once.
 *
 * @param <T> what each row becomes
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>
 */
public interface CopyOut<T> extends Iterable<T>, AutoCloseable {

    /** {@return the names of the columns} */
    List<String> columns();

    /** {@return how many rows have been read} */
    long rows();

    /**
     * Returns the rows, each as it is asked for. What goes wrong is thrown by the iterator; the connection is free then, as it
     * is at the end.
     *
     * @throws IllegalStateException if it has been called before, or the COPY has been closed
     */
    @Override
    Iterator<T> iterator();

    /** Returns the rows as a stream, which closes this when it is closed; see {@link #iterator()}. */
    Stream<T> stream();

    /**
     * Ends the COPY. If it has not been read to its end, the server is asked to stop and what it has sent is dropped; inside a
     * transaction that fails the transaction, as any statement that is cancelled does. Does nothing if it has ended.
     */
    @Override
    void close();
}
