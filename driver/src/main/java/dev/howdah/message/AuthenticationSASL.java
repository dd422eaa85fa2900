package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * SASL is wanted.
 *
 * @param mechanisms names of the mechanisms that the server takes, in its order of preference
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-AUTHENTICATIONSASL">AuthenticationSASL</a>
 */
public record AuthenticationSASL(List<String> mechanisms) implements AuthenticationMessage {

    /** Copies the list. */
    public AuthenticationSASL {
        mechanisms = List.copyOf(mechanisms);
        if (mechanisms.contains("")) {
            throw new IllegalArgumentException("the name of a SASL mechanism cannot be empty");
        }
    }

    /** Reads the body. */
    public static AuthenticationSASL read(WireReader in) {
        AuthenticationMessage.code(in, 10, "AuthenticationSASL");
        List<String> mechanisms = new ArrayList<>();
        for (String name = in.cstring(); !name.isEmpty(); name = in.cstring()) {
            mechanisms.add(name);
        }
        in.finish("AuthenticationSASL");
        return new AuthenticationSASL(mechanisms);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('R').int32(10);
        for (String mechanism : mechanisms) {
            out.cstring(mechanism);
        }
        out.int8(0).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("AuthenticationSASL");
        for (String mechanism : mechanisms) {
            line.text(mechanism);
        }
        line.text("");
    }
}
