package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The server does not know the minor version or some _pq_ options that were asked for and goes on without them.
 *
 * @param newestVersion the newest version that the server speaks, as servers send it: major version times 65,536 plus minor version
 * @param unknownOptions names of the options not known
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-NEGOTIATEPROTOCOLVERSION">NegotiateProtocolVersion</a>
 */
public record NegotiateProtocolVersion(int newestVersion, List<String> unknownOptions) implements BackendMessage {

    /** Copies the list. */
    public NegotiateProtocolVersion {
        unknownOptions = List.copyOf(unknownOptions);
    }

    /** Returns the minor version, whether or not the major version was sent with it. */
    public int minorVersion() {
        return newestVersion & 0xffff;
    }

    /** Reads the body. */
    public static NegotiateProtocolVersion read(WireReader in) {
        int newestVersion = in.int32();
        int count = Counted.read32(in, 1, "NegotiateProtocolVersion");
        List<String> unknownOptions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            unknownOptions.add(in.cstring());
        }
        in.finish("NegotiateProtocolVersion");
        return new NegotiateProtocolVersion(newestVersion, unknownOptions);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('v').int32(newestVersion).int32(unknownOptions.size());
        for (String option : unknownOptions) {
            out.cstring(option);
        }
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("NegotiateProtocolVersion").int32(newestVersion).int32(unknownOptions.size());
        for (String option : unknownOptions) {
            line.text(option);
        }
    }
}
