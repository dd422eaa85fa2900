package dev.howdah.sql;

import java.util.ArrayList;
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

    /**
     * Reads a name as SQL does: a part without quotes is folded to lower case, one in double quotes is as it is, and dots
     * part them, as in {@code public."My Table"}.
     *
     * @param text the name and nothing else: no space around the parts
     * @throws IllegalArgumentException if it is anything else
     */
    public static Identifier parse(String text) {
        List<String> parts = new ArrayList<>();
        boolean dot = true;
        for (SqlToken token : SqlScanner.scan(text, true)) {
            if (dot) {
                parts.add(part(token, text));
            } else if (!token.is(".")) {
                throw new IllegalArgumentException(refusal(text));
            }
            dot = !dot;
        }
        if (dot) {
            throw new IllegalArgumentException(refusal(text));
        }
        return new Identifier(parts);
    }

    private static String part(SqlToken token, String text) {
        String part = token.text();
        return switch (token.kind()) {
            case WORD -> folded(part);
            case QUOTED_IDENTIFIER -> {
                if (!part.startsWith("\"")) {
                    throw new IllegalArgumentException(refusal(text));
                }
                yield part.substring(1, part.length() - 1).replace("\"\"", "\"");
            }
            default -> throw new IllegalArgumentException(refusal(text));
        };
    }

    /** The server folds letters of ASCII only. */
    private static String folded(String word) {
        StringBuilder folded = new StringBuilder(word);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c - 'A' + 'a'));
            }
        }
        return folded.toString();
    }

    private static String refusal(String text) {
        return "a name in SQL is words or \"quoted\" parts with dots between, not: " + text;
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
