package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The password itself is wanted.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-AUTHENTICATIONCLEARTEXTPASSWORD">AuthenticationCleartextPassword</a>
 */
public record AuthenticationCleartextPassword() implements AuthenticationMessage {

    /** The only one that is needed. */
    public static final AuthenticationCleartextPassword INSTANCE = new AuthenticationCleartextPassword();

    /** Reads the body. */
    public static AuthenticationCleartextPassword read(WireReader in) {
        AuthenticationMessage.code(in, 3, "AuthenticationCleartextPassword");
        in.finish("AuthenticationCleartextPassword");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('R').int32(3).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("AuthenticationCleartextPassword");
    }
}
