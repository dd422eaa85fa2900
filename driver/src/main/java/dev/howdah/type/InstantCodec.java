package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.time.Instant;

/** {@code timestamptz} as Instant; the infinities are Instant.MAX and MIN. */
final class InstantCodec extends BuiltinCodec<Instant> {

    InstantCodec() {
        super(Instant.class);
    }

    @Override
    public int fixedLength() {
        return Long.BYTES;
    }

    @Override
    public Instant decodeBinary(byte[] bytes, int offset, int length) {
        return PgTime.instant(WireReader.int64At(bytes, offset));
    }

    @Override
    public Instant decodeText(String text) {
        return PgTime.instant(PgTime.micros(DateTimeText.timestampTz(text)));
    }

    @Override
    public void encodeBinary(Instant value, ValueWriter out) {
        out.int64(PgTime.micros(value));
    }

    @Override
    public String encodeText(Instant value) {
        long micros = PgTime.micros(value);
        if (micros == PgTime.POSITIVE_INFINITY) {
            return "infinity";
        }
        return micros == PgTime.NEGATIVE_INFINITY ? "-infinity" : DateTimeText.printUtc(PgTime.timestamp(micros));
    }
}
