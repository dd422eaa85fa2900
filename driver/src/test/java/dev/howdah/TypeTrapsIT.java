package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.TypeSamples.Sample;
import dev.howdah.error.ConversionException;
import dev.howdah.error.ServerException;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Money;
import dev.howdah.type.Numeric;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Where other drivers give wrong values: settings of the session, extremes, conversions that lose something. */
@ExtendWith(PostgresExtension.class)
class TypeTrapsIT {

    private static PgConnection connect(TestDatabase database) {
        return Howdah.connect(database.dsn());
    }

    private static Map<String, List<Sample>> samples(PgConnection db) {
        return TypeSamples.of(db.info().serverVersion() / 10_000);
    }

    /** Reads one value in the text form. */
    private static Row text(PgConnection db, String sql) {
        return db.script(sql).getLast().rows().one();
    }

    private static String sql(Sample sample, String type) {
        return "'" + sample.literal() + "'::" + type;
    }

    @ParameterizedTest
    @PostgresVersions
    void intervalsAreReadUnderEveryIntervalStyle(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            for (String style : List.of("postgres", "postgres_verbose", "sql_standard", "iso_8601")) {
                db.execute("set intervalstyle = " + style);
                for (Sample sample : samples(db).get("interval")) {
                    String sql = sql(sample, "interval");
                    assertThat(text(db, "select " + sql).get(0, sample.asked()))
                            .as(style + " " + sql)
                            .isEqualTo(sample.value());
                    assertThat(text(db, "select array[" + sql + "]")
                                    .get(0, sample.asked().arrayType()))
                            .as(style + " " + sql)
                            .isEqualTo(new Object[] {sample.value()});
                    assertThat(db.queryValue("select $1::interval", sample.asked(), sample.value()))
                            .isEqualTo(sample.value());
                }
            }
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void datesAreReadRightlyOrRefusedUnderEveryDateStyle(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            Map<String, List<Sample>> samples = samples(db);
            for (String style : List.of("ISO", "SQL", "Postgres", "German")) {
                for (String order : List.of("YMD", "DMY", "MDY")) {
                    db.execute("set datestyle = '" + style + ", " + order + "'");
                    for (String type : List.of("date", "time", "timetz", "timestamp", "timestamptz")) {
                        // The order is of no account to what we do: all samples in one of them, some in the others.
                        samples.get(type).stream()
                                .limit(order.equals("DMY") ? Long.MAX_VALUE : 3)
                                .forEach(sample -> assertReadOrRefused(db, sample, type, style));
                    }
                }
            }
        }
    }

    private static void assertReadOrRefused(PgConnection db, Sample sample, String type, String style) {
        // The literal in ISO form is understood under every style.
        String sql = "select " + sql(sample, type);
        Row row = text(db, sql);
        boolean sameInAll = type.startsWith("time") && !type.startsWith("timestamp")
                || sample.literal().contains("infinity");
        if (style.equals("ISO") || sameInAll) {
            assertThat(row.get(0, sample.asked())).as(style + " " + sql).isEqualTo(sample.value());
        } else {
            assertThatThrownBy(() -> row.get(0, sample.asked()))
                    .as(style + " " + sql)
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("DateStyle");
        }
        assertThat(db.query(sql).one().get(0, sample.asked())).isEqualTo(sample.value());
        assertThat(db.query("select $1::" + type, sample.value()).one().get(0, sample.asked()))
                .isEqualTo(sample.value());
    }

