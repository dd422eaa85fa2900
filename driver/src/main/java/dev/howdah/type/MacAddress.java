package dev.howdah.type;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A value of PostgreSQL's {@code macaddr} (6 bytes) or {@code macaddr8} (8 bytes). Immutable. Ordered as PostgreSQL does,
 * without sign; those of 6 bytes come first.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-net-types.html#DATATYPE-MACADDR">macaddr</a>
 */
public final class MacAddress implements Comparable<MacAddress> {

    private static final int SHORT_BYTES = 6;
    private static final int LONG_BYTES = 8;

    private final long value;
    private final int byteCount;

    MacAddress(long value, int byteCount) {
        this.value = value;
        this.byteCount = byteCount;
    }

    /**
     * Makes an address from its bytes.
     *
     * @param bytes 6 or 8 bytes
     * @return never null
     * @throws IllegalArgumentException if there are more or fewer
     */
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != SHORT_BYTES && bytes.length != LONG_BYTES) {
            throw new IllegalArgumentException("a MAC address has 6 or 8 bytes");
        }
        long value = 0;
        for (byte b : bytes) {
            value = value << Byte.SIZE | b & 0xff;
        }
        return new MacAddress(value, bytes.length);
    }

    /**
     * Reads 12 or 16 hexadecimal digits, with colons, hyphens or points between them wherever they stand between bytes:
     * {@code 08:00:2b:01:02:03}, {@code 0800.2b01.0203}, {@code 08002b010203}.
     *
     * @param text the text
     * @return never null
     * @throws IllegalArgumentException if it is no such text
     */
    public static MacAddress parse(String text) {
        long value = 0;
        int digits = 0;
        boolean separated = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit >= 0) {
                value = value << 4 | digit;
                digits++;
                separated = false;
            } else if (!separated && digits % 2 == 0 && (c == ':' || c == '-' || c == '.')) {
                separated = true;
            } else {
                throw wrong();
            }
        }
        if (separated || digits != 2 * SHORT_BYTES && digits != 2 * LONG_BYTES) {
            throw wrong();
        }
        return new MacAddress(value, digits / 2);
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException("the text is not a MAC address such as 08:00:2b:01:02:03");
    }

    /** {@return how many bytes it has: 6 for a macaddr, 8 for a macaddr8} */
    public int byteCount() {
        return byteCount;
    }

    /** {@return its bytes in the lowest bits, the first one highest} */
    public long toLong() {
        return value;
    }

    /** {@return its bytes, a new array} */
    public byte[] toByteArray() {
        byte[] bytes = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) {
            bytes[i] = (byte) (value >>> Byte.SIZE * (byteCount - 1 - i));
        }
        return bytes;
    }

    @Override
    public int compareTo(MacAddress other) {
        return byteCount != other.byteCount
                ? Integer.compare(byteCount, other.byteCount)
                : Long.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MacAddress address && address.value == value && address.byteCount == byteCount;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value) * 31 + byteCount;
    }

    /** Returns the text as PostgreSQL prints it: {@code 08:00:2b:01:02:03}. */
    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(toByteArray());
    }
}
