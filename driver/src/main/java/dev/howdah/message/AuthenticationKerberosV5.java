package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Kerberos V5 is wanted; no supported server sends it any more.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-AUTHENTICATIONKERBEROSV5">AuthenticationKerberosV5</a>
 */
public record AuthenticationKerberosV5() implements AuthenticationMessage {

    /** The only one that is needed. */
    public static final AuthenticationKerberosV5 INSTANCE = new AuthenticationKerberosV5();

    /** Reads the body. */
    public static AuthenticationKerberosV5 read(WireReader in) {
        AuthenticationMessage.code(in, 2, "AuthenticationKerberosV5");
        in.finish("AuthenticationKerberosV5");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('R').int32(2).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("AuthenticationKerberosV5");
    }
}
