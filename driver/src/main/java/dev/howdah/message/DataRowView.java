package dev.howdah.message;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Valid until the next message is taken from the framer: the values of one DataRow, in place. One view serves a whole
 * result. Not safe for several threads.
 */
public final class DataRowView {

    private static final byte[] NOTHING = new byte[0];

    private byte[] array = NOTHING;
    private int count;
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];

    /** Makes a view of a row without columns. */
    public DataRowView() {}

    /**
     * Aims at the body of a DataRow and checks all of it.
     *
     * @throws ProtocolException if the values do not fit the body; the view then has no columns
     */
    public DataRowView over(byte[] array, int bodyOffset, int bodyLength) {
        this.array = array;
        this.count = 0;
        int end = bodyOffset + bodyLength;
        int columns = bodyLength < Short.BYTES ? -1 : WireReader.int16At(array, bodyOffset) & 0xffff;
        if (columns < 0 || columns > (bodyLength - Short.BYTES) / Integer.BYTES) {
            throw new ProtocolException("DataRow has " + bodyLength + " bytes; too few for its columns");
        }
        if (columns > offsets.length) {
            offsets = new int[columns];
            lengths = new int[columns];
        }
        int at = bodyOffset + Short.BYTES;
        for (int i = 0; i < columns; i++) {
            if (end - at < Integer.BYTES) {
                throw new ProtocolException("DataRow ends before the length of column " + i);
            }
            int length = WireReader.int32At(array, at);
            at += Integer.BYTES;
            offsets[i] = at;
            lengths[i] = length;
            if (length > 0) {
                if (length > end - at) {
                    throw new ProtocolException("DataRow ends within column " + i);
                }
                at += length;
            } else if (length < -1) {
                throw new ProtocolException("DataRow has the length " + length + " for column " + i);
            }
        }
        if (at != end) {
            throw new ProtocolException("DataRow has " + (end - at) + " bytes too many");
        }
        this.count = columns;
        return this;
    }

    /** Returns how many columns the row has. */
    public int columnCount() {
        return count;
    }

    /** Returns the array that holds the values. */
    public byte[] array() {
        return array;
    }

    /** Returns whether a column, from 0, is SQL NULL. */
    public boolean isNull(int column) {
        return length(column) < 0;
    }

    /** Returns where in {@link #array()} the value of a column, from 0, begins. */
    public int offset(int column) {
        return offsets[Objects.checkIndex(column, count)];
    }

    /** Returns how many bytes the value of a column, from 0, has; -1 for SQL NULL. */
    public int length(int column) {
        return lengths[Objects.checkIndex(column, count)];
    }

    /** Returns a copy that lasts. */
    public DataRow toMessage() {
        List<@Nullable Bytes> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(isNull(i) ? null : Bytes.copyOf(array, offsets[i], lengths[i]));
        }
        return new DataRow(values);
    }
}
