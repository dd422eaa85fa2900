package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.DataException;
import dev.howdah.type.Composite;
import dev.howdah.type.Label;
import dev.howdah.type.Multirange;
import dev.howdah.type.Range;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Types that a database's users made, and those made of others: there and back, binary and as text, in arrays, null. */
class KindsIT extends DriverContract {

    private enum Mood {
        sad,
        VERY_HAPPY,
        @Label("so-so!")
        MEDIUM
    }

    private record Item(int id, String theName, BigDecimal price) {}

    @SuppressWarnings("ArrayRecordComponent") // as a user may well have it
    private record Order(long no, Item item, Item[] more, Mood mood) {}

    private record Pair(int first, String second) {}

    @BeforeEach
    void makeTypes() {
        database().execute("""
                drop schema if exists "Odd schema" cascade;
                create schema "Odd schema";
                set search_path = "Odd schema", public;
                create extension hstore schema "Odd schema";
                create extension citext schema "Odd schema";
                create extension ltree schema "Odd schema";
                create type "Mood, they say" as enum ('sad', 'very happy', 'so-so!');
                create domain glad as "Mood, they say" check (value <> 'sad');
                create type item as (id int, the_name text, price numeric);
                create type "order" as (no bigint, item item, more item[], mood "Mood, they say");
                create domain checked_item as item check ((value).id > 0);
                create domain ids as int[];
                create domain more_ids as ids;
                create type textrange as range (subtype = text);
                create type itemrange as range (subtype = item);
                create domain young as daterange;
                create type empty as ();
                create type aclish as (a aclitem, b int);
                grant all on schema "Odd schema" to public;
                """);
        db.script("set search_path = \"Odd schema\", public");
    }

    private static final Item PEAR = new Item(1, "pe\"ar, (\\", new BigDecimal("1.50"));
    private static final Composite PEAR_ROW = row("id", 1, "the_name", PEAR.theName, "price", PEAR.price);
    private static final Composite NOTHING = row("id", null, "the_name", "", "price", null);

    private static Composite row(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return Composite.of(map);
    }

    /** Says that a value is what comes back of it, and in an array of it, in both forms, and that the server has it so. */
    private void assertType(Object value, String literal, String type) {
        String plain = literal + "::" + type;
        assertThat(db.query("select " + plain).one().get(0)).as(plain).isEqualTo(value);
        assertThat(db.query("select $1::" + type, value).one().get(0))
                .as("parameter " + plain)
                .isEqualTo(value);
        assertThat(db.script("select " + plain).getFirst().rows().one().get(0))
                .as("text of " + plain)
                .isEqualTo(value);
        Row text = db.query("select $1::" + type + "::text, " + plain + "::text, " + plain, value)
                .one();
        assertThat(text.getString(0)).isEqualTo(text.getString(1)).isEqualTo(text.getString(2));
        List<Object> list = Arrays.asList(value, null, value);
        String array = "array[" + plain + ", null, " + plain + "]";
        Row arrays = db.query("select " + array + ", $1::" + type + "[], null::" + type + ", $2::" + type, list, null)
                .one();
        assertThat(arrays.get(0)).as(array).isEqualTo(list);
        assertThat(arrays.get(1)).as("parameter " + array).isEqualTo(list);
        assertThat(arrays.isNull(2)).isTrue();
        assertThat(arrays.isNull(3)).isTrue();
        assertThat(db.script("select " + array).getFirst().rows().one().get(0))
                .as("text of " + array)
                .isEqualTo(list);
    }

    @Test
    void ranges() {
        assertType(Range.closedOpen(1, 5), "'[1,4]'", "int4range");
        assertType(Range.all(), "'(,)'", "int4range");
        assertType(Range.empty(), "'(1,2)'", "int4range");
        assertType(Range.atLeast(Long.MIN_VALUE), "'[-9223372036854775808,)'", "int8range");
        assertType(Range.openClosed(new BigDecimal("1.50"), new BigDecimal("2")), "'(1.50,2]'", "numrange");
        assertType(Range.lessThan(LocalDate.of(2024, 1, 2)), "'(,2024-01-01]'", "daterange");
        assertType(Range.lessThan(LocalDate.of(2024, 1, 2)), "'(,2024-01-01]'", "young");
        LocalDateTime from = LocalDateTime.of(2024, 1, 1, 12, 30);
        assertType(
                Range.closed(from, from.plusNanos(1000)), "'[2024-01-01 12:30,2024-01-01 12:30:00.000001]'", "tsrange");
        assertType(
                Range.open(from.atOffset(ZoneOffset.UTC), OffsetDateTime.of(from.plusDays(1), ZoneOffset.UTC)),
                "'(2024-01-01 12:30Z,2024-01-02 12:30Z)'",
                "tstzrange");
        assertType(Range.closed(" a\"\\", "z,)]"), "'[\" a\\\"\\\\\",\"z,)]\"]'", "textrange");
        assertType(Range.greaterThan(""), "'(\"\",)'", "textrange");
        assertType(Range.atLeast(NOTHING), "itemrange(row(null, '', null), null)", "itemrange");
    }

