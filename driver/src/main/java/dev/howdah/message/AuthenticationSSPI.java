package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * SSPI is wanted.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-AUTHENTICATIONSSPI">AuthenticationSSPI</a>
 */
public record AuthenticationSSPI() implements AuthenticationMessage {

    /** The only one that is needed. */
    public static final AuthenticationSSPI INSTANCE = new AuthenticationSSPI();

    /** Reads the body. */
    public static AuthenticationSSPI read(WireReader in) {
        AuthenticationMessage.code(in, 9, "AuthenticationSSPI");
        in.finish("AuthenticationSSPI");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('R').int32(9).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("AuthenticationSSPI");
    }
}
