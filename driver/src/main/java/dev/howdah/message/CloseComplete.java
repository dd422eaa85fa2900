package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * A Close succeeded.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-CLOSECOMPLETE">CloseComplete</a>
 */
public record CloseComplete() implements BackendMessage {

    /** The only one that is needed. */
    public static final CloseComplete INSTANCE = new CloseComplete();

    /** Reads the body. */
    public static CloseComplete read(WireReader in) {
        in.finish("CloseComplete");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('3').end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("CloseComplete");
    }
}
