package dev.howdah;

import dev.howdah.type.BitString;
import dev.howdah.type.Box;
import dev.howdah.type.Cidr;
import dev.howdah.type.Circle;
import dev.howdah.type.Inet;
import dev.howdah.type.Interval;
import dev.howdah.type.Line;
import dev.howdah.type.LineSegment;
import dev.howdah.type.Lsn;
import dev.howdah.type.MacAddress;
import dev.howdah.type.Money;
import dev.howdah.type.Multirange;
import dev.howdah.type.Numeric;
import dev.howdah.type.Path;
import dev.howdah.type.PgSnapshot;
import dev.howdah.type.Point;
import dev.howdah.type.Polygon;
import dev.howdah.type.Range;
import dev.howdah.type.Tid;
import dev.howdah.type.TsQuery;
import dev.howdah.type.TsVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Values of PostgreSQL's own types, extremes among them. */
public final class TypeSamples {

    /**
     * A value.
     *
     * @param asked the class to read it as
     * @param value what it has to be in Java
     * @param literal what it is in SQL
     */
    public record Sample(Class<?> asked, Object value, String literal) {}

    /** Types that have no round trip, and why. */
    public static final Map<String, String> EXEMPT = exempt();

    private final Map<String, List<Sample>> samples = new TreeMap<>();

    private TypeSamples() {}

    private static Map<String, String> exempt() {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (String refused : List.of(
                "pg_node_tree",
                "pg_ndistinct",
                "pg_dependencies",
                "pg_mcv_list",
                "pg_brin_bloom_summary",
                "pg_brin_minmax_multi_summary",
                "gtsvector")) {
            reasons.put(refused, "the server takes no input");
        }
        reasons.put("_cstring", "cstring is a pseudo-type: no column has it");
        reasons.put("_record", "record is a pseudo-type: its fields are not known");
        return reasons;
    }

    /** Returns samples for a server's version by the name of their type. */
    public static Map<String, List<Sample>> of(int version) {
        TypeSamples all = new TypeSamples();
        all.addNumbers();
        all.addText();
        all.addBytesAndBits();
        all.addDates();
        all.addTimestamps();
        all.addIntervals(version);
        all.addGeometry();
        all.addNetwork();
        all.addCatalog();
        all.addNames();
        all.addTextSearch();
        all.addRanges();
        return all.samples;
    }

    private void add(String type, Object value, String literal) {
        add(type, value.getClass(), value, literal);
    }

    private void add(String type, Class<?> asked, Object value, String literal) {
        samples.computeIfAbsent(type, name -> new ArrayList<>()).add(new Sample(asked, value, literal));
    }

    private void addRanges() {
        addRanges("int4", Range.closedOpen(Integer.MIN_VALUE, 7), "[-2147483648,7)");
        addRanges("int4", Range.lessThan(7), "(,7)");
        addRanges("int8", Range.closedOpen(1L, Long.MAX_VALUE), "[1,9223372036854775807)");
        BigDecimal low = new BigDecimal("-1.50");
        addRanges("num", Range.openClosed(low, new BigDecimal("-0.1")), "(-1.50,-0.1]");
        addRanges("num", Range.lessThan(low), "(,-1.50)");
        LocalDate day = LocalDate.of(-43, 3, 15);
        addRanges("date", Range.closedOpen(day, LocalDate.MAX), "[0044-03-15 BC,infinity)");
        addRanges("date", Range.atLeast(day), "[0044-03-15 BC,)");
        LocalDateTime time = LocalDateTime.of(2026, 11, 21, 23, 59, 59, 999_999_000);
        addRanges("ts", Range.atLeast(time), "[2026-11-21 23:59:59.999999,)");
        addRanges("ts", Range.closed(LocalDateTime.MIN, time), "[-infinity,2026-11-21 23:59:59.999999]");
        addRanges("tstz", Range.atLeast(time.atOffset(ZoneOffset.UTC)), "[2026-11-22 05:29:59.999999+05:30,)");
    }

    private void addRanges(String subtype, Range<?> range, String literal) {
        if (!samples.containsKey(subtype + "range")) {
            add(subtype + "range", Range.empty(), "empty");
            add(subtype + "range", Range.all(), "(,)");
            add(subtype + "multirange", Multirange.of(), "{}");
        }
        add(subtype + "range", range, literal);
        add(subtype + "multirange", Multirange.of(range), "{" + literal + "}");
    }

