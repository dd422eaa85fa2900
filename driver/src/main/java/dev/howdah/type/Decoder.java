package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/**
 * Reads the values of one column: type, format and Java class are settled. Safe for several threads.
 *
 * @param <T> the Java class of the values
 */
@FunctionalInterface
public interface Decoder<T> {

    /**
     * Reads one value; never SQL NULL.
     *
     * @param bytes an array that holds the value and more; not kept or changed
     * @param offset where the value begins
     * @param length how many bytes it has
     * @return never null
     * @throws dev.howdah.error.ConversionException if this value cannot be read so; it names both types, never the value
     */
    T decode(byte[] bytes, int offset, int length);

    /** {@return what stands for SQL NULL: null, or an empty {@code Optional} where that was asked for} */
    default @Nullable T whenNull() {
        return null;
    }
}
