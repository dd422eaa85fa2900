package dev.howdah;

import dev.howdah.copy.CopyOut;
import dev.howdah.error.ProtocolException;
import dev.howdah.session.RowShape;
import dev.howdah.wire.WireReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what COPY sends in the binary format into rows, which share its bytes.
 *
 * @param <T> what each row becomes
 */
final class RowCopyOut<T> implements CopyOut<T> {

    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEADER_LENGTH = SIGNATURE.length + 2 * Integer.BYTES;
    /** The flags that must not be passed over; of the others nothing is to be known. */
    private static final int CRITICAL_FLAGS = 0xffff_0000;

    private static final int TRAILER = 0xffff;
    /** No row is longer, for no value is. */
    private static final int LONGEST_ROW = 0x4000_0000;

    private static final byte[] NOTHING = {};

    private final CopyOutTransfer transfer;
    private final RowShape shape;
    private final Function<Row, T> mapping;
    private final List<String> columns;
    private byte[] bytes = NOTHING;
    private int at;
    private int end;
    private boolean begun;
    private boolean trailed;
    private boolean complete;
    private boolean iterated;
    private long rows;

    RowCopyOut(CopyOutTransfer transfer, RowShape shape, Function<Row, T> mapping) {
        this.transfer = transfer;
        this.shape = shape;
        this.mapping = mapping;
        this.columns = Columns.names(shape);
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public Iterator<T> iterator() {
        if (iterated) {
            throw new IllegalStateException("the rows of a COPY can be gone through once");
        }
        iterated = true;
        transfer.requireOpen();
        return new Rows();
    }

    private final class Rows implements Iterator<T> {
        private @Nullable Row next;
        private boolean over;

        @Override
        public boolean hasNext() {
            if (next == null && !over) {
                next = read();
                over = next == null;
            }
            return next != null;
        }

        @Override
        public T next() {
            Row row = hasNext() ? next : null;
            if (row == null) {
                throw new NoSuchElementException("there are no more rows");
            }
            next = null;
            rows++;
            return mapping.apply(row);
        }
    }

    @Override
    public Stream<T> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .onClose(this::close);
    }

    private @Nullable Row read() {
        try {
            return readRow();
        } catch (ProtocolException e) {
            transfer.end(e);
            throw e;
        }
    }

    private @Nullable Row readRow() {
        while (!begun) {
            if (!readHeader() && !more()) {
                throw new ProtocolException("the server sent a COPY that has no header");
            }
        }
        while (!trailed) {
            int length = rowLength();
            if (length > 0) {
                Row row = new Row(shape, bytes, at);
                at += length;
                return row;
            }
            if (!trailed && !more()) {
                throw new ProtocolException("the server sent a COPY that ends in the middle");
            }
        }
        if (at < end || more()) {
            throw new ProtocolException("the server sent data behind the end of a COPY");
        }
        return null;
    }

    private boolean readHeader() {
        if (end - at < HEADER_LENGTH) {
            return false;
        }
        if (!Arrays.equals(bytes, at, at + SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw new ProtocolException("the server sent a COPY without the signature of the binary format");
        }
        int flags = WireReader.int32At(bytes, at + SIGNATURE.length);
        if ((flags & CRITICAL_FLAGS) != 0) {
            throw new ProtocolException("the server sent a COPY with unknown flags: 0x" + Integer.toHexString(flags));
        }
        int extension = WireReader.int32At(bytes, at + SIGNATURE.length + Integer.BYTES);
        if (extension < 0 || extension > LONGEST_ROW) {
            throw new ProtocolException("the server sent a COPY with a header of " + extension + " bytes");
        }
        if (end - at - HEADER_LENGTH < extension) {
            return false;
        }
        at += HEADER_LENGTH + extension;
        begun = true;
        return true;
    }

    /** Returns how long the row here is, or 0 if it has not come whole or there is none. */
    private int rowLength() {
        if (end - at < Short.BYTES) {
            return 0;
        }
        int count = WireReader.int16At(bytes, at) & 0xffff;
        if (count == TRAILER) {
            trailed = true;
            at += Short.BYTES;
            return 0;
        }
        if (count != shape.size()) {
            throw new ProtocolException("the server sent a row of " + count + " columns in a COPY of " + shape.size());
        }
        long here = at + (long) Short.BYTES;
        for (int i = 0; i < count; i++) {
            if (end - here < Integer.BYTES) {
                return incomplete(here);
            }
            int length = WireReader.int32At(bytes, (int) here);
            if (length < -1) {
                throw new ProtocolException("the server sent a value of " + length + " bytes in a COPY");
            }
            here += (long) Integer.BYTES + Math.max(0, length);
        }
        return here > end ? incomplete(here) : (int) (here - at);
    }

    private int incomplete(long until) {
        if (until - at > LONGEST_ROW) {
            throw new ProtocolException("the server sent a row of more than " + LONGEST_ROW + " bytes in a COPY");
        }
        return 0;
    }

    /** Waits for more; returns false at the end. What is left of a row stays in front of it. */
    private boolean more() {
        if (complete) {
            return false;
        }
        int length = transfer.next(NOTHING);
        if (length < 0) {
            complete = true;
            return false;
        }
        int left = end - at;
        byte[] piece = transfer.bytes();
        if (left > 0) {
            byte[] joined = new byte[left + length];
            System.arraycopy(bytes, at, joined, 0, left);
            System.arraycopy(piece, 0, joined, left, length);
            piece = joined;
        }
        bytes = piece;
        at = 0;
        end = left + length;
        return true;
    }

    @Override
    public void close() {
        transfer.abandon("it was closed before its end");
    }

    /** Returns what it is; no value. */
    @Override
    public String toString() {
        return "CopyOut" + columns;
    }
}
