package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Execute reached its limit of rows; the portal has more.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-PORTALSUSPENDED">PortalSuspended</a>
 */
public record PortalSuspended() implements BackendMessage {

    /** The only one that is needed. */
    public static final PortalSuspended INSTANCE = new PortalSuspended();

    /** Reads the body. */
    public static PortalSuspended read(WireReader in) {
        in.finish("PortalSuspended");
        return INSTANCE;
    }

    @Override
    public void write(WireWriter out) {
        out.begin('s').end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("PortalSuspended");
    }
}
