package dev.howdah.type;

/**
 * Where a {@link Codec} puts the binary form of a value: numbers in network order, text in UTF-8. Valid only during the
 * call it was given to; not safe for several threads.
 */
public interface ValueWriter {

    /**
     * Writes the lowest 8 bits.
     *
     * @param value the value, never null
     * @return never null
     */
    ValueWriter int8(int value);

    /**
     * Writes the lowest 16 bits.
     *
     * @param value the value, never null
     * @return never null
     */
    ValueWriter int16(int value);

    /**
     * Writes 32 bits.
     *
     * @param value the value, never null
     * @return never null
     */
    ValueWriter int32(int value);

    /**
     * Writes 64 bits.
     *
     * @param value the value, never null
     * @return never null
     */
    ValueWriter int64(long value);

    /**
     * Writes bytes as they are.
     *
     * @param source the array the bytes are in
     */
    ValueWriter bytes(byte[] source, int offset, int length);

    /** Writes text in UTF-8 without terminator. */
    ValueWriter utf8(String text);

    /** Begins a value inside this one (an array's element, a composite's field) that its length precedes; returns a mark. */
    int beginValue();

    /** Ends the inner value that began at {@code mark}. */
    void endValue(int mark);

    /** Writes an inner value that is SQL NULL. */
    ValueWriter nullValue();
}
