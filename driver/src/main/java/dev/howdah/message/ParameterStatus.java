package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * A setting of the session has, or now has, a value.
 *
 * @param name of the setting
 * @param value as SHOW would print it
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-PARAMETERSTATUS">ParameterStatus</a>
 */
public record ParameterStatus(String name, String value) implements BackendMessage {

    /** Reads the body. */
    public static ParameterStatus read(WireReader in) {
        String name = in.cstring();
        String value = in.cstring();
        in.finish("ParameterStatus");
        return new ParameterStatus(name, value);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('S').cstring(name).cstring(value).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("ParameterStatus").text(name).text(value);
    }
}
