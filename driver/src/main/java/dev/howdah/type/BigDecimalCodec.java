package dev.howdah.type;

import java.math.BigDecimal;

/** {@code numeric} as BigDecimal, scale kept; what is not finite is refused. */
final class BigDecimalCodec extends BuiltinCodec<BigDecimal> {

    BigDecimalCodec() {
        super(BigDecimal.class);
    }

    @Override
    public BigDecimal decodeBinary(byte[] bytes, int offset, int length) {
        int sign = NumericBinary.sign(bytes, offset, length);
        if (sign != 0 && sign != NumericBinary.NEGATIVE) {
            throw NumberConversion.notFinite();
        }
        return NumericBinary.read(bytes, offset, length);
    }

    @Override
    public BigDecimal decodeText(String text) {
        if (text.equals("NaN") || text.endsWith("Infinity")) {
            throw NumberConversion.notFinite();
        }
        return NumberText.numeric(text);
    }

    @Override
    public void encodeBinary(BigDecimal value, ValueWriter out) {
        NumericBinary.write(value, out);
    }

    @Override
    public String encodeText(BigDecimal value) {
        return NumericBinary.checked(value).toPlainString();
    }
}
