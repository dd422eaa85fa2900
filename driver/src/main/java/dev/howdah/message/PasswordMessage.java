package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * A password, clear or hashed, as the server asked for it.
 *
 * @param password without the zero byte that ends it on the wire; not shown by toString or trace
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-PASSWORDMESSAGE">PasswordMessage</a>
 */
public record PasswordMessage(Bytes password) implements FrontendMessage {

    /** Checks that there is no zero byte in it. */
    public PasswordMessage {
        for (int i = 0; i < password.length(); i++) {
            if (password.at(i) == 0) {
                throw new IllegalArgumentException("a password cannot contain a NUL character");
            }
        }
    }

    /** Reads the body. */
    public static PasswordMessage read(WireReader in) {
        int length = 0;
        while (length < in.remaining() && in.array()[in.position() + length] != 0) {
            length++;
        }
        Bytes password = Bytes.read(in, length);
        in.skip(1);
        in.finish("PasswordMessage");
        return new PasswordMessage(password);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('p');
        password.write(out);
        out.int8(0).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("PasswordMessage").masked();
    }

    @Override
    public String toString() {
        return "PasswordMessage[password=***]";
    }
}
