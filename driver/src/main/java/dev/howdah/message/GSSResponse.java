package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The next step of GSSAPI or SSPI.
 *
 * @param data not shown by toString or trace
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-GSSRESPONSE">GSSResponse</a>
 */
public record GSSResponse(Bytes data) implements FrontendMessage {

    /** Reads the body. */
    public static GSSResponse read(WireReader in) {
        return new GSSResponse(Bytes.readRest(in));
    }

    @Override
    public void write(WireWriter out) {
        out.begin('p');
        data.write(out);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("GSSResponse").masked();
    }

    @Override
    public String toString() {
        return "GSSResponse[data=***]";
    }
}