    private void addNumbers() {
        add("bool", true, "t");
        add("bool", false, "f");
        add("int2", Short.MIN_VALUE, "-32768");
        add("int2", Short.MAX_VALUE, "32767");
        add("int4", Integer.MIN_VALUE, "-2147483648");
        add("int4", Integer.MAX_VALUE, "2147483647");
        add("int8", Long.MIN_VALUE, "-9223372036854775808");
        add("int8", Long.MAX_VALUE, "9223372036854775807");
        for (String text :
                List.of("NaN", "Infinity", "-Infinity", "0", "-0", "3.3", "3.4028235e38", "1e-45", "1.17549435e-38")) {
            add("float4", Float.parseFloat(text), text);
        }
        for (String text : List.of(
                "NaN", "Infinity", "-Infinity", "0", "-0", "0.1", "1.7976931348623157e308", "4.9e-324", "1e23")) {
            add("float8", Double.parseDouble(text), text);
        }
        for (String text : List.of(
                "0",
                "0.000",
                "1.50",
                "-1.50",
                "10000",
                "1e-16383",
                "-0.1",
                "9".repeat(131_072) + "." + "9".repeat(50))) {
            add("numeric", new BigDecimal(text), text);
        }
        add("numeric", Numeric.NAN, "NaN");
        add("numeric", Numeric.POSITIVE_INFINITY, "Infinity");
        add("numeric", Numeric.NEGATIVE_INFINITY, "-Infinity");
        add("money", new Money(0), "0");
        add("money", new Money(-123_456), "-1234.56");
        add("money", new Money(Long.MAX_VALUE), "92233720368547758.07");
        add("money", new Money(Long.MIN_VALUE), "-92233720368547758.08");
    }

    private void addText() {
        for (String type : List.of("text", "varchar", "bpchar", "refcursor")) {
            for (String text :
                    List.of("", " ", "a", "NULL", "{\"a\\b\",c}", "\u00e9\ud83d\ude00\u4e16", "\n\t\u0001")) {
                add(type, text, text);
            }
        }
        add("name", "", "");
        add("name", "n".repeat(63), "n".repeat(63));
        add("char", "", "");
        add("char", "x", "x");
        add("char", "{", "{");
        add("json", "{\"b\" : 1,  \"a\": [null]}", "{\"b\" : 1,  \"a\": [null]}");
        add("json", "\"\u00e9\"", "\"\u00e9\"");
        add("jsonb", "{\"a\": [null, \"\u00e9\"], \"b\": 1.50}", "{\"b\" : 1.50, \"a\":[null,\"\u00e9\"]}");
        add("jsonb", "null", "null");
        add("jsonpath", "$", "$");
        add("jsonpath", "$.\"a\"[*]?(@ > 1)", "$.a[*] ? (@ > 1)");
        add("jsonpath", "strict $.\"\u00e9\\\"\"", "strict $.\"\u00e9\\\"\"");
        add("xml", "<a b=\"\u00e9\">&lt;</a>", "<a b=\"\u00e9\">&lt;</a>");
        add("xml", "text", "text");
    }

    private void addBytesAndBits() {
        add("bytea", new byte[0], "");
        add("bytea", new byte[] {0, 1, (byte) 0xff, 0x5c, 0x27}, "\\x0001ff5c27");
        add("uuid", new UUID(0, 0), "00000000-0000-0000-0000-000000000000");
        add("uuid", new UUID(-1, -1), "ffffffff-ffff-ffff-ffff-ffffffffffff");
        for (String bits : List.of("", "0", "1", "10101010", "000000001", "1".repeat(1000))) {
            add("varbit", BitString.parse(bits), bits);
            add("bit", BitString.parse(bits), bits);
        }
    }

    private void addDates() {
        add("date", LocalDate.MAX, "infinity");
        add("date", LocalDate.MIN, "-infinity");
        add("date", LocalDate.of(2024, 2, 29), "2024-02-29");
        add("date", LocalDate.of(1999, 12, 31), "1999-12-31");
        add("date", LocalDate.of(0, 12, 31), "0001-12-31 BC");
        add("date", LocalDate.of(-4713, 11, 24), "4714-11-24 BC");
        add("date", LocalDate.of(5_874_897, 12, 31), "5874897-12-31");
        add("time", LocalTime.MIDNIGHT, "00:00");
        add("time", LocalTime.of(23, 59, 59, 999_999_000), "23:59:59.999999");
        add("time", Duration.ofHours(24), "24:00");
        add("timetz", OffsetTime.of(0, 0, 0, 0, ZoneOffset.UTC), "00:00+00");
        add("timetz", OffsetTime.of(1, 2, 3, 0, ZoneOffset.ofHoursMinutesSeconds(5, 30, 15)), "01:02:03+05:30:15");
        add(
                "timetz",
                OffsetTime.of(23, 59, 59, 999_999_000, ZoneOffset.ofHoursMinutesSeconds(-15, -59, -59)),
                "23:59:59.999999-15:59:59");
    }

