package dev.howdah.type;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A value of PostgreSQL's {@code bit} or {@code bit varying}: bits in a row, counted from 0 at the left. Immutable.
 * Ordered as PostgreSQL does: bit by bit from the left, a string before those that it begins.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-bit.html">Bit string types</a>
 */
public final class BitString implements Comparable<BitString> {

    /** The bits from the left, the highest bit of a byte first; 0 behind the last. */
    private final byte[] bytes;

    private final int length;

    private BitString(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /**
     * Makes a bit string from bytes, of which the highest bit is the leftmost; bits behind the last one do not count.
     *
     * @param bytes just as many as the bits need; copied
     * @param length how many bits
     * @return never null
     * @throws IllegalArgumentException if there are more or fewer bytes than the bits need
     */
    public static BitString of(byte[] bytes, int length) {
        if (length < 0 || bytes.length != byteCount(length)) {
            throw new IllegalArgumentException("the bytes are not as many as the bits need");
        }
        byte[] own = bytes.clone();
        if (length % Byte.SIZE != 0) {
            own[own.length - 1] &= (byte) (0xff00 >> length % Byte.SIZE);
        }
        return new BitString(own, length);
    }

    static int byteCount(int bits) {
        return (int) (((long) bits + Byte.SIZE - 1) / Byte.SIZE);
    }

    /**
     * Makes a bit string.
     *
     * @param bits the bits from the left
     * @return never null
     */
    public static BitString of(boolean... bits) {
        BitSet set = new BitSet(bits.length);
        for (int i = 0; i < bits.length; i++) {
            set.set(i, bits[i]);
        }
        return of(set, bits.length);
    }

    /**
     * Makes a bit string from a set, which does not know its own length.
     *
     * @param bits bit 0 is the leftmost
     * @param length how many bits
     * @return never null
     * @throws IllegalArgumentException if a bit is set at {@code length} or behind it
     */
    public static BitString of(BitSet bits, int length) {
        if (length < bits.length()) {
            throw new IllegalArgumentException("the set has bits behind the length");
        }
        byte[] bytes = new byte[byteCount(length)];
        for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
            bytes[i / Byte.SIZE] |= (byte) (0x80 >> i % Byte.SIZE);
        }
        return new BitString(bytes, length);
    }

    /**
     * Reads text made of the digits 0 and 1; empty text has no bits.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if there is anything else in it
     */
    public static BitString parse(String text) {
        byte[] bytes = new byte[byteCount(text.length())];
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '1') {
                bytes[i / Byte.SIZE] |= (byte) (0x80 >> i % Byte.SIZE);
            } else if (c != '0') {
                throw new IllegalArgumentException("the text is not made of 0 and 1");
            }
        }
        return new BitString(bytes, text.length());
    }

    /** {@return how many bits it has} */
    public int length() {
        return length;
    }

    /**
     * {@return one bit}
     *
     * @param index from 0 at the left
     * @throws IndexOutOfBoundsException if there is no such bit
     */
    public boolean get(int index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException("bit " + index + " of " + length);
        }
        return (bytes[index / Byte.SIZE] & 0x80 >> index % Byte.SIZE) != 0;
    }

    /** {@return the bits as a set, which does not tell {@link #length()}; a new one} */
    public BitSet toBitSet() {
        BitSet set = new BitSet(length);
        for (int i = 0; i < length; i++) {
            set.set(i, get(i));
        }
        return set;
    }

    /** {@return the bits from the left, a new array} */
    public boolean[] toBooleanArray() {
        boolean[] bits = new boolean[length];
        for (int i = 0; i < length; i++) {
            bits[i] = get(i);
        }
        return bits;
    }

    /** {@return the bits from the left, the highest bit of a byte first, filled up with 0; a new array} */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public int compareTo(BitString other) {
        int order = Arrays.compareUnsigned(bytes, other.bytes);
        return order != 0 ? order : Integer.compare(length, other.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BitString bits && bits.length == length && Arrays.equals(bits.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) * 31 + length;
    }

    /** Returns the text as PostgreSQL prints it: the digits 0 and 1. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            out.append(get(i) ? '1' : '0');
        }
        return out.toString();
    }
}
