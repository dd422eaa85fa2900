package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a portal of a prepared statement and values. Who sends many writes them in place, between {@link #begin} and
 * {@link #end}.
 *
 * @param portal its name, empty for the unnamed one
 * @param statement its name, empty for the unnamed one
 * @param parameterFormats none if all are text, one for all, or one for each parameter: 0 for text, 1 for binary
 * @param values one for each parameter, null for SQL NULL
 * @param resultFormats none if all are text, one for all, or one for each column
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-BIND">Bind</a>
 */
public record Bind(
        String portal, String statement, IntList parameterFormats, List<@Nullable Bytes> values, IntList resultFormats)
        implements FrontendMessage {

    /** The most parameters that a statement can have. */
    public static final int MAX_PARAMETERS = 65_535;

    /** Copies the list. */
    public Bind {
        values = Counted.copy(values);
    }

    /** Reads the body. */
    public static Bind read(WireReader in) {
        String portal = in.cstring();
        String statement = in.cstring();
        IntList parameterFormats = Counted.readInt16s(in, "Bind");
        List<@Nullable Bytes> values = Counted.readValues(in, "Bind");
        IntList resultFormats = Counted.readInt16s(in, "Bind");
        in.finish("Bind");
        return new Bind(portal, statement, parameterFormats, values, resultFormats);
    }

    /**
     * Writes all that comes before the values; the caller then writes {@code count} of them, each with
     * {@link WireWriter#beginValue()} and {@link WireWriter#endValue(int)} or as {@link WireWriter#nullValue()}, then
     * calls {@link #end}.
     *
     * @throws IllegalArgumentException if there are more than {@link #MAX_PARAMETERS}
     */
    public static void begin(WireWriter out, String portal, String statement, IntList parameterFormats, int count) {
        out.begin('B').cstring(portal).cstring(statement);
        Counted.writeInt16s(out, parameterFormats, "the list of parameter formats");
        Counted.write16(out, count, "the list of parameters");
    }

    /** Writes all that comes after the values. */
    public static void end(WireWriter out, IntList resultFormats) {
        Counted.writeInt16s(out, resultFormats, "the list of result formats");
        out.end();
    }

    @Override
    public void write(WireWriter out) {
        begin(out, portal, statement, parameterFormats, values.size());
        for (Bytes value : values) {
            Counted.writeValue(out, value);
        }
        end(out, resultFormats);
    }

    @Override
    public void trace(TraceLine line) {
        line.name("Bind").text(portal).text(statement);
        Counted.trace16s(line, parameterFormats);
        line.int16(values.size());
        for (Bytes value : values) {
            Counted.traceValue(line, value);
        }
        Counted.trace16s(line, resultFormats);
    }
}
