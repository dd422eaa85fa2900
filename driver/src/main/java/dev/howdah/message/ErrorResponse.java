package dev.howdah.message;

import dev.howdah.error.Diagnostics;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Something failed.
 *
 * @param diagnostics the fields; those that this driver does not know are dropped
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-ERRORRESPONSE">ErrorResponse</a>
 */
public record ErrorResponse(Diagnostics diagnostics) implements BackendMessage {

    /** Reads the body. */
    public static ErrorResponse read(WireReader in) {
        return new ErrorResponse(DiagnosticsFields.read(in, "ErrorResponse"));
    }

    @Override
    public void write(WireWriter out) {
        out.begin('E');
        DiagnosticsFields.write(out, diagnostics);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("ErrorResponse");
        DiagnosticsFields.trace(line, diagnostics);
    }
}
