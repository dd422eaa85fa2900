package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.time.LocalTime;

/** {@code time}: microseconds since midnight. 24:00 is refused here; as a Duration it can be read. */
final class TimeCodec extends BuiltinCodec<LocalTime> {

    TimeCodec() {
        super(LocalTime.class);
    }

    @Override
    public int fixedLength() {
        return Long.BYTES;
    }

    @Override
    public LocalTime decodeBinary(byte[] bytes, int offset, int length) {
        return PgTime.time(WireReader.int64At(bytes, offset), "java.time.Duration or String");
    }

    @Override
    public LocalTime decodeText(String text) {
        return PgTime.time(DateTimeText.time(text), "java.time.Duration or String");
    }

    @Override
    public void encodeBinary(LocalTime value, ValueWriter out) {
        out.int64(PgTime.micros(value));
    }

    @Override
    public String encodeText(LocalTime value) {
        StringBuilder out = new StringBuilder(16);
        DateTimeText.printTime(PgTime.micros(value), out);
        return out.toString();
    }
}
