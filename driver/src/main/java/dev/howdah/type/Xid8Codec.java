package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** {@code xid8} with everything it can be: 8 bytes, unsigned. */
final class Xid8Codec extends BuiltinCodec<BigInteger> {

    private static final int BITS = 64;

    Xid8Codec() {
        super(BigInteger.class);
    }

    /** Returns the codec for those up to Long.MAX_VALUE; no server counts further in practice. */
    static Codec<Long> asLong() {
        return new MappedCodec<>(new Xid8Codec(), Long.class, Xid8Codec::toLong, BigInteger::valueOf);
    }

    private static Long toLong(BigInteger value) {
        if (value.bitLength() >= BITS) {
            throw Refusal.reading("the value is greater than Long.MAX_VALUE; read it as java.math.BigInteger");
        }
        return value.longValue();
    }

    @Override
    public int fixedLength() {
        return Long.BYTES;
    }

    @Override
    public BigInteger decodeBinary(byte[] bytes, int offset, int length) {
        return unsigned(WireReader.int64At(bytes, offset));
    }

    private static BigInteger unsigned(long value) {
        BigInteger signed = BigInteger.valueOf(value);
        return value < 0 ? signed.add(BigInteger.ONE.shiftLeft(BITS)) : signed;
    }

    @Override
    public BigInteger decodeText(String text) {
        try {
            return unsigned(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw Refusal.reading("the text is not a transaction number");
        }
    }

    @Override
    public void encodeBinary(BigInteger value, ValueWriter out) {
        out.int64(checked(value).longValue());
    }

    @Override
    public String encodeText(BigInteger value) {
        return checked(value).toString();
    }

    @Override
    @Nullable
    BigInteger coerce(Object value) {
        return NumberConversion.isIntegral(value) ? BigInteger.valueOf(NumberConversion.toLong(value)) : null;
    }

    private static BigInteger checked(BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > BITS) {
            throw Refusal.writing("the value is not within 0 to 18446744073709551615");
        }
        return value;
    }
}
