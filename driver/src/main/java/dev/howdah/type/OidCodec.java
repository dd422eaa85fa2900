package dev.howdah.type;

import dev.howdah.wire.WireReader;
import org.jspecify.annotations.Nullable;

/** {@code oid}: 4 bytes, unsigned, so a Long from 0 to 4294967295. */
final class OidCodec extends BuiltinCodec<Long> {

    private static final long MAX = 0xffff_ffffL;

    OidCodec() {
        super(Long.class);
    }

    @Override
    public int fixedLength() {
        return Integer.BYTES;
    }

    @Override
    public Long decodeBinary(byte[] bytes, int offset, int length) {
        return WireReader.int32At(bytes, offset) & MAX;
    }

    @Override
    public Long decodeText(String text) {
        long value = NumberText.int8(text);
        if (value < 0 || value > MAX) {
            throw Refusal.reading(Refusal.OUT_OF_RANGE);
        }
        return value;
    }

    @Override
    public void encodeBinary(Long value, ValueWriter out) {
        out.int32((int) checked(value));
    }

    @Override
    public String encodeText(Long value) {
        return Long.toString(checked(value));
    }

    @Override
    @Nullable
    Long coerce(Object value) {
        return NumberConversion.isIntegral(value) ? (Long) checked(NumberConversion.toLong(value)) : null;
    }

    private static long checked(long value) {
        if (value < 0 || value > MAX) {
            throw Refusal.writing("the value is not within 0 to 4294967295");
        }
        return value;
    }
}
