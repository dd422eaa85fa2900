package dev.howdah;

import dev.howdah.copy.CopyIn;
import dev.howdah.copy.CopyOut;
import dev.howdah.error.CopyFailedException;
import dev.howdah.error.Delivery;
import dev.howdah.message.RowDescription;
import dev.howdah.session.CopyRowEncoder;
import dev.howdah.session.OwnStatement;
import dev.howdah.session.Preparation;
import dev.howdah.session.RowShape;
import dev.howdah.sql.Identifier;
import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The verbs of COPY over one set of verbs. */
final class Copying implements CopyQueries {

    private static final int PIECE = 64 * 1024;
    private static final @Nullable Object[] NO_PARAMETERS = {};

    /** The columns that COPY takes if none are named: those that are computed have no place in it. */
    private static final String COLUMNS = """
            SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a
            WHERE a.attrelid OPERATOR(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
                AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
                AND a.attgenerated OPERATOR(pg_catalog.=) ''
            ORDER BY a.attnum
            """;

    private final Verbs verbs;

    Copying(Verbs verbs) {
        this.verbs = verbs;
    }

    // Raw, to the server

    @Override
    public SqlContext sqlContext() {
        return verbs.sqlContext();
    }

    @Override
    public long copyIn(String sql, InputStream source, @Nullable Object... parameters) {
        Objects.requireNonNull(source, "source");
        byte[] piece = new byte[CopyInTransfer.ROOM + PIECE];
        return in(sql, parameters, () -> {
            int count = source.read(piece, CopyInTransfer.ROOM, PIECE);
            return count < 0 ? null : ByteBuffer.wrap(piece, CopyInTransfer.ROOM, count);
        });
    }

    @Override
    public long copyIn(String sql, ReadableByteChannel source, @Nullable Object... parameters) {
        requireBlocking(source);
        return in(sql, parameters, reading(source));
    }

    @Override
    public long copyIn(String sql, Path source, @Nullable Object... parameters) {
        try (FileChannel file = FileChannel.open(source, StandardOpenOption.READ)) {
            return in(sql, parameters, reading(file));
        } catch (IOException e) {
            throw new CopyFailedException("The source of the COPY failed: " + e, Delivery.NOT_SENT, e);
        }
    }

    @Override
    public long copyIn(String sql, Flow.Publisher<ByteBuffer> source, @Nullable Object... parameters) {
        Objects.requireNonNull(source, "source");
        CopyInTransfer transfer = begin(sql, parameters);
        try (PublishedItems<ByteBuffer> items = transfer.subscribe(source)) {
            return transfer.copy(items::next);
        } catch (RuntimeException | Error e) {
            transfer.end(e);
            throw e;
        }
    }

    /** Copies what a source puts behind the room of an array. */
    private long in(String sql, @Nullable Object[] parameters, CopyInTransfer.Source source) {
        return begin(sql, parameters).copyInPlace(source);
    }

    private CopyInTransfer begin(String sql, @Nullable Object[] parameters) {
        @Nullable Object[] given = Verbs.orNone(parameters);
        return CopyInTransfer.open(verbs.core(), verbs.limits(), text(sql, given), sql, given);
    }

    private static CopyInTransfer.Source reading(ReadableByteChannel channel) {
        ByteBuffer piece = ByteBuffer.allocate(CopyInTransfer.ROOM + PIECE);
        return () -> {
            int count = channel.read(piece.clear().position(CopyInTransfer.ROOM));
            return count < 0 ? null : piece.flip().position(CopyInTransfer.ROOM);
        };
    }

