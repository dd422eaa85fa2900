package dev.howdah.session;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.type.ParameterEncoder;
import dev.howdah.type.TextFormRequired;
import dev.howdah.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as COPY takes them: in the binary format if each column has a binary form, else in the text format.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9">File formats</a>
 */
public final class CopyRowEncoder {

    /** The signature, no flags, and a header extension of no length. */
    private static final byte[] HEADER = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private static final byte[] ROOM = new byte[CopyInExchange.HEADER];
    private static final int TRAILER = -1;
    private static final int KEPT = 128 * 1024;

    private final RowShape columns;
    private final ParameterEncoder[] encoders;
    private final boolean binary;
    private final WireWriter out = new WireWriter(8 * 1024);
    private final WireValueWriter values = new WireValueWriter(out);
    private long rows;

    /**
     * Makes one.
     *
     * @param columns the columns that are written
     */
    public CopyRowEncoder(RowShape columns) {
        this.columns = columns;
        this.encoders = new ParameterEncoder[columns.size()];
        boolean all = true;
        for (int i = 0; i < encoders.length; i++) {
            encoders[i] = columns.types().encoder(columns.field(i).typeOid());
            all &= encoders[i].binary();
        }
        this.binary = all;
        out.bytes(ROOM);
        if (binary) {
            out.bytes(HEADER);
        }
    }

    /** Returns whether it is the binary format. */
    public boolean binary() {
        return binary;
    }

    /** Returns how many rows have been added. */
    public long rows() {
        return rows;
    }

    /** Returns how many bytes wait to be taken from {@link #array()}. */
    public int size() {
        return out.position() - ROOM.length;
    }

    /** Returns the array that has them, from {@link #offset()} on. */
    public byte[] array() {
        return out.array();
    }

    /** Returns where they begin: there is room for a message's header before. */
    public int offset() {
        return ROOM.length;
    }

    /** Says that they have been taken. */
    public void clear() {
        out.clear(KEPT);
        out.bytes(ROOM);
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if the count of values is not that of the columns
     * @throws ConversionException if a value does not fit its column; row and column are named, the value is not
     */
    public void add(@Nullable Object[] row) {
        if (row.length != encoders.length) {
            throw new IllegalArgumentException("Row " + rows + " of the COPY (counted from 0) has " + row.length
                    + (row.length == 1 ? " value" : " values") + " for " + encoders.length
                    + (encoders.length == 1 ? " column" : " columns"));
        }
        if (binary) {
            addBinary(row);
        } else {
            addText(row);
        }
        rows++;
    }

    /** Adds what comes behind the last row. */
    public void end() {
        if (binary) {
            out.int16(TRAILER);
        }
    }

    private void addBinary(@Nullable Object[] row) {
        out.int16(row.length);
        for (int i = 0; i < row.length; i++) {
            Object value = row[i];
            if (value == null) {
                out.nullValue();
                continue;
            }
            int mark = out.beginValue();
            try {
                encoders[i].encode(value, values);
            } catch (RuntimeException e) {
                throw refusal(i, value, e);
            }
            out.endValue(mark);
        }
    }

    private void addText(@Nullable Object[] row) {
        for (int i = 0; i < row.length; i++) {
            if (i > 0) {
                out.int8('\t');
            }
            Object value = row[i];
            if (value == null) {
                out.int8('\\').int8('N');
                continue;
            }
            int start = out.position();
            try {
                encoders[i].text(value, values);
            } catch (RuntimeException e) {
                throw refusal(i, value, e);
            }
            escape(start);
        }
        out.int8('\n');
    }

    /** Puts a backslash before whatever would not be read as itself. */
    private void escape(int start) {
        int end = out.position();
        int special = 0;
        byte[] bytes = out.array();
        for (int i = start; i < end; i++) {
            if (isSpecial(bytes[i])) {
                special++;
            }
        }
        if (special == 0) {
            return;
        }
        byte[] plain = new byte[end - start];
        System.arraycopy(bytes, start, plain, 0, plain.length);
        out.truncate(start);
        for (byte one : plain) {
            if (isSpecial(one)) {
                out.int8('\\').int8(escaped(one));
            } else {
                out.int8(one);
            }
        }
    }

    private static boolean isSpecial(byte one) {
        return one == '\\' || one == '\t' || one == '\n' || one == '\r';
    }

    private static int escaped(byte one) {
        return switch (one) {
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\r' -> 'r';
            default -> one;
        };
    }

    private ConversionException refusal(int column, Object value, RuntimeException reason) {
        String why = reason instanceof TextFormRequired
                ? "the value of class " + value.getClass().getTypeName()
                        + " has a part in the text form, which the binary format of COPY cannot hold"
                : String.valueOf(reason.getMessage());
        return new ConversionException(
                "Row " + rows + " of the COPY (counted from 0), column "
                        + columns.field(column).name() + ": " + why,
                Delivery.REFUSED,
                reason);
    }

    /** Returns what is thrown for a row whose values could not be made. */
    public ConversionException refusal(RuntimeException reason) {
        return new ConversionException(
                "Row " + rows + " of the COPY (counted from 0): " + reason.getMessage(), Delivery.REFUSED, reason);
    }
}
