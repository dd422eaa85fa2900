package dev.howdah;

import org.jspecify.annotations.Nullable;

/**
 * A column of a result. Immutable.
 *
 * <p>What a type was declared with is told by {@link #precision()}, {@link #scale()} and {@link #length()}; for an array it
 * is that of its elements. A column of a domain is described as the type below the domain.
 *
 * @param name its name
 * @param typeOid the OID of its type
 * @param typeName the name of its type, or the OID in digits if the type is not known here
 * @param typeSize the size of the type in bytes, negative if it varies
 * @param typeModifier what the type was declared with, such as the length of a varchar; -1 if nothing
 * @param tableOid the OID of the table that it comes from, 0 if it is computed
 * @param tableColumn its number in that table, counted from 1; 0 if it is computed
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-ROWDESCRIPTION">RowDescription</a>
 */
public record Column(
        String name, long typeOid, String typeName, int typeSize, int typeModifier, long tableOid, int tableColumn) {

    /** A modifier counts the header that a value of varying size has. */
    private static final int HEADER = 4;

    private static final int PRECISION_SHIFT = 16;
    private static final int PRECISION_MASK = 0xffff;
    /** The scale has 11 bits and a sign. */
    private static final int SCALE_MASK = 0x7ff;

    private static final int SCALE_SIGN = 0x400;

    /** What a modifier means. */
    private enum Modifier {
        NUMERIC,
        CHARACTERS,
        BITS,
        OTHER
    }

    /**
     * Returns how many digits a {@code numeric(precision, scale)} has.
     *
     * @return null if it was declared without, and for every other type
     * @see <a href="https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL">numeric</a>
     */
    public @Nullable Integer precision() {
        return typeModifier < HEADER || modifier() != Modifier.NUMERIC
                ? null
                : (Integer) ((typeModifier - HEADER) >> PRECISION_SHIFT & PRECISION_MASK);
    }

    /**
     * Returns how many digits of a {@code numeric(precision, scale)} are behind the point; since PostgreSQL 15 it may be
     * negative.
     *
     * @return null if it was declared without, and for every other type
     */
    public @Nullable Integer scale() {
        return typeModifier < HEADER || modifier() != Modifier.NUMERIC
                ? null
                : (Integer) (((typeModifier - HEADER & SCALE_MASK) ^ SCALE_SIGN) - SCALE_SIGN);
    }

    /**
     * Returns how long a {@code varchar} or {@code char} may be, in characters, or a {@code bit} or {@code varbit}, in
     * bits.
     *
     * @return null if it has no limit, and for every other type
     */
    public @Nullable Integer length() {
        if (typeModifier < 0) {
            return null;
        }
        return switch (modifier()) {
            case CHARACTERS -> (Integer) (typeModifier - HEADER);
            case BITS -> (Integer) typeModifier;
            case NUMERIC, OTHER -> null;
        };
    }

    /**
     * Returns how large its values are: the size of the type in bytes if it is fixed; else {@link #length()} or {@link
     * #precision()}, if there is one; else a negative number.
     */
    public int internalSize() {
        if (typeSize >= 0) {
            return typeSize;
        }
        Integer length = length();
        Integer declared = length == null ? precision() : length;
        return declared == null ? typeSize : declared;
    }

    /** Types of PostgreSQL's own have the same OIDs everywhere. */
    private Modifier modifier() {
        return switch ((int) typeOid) {
            case 1700, 1231 -> Modifier.NUMERIC; // numeric, numeric[]
            case 1042, 1014, 1043, 1015 -> Modifier.CHARACTERS; // char, char[], varchar, varchar[]
            case 1560, 1561, 1562, 1563 -> Modifier.BITS; // bit, bit[], varbit, varbit[]
            default -> Modifier.OTHER;
        };
    }
}
