package dev.howdah.message;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Begins a session.
 *
 * @param version {@link #VERSION_3_0} or {@link #VERSION_3_2}; a server that is older answers NegotiateProtocolVersion
 * @param parameters user, database, options, settings, in the order in which they are sent; "user" is required by the server
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-STARTUPMESSAGE">StartupMessage</a>
 */
public record StartupMessage(int version, Map<String, String> parameters) implements FrontendMessage {

    /** Protocol 3.0: every supported server speaks it. */
    public static final int VERSION_3_0 = 3 << 16;

    /** Protocol 3.2, since PostgreSQL 18: cancel keys of up to 256 bytes. */
    public static final int VERSION_3_2 = 3 << 16 | 2;

    /** Copies the map and keeps its order. */
    public StartupMessage {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        if (parameters.containsKey("")) {
            throw new IllegalArgumentException("the name of a startup parameter cannot be empty");
        }
    }

    /** Reads the body. */
    public static StartupMessage read(WireReader in) {
        int version = in.int32();
        if (version >>> 16 != 3) {
            throw new ProtocolException("a StartupMessage of protocol version " + (version >>> 16) + "."
                    + (version & 0xffff) + "; known is 3");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name = in.cstring(); !name.isEmpty(); name = in.cstring()) {
            parameters.put(name, in.cstring());
        }
        in.finish("StartupMessage");
        return new StartupMessage(version, parameters);
    }

    @Override
    public void write(WireWriter out) {
        out.begin().int32(version);
        parameters.forEach((name, value) -> out.cstring(name).cstring(value));
        out.int8(0).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("StartupMessage").int16(version >>> 16).int16(version);
        parameters.forEach((name, value) -> line.text(name).text(value));
    }
}
