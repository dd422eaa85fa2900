package dev.howdah;

import dev.howdah.sql.Identifier;
import java.nio.charset.StandardCharsets;

/**
 * A name that the server would cut if it were too long.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS">Identifiers</a>
 */
final class ServerName {

    private static final int MAX_BYTES = 63;

    private ServerName() {}

    /**
     * Returns a name as it stands in SQL.
     *
     * @param whose such as "a channel"
     * @throws IllegalArgumentException if it cannot be a name
     */
    static String quoted(String whose, String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException("the name of " + whose + " has at most " + MAX_BYTES
                    + " bytes in UTF-8, this one has " + length + ": " + name);
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw new IllegalArgumentException(
                    "the name of " + whose + " has half of a pair of surrogates, which has no form in UTF-8");
        }
        return Identifier.of(name).quoted();
    }
}