    private void addTimestamps() {
        add("timestamp", LocalDateTime.MAX, "infinity");
        add("timestamp", LocalDateTime.MIN, "-infinity");
        add("timestamp", LocalDateTime.of(-4713, 11, 24, 0, 0), "4714-11-24 00:00:00 BC");
        add("timestamp", LocalDateTime.of(1999, 12, 31, 23, 59, 59, 999_999_000), "1999-12-31 23:59:59.999999");
        add("timestamp", LocalDateTime.of(0, 1, 1, 0, 0, 0, 1_000), "0001-01-01 00:00:00.000001 BC");
        add("timestamp", LocalDateTime.of(294_276, 12, 31, 23, 59, 59, 999_999_000), "294276-12-31 23:59:59.999999");
        add("timestamptz", OffsetDateTime.MAX, "infinity");
        add("timestamptz", OffsetDateTime.MIN, "-infinity");
        add("timestamptz", Instant.MAX, "infinity");
        add("timestamptz", Instant.EPOCH, "1970-01-01 00:00:00+00");
        add("timestamptz", instant(-4713, 11, 24, 0), "4714-11-24 00:00:00+00 BC");
        add("timestamptz", instant(2024, 7, 1, 123_456_000), "2024-07-01 02:00:00.123456+02");
        add(
                "timestamptz",
                OffsetDateTime.of(294_276, 12, 31, 23, 59, 59, 999_999_000, ZoneOffset.UTC),
                "294276-12-31 23:59:59.999999+00");
    }

    private static OffsetDateTime instant(int year, int month, int day, int nano) {
        return OffsetDateTime.of(year, month, day, 0, 0, 0, nano, ZoneOffset.UTC);
    }

    private void addIntervals(int version) {
        add("interval", Interval.ZERO, "0");
        add("interval", new Interval(14, -3, 14_706_789_012L), "1 year 2 mons -3 days 04:05:06.789012");
        add("interval", new Interval(-1, 1, -1), "-1 mon 1 day -00:00:00.000001");
        add("interval", new Interval(Integer.MAX_VALUE, 0, 0), "2147483647 mons");
        add("interval", new Interval(Integer.MIN_VALUE, 0, 0), "-2147483648 mons");
        add("interval", new Interval(0, Integer.MIN_VALUE, 0), "-2147483648 days");
        add("interval", new Interval(-1, Integer.MIN_VALUE, -1_000_000), "-1 mon -2147483648 days -1 sec");
        add("interval", new Interval(1, Integer.MIN_VALUE, 1_000_000), "1 mon -2147483648 days 1 sec");
        add("interval", Duration.ofSeconds(-3661, 1_000), "-01:01:00.999999");
        add("interval", new Interval(0, 0, 7_200_000_000_000_001L), "2000000:00:00.000001");
        add("interval", new Interval(0, 0, -7_200_000_000_000_001L), "-2000000:00:00.000001");
        if (version >= 15) {
            // 14 reads seconds of the text in floating point.
            add("interval", new Interval(0, 0, Long.MAX_VALUE - 7), "2562047788:00:54.7758");
            add("interval", new Interval(0, 0, Long.MIN_VALUE + 8), "-2562047788:00:54.7758");
        }
        if (version >= 17) {
            add("interval", Interval.INFINITY, "infinity");
            add("interval", Interval.NEGATIVE_INFINITY, "-infinity");
        }
    }

    private void addGeometry() {
        Point zero = new Point(0, 0);
        Point one = new Point(1.5, -2);
        Point odd = new Point(-0.0, 1e300);
        Point none = new Point(Double.NaN, Double.NEGATIVE_INFINITY);
        add("point", one, "(1.5,-2)");
        add("point", odd, "(-0,1e300)");
        add("point", none, "(NaN,-Infinity)");
        add("lseg", new LineSegment(one, odd), "[(1.5,-2),(-0,1e300)]");
        add("lseg", new LineSegment(none, zero), "[(NaN,-Infinity),(0,0)]");
        add("box", new Box(zero, one), "(0,0),(1.5,-2)");
        add("box", new Box(new Point(0, -2), new Point(1.5, 0)), "(1.5,0),(0,-2)");
        add("box", new Box(zero, none), "(0,0),(NaN,-Infinity)");
        add("line", new Line(1, -1, 0), "{1,-1,0}");
        add("line", new Line(0, 4.9e-5, -1.25), "{0,4.9e-5,-1.25}");
        add("circle", new Circle(one, 0), "<(1.5,-2),0>");
        add("circle", new Circle(zero, Double.POSITIVE_INFINITY), "<(0,0),Infinity>");
        add("path", Path.open(zero), "[(0,0)]");
        add("path", Path.open(zero, one, odd), "[(0,0),(1.5,-2),(-0,1e300)]");
        add("path", Path.closed(zero, none), "((0,0),(NaN,-Infinity))");
        add("polygon", Polygon.of(one), "((1.5,-2))");
        add("polygon", Polygon.of(zero, one, odd), "((0,0),(1.5,-2),(-0,1e300))");
    }

