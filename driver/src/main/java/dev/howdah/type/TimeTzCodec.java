package dev.howdah.type;

import dev.howdah.wire.WireReader;

/** {@code timetz} with everything it can be: microseconds and the offset's seconds, west of UTC on the wire. */
final class TimeTzCodec extends BuiltinCodec<TimeTz> {

    /** PostgreSQL's offsets stay below 16 hours. */
    private static final int OFFSET_END = 16 * 3600;

    TimeTzCodec() {
        super(TimeTz.class);
    }

    @Override
    public int fixedLength() {
        return Long.BYTES + Integer.BYTES;
    }

    @Override
    public TimeTz decodeBinary(byte[] bytes, int offset, int length) {
        return new TimeTz(
                PgTime.checkedTime(WireReader.int64At(bytes, offset)), -WireReader.int32At(bytes, offset + Long.BYTES));
    }

    @Override
    public TimeTz decodeText(String text) {
        return DateTimeText.timeTz(text);
    }

    @Override
    public void encodeBinary(TimeTz value, ValueWriter out) {
        out.int64(value.micros()).int32(-checked(value).offsetSeconds());
    }

    @Override
    public String encodeText(TimeTz value) {
        return checked(value).toString();
    }

    private static TimeTz checked(TimeTz value) {
        if (Math.abs(value.offsetSeconds()) >= OFFSET_END) {
            throw Refusal.writing("its offset is not within -15:59:59 to +15:59:59");
        }
        return value;
    }
}
