package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.type.Interval;
import dev.howdah.type.Numeric;
import dev.howdah.type.PgArray;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Values there and back: as a column and as a parameter, binary and as text, alone, in an array, and null. */
class TypesIT extends DriverContract {

    /** Says that a value is what PostgreSQL makes of a literal, and that its class is the default one of the type. */
    private <T> void assertType(T value, String literal, String type) {
        String sql = "'" + literal + "'::" + type;
        assertSame(db.query("select " + sql).one().get(0), value, sql);
        assertTypeAs(value, literal, type);
        assertSame(db.query("select $1::" + type, value).one().get(0), value, "parameter of " + sql);
        assertSame(db.script("select " + sql).getFirst().rows().one().get(0), value, "text of " + sql);
        assertArray(value, sql, type);
    }

    /** Says the same of a class that has to be asked for. */
    private <T> void assertTypeAs(T value, String literal, String type) {
        String sql = "'" + literal + "'::" + type;
        Class<?> asked = value.getClass();
        assertSame(db.query("select " + sql).one().get(0, asked), value, sql);
        assertSame(db.script("select " + sql).getFirst().rows().one().get(0, asked), value, "text of " + sql);
        Row back = db.query("select $1::" + type + ", $1::" + type + "::text, " + sql + "::text", value)
                .one();
        assertSame(back.get(0, asked), value, "parameter of " + sql);
        assertThat(back.getString(1)).as("what the server got for " + sql).isEqualTo(back.getString(2));
        Row none = db.query("select null::" + type + ", $1::" + type, (Object) null)
                .one();
        assertThat(none.get(0, asked)).isNull();
        assertThat(none.isNull(1)).isTrue();
    }

    private <T> void assertArray(T value, String sql, String type) {
        List<T> list = Arrays.asList(value, null, value);
        String array = "array[" + sql + ", null, " + sql + "]";
        Row row = db.query(
                        "select " + array + ", $1::" + type + "[], $1::" + type + "[]::text, " + array + "::text", list)
                .one();
        assertSame(row.get(0), list, array);
        assertSame(row.get(1), list, "parameter of " + array);
        assertThat(row.getString(2)).as("what the server got for " + array).isEqualTo(row.getString(3));
        assertSame(db.script("select " + array).getFirst().rows().one().get(0), list, "text of " + array);
        Row empty = db.query("select $1::" + type + "[], '{}'::" + type + "[]", List.of())
                .one();
        assertThat(empty.get(0)).isEqualTo(List.of());
        assertThat(empty.get(1)).isEqualTo(List.of());
    }

    private static void assertSame(Object actual, Object expected, String what) {
        if (expected instanceof byte[] || expected instanceof List<?> list && list.getFirst() instanceof byte[]) {
            assertThat(actual).as(what).usingRecursiveComparison().isEqualTo(expected);
        } else {
            assertThat(actual).as(what).isEqualTo(expected);
        }
    }

    @Test
    void booleans() {
        assertType(true, "t", "bool");
        assertType(false, "f", "bool");
    }

    @Test
    void integers() {
        assertType((short) -32768, "-32768", "int2");
        assertType(Short.MAX_VALUE, "32767", "int2");
        assertType(Integer.MIN_VALUE, "-2147483648", "int4");
        assertType(0, "0", "int4");
        assertType(Long.MIN_VALUE, "-9223372036854775808", "int8");
        assertType(Long.MAX_VALUE, "9223372036854775807", "int8");
        assertType(4_294_967_295L, "4294967295", "oid");
    }

    @Test
    void floats() {
        for (String text : List.of("NaN", "Infinity", "-Infinity", "0", "1.5", "3.4028235e38", "1e-45")) {
            assertType(Float.parseFloat(text), text, "float4");
        }
        for (String text : List.of("NaN", "Infinity", "-Infinity", "0", "0.1", "1.7976931348623157e308", "4.9e-324")) {
            assertType(Double.parseDouble(text), text, "float8");
        }
        assertType(-0.0f, "-0", "float4");
        assertType(-0.0, "-0", "float8");
    }

