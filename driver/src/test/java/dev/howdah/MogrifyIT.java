package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.sql.Literal;
import dev.howdah.sql.Sql;
import dev.howdah.sql.SqlScanner;
import dev.howdah.sql.SqlToken;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SeededRandom;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Interval;
import dev.howdah.type.Numeric;
import dev.howdah.type.PgArray;
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
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text with values in it is what the server would have made of the values themselves, whatever they are. */
@ExtendWith(PostgresExtension.class)
class MogrifyIT {

    private static final int QUERIES = 60;
    private static final int LITERALS_PER_QUERY = 100;

    private static final List<String> HOSTILE = List.of(
            "'",
            "''",
            "\"",
            "\\",
            "\\'",
            "\\\\",
            "$1",
            "$$",
            "$a$",
            "--",
            "/*",
            "*/",
            ";",
            "\n",
            "\r\n",
            "\t",
            ":name",
            "{}",
            "{0}",
            "E'",
            "U&'",
            "%s",
            "?",
            "NULL",
            "null",
            ",",
            " ",
            "(",
            ")",
            "}",
            "\u0001",
            "\u00e9",
            "\u3000",
            "\u2019",
            "\ud83d\ude00",
            "x",
            "0",
            "'; drop table sentinel; --",
            "\\'; drop table sentinel; --");

    /** A kind of value, and the type that both its literal and its parameter are cast to. */
    private record Kind(String type, Function<SeededRandom, Object> make) {}

    private static final List<Kind> SCALARS = List.of(
            new Kind("text", MogrifyIT::hostile),
            new Kind("text", MogrifyIT::hostile),
            new Kind("text", MogrifyIT::hostile),
            new Kind("bool", SeededRandom::nextBoolean),
            new Kind("int2", r -> (short) r.anyInt()),
            new Kind("int4", SeededRandom::anyInt),
            new Kind("int8", SeededRandom::anyLong),
            new Kind("numeric", r -> new BigDecimal(BigInteger.valueOf(r.anyLong()), r.nextInt(20))),
            new Kind("numeric", r -> BigInteger.valueOf(r.anyLong()).pow(3)),
            new Kind("float8", r -> Double.longBitsToDouble(r.nextLong())),
            new Kind("float8", r -> r.pick(List.of(0.0, -0.0, Double.POSITIVE_INFINITY, Double.NaN, Double.MIN_VALUE))),
            new Kind("float4", r -> Float.intBitsToFloat(r.nextInt())),
            new Kind("bytea", r -> r.bytes(20)),
            new Kind("uuid", r -> new UUID(r.nextLong(), r.nextLong())),
            new Kind("date", r -> LocalDate.ofEpochDay(r.nextInt(-2_000_000, 2_000_000))),
            new Kind("date", r -> r.pick(List.of(LocalDate.MAX, LocalDate.MIN))),
            new Kind("time", r -> LocalTime.ofNanoOfDay(r.nextLong(86_400_000_000L) * 1000)),
            new Kind("timetz", r -> OffsetTime.of(LocalTime.ofSecondOfDay(r.nextInt(86_400)), offset(r))),
            new Kind(
                    "timestamp",
                    r -> LocalDateTime.ofEpochSecond(second(r), r.nextInt(1_000_000) * 1000, ZoneOffset.UTC)),
            new Kind("timestamptz", r -> OffsetDateTime.ofInstant(Instant.ofEpochSecond(second(r)), offset(r))),
            new Kind("timestamptz", r -> Instant.ofEpochSecond(second(r), r.nextInt(1_000_000) * 1000L)),
            new Kind("interval", r -> new Interval(r.nextInt(-9999, 9999), r.nextInt(-9999, 9999), r.anyLong() / 100)),
            new Kind("interval", r -> Duration.ofMillis(r.anyInt())));

    private PgConnection db;

    @BeforeEach
    void open(TestDatabase database) {
        db = Howdah.connect(database.dsn(Roles.TRUST));
    }

