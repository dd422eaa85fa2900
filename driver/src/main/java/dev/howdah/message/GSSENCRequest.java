package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Asks for GSSAPI encryption. One byte answers: G or N, or an ErrorResponse of an old server.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-GSSENCREQUEST">GSSENCRequest</a>
 */
public record GSSENCRequest() implements FrontendMessage {

    /** The code that takes the place of a protocol version: 1234 and 5680. */
    public static final int CODE = 80877104;

    /** The only one that is needed. */
    public static final GSSENCRequest INSTANCE = new GSSENCRequest();

    /** Reads the body. */
    public static GSSENCRequest read(WireReader in) {
        FrontendMessage.code(in, CODE, "GSSENCRequest");
        in.finish("GSSENCRequest");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin().int32(CODE).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("GSSENCRequest").int16(CODE >>> 16).int16(CODE);
    }
}
