package dev.howdah.type;

import dev.howdah.wire.WireReader;
import org.jspecify.annotations.Nullable;

/** {@code int4}: 4 bytes, signed. */
final class Int4Codec extends BuiltinCodec<Integer> {

    Int4Codec() {
        super(Integer.class);
    }

    @Override
    public int fixedLength() {
        return Integer.BYTES;
    }

    @Override
    public Integer decodeBinary(byte[] bytes, int offset, int length) {
        return WireReader.int32At(bytes, offset);
    }

    @Override
    public Integer decodeText(String text) {
        return NumberText.int4(text);
    }

    @Override
    public void encodeBinary(Integer value, ValueWriter out) {
        out.int32(value);
    }

    @Override
    public String encodeText(Integer value) {
        return value.toString();
    }

    @Override
    @Nullable
    Integer coerce(Object value) {
        return NumberConversion.isIntegral(value) ? NumberConversion.toInt(value) : null;
    }
}
