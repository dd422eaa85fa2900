package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The client's answer in a SASL exchange.
 *
 * @param data not shown by toString or trace
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SASLRESPONSE">SASLResponse</a>
 */
public record SASLResponse(Bytes data) implements FrontendMessage {

    /** Reads the body. */
    public static SASLResponse read(WireReader in) {
        return new SASLResponse(Bytes.readRest(in));
    }

    @Override
    public void write(WireWriter out) {
        out.begin('p');
        data.write(out);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("SASLResponse").masked();
    }

    @Override
    public String toString() {
        return "SASLResponse[data=***]";
    }
}
