package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Asks for the parameters and columns of a statement, or for the columns of a portal.
 *
 * @param target which of the two
 * @param name its name, empty for the unnamed one
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-DESCRIBE">Describe</a>
 */
public record Describe(Target target, String name) implements FrontendMessage {

    /** Writes the message without making it. */
    public static void write(WireWriter out, Target target, String name) {
        out.begin('D').int8(target.code()).cstring(name).end();
    }

    /** Reads the body. */
    public static Describe read(WireReader in) {
        Target target = Target.of((char) in.uint8());
        String name = in.cstring();
        in.finish("Describe");
        return new Describe(target, name);
    }

    @Override
    public void write(WireWriter out) {
        write(out, target, name);
    }

    @Override
    public void trace(TraceLine line) {
        line.name("Describe").letter(target.code()).text(name);
    }
}
