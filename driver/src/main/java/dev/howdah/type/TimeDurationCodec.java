package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** {@code time} as the Duration since midnight, which may be 24 hours. */
final class TimeDurationCodec extends BuiltinCodec<Duration> {

    private static final Duration DAY = Duration.ofDays(1);

    TimeDurationCodec() {
        super(Duration.class);
    }

    @Override
    public int fixedLength() {
        return Long.BYTES;
    }

    @Override
    public Duration decodeBinary(byte[] bytes, int offset, int length) {
        return Duration.of(PgTime.checkedTime(WireReader.int64At(bytes, offset)), ChronoUnit.MICROS);
    }

    @Override
    public Duration decodeText(String text) {
        return Duration.of(DateTimeText.time(text), ChronoUnit.MICROS);
    }

    @Override
    public void encodeBinary(Duration value, ValueWriter out) {
        out.int64(micros(value));
    }

    @Override
    public String encodeText(Duration value) {
        StringBuilder out = new StringBuilder(16);
        DateTimeText.printTime(micros(value), out);
        return out.toString();
    }

    private static long micros(Duration value) {
        if (value.isNegative() || value.compareTo(DAY) > 0) {
            throw Refusal.writing("it is not within 0 to 24 hours");
        }
        return (value.toNanos() + 500) / 1000;
    }
}
