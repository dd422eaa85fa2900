package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * COPY data follow.
 *
 * @param format 0 for text (rows end in newlines), 1 for binary
 * @param columnFormats the format code of each column
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COPYOUTRESPONSE">CopyOutResponse</a>
 */
public record CopyOutResponse(int format, IntList columnFormats) implements BackendMessage {

    /** Reads the body. */
    public static CopyOutResponse read(WireReader in) {
        int format = CopyFormat.read(in, "CopyOutResponse");
        IntList columnFormats = Counted.readInt16s(in, "CopyOutResponse");
        in.finish("CopyOutResponse");
        return new CopyOutResponse(format, columnFormats);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('H').int8(format);
        Counted.writeInt16s(out, columnFormats, "CopyOutResponse");
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("CopyOutResponse").int8(format);
        Counted.trace16s(line, columnFormats);
    }
}
