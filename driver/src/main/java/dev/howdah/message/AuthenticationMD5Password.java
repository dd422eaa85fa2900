package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The MD5 hash of password and user name, salted, is wanted.
 *
 * @param salt the four bytes of the salt, in network order
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-AUTHENTICATIONMD5PASSWORD">AuthenticationMD5Password</a>
 */
public record AuthenticationMD5Password(int salt) implements AuthenticationMessage {

    /** Reads the body. */
    public static AuthenticationMD5Password read(WireReader in) {
        AuthenticationMessage.code(in, 5, "AuthenticationMD5Password");
        AuthenticationMD5Password message = new AuthenticationMD5Password(in.int32());
        in.finish("AuthenticationMD5Password");
        return message;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('R').int32(5).int32(salt).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("AuthenticationMD5Password");
    }
}
