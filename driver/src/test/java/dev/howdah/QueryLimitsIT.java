package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.DataException;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.AdminSession;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries at the edges: sizes, text that is none, and settings that are not the usual ones. */
class QueryLimitsIT extends DriverContract {

    private static final List<String> SETTINGS = List.of(
            "TimeZone",
            "DateStyle",
            "IntervalStyle",
            "lc_messages",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "extra_float_digits",
            "bytea_output",
            "search_path",
            "default_transaction_isolation",
            "standard_conforming_strings",
            "client_min_messages",
            "idle_in_transaction_session_timeout");

    @Test
    void aRowHas1600Columns() {
        String columns =
                IntStream.range(0, 1600).mapToObj(i -> "c" + i + " int").collect(Collectors.joining(", "));
        String values = IntStream.range(0, 1600).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        db.execute("create temp table wide (" + columns + "); insert into wide values (" + values + ")");
        Row row = db.query("select * from wide").one();
        assertThat(row.size()).isEqualTo(1600);
        assertThat(row.getInt("c1599")).isEqualTo(1599);
        assertThat(row.getInt(0)).isZero();
        assertThat(IntStream.range(0, 1600).map(row::getInt).sum()).isEqualTo(1600 * 1599 / 2);
        assertThat(row.asMap()).hasSize(1600);
    }

    @Test
    void aStatementHas65535Parameters() {
        Object[] parameters = IntStream.rangeClosed(1, 65_535).boxed().toArray();
        assertThat(db.queryValue(sum(65_535), Long.class, parameters)).isEqualTo(65_535L * 65_536 / 2);
    }

