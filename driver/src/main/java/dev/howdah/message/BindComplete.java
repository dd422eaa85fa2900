package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * A Bind succeeded.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-BINDCOMPLETE">BindComplete</a>
 */
public record BindComplete() implements BackendMessage {

    /** The only one that is needed. */
    public static final BindComplete INSTANCE = new BindComplete();

    /** Reads the body. */
    public static BindComplete read(WireReader in) {
        in.finish("BindComplete");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('2').end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("BindComplete");
    }
}
