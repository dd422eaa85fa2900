package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.time.LocalDate;

/** {@code date}: days since 2000-01-01; the infinities are LocalDate.MAX and MIN. */
final class DateCodec extends BuiltinCodec<LocalDate> {

    DateCodec() {
        super(LocalDate.class);
    }

    @Override
    public int fixedLength() {
        return Integer.BYTES;
    }

    @Override
    public LocalDate decodeBinary(byte[] bytes, int offset, int length) {
        return PgTime.date(WireReader.int32At(bytes, offset));
    }

    @Override
    public LocalDate decodeText(String text) {
        return DateTimeText.date(text);
    }

    @Override
    public void encodeBinary(LocalDate value, ValueWriter out) {
        out.int32(PgTime.days(value));
    }

    @Override
    public String encodeText(LocalDate value) {
        return switch (PgTime.days(value)) {
            case Integer.MAX_VALUE -> "infinity";
            case Integer.MIN_VALUE -> "-infinity";
            default -> DateTimeText.print(value);
        };
    }
}
