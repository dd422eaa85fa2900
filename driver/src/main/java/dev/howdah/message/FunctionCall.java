package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls a function by its OID.
 *
 * @param functionOid as bits of an unsigned OID
 * @param argumentFormats none if all are text, one for all, or one for each argument
 * @param arguments null for SQL NULL
 * @param resultFormat 0 for text, 1 for binary
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-FUNCTIONCALL">FunctionCall</a>
 */
public record FunctionCall(int functionOid, IntList argumentFormats, List<@Nullable Bytes> arguments, int resultFormat)
        implements FrontendMessage {

    /** Copies the list. */
    public FunctionCall {
        arguments = Counted.copy(arguments);
    }

    /** Reads the body. */
    public static FunctionCall read(WireReader in) {
        int functionOid = in.int32();
        IntList argumentFormats = Counted.readInt16s(in, "FunctionCall");
        List<@Nullable Bytes> arguments = Counted.readValues(in, "FunctionCall");
        int resultFormat = in.int16();
        in.finish("FunctionCall");
        return new FunctionCall(functionOid, argumentFormats, arguments, resultFormat);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('F').int32(functionOid);
        Counted.writeInt16s(out, argumentFormats, "the list of argument formats");
        Counted.writeValues(out, arguments, "the list of arguments");
        out.int16(resultFormat).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("FunctionCall").int32(functionOid);
        Counted.trace16s(line, argumentFormats);
        line.int16(arguments.size());
        for (Bytes argument : arguments) {
            Counted.traceValue(line, argument);
        }
        line.int16(resultFormat);
    }
}
