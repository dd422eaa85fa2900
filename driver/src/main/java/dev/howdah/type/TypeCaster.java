package dev.howdah.type;

/**
 * Reads a PostgreSQL type from the text that PostgreSQL prints for it. Called on the thread that reads the column; used by
 * several threads at once if they share its scope. NULL never reaches it.
 *
 * @param <T> the class of the values that it makes
 * @see TypeRegistry#registerType
 */
@FunctionalInterface
public interface TypeCaster<T> {

    /**
     * Reads a value. Whatever it throws is the cause of the {@link dev.howdah.error.ConversionException} that reading the
     * column fails with; the connection stays usable.
     *
     * @param text as PostgreSQL prints it, under the session's settings such as DateStyle
     * @return never null
     */
    T cast(String text);
}
