package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** {@code timestamp}: microseconds since 2000-01-01; the infinities are LocalDateTime.MAX and MIN. */
final class TimestampCodec extends BuiltinCodec<LocalDateTime> {

    TimestampCodec() {
        super(LocalDateTime.class);
    }

    @Override
    public int fixedLength() {
        return Long.BYTES;
    }

    @Override
    public LocalDateTime decodeBinary(byte[] bytes, int offset, int length) {
        return PgTime.timestamp(WireReader.int64At(bytes, offset));
    }

    @Override
    public LocalDateTime decodeText(String text) {
        return DateTimeText.timestamp(text);
    }

    @Override
    public void encodeBinary(LocalDateTime value, ValueWriter out) {
        out.int64(PgTime.micros(value));
    }

    @Override
    public String encodeText(LocalDateTime value) {
        long micros = PgTime.micros(value);
        if (micros == PgTime.POSITIVE_INFINITY) {
            return "infinity";
        }
        return micros == PgTime.NEGATIVE_INFINITY ? "-infinity" : DateTimeText.print(PgTime.timestamp(micros));
    }

    @Override
    @Nullable
    LocalDateTime coerce(Object value) {
        if (value instanceof OffsetDateTime || value instanceof ZonedDateTime || value instanceof Instant) {
            throw Refusal.writing(
                    "timestamp has no time zone; send a LocalDateTime, or cast to timestamptz in the SQL");
        }
        return null;
    }
}
