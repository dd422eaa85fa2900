package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of the rows that follow.
 *
 * @param fields one for each column, in order
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-ROWDESCRIPTION">RowDescription</a>
 */
public record RowDescription(List<Field> fields) implements BackendMessage {

    /** The fewest bytes that a field takes: an empty name and the numbers. */
    private static final int LEAST = 1 + 3 * Integer.BYTES + 3 * Short.BYTES;

    /**
     * A column.
     *
     * @param name as the query gives it; need not be unique
     * @param tableOid the table that the column comes from, as bits of an unsigned OID; 0 if from none
     * @param columnNumber its attribute number there, from 1; negative for system columns, 0 if from none
     * @param typeOid the data type, as bits of an unsigned OID
     * @param typeSize its size in bytes, negative if it varies
     * @param typeModifier what the type makes of it, such as the length of varchar; -1 for none
     * @param format 0 for text, 1 for binary; 0 where it is not known yet, in the answer to a Describe of a statement
     */
    public record Field(
            String name, int tableOid, int columnNumber, int typeOid, int typeSize, int typeModifier, int format) {

        /** Returns the same column in another format. */
        public Field withFormat(int other) {
            return new Field(name, tableOid, columnNumber, typeOid, typeSize, typeModifier, other);
        }

        static Field read(WireReader in) {
            return new Field(in.cstring(), in.int32(), in.int16(), in.int32(), in.int16(), in.int32(), in.int16());
        }

        void write(WireWriter out) {
            out.cstring(name).int32(tableOid).int16(columnNumber).int32(typeOid);
            out.int16(typeSize).int32(typeModifier).int16(format);
        }

        void trace(TraceLine line) {
            line.text(name).int32(tableOid).int16(columnNumber).int32(typeOid);
            line.int16(typeSize).int32(typeModifier).int16(format);
        }
    }

    /** Copies the list. */
    public RowDescription {
        fields = List.copyOf(fields);
    }

    /** Reads the body. */
    public static RowDescription read(WireReader in) {
        int count = Counted.read16(in, LEAST, "RowDescription");
        List<Field> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            fields.add(Field.read(in));
        }
        in.finish("RowDescription");
        return new RowDescription(fields);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('T');
        Counted.write16(out, fields.size(), "RowDescription");
        for (Field field : fields) {
            field.write(out);
        }
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("RowDescription").int16(fields.size());
        for (Field field : fields) {
            field.trace(line);
        }
    }
}
