package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * All data of a COPY have been sent.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COPYDONE">CopyDone</a>
 */
public record CopyDone() implements BackendMessage, FrontendMessage {

    /** The only one that is needed. */
    public static final CopyDone INSTANCE = new CopyDone();

    /** Reads the body. */
    public static CopyDone read(WireReader in) {
        in.finish("CopyDone");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('c').end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("CopyDone");
    }
}
