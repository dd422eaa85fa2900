package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Runs a portal.
 *
 * @param portal its name, empty for the unnamed one
 * @param maxRows the most rows to return before PortalSuspended; 0 for all
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-EXECUTE">Execute</a>
 */
public record Execute(String portal, int maxRows) implements FrontendMessage {

    /** Writes the message without making it. */
    public static void write(WireWriter out, String portal, int maxRows) {
        out.begin('E').cstring(portal).int32(maxRows).end();
    }

    /** Reads the body. */
    public static Execute read(WireReader in) {
        String portal = in.cstring();
        int maxRows = in.int32();
        in.finish("Execute");
        return new Execute(portal, maxRows);
    }

    @Override
    public void write(WireWriter out) {
        write(out, portal, maxRows);
    }

    @Override
    public void trace(TraceLine line) {
        line.name("Execute").text(portal).int32(maxRows);
    }
}
