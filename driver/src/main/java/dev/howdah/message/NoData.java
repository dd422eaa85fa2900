package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The statement or portal described returns no rows.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-NODATA">NoData</a>
 */
public record NoData() implements BackendMessage {

    /** The only one that is needed. */
    public static final NoData INSTANCE = new NoData();

    /** Reads the body. */
    public static NoData read(WireReader in) {
        in.finish("NoData");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('n').end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("NoData");
    }
}
