package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Asks the server to send what it has ready, without ending a pipeline as Sync does.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-FLUSH">Flush</a>
 */
public record Flush() implements FrontendMessage {

    /** The only one that is needed. */
    public static final Flush INSTANCE = new Flush();

    /** Reads the body. */
    public static Flush read(WireReader in) {
        in.finish("Flush");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('H').end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("Flush");
    }
}
