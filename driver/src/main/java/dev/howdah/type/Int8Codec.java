package dev.howdah.type;

import dev.howdah.wire.WireReader;
import org.jspecify.annotations.Nullable;

/** {@code int8}: 8 bytes, signed. */
final class Int8Codec extends BuiltinCodec<Long> {

    Int8Codec() {
        super(Long.class);
    }

    @Override
    public int fixedLength() {
        return Long.BYTES;
    }

    @Override
    public Long decodeBinary(byte[] bytes, int offset, int length) {
        return WireReader.int64At(bytes, offset);
    }

    @Override
    public Long decodeText(String text) {
        return NumberText.int8(text);
    }

    @Override
    public void encodeBinary(Long value, ValueWriter out) {
        out.int64(value);
    }

    @Override
    public String encodeText(Long value) {
        return value.toString();
    }

    @Override
    @Nullable
    Long coerce(Object value) {
        return NumberConversion.isIntegral(value) ? NumberConversion.toLong(value) : null;
    }
}
