package dev.howdah.type;

/** Writes the values of one parameter, whose type is settled. Safe for several threads. */
public interface ParameterEncoder {

    /** {@return whether {@link #encode} writes the binary form; else it writes text} */
    boolean binary();

    /**
     * Writes one value; the length in front of it is the caller's matter.
     *
     * @param out where to write to
     * @param value never null: SQL NULL is the caller's matter
     * @throws dev.howdah.error.ConversionException if the value does not fit the type; it names both types, never the
     *     value. What was written to {@code out} until then is to be dropped
     * @throws TextFormRequired if the value has no binary form; it can be written as text instead, by {@link #text}
     */
    void encode(Object value, ValueWriter out);

    /**
     * Writes one value in the text form, whatever {@link #binary} says.
     *
     * @param value never null: SQL NULL is the caller's matter
     * @param out where to write to
     * @throws dev.howdah.error.ConversionException if the value does not fit the type
     */
    void text(Object value, ValueWriter out);
}
