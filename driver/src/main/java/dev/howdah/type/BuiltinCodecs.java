package dev.howdah.type;

import java.time.Duration;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which codecs serve which of PostgreSQL's own types. */
final class BuiltinCodecs {

    /**
     * The codecs of one type.
     *
     * @param all the default first
     * @param general the one that can read every value, through which the text form is made
     */
    record Entry(List<Codec<?>> all, Codec<?> general) {

        static Entry of(Codec<?>... codecs) {
            return new Entry(List.of(codecs), codecs[0]);
        }
    }

    /** Text in both forms, as enums and text types have it. */
    static final Entry TEXT = Entry.of(new TextCodec(true));
    /** Text in the text form only: types without a codec. */
    static final Entry TEXT_ONLY = Entry.of(new TextCodec(false));

    private static final Map<Integer, Entry> ENTRIES = Map.ofEntries(
            Map.entry(BuiltinTypes.BOOL, Entry.of(new BoolCodec())),
            Map.entry(BuiltinTypes.INT2, Entry.of(new Int2Codec())),
            Map.entry(BuiltinTypes.INT4, Entry.of(new Int4Codec())),
            Map.entry(BuiltinTypes.INT8, Entry.of(new Int8Codec())),
            Map.entry(BuiltinTypes.OID, Entry.of(new OidCodec())),
            Map.entry(BuiltinTypes.FLOAT4, Entry.of(new Float4Codec())),
            Map.entry(BuiltinTypes.FLOAT8, Entry.of(new Float8Codec())),
            Map.entry(BuiltinTypes.NUMERIC, numeric()),
            Map.entry(BuiltinTypes.TEXT, TEXT),
            Map.entry(BuiltinTypes.VARCHAR, TEXT),
            Map.entry(BuiltinTypes.BPCHAR, TEXT),
            Map.entry(BuiltinTypes.NAME, TEXT),
            Map.entry(BuiltinTypes.UNKNOWN, TEXT),
            Map.entry(BuiltinTypes.JSON, TEXT),
            Map.entry(BuiltinTypes.JSONB, Entry.of(new JsonbCodec())),
            Map.entry(BuiltinTypes.CHAR, Entry.of(new CharCodec())),
            Map.entry(BuiltinTypes.BYTEA, Entry.of(new ByteaCodec())),
            Map.entry(BuiltinTypes.UUID, Entry.of(new UuidCodec())),
            Map.entry(BuiltinTypes.DATE, Entry.of(new DateCodec())),
            Map.entry(BuiltinTypes.TIME, time()),
            Map.entry(BuiltinTypes.TIMETZ, timeTz()),
            Map.entry(BuiltinTypes.TIMESTAMP, Entry.of(new TimestampCodec())),
            Map.entry(BuiltinTypes.TIMESTAMPTZ, timestampTz()),
            Map.entry(BuiltinTypes.INTERVAL, interval()));

    private BuiltinCodecs() {}

    static @Nullable Entry find(int oid) {
        return ENTRIES.get(oid);
    }

    static Map<Integer, Entry> entries() {
        return ENTRIES;
    }

    private static Entry numeric() {
        Codec<?> general = new NumericCodec();
        return new Entry(List.of(new BigDecimalCodec(), general), general);
    }

    private static Entry time() {
        Codec<?> general = new TimeDurationCodec();
        return new Entry(List.of(new TimeCodec(), general), general);
    }

    private static Entry timeTz() {
        TimeTzCodec general = new TimeTzCodec();
        Codec<?> offsetTime = new MappedCodec<>(
                general,
                OffsetTime.class,
                v -> OffsetTime.of(PgTime.time(v.micros(), "String"), ZoneOffset.ofTotalSeconds(v.offsetSeconds())),
                v -> new TimeTz(PgTime.micros(v.toLocalTime()), v.getOffset().getTotalSeconds()));
        return new Entry(List.of(offsetTime, general), general);
    }

    private static Entry timestampTz() {
        TimestampTzCodec general = new TimestampTzCodec();
        Codec<?> zoned = new MappedCodec<>(
                general, ZonedDateTime.class, v -> v.toZonedDateTime(), ZonedDateTime::toOffsetDateTime);
        return new Entry(List.of(general, new InstantCodec(), zoned), general);
    }

    private static Entry interval() {
        IntervalCodec general = new IntervalCodec();
        Codec<?> duration = new MappedCodec<>(
                general, Duration.class, v -> exactly(v, Interval::toDuration), v -> exact(v, Interval::of));
        Codec<?> period = new MappedCodec<>(
                general, Period.class, v -> exactly(v, Interval::toPeriod), v -> exact(v, Interval::of));
        return new Entry(List.of(general, duration, period), general);
    }

    private static <T> T exactly(Interval value, Function<Interval, T> conversion) {
        try {
            return conversion.apply(value);
        } catch (ArithmeticException e) {
            throw Refusal.reading(
                    "a Duration holds no months and days, a Period nothing else; read it as dev.howdah.type.Interval");
        }
    }

    private static <T> Interval exact(T value, Function<T, Interval> conversion) {
        try {
            return conversion.apply(value);
        } catch (ArithmeticException e) {
            throw Refusal.writing(Refusal.OUT_OF_RANGE);
        }
    }
}
