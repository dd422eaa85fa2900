package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * A piece of a COPY stream. Who moves much of it uses {@link CopyDataView}.
 *
 * @param data any bytes; the server ends a message at the end of a row, a client need not
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COPYDATA">CopyData</a>
 */
public record CopyData(Bytes data) implements BackendMessage, FrontendMessage {

    /** Reads the body. */
    public static CopyData read(WireReader in) {
        return new CopyData(Bytes.readRest(in));
    }

    @Override
    public void write(WireWriter out) {
        out.begin('d');
        data.write(out);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("CopyData").bytes(data);
    }
}
