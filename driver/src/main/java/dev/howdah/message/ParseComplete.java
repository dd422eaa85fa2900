package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * A Parse succeeded.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-PARSECOMPLETE">ParseComplete</a>
 */
public record ParseComplete() implements BackendMessage {

    /** The only one that is needed. */
    public static final ParseComplete INSTANCE = new ParseComplete();

    /** Reads the body. */
    public static ParseComplete read(WireReader in) {
        in.finish("ParseComplete");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('1').end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("ParseComplete");
    }
}
