package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The server waits for COPY data.
 *
 * @param format 0 for text (rows end in newlines), 1 for binary
 * @param columnFormats the format code of each column
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COPYINRESPONSE">CopyInResponse</a>
 */
public record CopyInResponse(int format, IntList columnFormats) implements BackendMessage {

    /** Reads the body. */
    public static CopyInResponse read(WireReader in) {
        int format = CopyFormat.read(in, "CopyInResponse");
        IntList columnFormats = Counted.readInt16s(in, "CopyInResponse");
        in.finish("CopyInResponse");
        return new CopyInResponse(format, columnFormats);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('G').int8(format);
        Counted.writeInt16s(out, columnFormats, "CopyInResponse");
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("CopyInResponse").int8(format);
        Counted.trace16s(line, columnFormats);
    }
}
