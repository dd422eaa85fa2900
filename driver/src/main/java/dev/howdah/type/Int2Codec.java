package dev.howdah.type;

import dev.howdah.wire.WireReader;
import org.jspecify.annotations.Nullable;

/** {@code int2}: 2 bytes, signed. */
final class Int2Codec extends BuiltinCodec<Short> {

    Int2Codec() {
        super(Short.class);
    }

    @Override
    public int fixedLength() {
        return Short.BYTES;
    }

    @Override
    public Short decodeBinary(byte[] bytes, int offset, int length) {
        return WireReader.int16At(bytes, offset);
    }

    @Override
    public Short decodeText(String text) {
        return NumberText.int2(text);
    }

    @Override
    public void encodeBinary(Short value, ValueWriter out) {
        out.int16(value);
    }

    @Override
    public String encodeText(Short value) {
        return value.toString();
    }

    @Override
    @Nullable
    Short coerce(Object value) {
        return NumberConversion.isIntegral(value) ? NumberConversion.toShort(value) : null;
    }
}
