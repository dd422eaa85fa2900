package dev.howdah.type;

import dev.howdah.wire.WireReader;
import org.jspecify.annotations.Nullable;

/** {@code float4}: IEEE 754 single precision. Other Numbers are rounded to it, as PostgreSQL does. */
final class Float4Codec extends BuiltinCodec<Float> {

    Float4Codec() {
        super(Float.class);
    }

    @Override
    public int fixedLength() {
        return Float.BYTES;
    }

    @Override
    public Float decodeBinary(byte[] bytes, int offset, int length) {
        return Float.intBitsToFloat(WireReader.int32At(bytes, offset));
    }

    @Override
    public Float decodeText(String text) {
        return NumberText.float4(text);
    }

    @Override
    public void encodeBinary(Float value, ValueWriter out) {
        out.int32(Float.floatToRawIntBits(value));
    }

    @Override
    public String encodeText(Float value) {
        return NumberText.print(value);
    }

    @Override
    @Nullable
    Float coerce(Object value) {
        if (!(value instanceof Number number)) {
            return null;
        }
        float near = number.floatValue();
        if (Float.isInfinite(near) && !Double.isInfinite(number.doubleValue())
                || Float.isInfinite(near) && NumberConversion.isExact(number)) {
            throw Refusal.writing(Refusal.OUT_OF_RANGE);
        }
        // PostgreSQL refuses what would become 0, too.
        if (near == 0 && !NumberConversion.isZero(number)) {
            throw Refusal.writing(Refusal.OUT_OF_RANGE);
        }
        return near;
    }
}
