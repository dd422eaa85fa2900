package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * The parameters of the statement described.
 *
 * @param typeOids the type of each, as bits of an unsigned OID
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-PARAMETERDESCRIPTION">ParameterDescription</a>
 */
public record ParameterDescription(IntList typeOids) implements BackendMessage {

    /** Reads the body. */
    public static ParameterDescription read(WireReader in) {
        IntList typeOids = Counted.readInt32s(in, "ParameterDescription");
        in.finish("ParameterDescription");
        return new ParameterDescription(typeOids);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('t');
        Counted.writeInt32s(out, typeOids, "ParameterDescription");
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("ParameterDescription");
        Counted.trace32s(line, typeOids);
    }
}
