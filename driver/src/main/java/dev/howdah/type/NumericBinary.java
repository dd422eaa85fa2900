package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The binary form of {@code numeric}: count of digits, weight of the first, sign, scale, then digits of base 10000. No
 * way goes through text.
 */
final class NumericBinary {

    static final int NEGATIVE = 0x4000;
    static final int NAN = 0xc000;
    static final int POSITIVE_INFINITY = 0xd000;
    static final int NEGATIVE_INFINITY = 0xf000;

    private static final int HEADER = 8;
    private static final int BASE = 10_000;
    /** So many digits of base 10000 fit into a long. */
    private static final int LONG_DIGITS = 4;

    private static final int MAX_SCALE = 16_383;
    private static final int MAX_WHOLE_DIGITS = 131_072;
    private static final long[] TEN = new long[19];

    static {
        TEN[0] = 1;
        for (int i = 1; i < TEN.length; i++) {
            TEN[i] = TEN[i - 1] * 10;
        }
    }

    private NumericBinary() {}

    /** Returns the sign word: 0 for positive and zero, or one of the constants here. */
    static int sign(byte[] bytes, int offset, int length) {
        if (length < HEADER) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
        return WireReader.int16At(bytes, offset + 4) & 0xffff;
    }

    /** Reads a finite value; its sign has been looked at. */
    static BigDecimal read(byte[] bytes, int offset, int length) {
        int count = WireReader.int16At(bytes, offset) & 0xffff;
        int weight = WireReader.int16At(bytes, offset + 2);
        boolean negative = (WireReader.int16At(bytes, offset + 4) & 0xffff) == NEGATIVE;
        int scale = WireReader.int16At(bytes, offset + 6);
        if (length != HEADER + 2 * count || scale < 0) {
            throw Refusal.reading(Refusal.MALFORMED);
        }
        int first = offset + HEADER;
        // The power of ten that the digits, read as one whole number, have to be multiplied with to give the unscaled
        // value.
        int shift = 4 * (weight - count + 1) + scale;
        if (count <= LONG_DIGITS) {
            long digits = smallNumber(bytes, first, count);
            if (count == 0) {
                return BigDecimal.valueOf(0, scale);
            } else if (shift < 0 && shift > -TEN.length) {
                return BigDecimal.valueOf((negative ? -digits : digits) / TEN[-shift], scale);
            } else if (shift >= 0 && shift <= 18 - 4 * count) {
                return BigDecimal.valueOf((negative ? -digits : digits) * TEN[shift], scale);
            }
        }
        BigInteger digits = bigNumber(bytes, first, count);
        BigInteger unscaled =
                shift >= 0 ? digits.multiply(BigInteger.TEN.pow(shift)) : digits.divide(BigInteger.TEN.pow(-shift));
        return new BigDecimal(negative ? unscaled.negate() : unscaled, scale);
    }

    private static long smallNumber(byte[] bytes, int first, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            int digit = WireReader.int16At(bytes, first + 2 * i);
            if (digit < 0 || digit >= BASE) {
                throw Refusal.reading(Refusal.MALFORMED);
            }
            value = value * BASE + digit;
        }
        return value;
    }

    private static BigInteger bigNumber(byte[] bytes, int first, int count) {
        if (count <= LONG_DIGITS) {
            return BigInteger.valueOf(smallNumber(bytes, first, count));
        }
        int low = count / 2;
        BigInteger high = bigNumber(bytes, first, count - low);
        return high.multiply(BigInteger.TEN.pow(4 * low)).add(bigNumber(bytes, first + 2 * (count - low), low));
    }

    /** Writes NaN or an infinity. */
    static void writeSpecial(int sign, ValueWriter out) {
        out.int16(0).int16(0).int16(sign).int16(0);
    }

    /** Writes a finite value. */
    static void write(BigDecimal value, ValueWriter out) {
        int scale = checked(value).scale();
        if (value.signum() == 0) {
            out.int16(0).int16(0).int16(0).int16(Math.max(scale, 0));
            return;
        }
        BigInteger unscaled = value.unscaledValue();
        int sign = unscaled.signum() < 0 ? NEGATIVE : 0;
        // Groups of four digits count from the decimal point.
        int fractionDigits = scale <= 0 ? 0 : (scale + 3) / 4;
        int pad = 4 * fractionDigits - scale;
        if (unscaled.bitLength() < 64 && value.precision() + pad <= 18) {
            writeSmall(Math.abs(unscaled.longValue()) * TEN[pad], fractionDigits, sign, Math.max(scale, 0), out);
            return;
        }
        BigInteger whole = unscaled.abs().multiply(BigInteger.TEN.pow(pad));
        int count = (value.precision() + pad + 3) / 4;
        short[] digits = new short[count];
        split(whole, digits, 0, count);
        writeDigits(digits, fractionDigits, sign, Math.max(scale, 0), out);
    }

    /** Checks that PostgreSQL can hold the value. */
    static BigDecimal checked(BigDecimal value) {
        if (value.scale() > MAX_SCALE) {
            throw Refusal.writing("it has more than 16383 digits after the decimal point");
        }
        if (value.signum() != 0 && (long) value.precision() - value.scale() > MAX_WHOLE_DIGITS) {
            throw Refusal.writing("it has more than 131072 digits before the decimal point");
        }
        return value;
    }

    private static void writeSmall(long whole, int fractionDigits, int sign, int scale, ValueWriter out) {
        int trailing = 0;
        long rest = whole;
        while (rest % BASE == 0) {
            rest /= BASE;
            trailing++;
        }
        int count = rest < BASE ? 1 : rest < 100_000_000L ? 2 : rest < 1_000_000_000_000L ? 3 : 4;
        if (rest >= 10_000_000_000_000_000L) {
            count = 5;
        }
        out.int16(count)
                .int16(count + trailing - fractionDigits - 1)
                .int16(sign)
                .int16(scale);
        for (int i = count - 1; i >= 0; i--) {
            out.int16((int) (rest / TEN[4 * i] % BASE));
        }
    }

    private static void writeDigits(short[] digits, int fractionDigits, int sign, int scale, ValueWriter out) {
        int count = digits.length;
        while (digits[count - 1] == 0) {
            count--;
        }
        out.int16(count).int16(digits.length - fractionDigits - 1).int16(sign).int16(scale);
        for (int i = 0; i < count; i++) {
            out.int16(digits[i]);
        }
    }

    /** Fills {@code count} digits of base 10000 from {@code from} on with the value, the highest first. */
    private static void split(BigInteger value, short[] digits, int from, int count) {
        if (count <= LONG_DIGITS) {
            long rest = value.longValueExact();
            for (int i = count - 1; i >= 0; i--) {
                digits[from + i] = (short) (rest % BASE);
                rest /= BASE;
            }
            return;
        }
        int low = count / 2;
        BigInteger[] parts = value.divideAndRemainder(BigInteger.TEN.pow(4 * low));
        split(parts[0], digits, from, count - low);
        split(parts[1], digits, from + count - low, low);
    }
}
