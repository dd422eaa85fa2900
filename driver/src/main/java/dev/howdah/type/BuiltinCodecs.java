package dev.howdah.type;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
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
    static final Entry TEXT_ONLY = Entry.of(new UncodedType());

    private static final Map<Integer, Entry> ENTRIES = build();

    private BuiltinCodecs() {}

    static @Nullable Entry find(int oid) {
        return ENTRIES.get(oid);
    }

    static Map<Integer, Entry> entries() {
        return ENTRIES;
    }

    private static Map<Integer, Entry> build() {
        Map<Integer, Entry> entries = new HashMap<>();
        addNumbers(entries);
        addText(entries);
        addTimes(entries);
        addGeometry(entries);
        addNetwork(entries);
        addCatalog(entries);
        entries.put(BuiltinTypes.BOOL, Entry.of(new BoolCodec()));
        entries.put(BuiltinTypes.BYTEA, Entry.of(new ByteaCodec()));
        entries.put(BuiltinTypes.UUID, Entry.of(new UuidCodec()));
        entries.put(BuiltinTypes.BIT, bits());
        entries.put(BuiltinTypes.VARBIT, bits());
        return Map.copyOf(entries);
    }

    private static void addNumbers(Map<Integer, Entry> entries) {
        entries.put(BuiltinTypes.INT2, Entry.of(new Int2Codec()));
        entries.put(BuiltinTypes.INT4, Entry.of(new Int4Codec()));
        entries.put(BuiltinTypes.INT8, Entry.of(new Int8Codec()));
        entries.put(BuiltinTypes.FLOAT4, Entry.of(new Float4Codec()));
        entries.put(BuiltinTypes.FLOAT8, Entry.of(new Float8Codec()));
        entries.put(BuiltinTypes.NUMERIC, numeric());
        MoneyCodec money = new MoneyCodec();
        Codec<?> refused = MoneyCodec.refusing(BigDecimal.class, "numeric");
        entries.put(BuiltinTypes.MONEY, new Entry(List.of(money, refused), money));
    }

    private static void addText(Map<Integer, Entry> entries) {
        for (int oid : new int[] {
            BuiltinTypes.TEXT,
            BuiltinTypes.VARCHAR,
            BuiltinTypes.BPCHAR,
            BuiltinTypes.NAME,
            BuiltinTypes.UNKNOWN,
            BuiltinTypes.JSON,
            BuiltinTypes.REFCURSOR,
            BuiltinTypes.CSTRING,
            BuiltinTypes.VOID
        }) {
            entries.put(oid, TEXT);
        }
        // In the binary form an encoding that the document declares would be believed; text is always UTF-8.
        entries.put(BuiltinTypes.XML, Entry.of(new TextCodec(false)));
        entries.put(BuiltinTypes.JSONB, Entry.of(new JsonbCodec()));
        entries.put(BuiltinTypes.JSONPATH, Entry.of(new JsonbCodec()));
        entries.put(BuiltinTypes.CHAR, Entry.of(new CharCodec()));
        entries.put(BuiltinTypes.TSVECTOR, Entry.of(new TsVectorCodec()));
        entries.put(BuiltinTypes.TSQUERY, Entry.of(new TsQueryCodec()));
    }

    private static void addTimes(Map<Integer, Entry> entries) {
        entries.put(BuiltinTypes.DATE, Entry.of(new DateCodec()));
        entries.put(BuiltinTypes.TIME, time());
        entries.put(BuiltinTypes.TIMETZ, timeTz());
        entries.put(BuiltinTypes.TIMESTAMP, Entry.of(new TimestampCodec()));
        entries.put(BuiltinTypes.TIMESTAMPTZ, timestampTz());
        entries.put(BuiltinTypes.INTERVAL, interval());
    }

    private static void addGeometry(Map<Integer, Entry> entries) {
        entries.put(BuiltinTypes.POINT, Entry.of(GeometryCodec.point()));
        entries.put(BuiltinTypes.LSEG, Entry.of(GeometryCodec.segment()));
        entries.put(BuiltinTypes.LINE, Entry.of(GeometryCodec.line()));
        entries.put(BuiltinTypes.BOX, Entry.of(GeometryCodec.box()));
        entries.put(BuiltinTypes.CIRCLE, Entry.of(GeometryCodec.circle()));
        entries.put(BuiltinTypes.PATH, Entry.of(GeometryCodec.path()));
        entries.put(BuiltinTypes.POLYGON, Entry.of(GeometryCodec.polygon()));
    }

    private static void addNetwork(Map<Integer, Entry> entries) {
        InetCodec.Host inet = new InetCodec.Host();
        entries.put(BuiltinTypes.INET, new Entry(List.of(inet, InetCodec.Host.address()), inet));
        entries.put(BuiltinTypes.CIDR, Entry.of(new InetCodec.Network()));
        entries.put(BuiltinTypes.MACADDR, Entry.of(new MacAddressCodec(6)));
        entries.put(BuiltinTypes.MACADDR8, Entry.of(new MacAddressCodec(8)));
    }

    private static void addCatalog(Map<Integer, Entry> entries) {
        Entry unsigned = Entry.of(new OidCodec());
        entries.put(BuiltinTypes.OID, unsigned);
        entries.put(BuiltinTypes.XID, unsigned);
        entries.put(BuiltinTypes.CID, unsigned);
        Codec<?> xid8 = new Xid8Codec();
        entries.put(BuiltinTypes.XID8, new Entry(List.of(Xid8Codec.asLong(), xid8), xid8));
        entries.put(BuiltinTypes.TID, Entry.of(new TidCodec()));
        entries.put(BuiltinTypes.PG_LSN, Entry.of(new LsnCodec()));
        entries.put(BuiltinTypes.PG_SNAPSHOT, Entry.of(new PgSnapshotCodec()));
        entries.put(BuiltinTypes.TXID_SNAPSHOT, Entry.of(new PgSnapshotCodec()));
        VectorCodec numbers = new VectorCodec(new Int2Codec());
        entries.put(BuiltinTypes.INT2VECTOR, new Entry(List.of(numbers, numbers.as(short[].class)), numbers));
        VectorCodec oids = new VectorCodec(new OidCodec());
        entries.put(BuiltinTypes.OIDVECTOR, new Entry(List.of(oids, oids.as(long[].class)), oids));
        for (int oid : new int[] {
            BuiltinTypes.REGPROC,
            BuiltinTypes.REGPROCEDURE,
            BuiltinTypes.REGOPER,
            BuiltinTypes.REGOPERATOR,
            BuiltinTypes.REGCLASS,
            BuiltinTypes.REGTYPE,
            BuiltinTypes.REGCONFIG,
            BuiltinTypes.REGDICTIONARY,
            BuiltinTypes.REGNAMESPACE,
            BuiltinTypes.REGROLE,
            BuiltinTypes.REGCOLLATION
        }) {
            entries.put(oid, Entry.of(new RegCodec()));
        }
    }

    private static Entry bits() {
        BitStringCodec general = new BitStringCodec();
        Codec<?> booleans = new MappedCodec<>(general, boolean[].class, BitString::toBooleanArray, BitString::of);
        return new Entry(List.of(general, booleans), general);
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