    private void addNetwork() {
        for (String text : List.of(
                "192.168.1.5/24",
                "0.0.0.0/0",
                "255.255.255.255",
                "::",
                "::/0",
                "::1",
                "::1.2.3.4",
                "::1:2",
                "::ffff:1.2.3.4/120",
                "1:0:0:2::3/64",
                "1:2:3:4:5:6:7:0",
                "fe80::",
                "2001:db8::a:0:0:1")) {
            add("inet", Inet.parse(text), text);
        }
        for (String text : List.of("10.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32", "::/0", "::ffff:1.2.3.0/120", "ff00::/8")) {
            add("cidr", Cidr.parse(text), text);
        }
        add("macaddr", MacAddress.parse("08:00:2b:01:02:ff"), "08-00-2b-01-02-ff");
        add("macaddr", MacAddress.of(new byte[6]), "00:00:00:00:00:00");
        add("macaddr8", MacAddress.parse("ff:00:2b:01:02:03:04:05"), "ff00.2b01.0203.0405");
    }

    private void addCatalog() {
        for (String type : List.of("oid", "xid", "cid")) {
            add(type, 0L, "0");
            add(type, 4_294_967_295L, "4294967295");
        }
        add("xid8", 0L, "0");
        add("xid8", Long.MAX_VALUE, "9223372036854775807");
        add("xid8", new BigInteger("18446744073709551615"), "18446744073709551615");
        add("tid", new Tid(0, 0), "(0,0)");
        add("tid", new Tid(4_294_967_295L, 65_535), "(4294967295,65535)");
        add("pg_lsn", Lsn.ZERO, "0/0");
        add("pg_lsn", Lsn.parse("16/B374D848"), "16/B374D848");
        add("pg_lsn", Lsn.of(-1), "FFFFFFFF/FFFFFFFF");
        for (String type : List.of("pg_snapshot", "txid_snapshot")) {
            add(type, new PgSnapshot(10, 20, List.of(10L, 14L, 15L)), "10:20:10,14,15");
            add(type, new PgSnapshot(1, 1, List.of()), "1:1:");
            add(type, new PgSnapshot(1, Long.MAX_VALUE, List.of(2L)), "1:9223372036854775807:2");
        }
        add("int2vector", List.class, List.of((short) 1, (short) -2), "1 -2");
        add("int2vector", List.class, List.of(), "");
        add("oidvector", List.class, List.of(4_294_967_295L, 0L), "4294967295 0");
        add("oidvector", List.class, List.of(), "");
        add("aclitem", "=r/pg_database_owner", "=r/pg_database_owner");
        add("aclitem", "pg_monitor=a*r/pg_database_owner", "pg_monitor=a*r/pg_database_owner");
    }

    private void addNames() {
        add("regproc", "now", "now");
        add("regproc", "-", "0");
        add("regprocedure", "abs(integer)", "pg_catalog.abs(int)");
        add("regoper", "||/", "||/");
        add("regoperator", "+(integer,integer)", "+(int4,int4)");
        add("regclass", "pg_class", "pg_class");
        add("regclass", "information_schema.tables", "information_schema.tables");
        add("regclass", "4294967295", "4294967295");
        add("regtype", "integer", "int4");
        add("regtype", "\"char\"[]", "pg_catalog._char");
        add("regconfig", "simple", "simple");
        add("regdictionary", "simple", "simple");
        add("regnamespace", "pg_catalog", "pg_catalog");
        add("regrole", "pg_monitor", "pg_monitor");
        add("regcollation", "\"C\"", "\"C\"");
    }

    private void addTextSearch() {
        for (String text : List.of(
                "",
                "'a'",
                "'a':1 'b':2,3A,16383",
                "'a':1A,2B,3C,4 'back\\\\slash' 'it''s' '{x,y}':5",
                "'\u00e9':1 '\u4e16' '\uffee' '\ud83d\ude00'")) {
            add("tsvector", TsVector.parse(text), text);
        }
        for (String text : List.of(
                "'a'",
                "'a':*",
                "'a':*ABCD & 'b':D",
                "!'a' & !( 'b' | 'c' ) | !!'d'",
                "'a' <-> 'b' <2> 'c'",
                "'a' <-> ( 'b' <0> 'c' )",
                "( 'a' | 'b' ) & 'c' & 'it''s' <16384> '\\\\\u00e9'",
                "!( 'a' <-> 'b' )",
                "( 'a' | 'b' ) <-> ( 'c' & 'd' )")) {
            add("tsquery", TsQuery.parse(text), text);
        }
    }
}