    @Test
    void infinityAndAbsentBoundsStayTwoThings() {
        for (String bounds :
                List.of("[2024-01-01,infinity]", "[2024-01-01,infinity)", "[2024-01-01,)", "[-infinity,)")) {
            Object range = db.query("select '" + bounds + "'::daterange").one().get(0);
            assertThat(db.queryValue("select $1::daterange::text", String.class, range))
                    .isEqualTo(bounds);
        }
    }

    @Test
    void multiranges() {
        assertType(Multirange.of(Range.closedOpen(1, 3), Range.atLeast(7)), "'{[7,),[1,2]}'", "int4multirange");
        assertType(Multirange.of(), "'{}'", "int4multirange");
        assertType(Multirange.of(Range.closed("a b", "c\"}")), "'{[\"a b\",\"c\\\"}\"]}'", "textmultirange");
        assertType(Multirange.of(Range.lessThan(LocalDate.of(2024, 1, 2))), "'{(,2024-01-02)}'", "datemultirange");
        assertThat(db.queryValue(
                        "select $1::int4multirange::text",
                        String.class,
                        List.of(Range.closed(5, 6), Range.closed(1, 2), Range.empty())))
                .isEqualTo("{[1,3),[5,7)}");
    }

    @Test
    void enums() {
        String type = "\"Mood, they say\"";
        assertType("very happy", "'very happy'", type);
        assertType("very happy", "'very happy'", "glad");
        for (Mood mood : Mood.values()) {
            Row back = db.query("select $1::" + type + ", array[$1::" + type + "]", mood)
                    .one();
            assertThat(back.get(0, Mood.class)).isEqualTo(mood);
            assertThat(back.get(1, Mood[].class)).containsExactly(mood);
        }
        db.types().registerEnum("Mood, they say", Mood.class);
        assertType(Mood.VERY_HAPPY, "'very happy'", type);
        assertType(Mood.MEDIUM, "'so-so!'", "glad");
        assertThatThrownBy(() -> db.query("select $1::" + type, "angry")).isInstanceOf(DataException.class);
    }

    @Test
    void domains() {
        // In SQL an array of these is one of integers with two dimensions.
        Row ids = db.query("select '{1,2}'::more_ids, $1::more_ids, $1::more_ids::text", List.of(1, 2))
                .one();
        assertThat(ids.get(0)).isEqualTo(List.of(1, 2)).isEqualTo(ids.get(1));
        assertThat(ids.get(1, int[].class)).containsExactly(1, 2);
        assertThat(ids.getString(2)).isEqualTo("{1,2}");
        assertType(PEAR_ROW, "row(1, '" + PEAR.theName + "', 1.50)", "checked_item");
        assertThatThrownBy(() -> db.query("select $1::checked_item", row("id", -1, "the_name", null, "price", null)))
                .hasMessageContaining("checked_item");
    }

    @Test
    void rowTypes() {
        assertType(PEAR_ROW, "row(1, '" + PEAR.theName + "', 1.50)", "item");
        assertType(NOTHING, "row(null, '', null)", "item");
        assertType(row(), "row()", "empty");
        assertType(
                row("no", 5L, "item", PEAR_ROW, "more", Arrays.asList(PEAR_ROW, null), "mood", "very happy"),
                "row(5, row(1, '" + PEAR.theName + "', 1.50), array[row(1, '" + PEAR.theName
                        + "', 1.50)::item, null], 'very happy')",
                "\"order\"");
        String self = "=r/" + db.queryValue("select current_user", String.class);
        assertType(row("a", self, "b", 1), "row('" + self + "', 1)", "aclish");
    }

    @Test
    void records() {
        assertThat(db.queryValue("select $1::item", Item.class, PEAR)).isEqualTo(PEAR);
        assertThat(db.queryValue("select array[$1::item]", Item[].class, PEAR)).containsExactly(PEAR);
        Order order = new Order(5, PEAR, new Item[] {PEAR, null}, Mood.VERY_HAPPY);
        Row row = db.query(
                        "select $1::\"order\", $1::\"order\"::text, $2::\"order\"::text",
                        order,
                        List.of(5, PEAR_ROW, Arrays.asList(PEAR, null), Mood.VERY_HAPPY))
                .one();
        assertThat(row.get(0, Order.class)).usingRecursiveComparison().isEqualTo(order);
        assertThat(row.getString(1)).isEqualTo(row.getString(2));
        assertThat((Object) db.queryValue("select $1::item", Map.class, Map.of("id", 3)))
                .isEqualTo(row("id", 3, "the_name", null, "price", null).asMap());
        assertThatThrownBy(() -> db.query("select $1::item", Map.of("nam", 3)))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("\"nam\"");
    }

