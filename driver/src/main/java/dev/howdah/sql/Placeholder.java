package dev.howdah.sql;

import org.jspecify.annotations.Nullable;

/**
 * The place of a value that is given later: when the statement is run if it has no name, by {@link Sql#bind} if it has
 * one. In the text stands its {@code $n}; those of one name share one. Immutable.
 *
 * @param name null if the values are given in the order of their places
 * @see <a href="https://www.postgresql.org/docs/current/sql-expressions.html#SQL-EXPRESSIONS-PARAMETERS-POSITIONAL">
 *     Positional parameters</a>
 */
public record Placeholder(@Nullable String name) implements Composable {

    private static final Placeholder UNNAMED = new Placeholder(null);

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is not of letters, digits and underscores, the first no digit
     */
    public Placeholder {
        if (name != null) {
            boolean sound = !name.isEmpty() && SqlScanner.beginsWord(name.charAt(0));
            for (int i = 0; i < name.length(); i++) {
                sound &= SqlScanner.continuesWord(name.charAt(i)) && name.charAt(i) != '$';
            }
            if (!sound) {
                throw new IllegalArgumentException(
                        "the name of a placeholder has letters, digits and underscores and begins with no digit");
            }
        }
    }

    /** Returns the placeholder of the next value given. */
    public static Placeholder of() {
        return UNNAMED;
    }

    /** Makes the placeholder of a value that is given by name. */
    public static Placeholder of(String name) {
        return new Placeholder(name);
    }

    /** Returns {@code :name}, or {@code ?} without one. */
    @Override
    public String toString() {
        return name == null ? "?" : ":" + name;
    }
}
