package dev.howdah.sql;

import org.jspecify.annotations.Nullable;

/**
 * A value that becomes part of the SQL text, where the server takes no parameters: in DDL and other utility statements.
 * Everywhere else {@link Sql#value} is better. Immutable, as far as its value is.
 *
 * <p>The text is right whatever the session's {@code standard_conforming_strings}. Numbers stand as they are, negative
 * ones in parentheses (for {@code SET}, which takes none, give them as text), text in quotes, everything else as {@code
 * 'text'::type}, arrays as {@code '{...}'::type[]}. The type is that of the Java class; see {@link
 * dev.howdah.type.TypeRegistry#codecsFor}.
 *
 * @param value any value that the types of the connection can write; null is NULL
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-CONSTANTS">Constants</a>
 */
public record Literal(@Nullable Object value) implements Composable {

    /** Makes a literal; null is NULL. */
    public static Literal of(@Nullable Object value) {
        return new Literal(value);
    }

    /**
     * Returns text as a string constant, for commands that take nothing else. It means the same whatever the session's
     * {@code standard_conforming_strings}.
     *
     * @throws IllegalArgumentException if it contains NUL
     */
    public static String quoted(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a string constant cannot contain NUL");
        }
        return LiteralText.quote(text);
    }

    /** Returns which class the value has, never the value. */
    @Override
    public String toString() {
        return "Literal[" + BoundValue.describe(value) + "]";
    }
}
