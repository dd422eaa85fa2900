package dev.howdah.message;

import dev.howdah.error.Diagnostics;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The server has something to say.
 *
 * @param diagnostics the fields; those that this driver does not know are dropped
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-NOTICERESPONSE">NoticeResponse</a>
 */
public record NoticeResponse(Diagnostics diagnostics) implements BackendMessage {

    /** Reads the body. */
    public static NoticeResponse read(WireReader in) {
        return new NoticeResponse(DiagnosticsFields.read(in, "NoticeResponse"));
    }

    @Override
    public void write(WireWriter out) {
        out.begin('N');
        DiagnosticsFields.write(out, diagnostics);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("NoticeResponse");
        DiagnosticsFields.trace(line, diagnostics);
    }
}
