package dev.howdah.type;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of a row type, or an anonymous record, before anything of it is decoded: what {@code dev.howdah.Row} is made of
 * when a column is read as one. Immutable, as long as nobody changes the arrays.
 *
 * @see <a href="https://www.postgresql.org/docs/current/rowtypes.html">Composite types</a>
 */
public final class RowValue {

    private final List<String> names;
    private final int[] oids;
    private final boolean binary;
    private final byte[] bytes;

    /** Takes the arrays over. */
    RowValue(List<String> names, int[] oids, boolean binary, byte[] bytes) {
        this.names = List.copyOf(names);
        this.oids = oids;
        this.binary = binary;
        this.bytes = bytes;
    }

    /** {@return how many attributes it has} */
    public int size() {
        return oids.length;
    }

    /**
     * {@return the name of an attribute; {@code f1, f2 ...} in an anonymous record}
     *
     * @param index counted from 0
     */
    public String name(int index) {
        return names.get(index);
    }

    /**
     * {@return the OID of the type of an attribute}
     *
     * @param index counted from 0
     */
    public int typeOid(int index) {
        return oids[index];
    }

    /** {@return whether the values are in the binary form, else in text} */
    public boolean binary() {
        return binary;
    }

    /**
     * {@return the values as in a DataRow message: their count in 16 bits, then each with its length, -1 for NULL, in 32 bits
     * before it; not to be changed}
     */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowValue value
                && names.equals(value.names)
                && Arrays.equals(oids, value.oids)
                && binary == value.binary
                && Arrays.equals(bytes, value.bytes);
    }

    @Override
    public int hashCode() {
        return names.hashCode() * 31 + Arrays.hashCode(bytes);
    }

    /** Returns the names, never a value. */
    @Override
    public String toString() {
        return "RowValue" + names;
    }
}
