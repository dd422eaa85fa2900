package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * The result of a FunctionCall.
 *
 * @param value null for SQL NULL
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-FUNCTIONCALLRESPONSE">FunctionCallResponse</a>
 */
public record FunctionCallResponse(@Nullable Bytes value) implements BackendMessage {

    /** Reads the body. */
    public static FunctionCallResponse read(WireReader in) {
        Bytes value = Counted.readValue(in);
        in.finish("FunctionCallResponse");
        return new FunctionCallResponse(value);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('V');
        Counted.writeValue(out, value);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("FunctionCallResponse");
        Counted.traceValue(line, value);
    }
}
