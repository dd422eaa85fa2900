package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.TypeSamples;
import dev.howdah.TypeSamples.Sample;
import dev.howdah.error.ConversionException;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.PgOutputMessage.TypeMessage;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Composite;
import dev.howdah.type.Range;
import dev.howdah.type.TypeRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Values read from pgoutput are those that a query gives, in both forms, on every version. */
@ExtendWith(PostgresExtension.class)
class PgOutputTypesIT {

    private static final Set<String> TEXT_ONLY = Set.of(
            "int2vector",
            "oidvector",
            "regclass",
            "regcollation",
            "regconfig",
            "regdictionary",
            "regnamespace",
            "regoper",
            "regoperator",
            "regproc",
            "regprocedure",
            "regrole",
            "regtype");

    private enum Mood {
        SAD,
        HAPPY
    }

    @ParameterizedTest
    @PostgresVersions
    void everyTypeOfTheServerIsReadAsFromAQuery(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(database, "create publication p for all tables")) {
            PgConnection db = slot.db();
            Map<String, List<Sample>> samples = TypeSamples.of(slot.version());
            if (!db.queryOne("select exists(select from pg_config where setting like '%libxml%')")
                    .getBoolean(0)) {
                samples.remove("xml");
            }
            // Its array makes the server fail: it promises the binary form, which its elements do not have.
            samples.remove("aclitem");
            samples.keySet()
                    .retainAll(
                            db
                                    .query(
                                            "select typname::text from pg_type where typnamespace = 11 and typarray <> 0")
                                    .stream()
                                    .map(row -> row.getString(0))
                                    .toList());
            StringBuilder inserts = new StringBuilder("begin;");
            samples.forEach((type, values) -> {
                db.script(table(type, values.size()));
                inserts.append(insert(type, values));
            });
            db.script(inserts.append("commit").toString());
            List<Insert> text =
                    PgOutputSlot.of(Insert.class, PgOutputSlot.decode(db.types(), slot.peek("binary", "false"), false));
            List<Insert> binary = slot.read(Insert.class, "binary", "true");
            assertThat(text).hasSize(samples.size());
            assertThat(binary).hasSize(samples.size());
            TreeSet<String> unreadable = new TreeSet<>();
            for (int i = 0; i < text.size(); i++) {
                String table = text.get(i).relation().name();
                Row row = db.query("select * from \"" + table + "\"").one();
                Row printed = db.script("select * from \"" + table + "\"")
                        .getFirst()
                        .rows()
                        .one();
                assertSame(text.get(i).newRow(), row, printed, samples.get(table));
                try {
                    assertSame(binary.get(i).newRow(), row, row, samples.get(table));
                } catch (ConversionException e) {
                    assertThat(e).hasMessageMatching(".*(its binary form holds no name|it is read as text only).*");
                    unreadable.add(table);
                }
            }
            assertThat(unreadable)
                    .as("types of which the driver reads the text form only")
                    .isEqualTo(TEXT_ONLY);
        }
    }

    private static String table(String type, int columns) {
        StringBuilder text = new StringBuilder("create table \"" + type + "\" (");
        for (int i = 0; i < columns; i++) {
            text.append("c").append(i).append(" pg_catalog.\"").append(type).append("\", ");
        }
        return text + "nothing pg_catalog.\"" + type + "\", many pg_catalog.\"" + type + "\"[])";
    }

    private static String insert(String type, List<Sample> values) {
        List<String> literals = new ArrayList<>();
        for (Sample value : values) {
            literals.add("'" + value.literal().replace("'", "''") + "'::pg_catalog.\"" + type + "\"");
        }
        String all = String.join(", ", literals);
        return "insert into \"" + type + "\" values (" + all + ", null, array[" + literals.getFirst() + ", null]);";
    }

    /** Says that a change has what a query gives, and the text that a query gives. */
    private static void assertSame(ChangedRow changed, Row row, Row printed, List<Sample> samples) {
        assertThat(changed.size()).isEqualTo(row.size());
        for (int i = 0; i < row.size(); i++) {
            String what = changed.relation() + " column " + i;
            Class<?> asked = i < samples.size() ? samples.get(i).asked() : Object.class;
            assertThat(Arrays.deepEquals(comparable(changed.get(i, asked)), comparable(row.get(i, asked))))
                    .as(what)
                    .isTrue();
            assertThat(changed.isNull(i)).as(what).isEqualTo(row.isNull(i));
            if (!changed.relation().name().equals("money")) {
                assertThat(changed.getString(i)).as(what).isEqualTo(printed.getString(i));
            }
        }
    }

    /** Arrays are never equal, but for those within an array that is compared. */
    private static Object[] comparable(Object value) {
        return value instanceof List<?> list ? list.toArray() : new Object[] {value};
    }

    private static final String USER_TYPES = """
            create type mood as enum ('SAD', 'HAPPY');
            create domain short as varchar(5);
            create domain good_mood as mood check (value = 'HAPPY');
            create type pair as (n int, name text);
            create type speed as range (subtype = float8);
            create table t (id int, mood mood, moods mood[], short short, good good_mood, pair pair, speed speed);
            create publication p for all tables
            """;

    private static final String USER_VALUES =
            "insert into t values (1, 'SAD', '{HAPPY,SAD}', 'abc', 'HAPPY', '(7,x)', '[1.5,2.5)')";

    @ParameterizedTest
    @PostgresVersions
    void typesOfUsersAreReadOnceTheyAreKnown(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(database, USER_TYPES)) {
            slot.run(USER_VALUES);
            slot.db().types().registerEnum("mood", Mood.class);
            List<List<Insert>> both = List.of(
                    PgOutputSlot.of(
                            Insert.class, PgOutputSlot.decode(slot.db().types(), slot.peek("binary", "false"), false)),
                    slot.read(Insert.class, "binary", "true"));
            ChangedRow before = both.getFirst().getFirst().newRow();
            assertThat(before.getString("mood")).isEqualTo("SAD");
            assertThat(before.getString("moods")).isEqualTo("{HAPPY,SAD}");
            assertThat(before.relation().unknownTypes()).hasSize(5);
            // The type of a whole row tells of the types of its columns, domains too.
            slot.db().query("select t from t limit 0");
            for (List<Insert> inserts : both) {
                ChangedRow row = inserts.getFirst().newRow();
                assertThat(row.relation().unknownTypes()).isEmpty();
                assertThat(row.get("mood")).isEqualTo(Mood.SAD);
                assertThat(row.get("moods")).isEqualTo(List.of(Mood.HAPPY, Mood.SAD));
                assertThat(row.get("short")).isEqualTo("abc");
                assertThat(row.get("good")).isEqualTo(Mood.HAPPY);
                assertThat(((Composite) row.get("pair")).asMap()).isEqualTo(Map.of("n", 7, "name", "x"));
                assertThat(row.get("pair", Row.class).getInt("n")).isEqualTo(7);
                assertThat(row.get("speed")).isEqualTo(Range.closedOpen(1.5, 2.5));
            }
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void typesOfUsersThatAreNotKnownAreTextOrBytes(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(database, USER_TYPES)) {
            slot.run(USER_VALUES);
            TypeRegistry none = TypeRegistry.global().child();
            List<PgOutputMessage> text = PgOutputSlot.decode(none, slot.peek("binary", "false"), false);
            List<PgOutputMessage> binary = PgOutputSlot.decode(none, slot.record("binary", "true"), false);
            ChangedRow row = PgOutputSlot.of(Insert.class, text).getFirst().newRow();
            assertThat(row)
                    .hasToString(
                            "[id=1, mood=SAD, moods={HAPPY,SAD}, short=abc, good=HAPPY, pair=(7,x), speed=[1.5,2.5)]");
            assertThat(row.get("moods")).isEqualTo("{HAPPY,SAD}");
            assertThatThrownBy(() -> row.get("moods", List.class))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("no codec is known");
            assertThat(PgOutputSlot.of(TypeMessage.class, text).stream()
                            .map(type -> type.name().toString()))
                    .containsExactly(
                            "public.mood", "public._mood", "varchar", "public.mood", "public.pair", "public.speed");
            assertThat(row.relation().columns().getFirst().toldType()).isNull();
            ChangedRow raw = PgOutputSlot.of(Insert.class, binary).getFirst().newRow();
            assertThat(raw).hasToString("[id=1, mood=?, moods=?, short=abc, good=?, pair=?, speed=?]");
            assertThat(raw.getBytes("mood")).isEqualTo(new byte[] {'S', 'A', 'D'});
            assertThatThrownBy(() -> raw.get("pair"))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("Column 5 (pair)")
                    .hasMessageContaining("binary form");
        }
    }
}
