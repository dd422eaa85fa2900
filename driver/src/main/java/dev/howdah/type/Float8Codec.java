package dev.howdah.type;

import dev.howdah.wire.WireReader;
import org.jspecify.annotations.Nullable;

/** {@code float8}: IEEE 754 double precision. Other Numbers are rounded to it, as PostgreSQL does. */
final class Float8Codec extends BuiltinCodec<Double> {

    Float8Codec() {
        super(Double.class);
    }

    @Override
    public int fixedLength() {
        return Double.BYTES;
    }

    @Override
    public Double decodeBinary(byte[] bytes, int offset, int length) {
        return Double.longBitsToDouble(WireReader.int64At(bytes, offset));
    }

    @Override
    public Double decodeText(String text) {
        return NumberText.float8(text);
    }

    @Override
    public void encodeBinary(Double value, ValueWriter out) {
        out.int64(Double.doubleToRawLongBits(value));
    }

    @Override
    public String encodeText(Double value) {
        return NumberText.print(value);
    }

    @Override
    @Nullable
    Double coerce(Object value) {
        if (!(value instanceof Number number)) {
            return null;
        }
        double near = number.doubleValue();
        if (Double.isInfinite(near) && NumberConversion.isExact(number)) {
            throw Refusal.writing(Refusal.OUT_OF_RANGE);
        }
        // PostgreSQL refuses what would become 0, too.
        if (near == 0 && !NumberConversion.isZero(number)) {
            throw Refusal.writing(Refusal.OUT_OF_RANGE);
        }
        return near;
    }
}
