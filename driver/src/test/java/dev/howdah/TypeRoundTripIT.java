package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.TypeSamples.Sample;
import dev.howdah.error.ConversionException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.PgArray;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Every type that a server has in its catalog goes there and back without loss, on every version. */
@ExtendWith(PostgresExtension.class)
class TypeRoundTripIT {

    /** The server's own types that a value can have, without arrays, which are tested with their elements. */
    private static final String TYPES = """
            select t.typname::text, t.typarray <> 0 as arrays from pg_type t
            where t.typnamespace = 'pg_catalog'::regnamespace and t.typtype in ('b', 'd', 'e', 'r', 'm')
            and not exists (select from pg_type e where e.typarray = t.oid and e.typtype <> 'p')
            and not exists (select from pg_type e where e.typarray = t.oid and e.typtype = 'c')
            order by t.typname
            """;

    private static PgConnection connect(TestDatabase database) {
        return Howdah.connect(database.dsn());
    }

    @ParameterizedTest
    @PostgresVersions
    void everyTypeOfTheServerHasSamplesOrAReason(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            Map<String, List<Sample>> samples = samples(db);
            List<String> unknown = db.query(TYPES).stream()
                    .map(row -> row.getString(0))
                    .filter(type -> !samples.containsKey(type) && !TypeSamples.EXEMPT.containsKey(type))
                    .toList();
            assertThat(unknown).isEmpty();
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void everyTypeOfTheServerGoesThereAndBack(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            Map<String, List<Sample>> samples = samples(db);
            int checked = 0;
            for (Row row : db.query(TYPES)) {
                List<Sample> ofType = samples.getOrDefault(row.getString(0), List.of());
                for (Sample sample : ofType) {
                    assertType(db, sample, row.getString(0));
                }
                if (!ofType.isEmpty()) {
                    assertThat(row.getBoolean(1)).isTrue();
                    assertArrays(db, ofType, row.getString(0));
                    checked++;
                }
            }
            assertThat(checked).isGreaterThan(60);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aTypeIsExemptBecauseTheServerTakesNoInput(TestDatabase database) {
        try (PgConnection db = connect(database)) {
            for (Row row : db.query(TYPES)) {
                String type = row.getString(0);
                if ("the server takes no input".equals(TypeSamples.EXEMPT.get(type))) {
                    assertThatThrownBy(() -> db.query("select $1::text::" + type, "x"))
                            .isInstanceOfSatisfying(
                                    ServerException.class,
                                    e -> assertThat(e.sqlState()).isEqualTo(SqlState.FEATURE_NOT_SUPPORTED));
                }
            }
            String rule = "select ev_action from pg_rewrite order by oid limit 1";
            assertThat(db.queryValue(rule, String.class)).startsWith("(");
            assertThat(db.queryValue("select 'a'::cstring", String.class)).isEqualTo("a");
            assertThat(db.queryOne("select array['a', null]::cstring[]").get(0)).isEqualTo(Arrays.asList("a", null));
            assertThat(db.queryOne("select pg_notify('c', '')").get(0)).isEqualTo("");
        }
    }

    /** Returns the samples; none of xml if the server was built without it. */
    private static Map<String, List<Sample>> samples(PgConnection db) {
        Map<String, List<Sample>> samples = TypeSamples.of(db.info().serverVersion() / 10_000);
        if (!db.queryOne("select exists(select from pg_config where name = 'CONFIGURE' and setting like '%libxml%')")
                .getBoolean(0)) {
            samples.put("xml", List.of());
        }
        return samples;
    }

    private static String sql(String type) {
        return "pg_catalog.\"" + type + "\"";
    }

    private static String sql(Sample sample, String type) {
        return "'" + sample.literal().replace("'", "''") + "'::" + sql(type);
    }

    /** Says that a value is what the server makes of a literal: as column and as parameter, binary, text, and null. */
    private static void assertType(PgConnection db, Sample sample, String type) {
        String sql = sql(sample, type);
        String what = "select " + (sql.length() > 200 ? sql.substring(0, 200) : sql);
        Row binary = db.query("select " + sql).one();
        Row text = db.script("select " + sql).getFirst().rows().one();
        assertSame(binary.get(0, sample.asked()), sample.value(), what);
        assertSame(text.get(0, sample.asked()), sample.value(), "text of " + what);
        if (type.equals("money")) {
            assertThatThrownBy(() -> binary.getString(0)).isInstanceOf(ConversionException.class);
        } else {
            assertThat(binary.getString(0)).as(what).isEqualTo(text.getString(0));
        }
        String parameter = "$1::" + sql(type);
        Row back = db.query(
                        "select " + parameter + ", " + parameter + "::text, " + sql + "::text, null::" + sql(type)
                                + ", $2::" + sql(type),
                        sample.value(),
                        null)
                .one();
        assertSame(back.get(0, sample.asked()), sample.value(), "parameter of " + what);
        assertThat(back.getString(1)).as("what the server got for " + what).isEqualTo(back.getString(2));
        assertThat(back.get(3, sample.asked())).isNull();
        assertThat(back.isNull(4)).isTrue();
    }

    private static void assertArrays(PgConnection db, List<Sample> ofType, String type) {
        Map<Class<?>, List<Sample>> byClass =
                ofType.stream().collect(Collectors.groupingBy(Sample::asked, LinkedHashMap::new, Collectors.toList()));
        byClass.forEach((asked, samples) -> assertArrays(db, asked, samples, type));
        String table = "stored_" + type;
        db.execute("create temp table " + table + " (one " + sql(type) + ", many " + sql(type) + "[])");
        Sample first = ofType.getFirst();
        Class<?> many = arrayOf(first.asked(), 1);
        Row stored = db.query(
                        "insert into " + table + " values ($1, $2) returning one, many, (select one from " + table
                                + ")",
                        first.value(),
                        PgArray.of(Arrays.asList(first.value(), null)))
                .one();
        assertSame(stored.get(0, first.asked()), first.value(), "column of type " + type);
        assertSame(stored.get(1, many), new Object[] {first.value(), null}, "column of type " + type + "[]");
        assertThat(stored.isNull(2)).isTrue();
    }

    /** Says the same of arrays: with NULL, empty, of two dimensions, and with lower bounds. */
    private static void assertArrays(PgConnection db, Class<?> asked, List<Sample> samples, String type) {
        List<Object> values = new ArrayList<>();
        List<String> literals = new ArrayList<>();
        for (Sample sample : samples) {
            values.add(sample.value());
            literals.add(sql(sample, type));
        }
        values.add(null);
        literals.add("null");
        String line = String.join(", ", literals);
        int count = values.size();
        List<Object> twice = new ArrayList<>(values);
        twice.addAll(values);
        assertArray(db, "array[" + line + "]::" + sql(type) + "[]", PgArray.of(values), asked, type);
        PgArray<Object> square = PgArray.of(new int[] {2, count}, new int[] {1, 1}, twice);
        assertArray(db, "array[[" + line + "], [" + line + "]]::" + sql(type) + "[]", square, asked, type);
        assertArray(db, "'{}'::" + sql(type) + "[]", PgArray.of(List.of()), asked, type);
        PgArray<Object> shifted = PgArray.of(new int[] {1, count}, new int[] {-1, 0}, values);
        Row row = db.query("select $1::" + sql(type) + "[], array_dims($1)", shifted)
                .one();
        assertThat(row.getString(1)).isEqualTo("[-1:-1][0:" + (count - 1) + "]");
        assertThatThrownBy(() -> row.get(0, List.class)).isInstanceOf(ConversionException.class);
        assertThatThrownBy(() -> row.get(0, arrayOf(asked, 2))).isInstanceOf(ConversionException.class);
        if (defaultClass(db, asked, type) && !asked.equals(byte[].class)) {
            assertThat(row.get(0, PgArray.class)).isEqualTo(shifted);
        }
    }

    private static boolean defaultClass(PgConnection db, Class<?> asked, String type) {
        int oid = db.queryValue("select oid from pg_type where typname = $1 and typnamespace = 11", Long.class, type)
                .intValue();
        return db.types().codecs(oid).defaultType() == asked;
    }

    private static void assertArray(PgConnection db, String sql, PgArray<?> array, Class<?> asked, String type) {
        String what = "select " + (sql.length() > 200 ? sql.substring(0, 200) : sql);
        int depth = Math.max(1, array.dimensions().length);
        Class<?> wanted = arrayOf(asked, depth);
        Row row = db.query(
                        "select $1::" + sql(type) + "[], $1::" + sql(type) + "[]::text, " + sql + ", " + sql + "::text",
                        array)
                .one();
        Object expected = nested(array, asked);
        assertSame(row.get(0, wanted), expected, "parameter of " + what);
        assertSame(row.get(2, wanted), expected, what);
        assertThat(row.getString(1)).as("what the server got for " + what).isEqualTo(row.getString(3));
        Row text = db.script("select " + sql).getFirst().rows().one();
        assertSame(text.get(0, wanted), expected, "text of " + what);
    }

    private static Class<?> arrayOf(Class<?> component, int depth) {
        return depth == 1 ? component.arrayType() : component.arrayType().arrayType();
    }

    /** Returns the Java array that the elements make. */
    private static Object nested(PgArray<?> array, Class<?> asked) {
        List<?> elements = array.elements();
        if (array.dimensions().length < 2) {
            return elements.toArray((Object[]) Array.newInstance(asked, 0));
        }
        int width = array.dimensions()[1];
        Object[] rows = (Object[]) Array.newInstance(asked, 2, width);
        rows[0] = elements.subList(0, width).toArray((Object[]) rows[0]);
        rows[1] = elements.subList(width, 2 * width).toArray((Object[]) rows[1]);
        return rows;
    }

    private static void assertSame(Object actual, Object expected, String what) {
        assertThat(Objects.deepEquals(actual, expected))
                .as("%s is %s", what, actual instanceof Object[] array ? Arrays.deepToString(array) : actual)
                .isTrue();
    }
}
