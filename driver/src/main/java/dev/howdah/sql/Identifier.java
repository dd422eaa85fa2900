package dev.howdah.sql;

import java.util.List;

/**
 * A name in SQL: of a table, a column, a channel; or several with dots between, such as schema and table. Immutable.
 *
 * <p>A name is as it is stored: case matters. The server cuts a name after 63 bytes, here it is not checked; channels
 * are, where they are listened to.
 *
 * @param parts the names, as they are stored, not quoted
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS">Identifiers</a>
 */
public record Identifier(List<String> parts) implements Composable {

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there is no part, or one is empty or contains NUL
     */
    public Identifier {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("an identifier has at least one part");
        }
        for (String part : parts) {
            if (part.isEmpty()) {
                throw new IllegalArgumentException("an identifier cannot be empty");
            }
            if (part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("an identifier cannot contain NUL");
            }
        }
    }

    /** Makes an identifier of one or several parts. */
    public static Identifier of(String... parts) {
        return new Identifier(List.of(parts));
    }

    /** Returns the identifier as it stands in SQL: each part in double quotes, those inside it doubled. */
    public String quoted() {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(text.isEmpty() ? "\"" : ".\"")
                    .append(part.replace("\"", "\"\""))
                    .append('"');
        }
        return text.toString();
    }

    /** Returns {@link #quoted()}. */
    @Override
    public String toString() {
        return quoted();
    }
}
