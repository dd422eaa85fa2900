package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The authentication exchange is complete.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-AUTHENTICATIONOK">AuthenticationOk</a>
 */
public record AuthenticationOk() implements AuthenticationMessage {

    /** The only one that is needed. */
    public static final AuthenticationOk INSTANCE = new AuthenticationOk();

    /** Reads the body. */
    public static AuthenticationOk read(WireReader in) {
        AuthenticationMessage.code(in, 0, "AuthenticationOk");
        in.finish("AuthenticationOk");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('R').int32(0).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("AuthenticationOk");
    }
}
