package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The server's last words in a SASL exchange.
 *
 * @param data the outcome, by which the server proves itself; not shown by toString or trace
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-AUTHENTICATIONSASLFINAL">AuthenticationSASLFinal</a>
 */
public record AuthenticationSASLFinal(Bytes data) implements AuthenticationMessage {

    /** Reads the body. */
    public static AuthenticationSASLFinal read(WireReader in) {
        AuthenticationMessage.code(in, 12, "AuthenticationSASLFinal");
        return new AuthenticationSASLFinal(Bytes.readRest(in));
    }

    @Override
    public void write(WireWriter out) {
        out.begin('R').int32(12);
        data.write(out);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("AuthenticationSASLFinal").masked();
    }

    @Override
    public String toString() {
        return "AuthenticationSASLFinal[data=***]";
    }
}
