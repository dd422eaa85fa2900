package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * A simple query: any number of commands without parameters.
 *
 * @param sql the commands, separated by semicolons
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-QUERY">Query</a>
 */
public record Query(String sql) implements FrontendMessage {

    /** Writes the message without making it. */
    public static void write(WireWriter out, String sql) {
        out.begin('Q').cstring(sql).end();
    }

    /** Reads the body. */
    public static Query read(WireReader in) {
        String sql = in.cstring();
        in.finish("Query");
        return new Query(sql);
    }

    @Override
    public void write(WireWriter out) {
        write(out, sql);
    }

    @Override
    public void trace(TraceLine line) {
        line.name("Query").text(sql);
    }
}
