package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** {@code timestamptz}: microseconds since 2000-01-01 UTC; the infinities are OffsetDateTime.MAX and MIN. */
final class TimestampTzCodec extends BuiltinCodec<OffsetDateTime> {

    TimestampTzCodec() {
        super(OffsetDateTime.class);
    }

    @Override
    public int fixedLength() {
        return Long.BYTES;
    }

    @Override
    public OffsetDateTime decodeBinary(byte[] bytes, int offset, int length) {
        return PgTime.offset(WireReader.int64At(bytes, offset));
    }

    @Override
    public OffsetDateTime decodeText(String text) {
        return DateTimeText.timestampTz(text);
    }

    @Override
    public void encodeBinary(OffsetDateTime value, ValueWriter out) {
        out.int64(PgTime.micros(value));
    }

    @Override
    public String encodeText(OffsetDateTime value) {
        long micros = PgTime.micros(value);
        if (micros == PgTime.POSITIVE_INFINITY) {
            return "infinity";
        }
        return micros == PgTime.NEGATIVE_INFINITY ? "-infinity" : DateTimeText.printUtc(PgTime.timestamp(micros));
    }

    @Override
    @Nullable
    OffsetDateTime coerce(Object value) {
        if (value instanceof LocalDateTime) {
            throw Refusal.writing(
                    "a LocalDateTime has no time zone; send an OffsetDateTime, a ZonedDateTime or an Instant");
        }
        return null;
    }
}
