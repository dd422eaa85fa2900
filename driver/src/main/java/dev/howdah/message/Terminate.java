package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Ends the connection; nothing answers.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-TERMINATE">Terminate</a>
 */
public record Terminate() implements FrontendMessage {

    /** The only one that is needed. */
    public static final Terminate INSTANCE = new Terminate();

    /** Reads the body. */
    public static Terminate read(WireReader in) {
        in.finish("Terminate");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('X').end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("Terminate");
    }
}