    @ParameterizedTest
    @PostgresVersions
    void aTimestamptzIsTheSameInstantWhateverTheTimeZone(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            for (String zone : List.of("UTC", "Asia/Kolkata", "America/St_Johns", "Europe/Amsterdam", "<x>-15:45")) {
                db.execute("set timezone = '" + zone + "'");
                for (String literal : List.of("1900-01-01 00:00+00", "2024-03-31 01:30+00", "0044-03-15 12:00+00 BC")) {
                    String sql = "select '" + literal + "'::timestamptz";
                    OffsetDateTime value = db.queryValue(sql, OffsetDateTime.class);
                    assertThat(value.getOffset().getTotalSeconds()).isZero();
                    Row text = text(db, sql);
                    assertThat(text.get(0)).as(zone).isEqualTo(value);
                    assertThat(text.get(0, Instant.class)).isEqualTo(value.toInstant());
                    assertThat(db.queryValue("select $1 = '" + literal + "'::timestamptz", Boolean.class, value))
                            .isTrue();
                }
            }
            assertThat(db.queryValue("select '1970-01-01 00:00+00'::timestamptz", Instant.class))
                    .isEqualTo(Instant.EPOCH);
        }
    }

    @Test
    void extraFloatDigitsRoundTheTextFormOnly(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            for (int digits : new int[] {0, -15, 1, 3}) {
                db.execute("set extra_float_digits = " + digits);
                String sql = "select 1.2345678901234567::float8 as d, 1.2345678::float4 as f";
                Row binary = db.query(sql).one();
                assertThat(binary.get("d")).isEqualTo(1.2345678901234567);
                assertThat(binary.get("f")).isEqualTo(1.2345678f);
                Row text = text(db, sql);
                // What the server rounded away is gone; what it sent is read exactly.
                assertThat(text.get("d")).isEqualTo(Double.parseDouble(text.getString("d")));
                assertThat(text.get("d").equals(1.2345678901234567)).isEqualTo(digits > 0);
                assertThat(text.getString("d"))
                        .isEqualTo(digits == -15 ? "1" : digits == 0 ? "1.23456789012346" : "1.2345678901234567");
            }
        }
    }

    @Test
    void aFloat4IsWidenedAsADoubleOnlyAndKeepsItsDigitsElsewhere(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            for (Row row : List.of(db.query("select 3.3::float4").one(), text(db, "select 3.3::float4"))) {
                assertThat(row.get(0)).isEqualTo(3.3f);
                assertThat(row.getString(0)).isEqualTo("3.3");
                assertThat(row.getBigDecimal(0)).isEqualTo(new BigDecimal("3.3"));
                assertThat(row.get(0, Numeric.class)).isEqualTo(Numeric.parse("3.3"));
                // As Java's own widening and PostgreSQL's cast do.
                assertThat(row.getDouble(0)).isEqualTo(3.3f);
            }
            assertThat(db.queryValue("select $1::numeric", BigDecimal.class, 3.3f))
                    .isEqualTo(new BigDecimal("3.3"));
            assertThat(db.queryValue("select $1::float4::text", String.class, 3.3))
                    .isEqualTo("3.3");
        }
    }

    @Test
    void aNumberTooSmallForAFloatIsRefusedAsTheServerDoes(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            assertThatThrownBy(() -> db.query("select $1::float4", 1e-300)).isInstanceOf(ConversionException.class);
            assertThatThrownBy(() -> db.query("select $1::float8", new BigDecimal("1e-400")))
                    .isInstanceOf(ConversionException.class);
            assertThat(db.queryValue("select $1::float4", Float.class, -0.0)).isEqualTo(-0.0f);
            assertThat(db.queryValue("select $1::float8", Double.class, new BigDecimal("0.00")))
                    .isZero();
        }
    }

    @Test
    void floatsArePrintedWithTheServersDigits(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            for (String type : List.of("float8", "float4")) {
                String sql = "select (m * power(10::float8, e))::" + type + " from generate_series(1, 9) m,"
                        + " generate_series(-30, 37) e union all select power(2::float8, e)::" + type
                        + " from generate_series(-120, 127) e";
                assertThat(db.query(sql).values(String.class))
                        .isEqualTo(db.script(sql).getFirst().rows().values(String.class));
            }
        }
    }

    @Test
    void textThatIsNotUtf8IsReadAsBytesAndRefusedAsText(TestDatabase database) {
        String name = database.name() + "_ascii";
        database.server().execute("create database " + name + " encoding 'SQL_ASCII' template template0");
        try (PgConnection db = Howdah.connect(database.server().dsn(name))) {
            String bytes = "convert_from('\\x61ff62'::bytea, 'SQL_ASCII')";
            // The server checks what it sends as UTF-8.
            assertThatThrownBy(() -> db.query("select " + bytes)).isInstanceOf(ServerException.class);
            assertThat(db.queryValue("select convert_to(" + bytes + ", 'SQL_ASCII')", byte[].class))
                    .containsExactly('a', 0xff, 'b');
            assertThat(db.queryValue("select $1::text", String.class, "\u00e9")).isEqualTo("\u00e9");
            assertThat(db.queryValue("select octet_length($1::text)", Integer.class, "\u00e9"))
                    .isEqualTo(2);
            assertThat(db.queryValue("select convert_from($1, 'SQL_ASCII') = chr(255)", Boolean.class, new byte[] {-1}))
                    .isTrue();
            // And it does not once it is told not to.
            db.execute("set client_encoding = 'SQL_ASCII'");
            for (Row row :
                    List.of(db.query("select " + bytes + " as t").one(), text(db, "select " + bytes + " as t"))) {
                assertThat(row.getBytes("t")).containsExactly('a', 0xff, 'b');
                assertThatThrownBy(() -> row.getString("t"))
                        .isInstanceOf(ConversionException.class)
                        .hasMessageContaining("SQL_ASCII")
                        .hasMessageContaining("byte[]");
            }
            for (String wrapped : List.of("array[" + bytes + "]", "array_to_tsvector(array[" + bytes + "])")) {
                assertThatThrownBy(() -> db.query("select " + wrapped).one().get(0))
                        .isInstanceOf(ConversionException.class);
            }
        } finally {
            database.server().execute("drop database if exists " + name + " with (force)");
        }
    }

    @Test
    void byteaIsReadUnderBothSettingsOfItsOutput(TestDatabase database) {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (PgConnection db = connect(database)) {
            db.execute("create table bytes (b bytea, a bytea[])");
            db.execute("insert into bytes values ($1, $2)", all, Arrays.asList(all, null, new byte[0]));
            for (String output : List.of("hex", "escape")) {
                db.execute("set bytea_output = " + output);
                for (Row row : List.of(db.query("select * from bytes").one(), text(db, "select * from bytes"))) {
                    assertThat(row.getBytes(0)).isEqualTo(all);
                    assertThat(row.get(1, byte[][].class)).isDeepEqualTo(new byte[][] {all, null, {}});
                }
            }
        }
    }

    @Test
    void xmlIsUtf8WhateverItDeclares(TestDatabase database) {
        String declared = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\u00e9</a>";
        try (PgConnection db = connect(database)) {
            Row row = db.query("select $1::xml, xpath('/a/text()', $1::xml)", declared)
                    .one();
            assertThat(row.getString(0)).endsWith("<a>\u00e9</a>");
            assertThat(row.get(1)).isEqualTo(List.of("\u00e9"));
            for (String form : List.of("base64", "hex")) {
                db.execute("set xmlbinary = " + form);
                assertThat(db.queryValue("select xmlelement(name a, '\\x00ff'::bytea)", String.class))
                        .isEqualTo(form.equals("hex") ? "<a>00FF</a>" : "<a>AP8=</a>");
            }
        }
    }

    @Test
    void parametersDoNotDependOnStandardConformingStrings(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            db.execute("set standard_conforming_strings = off; set escape_string_warning = off");
            String odd = "a\\'b\\\\c";
            assertThat(db.queryValue("select $1::text", String.class, odd)).isEqualTo(odd);
            assertThat(db.queryValue("select $1::xml", String.class, odd)).isEqualTo(odd);
            assertThat(db.queryOne("select $1::text[]", List.of(odd)).get(0)).isEqualTo(List.of(odd));
            assertThat(text(db, "select 'a\\\\b', array['\\\\']").getString(0)).isEqualTo("a\\b");
            assertThat(text(db, "select array['\\\\']").get(0)).isEqualTo(List.of("\\"));
        }
    }

    @Test
    void moneyNeverGuessesItsFraction(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            Row row = db.query("select '-1234.5'::money").one();
            assertThat(row.get(0, Money.class).toBigDecimal(2)).isEqualTo("-1234.50");
            for (Class<?> refused : List.of(BigDecimal.class, String.class)) {
                assertThatThrownBy(() -> row.get(0, refused))
                        .isInstanceOf(ConversionException.class)
                        .hasMessageContaining("lc_monetary")
                        .hasMessageNotContaining("123450");
            }
            assertThat(text(db, "select '-1234.5'::money").getString(0)).isEqualTo("-$1,234.50");
            for (Object refused : List.of(12, new BigDecimal("12.50"), "12.50")) {
                assertThatThrownBy(() -> db.query("select $1::money", refused))
                        .isInstanceOf(ConversionException.class)
                        .hasMessageContaining("::money");
            }
            assertThat(db.queryValue("select $1::text::money", Money.class, "$1,000.50"))
                    .isEqualTo(Money.of(new BigDecimal("1000.5"), 2));
            assertThat(db.queryValue("select $1::numeric::money", Money.class, 12))
                    .isEqualTo(new Money(1200));
        }
    }

    @Test
    void transactionNumbersBeyondLongAreRefusedOrBigIntegers(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            Row row = db.query("select '18446744073709551615'::xid8 as x, pg_current_xact_id() as now")
                    .one();
            assertThatThrownBy(() -> row.get("x"))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("java.math.BigInteger");
            assertThatThrownBy(() -> row.getLong("x")).isInstanceOf(ConversionException.class);
            assertThatThrownBy(() -> row.getDouble("x")).isInstanceOf(ConversionException.class);
            assertThat(row.getBigDecimal("x")).isEqualTo("18446744073709551615");
            assertThat(row.getString("x")).isEqualTo("18446744073709551615");
            assertThat(row.get("x", BigInteger.class)).isEqualTo("18446744073709551615");
            assertThat(row.getLong("now")).isPositive();
            assertThatThrownBy(() -> db.query("select $1::xid8", -1)).isInstanceOf(ConversionException.class);
            assertThatThrownBy(() -> db.query("select $1::xid", 4_294_967_296L))
                    .isInstanceOf(ConversionException.class);
        }
    }

    @Test
    void addressesLoseNoPrefixAndMayBeInetAddresses(TestDatabase database) throws Exception {
        InetAddress host = InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
        try (PgConnection db = connect(database)) {
            assertThat(db.queryValue("select $1::inet", InetAddress.class, host))
                    .isEqualTo(host);
            assertThat(db.queryValue("select $1::cidr::text", String.class, host))
                    .isEqualTo("10.1.2.3/32");
            assertThat(db.queryValue("select $1::inet::text", String.class, "10.1.2.3/8"))
                    .isEqualTo("10.1.2.3/8");
            assertThatThrownBy(() -> db.queryValue("select '10.1.2.3/8'::inet", InetAddress.class))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("Inet");
            assertThat(db.queryValue("select '::ffff:1.2.3.4'::inet", InetAddress.class))
                    .isNotInstanceOf(Inet4Address.class);
            assertThatThrownBy(() -> db.query("select $1::inet", "localhost")).isInstanceOf(ConversionException.class);
        }
    }

    @Test
    void otherClassesOfTheNewTypes(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            assertThat(db.queryValue("select $1::bit(3)", boolean[].class, (Object) new boolean[] {true, false, true}))
                    .containsExactly(true, false, true);
            assertThat(db.queryValue("select $1::regclass", String.class, 1259)).isEqualTo("pg_class");
            assertThat(db.queryValue("select '1 2'::int2vector", short[].class)).containsExactly((short) 1, (short) 2);
            assertThat(db.queryValue("select '1 2'::oidvector", long[].class)).containsExactly(1, 2);
            assertThat(db.queryValue("select $1::oidvector::text", String.class, List.of(7, 8L)))
                    .isEqualTo("7 8");
            assertThat(db.queryValue("select 'a b'::tsvector @@ $1", Boolean.class, "'a' & 'b'"))
                    .isTrue();
            assertThatThrownBy(() -> db.query("select $1::point", "1,2")).isInstanceOf(ConversionException.class);
            assertThat(db.queryValue("select $1::jsonpath", byte[].class, "$"))
                    .isEqualTo("$".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void infinitiesStandInArraysAmongFiniteValues(TestDatabase database) {
        List<LocalDate> dates = Arrays.asList(LocalDate.MIN, LocalDate.of(-43, 3, 15), null, LocalDate.MAX);
        try (PgConnection db = connect(database)) {
            assertThat(db.queryOne("select $1::date[]", dates).get(0)).isEqualTo(dates);
            assertThat(db.queryValue("select $1::date[]::text", String.class, dates))
                    .isEqualTo("{-infinity,\"0044-03-15 BC\",NULL,infinity}");
        }
    }
}
