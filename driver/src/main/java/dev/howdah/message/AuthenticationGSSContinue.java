package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The next step of GSSAPI or SSPI.
 *
 * @param data the token; not shown by toString or trace
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-AUTHENTICATIONGSSCONTINUE">AuthenticationGSSContinue</a>
 */
public record AuthenticationGSSContinue(Bytes data) implements AuthenticationMessage {

    /** Reads the body. */
    public static AuthenticationGSSContinue read(WireReader in) {
        AuthenticationMessage.code(in, 8, "AuthenticationGSSContinue");
        return new AuthenticationGSSContinue(Bytes.readRest(in));
    }

    @Override
    public void write(WireWriter out) {
        out.begin('R').int32(8);
        data.write(out);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("AuthenticationGSSContinue").masked();
    }

    @Override
    public String toString() {
        return "AuthenticationGSSContinue[data=***]";
    }
}
