package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.time.DateTimeException;

/** {@code interval}: microseconds, days, months. */
final class IntervalCodec extends BuiltinCodec<Interval> {

    IntervalCodec() {
        super(Interval.class);
    }

    @Override
    public int fixedLength() {
        return Long.BYTES + 2 * Integer.BYTES;
    }

    @Override
    public Interval decodeBinary(byte[] bytes, int offset, int length) {
        return new Interval(
                WireReader.int32At(bytes, offset + 12),
                WireReader.int32At(bytes, offset + 8),
                WireReader.int64At(bytes, offset));
    }

    @Override
    public Interval decodeText(String text) {
        try {
            return Interval.parse(text);
        } catch (DateTimeException e) {
            throw Refusal.reading("the text is not an interval in any of PostgreSQL's styles");
        }
    }

    @Override
    public void encodeBinary(Interval value, ValueWriter out) {
        out.int64(value.microseconds()).int32(value.days()).int32(value.months());
    }

    @Override
    public String encodeText(Interval value) {
        return value.toPostgres();
    }
}
