package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The client gives up a COPY; the server makes an error of it.
 *
 * @param reason what the error message will say
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COPYFAIL">CopyFail</a>
 */
public record CopyFail(String reason) implements FrontendMessage {

    /** Reads the body. */
    public static CopyFail read(WireReader in) {
        String reason = in.cstring();
        in.finish("CopyFail");
        return new CopyFail(reason);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('f').cstring(reason).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("CopyFail").text(reason);
    }
}
