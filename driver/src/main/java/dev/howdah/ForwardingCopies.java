package dev.howdah;

import dev.howdah.copy.CopyIn;
import dev.howdah.copy.CopyOut;
import dev.howdah.sql.Identifier;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The verbs of COPY, passed on to what runs them. */
abstract class ForwardingCopies implements CopyQueries {

    /** Only what runs queries is made of this. */
    ForwardingCopies() {}

    /** Returns what runs them. */
    abstract CopyQueries copying();

    @Override
    public long copyIn(String sql, InputStream source, @Nullable Object... parameters) {
        return copying().copyIn(sql, source, parameters);
    }

    @Override
    public long copyIn(String sql, ReadableByteChannel source, @Nullable Object... parameters) {
        return copying().copyIn(sql, source, parameters);
    }

    @Override
    public long copyIn(String sql, Path source, @Nullable Object... parameters) {
        return copying().copyIn(sql, source, parameters);
    }

    @Override
    public long copyIn(String sql, Flow.Publisher<ByteBuffer> source, @Nullable Object... parameters) {
        return copying().copyIn(sql, source, parameters);
    }

    @Override
    public CopyIn copyIn(Identifier table, String... columns) {
        return copying().copyIn(table, columns);
    }

    @Override
    public long copyOut(String sql, OutputStream sink, @Nullable Object... parameters) {
        return copying().copyOut(sql, sink, parameters);
    }

    @Override
    public long copyOut(String sql, WritableByteChannel sink, @Nullable Object... parameters) {
        return copying().copyOut(sql, sink, parameters);
    }

    @Override
    public long copyOut(String sql, Path sink, @Nullable Object... parameters) {
        return copying().copyOut(sql, sink, parameters);
    }

    @Override
    public Flow.Publisher<ByteBuffer> publishCopy(String sql, @Nullable Object... parameters) {
        return copying().publishCopy(sql, parameters);
    }

    @Override
    public CopyOut<Row> copyOut(Identifier table, String... columns) {
        return copying().copyOut(table, columns);
    }

    @Override
    public <T> CopyOut<T> copyOut(Identifier table, Class<T> type, String... columns) {
        return copying().copyOut(table, type, columns);
    }

    @Override
    public CopyOut<Row> copyOutQuery(String query, @Nullable Object... parameters) {
        return copying().copyOutQuery(query, parameters);
    }

    @Override
    public <T> CopyOut<T> copyOutQuery(String query, Class<T> type, @Nullable Object... parameters) {
        return copying().copyOutQuery(query, type, parameters);
    }
}