    @AfterEach
    void close() {
        db.close();
    }

    private static long second(SeededRandom random) {
        return random.nextLong(-200_000_000_000L, 5_000_000_000_000L);
    }

    private static ZoneOffset offset(SeededRandom random) {
        return ZoneOffset.ofTotalSeconds(random.nextInt(-50_000, 50_000));
    }

    private static String hostile(SeededRandom random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(8); left > 0; left--) {
            text.append(random.nextInt(4) == 0 ? random.text(5) : random.pick(HOSTILE));
        }
        return text.toString();
    }

    private static Kind kind(SeededRandom random) {
        Kind scalar = random.pick(SCALARS);
        return switch (random.nextInt(6)) {
            case 0 -> new Kind(scalar.type, r -> r.list(4, x -> r.nextInt(5) == 0 ? null : scalar.make.apply(x)));
            case 1 -> new Kind(scalar.type, r -> List.of(List.of(scalar.make.apply(r)), List.of(scalar.make.apply(r))));
            case 2 ->
                new Kind(
                        scalar.type,
                        r -> PgArray.of(new int[] {1}, new int[] {r.nextInt(-9, 9)}, List.of(scalar.make.apply(r))));
            default -> scalar;
        };
    }

    /** What stands around a literal may be anything that the grammar allows. */
    private static String around(SeededRandom random, int number, String type) {
        return switch (random.nextInt(6)) {
            case 0 -> "cast($" + number + " as " + type + ")";
            case 1 -> "$" + number + " /* $1 ' */ ::" + type;
            case 2 -> "coalesce($" + number + "::" + type + ",$" + number + ")";
            case 3 -> "case when E'$1\\\\' <> $$'$$ then($" + number + "::" + type + ")end";
            default -> "$" + number + "::" + type;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void aLiteralIsWhatTheBoundValueIs(String standardConformingStrings) {
        db.execute("create temp table sentinel (x int)");
        db.execute("set standard_conforming_strings = " + standardConformingStrings
                + "; set escape_string_warning = off; set intervalstyle = "
                + (standardConformingStrings.equals("on") ? "postgres" : "sql_standard"));
        SeededRandom.check(QUERIES, random -> {
            List<@Nullable Object> values = new ArrayList<>();
            List<String> columns = new ArrayList<>();
            for (int n = 1; n <= LITERALS_PER_QUERY; n++) {
                Kind kind = kind(random);
                Object value = kind.make.apply(random);
                boolean array = value instanceof List<?> || value instanceof PgArray<?>;
                values.add(random.nextInt(20) == 0 ? null : value);
                columns.add(around(random, n, kind.type + (array ? "[]" : "")));
            }
            String sql = "select " + String.join(", ", columns);
            Row bound = db.query(asText(sql, columns.size()), values.toArray()).one();
            List<Result> inlined = db.script(asText(db.mogrify(sql, values.toArray()), columns.size()) + "; select 17");
            assertThat(inlined).hasSize(2);
            Row literal = inlined.get(0).rows().one();
            for (int i = 0; i < columns.size(); i++) {
                assertThat(literal.getString(i)).as(columns.get(i)).isEqualTo(bound.getString(i));
            }
            assertThat(inlined.get(1).rows().one().getInt(0)).isEqualTo(17);
        });
        assertThat(db.queryValue("select count(*) from sentinel", Long.class)).isZero();
    }

    /** The server's own text of each column, by which all types can be compared. */
    private static String asText(String sql, int columns) {
        StringBuilder names = new StringBuilder();
        StringBuilder texts = new StringBuilder();
        for (int i = 0; i < columns; i++) {
            names.append(i == 0 ? "c" : ", c").append(i);
            texts.append(i == 0 ? "c" : ", c").append(i).append("::text");
        }
        return "select " + texts + " from (" + sql + ") as t(" + names + ")";
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void theScannerFindsTheParametersThatTheServerFinds(String standardConformingStrings) {
        db.execute("set escape_string_warning = off; set standard_conforming_strings = " + standardConformingStrings);
        boolean standard = standardConformingStrings.equals("on");
        List<String> atoms = List.of(
                "'$9'",
                "'it''s $9'",
                "e'\\'$9'",
                "E'a'\n -- '\n '\\'$9'",
                standard ? "'\\'" : "'\\'$9'",
                "b'01'",
                "x'1F'",
                "n'$9'",
                "$$ ' $9 $$",
                "$a$ $9 $b$ $a$",
                "$é$ $9 $é$",
                "1 as a$9",
                "1 as \"$9\"\"\"",
                "1 /* $9 /* ' */ $9 */",
                "1 -- $9 '\n",
                "1.5e1",
                "-$1::int",
                "$2::int+-$1::int",
                "array[$3::int]",
                "($4::int[])[1:2]",
                "@ -$1::int",
                "$2::text||'$9'",
                "1 as é$9");
        SeededRandom.check(100, random -> {
            String sql = "select 1"
                    + String.join("", random.list(12, r -> r.pick(List.of(",", ", ", ",\n")) + r.pick(atoms)));
            int own = SqlScanner.scan(sql, standard).stream()
                    .filter(token -> token.kind() == SqlToken.Kind.PARAMETER)
                    .mapToInt(SqlToken::parameter)
                    .max()
                    .orElse(0);
            // Numbers that are left out have no type, which the server would refuse.
            String full = sql + ", $1::int, $2::int, $3::int, $4::int[]";
            String checked = own == 0 ? sql : full;
            try (PreparedQuery query = db.prepare(checked)) {
                assertThat(query.parameterTypes()).as(checked).hasSize(own == 0 ? 0 : 4);
            }
            assertThat(own).isLessThan(9);
        });
    }

    @Test
    void theSettingOfTheSessionIsFollowedAsItChanges() {
        String sql = "select '\\', $1 --'";
        assertThat(db.mogrify(sql, 5)).isEqualTo("select '\\', 5 --'");
        db.execute("set escape_string_warning = off; set standard_conforming_strings = off");
        assertThat(db.mogrify(sql)).isEqualTo(sql);
        try (Transaction tx = db.begin()) {
            db.execute("set local standard_conforming_strings = on");
            assertThat(db.mogrify(sql, 5)).isEqualTo("select '\\', 5 --'");
            tx.rollback();
        }
        assertThat(db.standardConformingStrings()).isFalse();
    }

    @Test
    void negativeNumbersKeepTheirMeaningBesideOperatorsAndCasts() {
        assertThat(db.queryValue(
                        db.mogrify(
                                "select -$1-$2 = 0 and 1-$1=2 and $3::int8 < 0 and $4::int2 < 0 and $1 ^ 2 = 1",
                                -1,
                                1,
                                Long.MIN_VALUE,
                                Short.MIN_VALUE),
                        Boolean.class))
                .isTrue();
    }

    @Test
    void valuesOfTypesThatAreNotFiniteAreWritten() {
        List<Object> values = List.of(
                Numeric.NAN, Double.NEGATIVE_INFINITY, Float.NaN, LocalDateTime.MAX, OffsetDateTime.MIN, Instant.MAX);
        for (Object value : values) {
            Row row = db.query(Sql.of("select {}").format(Literal.of(value))).one();
            assertThat(row.get(0, value.getClass())).isEqualTo(value);
        }
    }

    @Test
    void aClosedConnectionStillMogrifies() {
        db.close();
        assertThat(db.mogrify("select $1", "it's")).isEqualTo("select 'it''s'");
    }

    @Test
    void aValueWithoutATypeIsRefusedByItsClass() {
        assertThatThrownBy(() -> db.mogrify("select $1", new StringBuilder[] {new StringBuilder("x")}, new Object()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.mogrify("select $1", Thread.currentThread()))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("java.lang.Thread");
        assertThatThrownBy(() -> db.mogrify("select $1", "a\0"))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("U+0000");
    }
}