    private static void requireBlocking(Channel channel) {
        if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
            throw new IllegalArgumentException("the channel has to be in blocking mode");
        }
    }

    /** Nothing is bound in a COPY: values become literals, where they are code. */
    private String text(String sql, @Nullable Object[] parameters) {
        return parameters.length == 0 ? sql : Sql.mogrify(sql, verbs.sqlContext(), parameters);
    }

    // Raw, from the server

    @Override
    public long copyOut(String sql, OutputStream sink, @Nullable Object... parameters) {
        Objects.requireNonNull(sink, "sink");
        CopyOutTransfer transfer = beginOut(sql, parameters);
        long rows = transfer.copy((bytes, length) -> sink.write(bytes, 0, length));
        try {
            sink.flush();
        } catch (IOException e) {
            throw new CopyFailedException("The sink of the COPY failed: " + e, Delivery.COMPLETED, e);
        }
        return rows;
    }

    @Override
    public long copyOut(String sql, WritableByteChannel sink, @Nullable Object... parameters) {
        requireBlocking(sink);
        return beginOut(sql, parameters).copy((bytes, length) -> writeFully(sink, ByteBuffer.wrap(bytes, 0, length)));
    }

    private static void writeFully(WritableByteChannel sink, ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            sink.write(piece);
        }
    }

    @Override
    public long copyOut(String sql, Path sink, @Nullable Object... parameters) {
        Objects.requireNonNull(sink, "sink");
        CopyOutTransfer transfer = beginOut(sql, parameters);
        // Only now, so that a COPY that is refused leaves the file as it is.
        try (FileChannel file = FileChannel.open(
                sink, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            return transfer.copy((bytes, length) -> writeFully(file, ByteBuffer.wrap(bytes, 0, length)));
        } catch (IOException e) {
            throw transfer.failedHere("sink", e, Delivery.COMPLETED);
        } catch (RuntimeException e) {
            transfer.end(e);
            throw e;
        }
    }

    private CopyOutTransfer beginOut(String sql, @Nullable Object[] parameters) {
        @Nullable Object[] given = Verbs.orNone(parameters);
        return CopyOutTransfer.open(verbs.core(), verbs.limits(), text(sql, given), sql, given);
    }

    @Override
    public Flow.Publisher<ByteBuffer> publishCopy(String sql, @Nullable Object... parameters) {
        Core core = verbs.core();
        @Nullable Object[] given = Verbs.orNone(parameters).clone();
        String text = text(sql, given);
        return new RowPublisher<ByteBuffer, ByteBuffer>(
                core,
                verbs.limits(),
                (limits, shared) -> CopyChunks.open(core, limits, text, sql, given, shared),
                piece -> piece);
    }

    // Rows

    @Override
    public CopyIn copyIn(Identifier table, String... columns) {
        String name = table.quoted();
        List<String> names = columns.length > 0 ? List.of(columns) : columnsOf(name);
        String list = quoted(names);
        RowShape shape = describe("SELECT " + list + " FROM " + name);
        CopyRowEncoder encoder = new CopyRowEncoder(shape);
        String sql = "COPY " + name + " (" + list + ") FROM STDIN" + (encoder.binary() ? " (FORMAT binary)" : "");
        CopyInTransfer transfer = CopyInTransfer.open(verbs.core(), verbs.limits(), sql, sql, NO_PARAMETERS);
        return new RowCopyIn(transfer, shape, encoder, verbs.sqlContext());
    }

    private List<String> columnsOf(String table) {
        List<String> names = new ArrayList<>();
        for (Row row : verbs.own(COLUMNS, table)) {
            names.add(Objects.requireNonNull(row.getString(0)));
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("the table " + table + " has no column that COPY could take");
        }
        return names;
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> Identifier.of(name).quoted()).collect(Collectors.joining(", "));
    }

    @Override
    public CopyOut<Row> copyOut(Identifier table, String... columns) {
        return fromTable(table, columns, row -> row);
    }

    @Override
    public <T> CopyOut<T> copyOut(Identifier table, Class<T> type, String... columns) {
        return fromTable(table, columns, row -> row.as(type));
    }

    private <T> CopyOut<T> fromTable(Identifier table, String[] columns, Function<Row, T> mapping) {
        String list = columns.length > 0 ? quoted(List.of(columns)) : "*";
        return fromQuery("SELECT " + list + " FROM " + table.quoted(), NO_PARAMETERS, mapping);
    }

    @Override
    public CopyOut<Row> copyOutQuery(String query, @Nullable Object... parameters) {
        return fromQuery(query, Verbs.orNone(parameters), row -> row);
    }

    @Override
    public <T> CopyOut<T> copyOutQuery(String query, Class<T> type, @Nullable Object... parameters) {
        return fromQuery(query, Verbs.orNone(parameters), row -> row.as(type));
    }

    private <T> CopyOut<T> fromQuery(String query, @Nullable Object[] parameters, Function<Row, T> mapping) {
        String text = withoutEnd(text(query, parameters));
        RowShape described = describe(text);
        List<RowDescription.Field> fields = new ArrayList<>();
        boolean allBinary = true;
        for (int i = 0; i < described.size(); i++) {
            boolean binary = described.binary(i);
            fields.add(described.field(i).withFormat(binary ? 1 : 0));
            allBinary &= binary;
        }
        String source = allBinary
                ? text
                : "SELECT " + casts(described) + " FROM (" + text + "\n) AS q (" + names(described) + ")";
        String sql = "COPY (" + source + "\n) TO STDOUT (FORMAT binary)";
        CopyOutTransfer transfer = CopyOutTransfer.open(verbs.core(), verbs.limits(), sql, query, parameters);
        return new RowCopyOut<>(transfer, RowShape.ofResult(fields, described.types()), mapping);
    }

    /** The query is going to stand within another statement. */
    private static String withoutEnd(String query) {
        String text = query.stripTrailing();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).stripTrailing();
        }
        return text;
    }

    /** What has no binary form here comes as the text that it is written as. */
    private static String casts(RowShape shape) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < shape.size(); i++) {
            list.append(i == 0 ? "q.c" : ", q.c").append(i).append(shape.binary(i) ? "" : "::pg_catalog.text");
        }
        return list.toString();
    }

    private static String names(RowShape shape) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < shape.size(); i++) {
            list.append(i == 0 ? "c" : ", c").append(i);
        }
        return list.toString();
    }

    /** Asks what the columns of a query are, without running it. */
    private RowShape describe(String query) {
        Core core = verbs.core();
        Preparation preparation = new Preparation(core.session(), core.statements(), query, null);
        try {
            OwnStatement statement = core.runOwn(preparation, verbs.limits());
            RowShape shape = statement.current().shape(verbs.sqlContext().types());
            if (shape == null) {
                throw new IllegalArgumentException("COPY takes a query that has a result set");
            }
            return shape;
        } finally {
            OwnStatement prepared = preparation.prepared();
            if (prepared != null) {
                prepared.close();
            }
        }
    }
}
