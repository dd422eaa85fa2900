package dev.howdah.session;

import dev.howdah.error.ConversionException;
import dev.howdah.type.ParameterEncoder;
import dev.howdah.type.PgType;
import dev.howdah.type.TextFormRequired;
import dev.howdah.type.TypeRegistry;
import dev.howdah.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * The values of several sets, column by column, encoded as they are added: what is bound as one array for each parameter.
 * No Java array is made of them.
 *
 * @see <a href="https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO">Array input and output syntax</a>
 */
final class ColumnPage {

    private static final int TEXT = 0;
    private static final int BINARY = 1;
    /** The dimensions, whether there are nulls, the type of the elements, their count and the index of the first. */
    private static final int HEADER = 5 * Integer.BYTES;

    private final Column[] columns;
    private final WireWriter scratch = new WireWriter(64);
    private final WireValueWriter scratchValues = new WireValueWriter(scratch);
    private final int maxSets;
    private final int maxBytes;
    private int sets;

    /** One parameter: the elements of its array, one behind the other, in the form in which they are sent. */
    private static final class Column {
        private final ParameterEncoder encoder;
        private final int elementOid;
        private final char delimiter;
        private final WireWriter elements = new WireWriter(1024);
        private final WireValueWriter values = new WireValueWriter(elements);
        private boolean text;
        private boolean textNext;
        private boolean nulls;
        private int mark;

        Column(ParameterEncoder encoder, int elementOid, char delimiter) {
            this.encoder = encoder;
            this.elementOid = elementOid;
            this.delimiter = delimiter;
            this.text = !encoder.binary();
        }
    }

    /**
     * Makes an empty page.
     *
     * @param elementOids the OIDs of the types of the arrays' elements
     * @param maxSets how many sets it takes
     * @param maxBytes after how many bytes it takes no more
     */
    ColumnPage(int[] elementOids, TypeRegistry types, int maxSets, int maxBytes) {
        this.maxSets = maxSets;
        this.maxBytes = maxBytes;
        this.columns = new Column[elementOids.length];
        for (int i = 0; i < columns.length; i++) {
            PgType type = types.type(elementOids[i]);
            columns[i] =
                    new Column(types.encoder(elementOids[i]), elementOids[i], type == null ? ',' : type.delimiter());
        }
    }

    /** Returns how many sets there are. */
    int sets() {
        return sets;
    }

    /** Returns whether it takes no more. */
    boolean isFull() {
        return sets >= maxSets || bytes() >= maxBytes;
    }

    private int bytes() {
        int bytes = 0;
        for (Column column : columns) {
            bytes += column.elements.position();
        }
        return bytes;
    }

    /**
     * Adds a set. If it is refused, nothing of it stays.
     *
     * @return false if what there is has to be sent before: a value has no binary form, so its column goes as text from now
     *     on
     * @throws IllegalArgumentException if the count of values is another
     * @throws ConversionException if a value cannot be sent as its parameter's type
     */
    boolean add(@Nullable Object[] values) {
        BindEncoder.checkCount(columns.length, values.length);
        for (Column column : columns) {
            column.mark = column.elements.position();
        }
        int at = 0;
        boolean complete = false;
        try {
            for (; at < columns.length; at++) {
                add(columns[at], values[at], at);
            }
            complete = true;
        } catch (TextFormRequired e) {
            columns[at].textNext = true;
            columns[at].text |= sets == 0;
        } finally {
            if (!complete) {
                for (Column column : columns) {
                    column.elements.truncate(column.mark);
                }
            }
        }
        if (complete) {
            sets++;
        } else if (sets == 0) {
            return add(values);
        }
        return complete;
    }

    private void add(Column column, @Nullable Object value, int index) {
        if (column.text) {
            addText(column, value, index);
        } else if (value == null) {
            column.elements.nullValue();
            column.nulls = true;
        } else {
            int mark = column.elements.beginValue();
            try {
                column.encoder.encode(value, column.values);
            } catch (TextFormRequired e) {
                throw e;
            } catch (RuntimeException e) {
                throw BindEncoder.refusal(index, value, e);
            }
            column.elements.endValue(mark);
        }
    }

    /** Adds an element of an array's text form, quoted always, so that nothing in it means anything. */
    private void addText(Column column, @Nullable Object value, int index) {
        WireWriter out = column.elements;
        if (sets > 0) {
            out.int8(column.delimiter);
        }
        if (value == null) {
            out.utf8("NULL");
            return;
        }
        scratch.clear(1024);
        try {
            column.encoder.text(value, scratchValues);
        } catch (RuntimeException e) {
            throw BindEncoder.refusal(index, value, e);
        }
        out.int8('"');
        byte[] bytes = scratch.array();
        for (int i = 0; i < scratch.position(); i++) {
            if (bytes[i] == '"' || bytes[i] == '\\') {
                out.int8('\\');
            }
            out.int8(bytes[i]);
        }
        out.int8('"');
    }

    /** Writes a Bind of the nameless portal with all of it, and empties the page. */
    void bind(WireWriter out, String statement, @Nullable RowShape shape) {
        out.begin('B').cstring("").cstring(statement);
        out.int16(columns.length);
        for (Column column : columns) {
            out.int16(column.text ? TEXT : BINARY);
        }
        out.int16(columns.length);
        for (Column column : columns) {
            write(out, column);
        }
        BindEncoder.resultFormats(out, shape);
        out.end();
        sets = 0;
    }

    private void write(WireWriter out, Column column) {
        WireWriter elements = column.elements;
        if (column.text) {
            out.int32(elements.position() + 2);
            out.int8('{').bytes(elements.array(), 0, elements.position()).int8('}');
        } else {
            out.int32(HEADER + elements.position());
            out.int32(1).int32(column.nulls ? 1 : 0).int32(column.elementOid);
            out.int32(sets).int32(1);
            out.bytes(elements.array(), 0, elements.position());
        }
        elements.clear(maxBytes);
        column.nulls = false;
        column.text |= column.textNext;
    }
}
