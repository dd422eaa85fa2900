package dev.howdah.sql;

import org.jspecify.annotations.Nullable;

/**
 * A value that comes along with a composed statement and is bound on the server: in the text stands its {@code $n}. Made
 * by {@link Sql#value}. Immutable, as far as its value is.
 *
 * @param value the value; null is NULL
 */
public record BoundValue(@Nullable Object value) implements Composable {

    static String describe(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getTypeName();
    }

    /** Returns which class the value has, never the value. */
    @Override
    public String toString() {
        return "BoundValue[" + describe(value) + "]";
    }
}
