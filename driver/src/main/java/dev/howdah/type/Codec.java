package dev.howdah.type;

/**
 * Translates between one PostgreSQL type and one Java class, in binary and in text. A codec has no state and is safe for
 * several threads.
 *
 * <p>NULL never reaches a codec. What it throws when it meets a value that it cannot translate is a
 * {@link dev.howdah.error.ConversionException}; any other exception of a codec is reported as the cause of one.
 *
 * @param <T> the Java class
 * @see <a href="https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES">Formats and
 *     format codes</a>
 */
public interface Codec<T> {

    /** {@return the class of the values that {@link #decodeBinary} and {@link #decodeText} make} */
    Class<T> javaType();

    /**
     * {@return how many bytes the binary form of every value has, or -1 when it varies} The length of a fixed form is
     * checked before {@link #decodeBinary} is called.
     */
    default int fixedLength() {
        return -1;
    }

    /** {@return whether this codec speaks the binary form in both directions; else only text is used} */
    default boolean binary() {
        return true;
    }

    /**
     * Reads the binary form.
     *
     * @param bytes an array that holds the value and more; not to be kept or changed
     * @param offset where the value begins
     * @param length how many bytes it has
     * @return never null
     */
    T decodeBinary(byte[] bytes, int offset, int length);

    /**
     * Reads the text form.
     *
     * @param text the text
     * @return never null
     */
    T decodeText(String text);

    /**
     * Writes the binary form; the length in front of it is not the codec's matter.
     *
     * @param value the value, never null
     * @param out where to write to
     */
    void encodeBinary(T value, ValueWriter out);

    /**
     * {@return the text form}
     *
     * @param value the value, never null
     */
    String encodeText(T value);
}
