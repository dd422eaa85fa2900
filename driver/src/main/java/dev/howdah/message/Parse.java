package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Prepares a statement.
 *
 * @param statement the name to give it, empty for the unnamed one
 * @param sql one command with $1, $2 ...
 * @param typeOids types of the first parameters, as bits of unsigned OIDs; 0 where the server is to decide
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-PARSE">Parse</a>
 */
public record Parse(String statement, String sql, IntList typeOids) implements FrontendMessage {

    /**
     * Writes the message without making it.
     *
     * @throws IllegalArgumentException if there are more than {@link Bind#MAX_PARAMETERS} types
     */
    public static void write(WireWriter out, String statement, String sql, IntList typeOids) {
        out.begin('P').cstring(statement).cstring(sql);
        Counted.writeInt32s(out, typeOids, "the list of parameter types");
        out.end();
    }

    /** Reads the body. */
    public static Parse read(WireReader in) {
        String statement = in.cstring();
        String sql = in.cstring();
        IntList typeOids = Counted.readInt32s(in, "Parse");
        in.finish("Parse");
        return new Parse(statement, sql, typeOids);
    }

    @Override
    public void write(WireWriter out) {
        write(out, statement, sql, typeOids);
    }

    @Override
    public void trace(TraceLine line) {
        line.name("Parse").text(statement).text(sql);
        Counted.trace32s(line, typeOids);
    }
}