    @Test
    void numericKeepsItsScale() {
        for (String text : List.of(
                "0",
                "0.00",
                "1.50",
                "-1.50",
                "100",
                "10000",
                "100000000",
                "0.0001",
                "0.00012",
                "12345678901234567890.123456789012345678901234567890",
                "-99999999999999999999999999999999999999.9")) {
            assertType(new BigDecimal(text), text, "numeric");
        }
        assertType(new BigDecimal("1.20"), "1.2", "numeric(10,2)");
        BigDecimal small = db.queryValue("select $1::numeric", BigDecimal.class, new BigDecimal("1e-1000"));
        assertThat(small).isEqualTo(new BigDecimal("1e-1000"));
        assertThat(db.queryValue("select $1::numeric", BigDecimal.class, new BigDecimal("1e1000")))
                .isEqualByComparingTo("1e1000");
    }

    @Test
    void numericIsNotAlwaysANumber() {
        assertTypeAs(Numeric.NAN, "NaN", "numeric");
        assertTypeAs(Numeric.POSITIVE_INFINITY, "Infinity", "numeric");
        assertTypeAs(Numeric.NEGATIVE_INFINITY, "-Infinity", "numeric");
        Row row =
                db.query("select 'NaN'::numeric as n, 'Infinity'::numeric as i").one();
        assertThatThrownBy(() -> row.get("n"))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Numeric");
        assertThatThrownBy(() -> row.getBigDecimal("i")).isInstanceOf(ConversionException.class);
        assertThat(row.getDouble("n")).isNaN();
        assertThat(row.getDouble("i")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(row.getString("n")).isEqualTo("NaN");
    }

    @Test
    void text() {
        for (String text : List.of(
                "",
                " ",
                "plain",
                "Gr\u00fc\u00dfe \ud83d\ude00 \u4e16\u754c",
                "a\\b\"c{d},e",
                "NULL",
                "line\nbreak\t\u0001")) {
            assertType(text, text, "text");
            assertType(text, text, "varchar");
        }
        assertType("ab ", "ab", "char(3)");
        assertType("a_name", "a_name", "name");
        assertType("x", "x", "\"char\"");
        assertThat(db.queryValue("select ''''::text || $1", String.class, "it's"))
                .isEqualTo("'it's");
        assertThat(db.queryValue("select \"char\" '\\303'", String.class)).isNotNull();
    }

    @Test
    void bytes() {
        assertType(new byte[] {0, 1, (byte) 0xff, 0x5c, 0x27}, "\\x0001ff5c27", "bytea");
        assertType(new byte[0], "\\x", "bytea");
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) 0xab);
        Row row = db.query("select $1::bytea, length($1::bytea), repeat('\\253', 100000)::bytea", (Object) large)
                .one();
        assertThat(row.getBytes(0)).isEqualTo(large);
        assertThat(row.getInt(1)).isEqualTo(100_000);
        assertThat(row.getBytes(2)).isEqualTo(large);
    }

    @Test
    void uuids() {
        assertType(new UUID(0, 0), "00000000-0000-0000-0000-000000000000", "uuid");
        assertType(
                UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
                "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                "uuid");
        assertType(new UUID(-1, -1), "ffffffff-ffff-ffff-ffff-ffffffffffff", "uuid");
    }

    @Test
    void dates() {
        assertType(LocalDate.of(2024, 2, 29), "2024-02-29", "date");
        assertType(LocalDate.of(1999, 12, 31), "1999-12-31", "date");
        assertType(LocalDate.of(1, 1, 1), "0001-01-01", "date");
        assertType(LocalDate.of(0, 12, 31), "0001-12-31 BC", "date");
        assertType(LocalDate.of(-43, 3, 15), "0044-03-15 BC", "date");
        assertType(LocalDate.of(-4713, 11, 24), "4714-11-24 BC", "date");
        assertType(LocalDate.of(5_874_897, 12, 31), "5874897-12-31", "date");
        assertType(LocalDate.MAX, "infinity", "date");
        assertType(LocalDate.MIN, "-infinity", "date");
        assertThatThrownBy(() -> db.query("select $1::date", LocalDate.of(5_874_898, 1, 1)))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void timestamps() {
        assertType(LocalDateTime.of(2024, 2, 29, 12, 34, 56, 789_012_000), "2024-02-29 12:34:56.789012", "timestamp");
        assertType(LocalDateTime.of(1999, 12, 31, 23, 59, 59, 999_999_000), "1999-12-31 23:59:59.999999", "timestamp");
        assertType(LocalDateTime.of(-4712, 1, 1, 0, 0), "4713-01-01 00:00:00 BC", "timestamp");
        assertType(
                LocalDateTime.of(294_276, 12, 31, 23, 59, 59, 999_999_000),
                "294276-12-31 23:59:59.999999",
                "timestamp");
        assertType(LocalDateTime.MAX, "infinity", "timestamp");
        assertType(LocalDateTime.MIN, "-infinity", "timestamp");
    }

    @Test
    void timestampsWithTimeZone() {
        OffsetDateTime day = OffsetDateTime.of(2024, 7, 1, 10, 30, 0, 123_456_000, ZoneOffset.UTC);
        assertType(day, "2024-07-01 12:30:00.123456+02", "timestamptz");
        assertTypeAs(day.toInstant(), "2024-07-01 12:30:00.123456+02", "timestamptz");
        assertTypeAs(day.toZonedDateTime(), "2024-07-01 12:30:00.123456+02", "timestamptz");
        assertType(
                OffsetDateTime.of(-42, 3, 15, 0, 0, 0, 0, ZoneOffset.UTC), "0043-03-15 00:00:00+00 BC", "timestamptz");
        assertType(OffsetDateTime.MAX, "infinity", "timestamptz");
        assertType(OffsetDateTime.MIN, "-infinity", "timestamptz");
        assertTypeAs(Instant.MAX, "infinity", "timestamptz");
        assertTypeAs(Instant.MIN, "-infinity", "timestamptz");
        OffsetDateTime elsewhere = OffsetDateTime.of(2024, 7, 1, 16, 15, 0, 0, ZoneOffset.ofHoursMinutes(5, 45));
        assertThat(db.queryValue("select $1::timestamptz", OffsetDateTime.class, elsewhere)
                        .toInstant())
                .isEqualTo(elsewhere.toInstant());
        assertThatThrownBy(() -> db.query("select $1::timestamptz", LocalDateTime.MIN))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void times() {
        assertType(LocalTime.MIDNIGHT, "00:00", "time");
        assertType(LocalTime.of(23, 59, 59, 999_999_000), "23:59:59.999999", "time");
        assertTypeAs(Duration.ofHours(24), "24:00", "time");
        Row row = db.query("select time '24:00' as t").one();
        assertThatThrownBy(() -> row.get("t"))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("24:00");
        assertThat(row.getString("t")).isEqualTo("24:00:00");
        assertThat(db.query("select null::time").one().get(0)).isNull();
    }

    @Test
    void timesWithTimeZone() {
        assertType(OffsetTime.of(12, 34, 56, 789_000_000, ZoneOffset.ofHours(-8)), "12:34:56.789-08", "timetz");
        assertType(
                OffsetTime.of(1, 2, 3, 0, ZoneOffset.ofHoursMinutesSeconds(5, 30, 15)), "01:02:03+05:30:15", "timetz");
        assertType(
                OffsetTime.of(0, 0, 0, 0, ZoneOffset.ofHoursMinutesSeconds(-15, -59, -59)),
                "00:00:00-15:59:59",
                "timetz");
        assertThat(db.query("select timetz '24:00+01'").one().getString(0)).isEqualTo("24:00:00+01");
    }

    @Test
    void intervals() {
        assertType(Interval.ZERO, "0", "interval");
        assertType(new Interval(14, 3, 14_706_789_012L), "1 year 2 mons 3 days 04:05:06.789012", "interval");
        assertType(new Interval(-1, 1, -1), "-1 mon 1 day -00:00:00.000001", "interval");
        assertType(new Interval(0, 0, -500_000), "-0.5 sec", "interval");
        assertType(new Interval(Integer.MAX_VALUE - 7, 0, 0), (Integer.MAX_VALUE - 7) + " mons", "interval");
        assertType(new Interval(0, Integer.MIN_VALUE, 0), "-2147483648 days", "interval");
        assertTypeAs(Duration.ofSeconds(-3661, 1_000), "-01:01:00.999999", "interval");
        assertTypeAs(Period.of(1, 2, -3), "1 year 2 mons -3 days", "interval");
        Row mixed = db.query("select interval '1 mon 1 sec' as i").one();
        assertThatThrownBy(() -> mixed.get("i", Duration.class)).isInstanceOf(ConversionException.class);
        if (place.version() >= 15) {
            // 14 reads seconds of the text in floating point.
            assertType(new Interval(0, 0, Long.MAX_VALUE - 7), "2562047788:00:54.7758", "interval");
        }
        if (place.version() >= 17) {
            assertType(Interval.INFINITY, "infinity", "interval");
            assertType(Interval.NEGATIVE_INFINITY, "-infinity", "interval");
        }
    }

    @Test
    void json() {
        assertType("{\"b\" : 1,  \"a\": [null]}", "{\"b\" : 1,  \"a\": [null]}", "json");
        assertType("{\"a\": [null], \"b\": \"\u00e9\"}", "{\"a\": [null], \"b\": \"\\u00e9\"}", "jsonb");
        assertType("null", "null", "jsonb");
    }

    @Test
    void arraysOfSeveralDimensions() {
        Row row = db.query("select array[[1,2,3],[4,5,6]] as a, $1::int[] as b", List.of(List.of(1, 2), List.of(3, 4)))
                .one();
        assertThat(row.get("a")).isEqualTo(List.of(List.of(1, 2, 3), List.of(4, 5, 6)));
        assertThat(row.get("a", int[][].class)).isDeepEqualTo(new int[][] {{1, 2, 3}, {4, 5, 6}});
        assertThat(row.get("b")).isEqualTo(List.of(List.of(1, 2), List.of(3, 4)));
        assertThat(row.getString("a")).isEqualTo("{{1,2,3},{4,5,6}}");
        assertThat(db.queryValue(
                        "select $1::text[]::text", String.class, (Object) new String[] {"a,b", null, "\"", ""}))
                .isEqualTo("{\"a,b\",NULL,\"\\\"\",\"\"}");
        assertThat(db.query("select $1::int[]", (Object) new int[] {1, 2}).one().get(0, int[].class))
                .containsExactly(1, 2);
        assertThatThrownBy(() -> db.query("select array[1, null]").one().get(0, int[].class))
                .isInstanceOf(ConversionException.class);
        assertThatThrownBy(() -> db.query("select $1::int[]", List.of(List.of(1), List.of(2, 3))))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void lowerBoundsAreKeptOrRefused() {
        PgArray<Integer> array = PgArray.of(new int[] {2, 2}, new int[] {0, -1}, Arrays.asList(1, 2, null, 4));
        assertTypeAs(array, "[0:1][-1:0]={{1,2},{NULL,4}}", "int[]");
        Row row = db.query("select '[0:1]={5,6}'::int[] as a").one();
        assertThatThrownBy(() -> row.get("a"))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("PgArray");
        assertThat(row.getString("a")).isEqualTo("[0:1]={5,6}");
    }

    @Test
    void largeArrays() {
        List<Integer> many = Collections.nCopies(100_000, 7);
        assertThat(db.queryOne("select $1::int[]", many).get(0)).isEqualTo(many);
    }

    @Test
    void typesThatAreNotKnownAreText() {
        db.execute("create type types_mood as enum ('sad', 'happy')");
        db.execute("create domain types_even as int check (value % 2 = 0)");
        Row row = db.query(
                        "select 'happy'::types_mood as m, 4::types_even as e, '1.2.3.4'::inet as i, $1::types_mood as p",
                        "sad")
                .one();
        assertThat(row.getString("m")).isEqualTo("happy");
        assertThat(row.getInt("e")).isEqualTo(4);
        assertThat(row.getString("i")).isEqualTo("1.2.3.4");
        assertThat(row.getString("p")).isEqualTo("sad");
    }

    @Test
    void aClassThatATypeIsNeverReadAsIsNamed() {
        Row row = db.query("select 1 as n").one();
        assertThatThrownBy(() -> row.get("n", UUID.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("n")
                .hasMessageContaining("UUID")
                .hasMessageContaining("int4");
    }
}
