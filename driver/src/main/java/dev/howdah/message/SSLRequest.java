package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Asks for TLS. One byte answers: S or N, or an ErrorResponse of an old server.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST">SSLRequest</a>
 */
public record SSLRequest() implements FrontendMessage {

    /** The code that takes the place of a protocol version: 1234 and 5679. */
    public static final int CODE = 80877103;

    /** The only one that is needed. */
    public static final SSLRequest INSTANCE = new SSLRequest();

    /** Reads the body. */
    public static SSLRequest read(WireReader in) {
        FrontendMessage.code(in, CODE, "SSLRequest");
        in.finish("SSLRequest");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin().int32(CODE).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("SSLRequest").int16(CODE >>> 16).int16(CODE);
    }
}
