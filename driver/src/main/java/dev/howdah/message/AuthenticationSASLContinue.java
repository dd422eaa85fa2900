package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The server's challenge in a SASL exchange.
 *
 * @param data the challenge; not shown by toString or trace
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-AUTHENTICATIONSASLCONTINUE">AuthenticationSASLContinue</a>
 */
public record AuthenticationSASLContinue(Bytes data) implements AuthenticationMessage {

    /** Reads the body. */
    public static AuthenticationSASLContinue read(WireReader in) {
        AuthenticationMessage.code(in, 11, "AuthenticationSASLContinue");
        return new AuthenticationSASLContinue(Bytes.readRest(in));
    }

    @Override
    public void write(WireWriter out) {
        out.begin('R').int32(11);
        data.write(out);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("AuthenticationSASLContinue").masked();
    }

    @Override
    public String toString() {
        return "AuthenticationSASLContinue[data=***]";
    }
}