    @Test
    void rowsOfTablesKnowNoDroppedColumns() {
        db.script("create table fruit (id int, gone text, name text); alter table fruit drop column gone;"
                + " insert into fruit values (1, 'pear')");
        Row row = db.query("select fruit, array_agg(fruit) over () from fruit").one();
        assertThat(row.get(0)).isEqualTo(row("id", 1, "name", "pear"));
        assertThat(row.get(1)).isEqualTo(List.of(row("id", 1, "name", "pear")));
        db.script("alter table fruit add column size int default 4; alter table fruit rename column name to called");
        assertThat(db.query("select fruit from fruit").one().get(0))
                .isEqualTo(row("id", 1, "called", "pear", "size", 4));
    }

    @Test
    void anonymousRecordsAreRead() {
        Row row = db.query("select row(1, 'a'::text, row(null, 2.5)), array[row(1, 'b'::text)], row()")
                .one();
        assertThat(row.get(0)).isEqualTo(row("f1", 1, "f2", "a", "f3", row("f1", null, "f2", new BigDecimal("2.5"))));
        assertThat(row.get(1)).isEqualTo(List.of(row("f1", 1, "f2", "b")));
        assertThat(row.get(1, Pair[].class)).containsExactly(new Pair(1, "b"));
        assertThat(row.getString(0)).isEqualTo("(1,a,\"(,2.5)\")");
        assertThat(row.get(2, Composite.class).size()).isZero();
        assertThat(db.script("select row(1, 'a')").getFirst().rows().one().get(0))
                .isEqualTo(row("f1", "1", "f2", "a"));
        assertThatThrownBy(() -> db.query("select $1::record", row("a", 1)))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("cast the parameter");
    }

    @Test
    void extensionTypes() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("a\"b\\", "1");
        map.put("", null);
        map.put("null", "NULL, => 'x'");
        String literal = "hstore(array['a\"b\\', '', 'null'], array['1', null, 'NULL, => ''x'''])";
        assertType(map, literal, "hstore");
        assertType(Map.of(), "''", "hstore");
        assertType("MiXed", "'MiXed'", "citext");
        assertType("a.b.c", "'a.b.c'", "ltree");
        assertType("a.*{1,2}", "'a.*{1,2}'", "lquery");
        assertType("a & b", "'a & b'", "ltxtquery");
        assertThat(db.queryValue("select 'MiXed'::citext = $1", Boolean.class, "mixed"))
                .isTrue();
    }

    @Test
    void randomTextsSurviveEveryKind() {
        Random random = new Random(place.version());
        String signs = "\"\\(){}[],; =>\tnulNUL'é\uD83D\uDE00";
        for (int i = 0; i < 60; i++) {
            List<String> texts = new ArrayList<>();
            for (int j = 0; j < 3; j++) {
                StringBuilder text = new StringBuilder();
                for (int k = random.nextInt(8); k > 0; k--) {
                    int at = signs.offsetByCodePoints(0, random.nextInt(signs.codePointCount(0, signs.length())));
                    text.appendCodePoint(signs.codePointAt(at));
                }
                texts.add(random.nextInt(6) == 0 ? null : text.toString());
            }
            Composite item = row("id", i, "the_name", texts.get(0), "price", null);
            Composite order = row("no", null, "item", item, "more", List.of(item, item), "mood", null);
            Map<String, String> map = new LinkedHashMap<>();
            map.put("k" + texts.get(1), texts.get(0));
            Range<String> range = Range.atLeast("" + texts.get(2));
            assertBothForms(order, "\"order\"");
            assertBothForms(map, "hstore");
            assertBothForms(range, "textrange");
            assertBothForms(Multirange.of(List.of(range)), "textmultirange");
        }
    }

    /** Our print against the server's parse, and the server's print against our parse. */
    private void assertBothForms(Object value, String type) {
        Row row = db.query("select $1::" + type + ", $1::" + type + "::text", value)
                .one();
        assertThat(row.get(0)).isEqualTo(value);
        String printed = row.getString(1);
        assertThat(row.getString(0)).isEqualTo(printed);
        String literal = "'" + printed.replace("'", "''") + "'::" + type;
        assertThat(db.script("select " + literal).getFirst().rows().one().get(0))
                .isEqualTo(value);
        // As text in the parameter too: what prints the value for String is what would be sent.
        assertThat(db.query("select $1::text::" + type, row.getString(0)).one().get(0))
                .isEqualTo(value);
    }
}
