package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row. Who reads many uses {@link DataRowView}.
 *
 * @param values one for each column, null for SQL NULL
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-DATAROW">DataRow</a>
 */
public record DataRow(List<@Nullable Bytes> values) implements BackendMessage {

    /** Copies the list. */
    public DataRow {
        values = Counted.copy(values);
    }

    /** Reads the body. */
    public static DataRow read(WireReader in) {
        List<@Nullable Bytes> values = Counted.readValues(in, "DataRow");
        in.finish("DataRow");
        return new DataRow(values);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('D');
        Counted.writeValues(out, values, "DataRow");
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("DataRow").int16(values.size());
        for (Bytes value : values) {
            Counted.traceValue(line, value);
        }
    }
}
