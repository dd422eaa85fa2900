package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a SASL mechanism and begins with it.
 *
 * @param mechanism its name
 * @param response null if the mechanism has no initial response; not shown by toString or trace
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SASLINITIALRESPONSE">SASLInitialResponse</a>
 */
public record SASLInitialResponse(
        String mechanism, @Nullable Bytes response) implements FrontendMessage {

    /** Reads the body. */
    public static SASLInitialResponse read(WireReader in) {
        String mechanism = in.cstring();
        Bytes response = Counted.readValue(in);
        in.finish("SASLInitialResponse");
        return new SASLInitialResponse(mechanism, response);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('p').cstring(mechanism);
        Counted.writeValue(out, response);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("SASLInitialResponse").text(mechanism).int32(response == null ? -1 : response.length());
        if (response != null) {
            line.masked();
        }
    }

    @Override
    public String toString() {
        return "SASLInitialResponse[mechanism=" + mechanism + ", response=***]";
    }
}
