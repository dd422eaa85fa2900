package dev.howdah.type;

import dev.howdah.wire.WireReader;
import org.jspecify.annotations.Nullable;

/** {@code money}: 8 bytes, the smallest units. Whatever would need {@code lc_monetary} is refused with advice. */
final class MoneyCodec extends BuiltinCodec<Money> {

    private static final String ADVICE =
            "how many digits its fraction has depends on lc_monetary; use dev.howdah.type.Money, ";

    MoneyCodec() {
        super(Money.class);
    }

    /** Returns the codec that names a way to those who want a number or text of the binary form. */
    static <T> Codec<T> refusing(Class<T> javaType, String cast) {
        return new MappedCodec<>(
                new MoneyCodec(),
                javaType,
                v -> {
                    throw Refusal.reading(ADVICE + "or cast it to " + cast + " in the SQL");
                },
                v -> {
                    throw Refusal.writing(ADVICE + "or cast the parameter, as in $1::" + cast + "::money");
                });
    }

    @Override
    public int fixedLength() {
        return Long.BYTES;
    }

    @Override
    public Money decodeBinary(byte[] bytes, int offset, int length) {
        return new Money(WireReader.int64At(bytes, offset));
    }

    @Override
    public Money decodeText(String text) {
        try {
            return Money.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.reading("the text is not an amount of money");
        }
    }

    @Override
    public void encodeBinary(Money value, ValueWriter out) {
        out.int64(value.minorUnits());
    }

    @Override
    public String encodeText(Money value) {
        throw Refusal.writing(ADVICE + "whose binary form needs no such digits, or cast it in the SQL");
    }

    @Override
    @Nullable
    Money coerce(Object value) {
        if (value instanceof Number) {
            throw Refusal.writing(ADVICE + "or cast the parameter, as in $1::numeric::money");
        }
        return TextCodec.textOf(value) == null ? null : refuseText();
    }

    private static Money refuseText() {
        throw Refusal.writing(ADVICE + "or cast the parameter, as in $1::text::money");
    }
}
