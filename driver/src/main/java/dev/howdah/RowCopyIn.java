package dev.howdah;

import dev.howdah.copy.CopyIn;
import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.session.CopyRowEncoder;
import dev.howdah.session.RowShape;
import dev.howdah.sql.AdaptedStatement;
import dev.howdah.sql.SqlContext;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Encodes rows and sends them a page at a time. */
final class RowCopyIn implements CopyIn {

    /** How many bytes are encoded before they are sent. */
    private static final int PAGE = 64 * 1024;

    private final CopyInTransfer transfer;
    private final RowShape shape;
    private final CopyRowEncoder encoder;
    private final SqlContext context;
    private final List<String> columns;
    private @Nullable RecordPlan<Object> plan;
    private @Nullable Class<?> planned;

    /** Gives rows one by one. */
    private interface Rows {
        /**
         * Returns the next one, or null at the end.
         *
         * @throws Exception if it fails
         */
        @Nullable
        Object next() throws Exception;
    }

    RowCopyIn(CopyInTransfer transfer, RowShape shape, CopyRowEncoder encoder, SqlContext context) {
        this.transfer = transfer;
        this.shape = shape;
        this.encoder = encoder;
        this.context = context;
        this.columns = Columns.names(shape);
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public long rows() {
        return encoder.rows();
    }

    @Override
    public void row(@Nullable Object... values) {
        transfer.requireOpen();
        try {
            encode(Verbs.orNone(values));
        } catch (RuntimeException | Error e) {
            transfer.end(e);
            throw e;
        }
        sendPage();
    }

    @Override
    public void add(Object row) {
        transfer.requireOpen();
        try {
            encode(values(row));
        } catch (RuntimeException | Error e) {
            transfer.end(e);
            throw e;
        }
        sendPage();
    }

    private void encode(@Nullable Object[] values) {
        @Nullable Object[] adapted;
        try {
            adapted = AdaptedStatement.values(values, context);
        } catch (RuntimeException e) {
            throw encoder.refusal(e);
        }
        encoder.add(adapted);
    }

    private @Nullable Object[] values(Object row) {
        if (row instanceof Record record) {
            RecordPlan<Object> known = plan;
            if (known == null || planned != record.getClass()) {
                known = planOf(record.getClass());
            }
            return known.values(shape, record);
        }
        if (row instanceof Object[] || row instanceof List<?>) {
            return Verbs.parametersOf(row);
        }
        throw new IllegalArgumentException("a row is a record, a List or an array of objects, not "
                + row.getClass().getName());
    }

    @SuppressWarnings("unchecked") // it is only given records of that class
    private RecordPlan<Object> planOf(Class<?> type) {
        RecordPlan<Object> made;
        try {
            made = (RecordPlan<Object>) RecordPlan.of(shape, type);
        } catch (ConversionException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException(
                    "a " + type.getTypeName() + " is no row of this COPY: " + reason.getMessage(), e);
        }
        plan = made;
        planned = type;
        return made;
    }

    private void sendPage() {
        if (encoder.size() >= PAGE) {
            send();
        }
    }

    private void send() {
        transfer.writeInPlace(encoder.array(), encoder.offset(), encoder.size());
        encoder.clear();
    }

    @Override
    public long from(Iterable<?> rows) {
        return from(rows.iterator());
    }

    @Override
    public long from(Stream<?> rows) {
        try (rows) {
            return from(rows.iterator());
        }
    }

    private long from(Iterator<?> rows) {
        return all(() -> rows.hasNext() ? Objects.requireNonNull(rows.next(), "a row") : null);
    }

    @Override
    public long from(Flow.Publisher<?> rows) {
        try (PublishedItems<Object> items = transfer.subscribe(rows)) {
            return all(items::next);
        }
    }

    private long all(Rows rows) {
        transfer.requireOpen();
        while (true) {
            Object row;
            try {
                row = rows.next();
            } catch (Exception | Error e) {
                throw transfer.failedHere("source", e, Delivery.REFUSED);
            }
            if (row == null) {
                return finish();
            }
            add(row);
        }
    }

    @Override
    public long finish() {
        transfer.requireOpen();
        encoder.end();
        if (encoder.size() > 0) {
            send();
        }
        return transfer.finish();
    }

    @Override
    public void close() {
        transfer.abandon("it was closed before it was finished");
    }

    /** Returns what it is; no value. */
    @Override
    public String toString() {
        return "CopyIn" + columns;
    }
}
