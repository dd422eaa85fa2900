package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Ends a pipeline: the server commits or rolls back its implicit transaction and answers ReadyForQuery.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SYNC">Sync</a>
 */
public record Sync() implements FrontendMessage {

    /** The only one that is needed. */
    public static final Sync INSTANCE = new Sync();

    /** Reads the body. */
    public static Sync read(WireReader in) {
        in.finish("Sync");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('S').end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("Sync");
    }
}
