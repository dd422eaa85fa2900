package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * GSSAPI is wanted.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-AUTHENTICATIONGSS">AuthenticationGSS</a>
 */
public record AuthenticationGSS() implements AuthenticationMessage {

    /** The only one that is needed. */
    public static final AuthenticationGSS INSTANCE = new AuthenticationGSS();

    /** Reads the body. */
    public static AuthenticationGSS read(WireReader in) {
        AuthenticationMessage.code(in, 7, "AuthenticationGSS");
        in.finish("AuthenticationGSS");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('R').int32(7).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("AuthenticationGSS");
    }
}
