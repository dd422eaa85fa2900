package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Closes a prepared statement or a portal; closing one that is not there is no error.
 *
 * @param target which of the two
 * @param name its name, empty for the unnamed one
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-CLOSE">Close</a>
 */
public record Close(Target target, String name) implements FrontendMessage {

    /** Writes the message without making it. */
    public static void write(WireWriter out, Target target, String name) {
        out.begin('C').int8(target.code()).cstring(name).end();
    }

    /** Reads the body. */
    public static Close read(WireReader in) {
        Target target = Target.of((char) in.uint8());
        String name = in.cstring();
        in.finish("Close");
        return new Close(target, name);
    }

    @Override
    public void write(WireWriter out) {
        write(out, target, name);
    }

    @Override
    public void trace(TraceLine line) {
        line.name("Close").letter(target.code()).text(name);
    }
}