    @Test
    void of65536ParametersNothingIsSent(@TempDir Path folder) {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        trace.news();
        assertThatThrownBy(() -> traced.query(sum(65_536), new Object[65_536]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65535")
                .hasMessageContaining("65536");
        assertThatThrownBy(() -> traced.execute(sum(65_536), new Object[65_536]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(trace.news()).isEmpty();
    }

    private static String sum(int parameters) {
        return "select sum(x) from unnest(array["
                + IntStream.rangeClosed(1, parameters).mapToObj(i -> "$" + i).collect(Collectors.joining(","))
                + "]::int[]) x";
    }

    @Test
    void aLargeValueTravelsBothWays() {
        byte[] bytes = new byte[place.amount(20_000_000, 2_000_000)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        assertThat(db.queryOne("select $1::bytea", bytes).getBytes(0)).isEqualTo(bytes);
    }

    @Test
    void textWithNulIsRefusedAsAParameter() {
        assertThatThrownBy(() -> db.query("select $1::text", "a\0b"))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("$1")
                .hasMessageContaining("U+0000");
        assertThatThrownBy(() -> db.query("select $1::text[]", List.of("ok", "a\0b")))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("U+0000");
        assertThatThrownBy(() -> db.query("select $1::jsonb", "\"a\0b\"")).isInstanceOf(ConversionException.class);
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void textWithNulIsRefusedAsAStatement() {
        String sql = "select '\0'";
        for (int again = 0; again < 2; again++) {
            assertThatThrownBy(() -> db.query(sql))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("NUL");
            assertThatThrownBy(() -> db.execute(sql))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("NUL");
            assertThatThrownBy(() -> db.script(sql)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> db.prepare(sql)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> db.stream(sql, 10)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> db.executeMany(sql, List.of(List.of())))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
    }

    @Test
    void aLoneSurrogateIsRefusedOrReplacedNeverSentAsBrokenUtf8() {
        assertThatThrownBy(() -> db.query("select $1::text", "a\ud800b")).isInstanceOf(ConversionException.class);
        assertThat(db.queryValue("select $1::text", String.class, "\ud83d\ude00"))
                .isEqualTo("\ud83d\ude00");
    }

    @Test
    void invalidUtf8IsAClearErrorAndReadableAsBytes() {
        try (TestDatabase ascii =
                place.server().createDatabase("encoding 'SQL_ASCII' template template0 lc_collate 'C' lc_ctype 'C'")) {
            try (PgConnection bytes = Howdah.connect(place.dsn(ascii, Roles.TRUST))) {
                String sql = "select E'a\\xff\\xfe' as broken, 'whole' as fine";
                assertThat(thrown(DataException.class, () -> bytes.query(sql)).sqlState())
                        .isEqualTo(SqlState.CHARACTER_NOT_IN_REPERTOIRE);
                // The server checks what it sends as UTF-8, and nothing more once the session has asked for raw bytes.
                bytes.execute("set client_encoding = 'SQL_ASCII'");
                for (Row row : List.of(
                        bytes.query(sql).one(),
                        bytes.script(sql).getFirst().rows().one())) {
                    assertThatThrownBy(() -> row.getString("broken"))
                            .isInstanceOf(ConversionException.class)
                            .hasMessageContaining("broken");
                    assertThat(row.getBytes("broken")).containsExactly('a', 0xff, 0xfe);
                    assertThat(row.getString("fine")).isEqualTo("whole");
                }
                assertThat(bytes.queryValue("select 1", Integer.class)).isEqualTo(1);
            }
        }
    }

    @Test
    void theSessionsSettingsAreThoseOfTheServer() {
        try (AdminSession admin = database().admin()) {
            for (String setting : SETTINGS) {
                assertThat(db.query("show " + setting).one().getString(0))
                        .as(setting)
                        .isEqualTo(admin.value("show " + setting));
            }
        }
        assertThat(db.query("select name from pg_settings where source in ('client', 'session') order by name")
                        .values(String.class))
                .isSubsetOf("application_name", "client_encoding");
        assertThat(db.query("show client_encoding").one().getString(0)).isEqualTo("UTF8");
    }

    private static final String ODD_STYLES =
            "options='-c DateStyle=German -c IntervalStyle=sql_standard -c TimeZone=Asia/Kathmandu"
                    + " -c extra_float_digits=-10 -c bytea_output=escape -c lc_monetary=C'";

    private static final String VALUES = "select date '1997-12-17' as d, timestamp '1997-12-17 07:37:16.25' as ts,"
            + " timestamptz '1997-12-17 07:37:16+00' as tz, interval '1 year 2 mons -3 days 04:05:06.789' as i,"
            + " 0.1::float8 + 0.2 as f, '\\x00ff5c'::bytea as b, 12.50 as n,"
            + " '6f9619ff-8b86-d011-b42d-00c04fc964ff'::uuid as u";

    @Test
    void queriesReadTheSameUnderOddSettings() {
        PgConnection odd = connect(ODD_STYLES);
        assertThat(odd.query("show DateStyle").one().getString(0)).startsWith("German");
        Row row = odd.query(VALUES).one();
        assertThat(row.get("d")).isEqualTo(LocalDate.of(1997, 12, 17));
        assertThat(row.get("ts")).isEqualTo(LocalDateTime.of(1997, 12, 17, 7, 37, 16, 250_000_000));
        assertThat(row.get("tz")).isEqualTo(OffsetDateTime.of(1997, 12, 17, 7, 37, 16, 0, ZoneOffset.UTC));
        assertThat(row.get("i")).isEqualTo(new dev.howdah.type.Interval(14, -3, 14_706_789_000L));
        assertThat(row.getDouble("f")).isEqualTo(0.1 + 0.2);
        assertThat(row.getBytes("b")).containsExactly(0, 0xff, 0x5c);
        assertThat(row.get("n")).isEqualTo(new BigDecimal("12.50"));
        assertThat(row.get("u")).isEqualTo(UUID.fromString("6f9619ff-8b86-d011-b42d-00c04fc964ff"));
        Row usual = db.query(VALUES).one();
        for (int i = 0; i < row.size(); i++) {
            assertThat(row.getString(i)).isEqualTo(usual.getString(i));
        }
        assertThat(odd.queryValue("select $1::date = '17.12.1997'::date", Boolean.class, LocalDate.of(1997, 12, 17)))
                .isTrue();
    }

    @Test
    void scriptsNeverReadAWrongValueUnderOddSettings() {
        PgConnection odd = connect(ODD_STYLES);
        Row row = odd.script(VALUES).getFirst().rows().one();
        assertThat(row.getBytes("b")).containsExactly(0, 0xff, 0x5c);
        assertThat(row.get("n")).isEqualTo(new BigDecimal("12.50"));
        assertThat(row.get("i")).isEqualTo(new dev.howdah.type.Interval(14, -3, 14_706_789_000L));
        for (String column : List.of("d", "ts", "tz")) {
            assertThatThrownBy(() -> row.get(column))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining(column)
                    .hasMessageContaining("DateStyle");
        }
        assertThat(row.getString("d")).isEqualTo("17.12.1997");
        odd.execute("set DateStyle = 'ISO, DMY'");
        assertThat(odd.script(VALUES).getFirst().rows().one().get("tz"))
                .isEqualTo(OffsetDateTime.of(1997, 12, 17, 7, 37, 16, 0, ZoneOffset.UTC));
    }

    @Test
    void intervalsInEveryStyleAreReadFromScripts() {
        for (String style : List.of("postgres", "postgres_verbose", "sql_standard", "iso_8601")) {
            db.execute("set IntervalStyle = " + style);
            for (String value : List.of(
                    "1 year 2 mons 3 days 04:05:06.5", "-1 day", "-00:00:01", "0", "-1 mon 1 day -01:00", "8 hours")) {
                Row row = db.script("select interval '" + value + "'")
                        .getFirst()
                        .rows()
                        .one();
                assertThat(row.get(0))
                        .as(style + " " + value)
                        .isEqualTo(db.query("select interval '" + value + "'")
                                .one()
                                .get(0));
            }
        }
    }
}
