package dev.howdah.type;

import org.jspecify.annotations.Nullable;

/** {@code numeric} with everything it can be. */
final class NumericCodec extends BuiltinCodec<Numeric> {

    NumericCodec() {
        super(Numeric.class);
    }

    @Override
    public Numeric decodeBinary(byte[] bytes, int offset, int length) {
        return switch (NumericBinary.sign(bytes, offset, length)) {
            case 0, NumericBinary.NEGATIVE -> Numeric.of(NumericBinary.read(bytes, offset, length));
            case NumericBinary.NAN -> Numeric.NAN;
            case NumericBinary.POSITIVE_INFINITY -> Numeric.POSITIVE_INFINITY;
            case NumericBinary.NEGATIVE_INFINITY -> Numeric.NEGATIVE_INFINITY;
            default -> throw Refusal.reading(Refusal.MALFORMED);
        };
    }

    @Override
    public Numeric decodeText(String text) {
        return switch (text) {
            case "NaN", "Infinity", "-Infinity" -> Numeric.parse(text);
            default -> Numeric.of(NumberText.numeric(text));
        };
    }

    @Override
    public void encodeBinary(Numeric value, ValueWriter out) {
        if (value.isFinite()) {
            NumericBinary.write(value.toBigDecimal(), out);
        } else if (value.isNaN()) {
            NumericBinary.writeSpecial(NumericBinary.NAN, out);
        } else {
            NumericBinary.writeSpecial(
                    value.equals(Numeric.POSITIVE_INFINITY)
                            ? NumericBinary.POSITIVE_INFINITY
                            : NumericBinary.NEGATIVE_INFINITY,
                    out);
        }
    }

    @Override
    public String encodeText(Numeric value) {
        return value.isFinite() ? NumericBinary.checked(value.toBigDecimal()).toPlainString() : value.toString();
    }

    @Override
    @Nullable
    Numeric coerce(Object value) {
        return value instanceof Number number ? NumberConversion.numeric(number) : null;
    }
}
