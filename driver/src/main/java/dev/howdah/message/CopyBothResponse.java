package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * COPY data may flow both ways; replication is done so.
 *
 * @param format 0 for text (rows end in newlines), 1 for binary
 * @param columnFormats the format code of each column
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COPYBOTHRESPONSE">CopyBothResponse</a>
 */
public record CopyBothResponse(int format, IntList columnFormats) implements BackendMessage {

    /** Reads the body. */
    public static CopyBothResponse read(WireReader in) {
        int format = CopyFormat.read(in, "CopyBothResponse");
        IntList columnFormats = Counted.readInt16s(in, "CopyBothResponse");
        in.finish("CopyBothResponse");
        return new CopyBothResponse(format, columnFormats);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('W').int8(format);
        Counted.writeInt16s(out, columnFormats, "CopyBothResponse");
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("CopyBothResponse").int8(format);
        Counted.trace16s(line, columnFormats);
    }
}
