package dev.howdah;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of {@link CopyQueries} for those who do not wait. Streams and files are read and written on the connection's own
 * thread, which a slow one keeps from other operations. Composed statements, and rows one by one, go through {@link
 * AsyncConnection#run}.
 */
public interface AsyncCopyQueries {

    /** Copies what a stream gives to the server; see {@link CopyQueries#copyIn(String, InputStream, Object...)}. */
    CompletableFuture<Long> copyIn(String sql, InputStream source, @Nullable Object... parameters);

    /** Copies a file to the server; see {@link CopyQueries#copyIn(String, Path, Object...)}. */
    CompletableFuture<Long> copyIn(String sql, Path source, @Nullable Object... parameters);

    /** Copies what a publisher gives to the server; see {@link CopyQueries#copyIn(String, Flow.Publisher, Object...)}. */
    CompletableFuture<Long> copyIn(String sql, Flow.Publisher<ByteBuffer> source, @Nullable Object... parameters);

    /**
     * Writes rows of Java values into a table; see {@link CopyQueries#copyIn(String, String...)} and {@link
     * dev.howdah.copy.CopyIn#from(Iterable)}.
     *
     * @param columns all that are not computed if there are none
     */
    CompletableFuture<Long> copyIn(String table, List<String> columns, Iterable<?> rows);

    /** Writes the rows that a publisher gives into a table; see {@link #copyIn(String, List, Iterable)}. */
    CompletableFuture<Long> copyIn(String table, List<String> columns, Flow.Publisher<?> rows);

    /** Copies from the server into a stream; see {@link CopyQueries#copyOut(String, OutputStream, Object...)}. */
    CompletableFuture<Long> copyOut(String sql, OutputStream sink, @Nullable Object... parameters);

    /** Copies from the server into a file; see {@link CopyQueries#copyOut(String, Path, Object...)}. */
    CompletableFuture<Long> copyOut(String sql, Path sink, @Nullable Object... parameters);

    /**
     * Returns the data of a COPY for subscribers; see {@link CopyQueries#publishCopy(String, Object...)}. As with {@link
     * AsyncQueries#publish}, each subscriber's COPY takes its place in the order of the operations with the first buffer
     * that it asks for, and no other operation begins until it has ended.
     */
    Flow.Publisher<ByteBuffer> publishCopy(String sql, @Nullable Object... parameters);
}
