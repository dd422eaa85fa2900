package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.sql.Literal;
import dev.howdah.sql.Sql;
import dev.howdah.type.AsIs;
import dev.howdah.type.Composite;
import dev.howdah.type.PgArray;
import dev.howdah.type.Range;
import dev.howdah.type.SqlQuote;
import dev.howdah.type.TextForm;
import dev.howdah.type.TypeRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Java classes that PostgreSQL knows nothing of become values by adapters. */
class AdapterIT extends DriverContract {

    private record Point(double x, double y) {}

    private record Celsius(int degrees) {}

    private record Lower(String text) {}

    private interface Coded {
        String code();
    }

    private static class Animal implements Coded {
        @Override
        public String code() {
            return "animal";
        }
    }

    private static class Dog extends Animal {}

    private record Quoting(String quoted) implements SqlQuote {}

    private static SqlQuote adaptPoint(Point point) {
        String x = Sql.adapt(point.x()).quoted();
        String y = Sql.adapt(point.y()).quoted();
        return new AsIs("'(%s, %s)'".formatted(x, y));
    }

    @Test
    void theExampleOfTheSpecificationWorksAsWrittenThere() {
        db.execute("create temporary table atable (apoint point)");
        db.types().registerAdapter(Point.class, AdapterIT::adaptPoint);
        db.execute("insert into atable (apoint) values ($1)", new Point(1.23, 4.56));
        db.executeMany("insert into atable (apoint) values ($1)", List.of(List.of(new Point(-1, -2.5))));
        assertThat(db.query("select apoint::text from atable").values(String.class))
                .containsExactly("(1.23,4.56)", "(-1,-2.5)");
        assertThat(db.mogrify("insert into atable (apoint) values ($1)", new Point(1.23, 4.56)))
                .isEqualTo("insert into atable (apoint) values ('(1.23, 4.56)')");
        assertThat(db.mogrify(Sql.of("select {}").format(Literal.of(new Point(1, -2)))))
                .isEqualTo("select '(1,  -2)'");
    }

    @Test
    void anAdapterMayGiveAnotherJavaValueOrNull() {
        db.types().registerAdapter(Celsius.class, c -> c.degrees() < -273 ? null : c.degrees());
        assertThat(db.queryValue("select $1::int", Integer.class, new Celsius(20)))
                .isEqualTo(20);
        assertThat(db.queryValue("select $1::int", Integer.class, new Celsius(-300)))
                .isNull();
        assertThat(db.mogrify("select $1, $2", new Celsius(-5), new Celsius(-300)))
                .isEqualTo("select (-5), NULL");
    }

    @Test
    void theMostSpecificClassOfTheInnermostScopeDecides() {
        TypeRegistry scope = db.types().child();
        Queries cursor = db.withTypes(scope);
        TypeRegistry.global().registerAdapter(Dog.class, dog -> "global dog");
        try {
            assertThat(code(db, new Dog())).isEqualTo("global dog");
            assertThatThrownBy(() -> code(db, new Animal())).isInstanceOf(ConversionException.class);
            db.types().registerAdapter(Coded.class, Coded::code);
            assertThat(code(db, new Dog())).isEqualTo("animal");
            db.types().registerAdapter(Object.class, any -> any instanceof Animal ? "object" : any);
            assertThat(code(db, new Dog())).isEqualTo("animal");
            db.types().registerAdapter(Animal.class, animal -> "an animal");
            assertThat(code(db, new Dog())).isEqualTo("an animal");
            scope.registerAdapter(Coded.class, coded -> "cursor");
            assertThat(code(cursor, new Dog())).isEqualTo("cursor");
            assertThat(code(db, new Dog())).isEqualTo("an animal");
            scope.unregisterAdapter(Coded.class);
            assertThat(code(cursor, new Dog())).isEqualTo("an animal");
        } finally {
            TypeRegistry.global().unregisterAdapter(Dog.class);
        }
    }

    private static String code(Queries queries, Object value) {
        return queries.queryValue("select $1::text", String.class, value);
    }

    @Test
    void whatAnAdapterGivesIsAdaptedInItsTurnButNeverInCircles() {
        db.types().registerAdapter(Point.class, point -> new Celsius((int) point.x()));
        db.types().registerAdapter(Celsius.class, Celsius::degrees);
        assertThat(db.queryValue("select $1::int", Integer.class, new Point(7, 0)))
                .isEqualTo(7);
        db.types().registerAdapter(String.class, text -> text + "!");
        assertThat(db.queryValue("select $1::text", String.class, "once")).isEqualTo("once!");
        db.types().registerAdapter(Celsius.class, c -> new Point(c.degrees(), 0));
        assertThatThrownBy(() -> db.query("select $1::int", new Point(7, 0)))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Parameter $1")
                .hasMessageContaining(Point.class.getTypeName())
                .hasMessageContaining(Celsius.class.getTypeName());
    }

    @Test
    void anAdapterThatFailsNamesTheClassAndNothingIsSent() {
        db.types().registerAdapter(Celsius.class, c -> {
            throw new IllegalStateException("cannot take " + c.degrees());
        });
        List<Object> places = List.of(new Celsius(4711), List.of(new Celsius(4711)));
        for (Object place : places) {
            ConversionException failure =
                    thrown(ConversionException.class, () -> db.query("select $1, $2::int[]", "a", place));
            assertThat(failure.delivery()).isEqualTo(Delivery.NOT_SENT);
            assertThat(failure.getMessage())
                    .contains("$2", Celsius.class.getTypeName())
                    .doesNotContain("4711");
            assertThat(failure).hasRootCauseMessage("cannot take 4711");
        }
    }

    @Test
    void partsOfValuesAreAdaptedToo() {
        database().execute("drop type if exists reading cascade; create type reading as (place text, at int)");
        db.types().registerAdapter(Celsius.class, c -> c.degrees() == 0 ? null : c.degrees());
        db.types().registerAdapter(Point.class, AdapterIT::adaptPoint);
        assertThat(text("int[]", Arrays.asList(new Celsius(1), null, 3, new Celsius(0))))
                .isEqualTo("{1,NULL,3,NULL}");
        assertThat(text("int[]", new Celsius[][] {{new Celsius(1)}, {new Celsius(2)}}))
                .isEqualTo("{{1},{2}}");
        assertThat(text("int[]", PgArray.of(new int[] {1}, new int[] {5}, List.of(new Celsius(1)))))
                .isEqualTo("[5:5]={1}");
        assertThat(text("int4range", Range.closedOpen(new Celsius(1), new Celsius(4))))
                .isEqualTo("[1,4)");
        assertThat(text("int4multirange", List.of(Range.closedOpen(new Celsius(1), new Celsius(4)))))
                .isEqualTo("{[1,4)}");
        assertThat(text("reading", List.of("here", new Celsius(9)))).isEqualTo("(here,9)");
        assertThat(text("reading[]", List.of(Composite.of(List.of("place", "at"), List.of("x", new Celsius(9))))))
                .isEqualTo("{\"(x,9)\"}");
        assertThat(text("point[]", List.of(new Point(1, 2), new Point(3, 4)))).isEqualTo("{\"(1,2)\",\"(3,4)\"}");
        assertThat(text("int", Optional.of(new Celsius(9)))).isEqualTo("9");
        assertThat(text("int", Optional.empty())).isNull();
        assertThat(text("int[]", List.of(Optional.of(1), Optional.empty()))).isEqualTo("{1,NULL}");
        assertThat(db.mogrify("select $1", List.of(new Celsius(1), new Celsius(0))))
                .isEqualTo("select '{1,NULL}'::int4[]");
        assertThatThrownBy(() -> text("int4range", Range.closed(new Celsius(0), new Celsius(1))))
                .hasMessageContaining("bound");
    }

    private String text(String type, Object value) {
        return db.queryValue("select $1::" + type + "::text", String.class, value);
    }

    @Test
    void aValueMayBeGivenInPostgresOwnTextForm() {
        assertThat(text("point", new TextForm("(1,2)"))).isEqualTo("(1,2)");
        assertThat(text("int[]", Arrays.asList(1, new TextForm("0042"), null))).isEqualTo("{1,42,NULL}");
        assertThat(text("int4range", Range.atLeast(new TextForm("3")))).isEqualTo("[3,)");
        Row row = db.queryOne("select $1::int, $2::date, $3::int", 1, new TextForm("today"), 3);
        assertThat(row.getInt(0) + row.getInt(2)).isEqualTo(4);
        assertThat(row.get(1)).isNotNull();
        assertThat(db.mogrify("select $1::point", new TextForm("it's"))).isEqualTo("select 'it''s'::point");
        assertThatThrownBy(() -> db.query("select $1::text", new TextForm("a\0b")))
                .isInstanceOf(ConversionException.class);
        assertThatThrownBy(() -> db.mogrify("select $1::text", new TextForm("a\0b")))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void aConstantIsBoundAndAnExpressionBecomesPartOfTheText() {
        assertThat(text("text", new AsIs("'it''s'"))).isEqualTo("it's");
        assertThat(text("int", new AsIs(" 42 "))).isEqualTo("42");
        assertThat(text("bool", new AsIs("TRUE"))).isEqualTo("true");
        assertThat(text("bool", new AsIs("null"))).isNull();
        assertThat(text("text", new Quoting("E'a\\tb\\x41\\u00e4\\'\\101'"))).isEqualTo("a\tbA\u00e4'A");
        assertThat(db.queryValue("select ($2 + $1 + $2)::int", Integer.class, 10, new AsIs("(2 * 3)")))
                .isEqualTo(22);
        assertThat(db.queryValue("select $3 || $2 || $1", String.class, "a", new AsIs("upper('b')"), "c"))
                .isEqualTo("cBa");
        assertThat(db.queryValue("select $1", Integer.class, new AsIs("array_length(ARRAY[1,2], 1)")))
                .isEqualTo(2);
        db.execute("create temporary table defaults (n int default 7, t text)");
        db.execute("insert into defaults values ($1, $2)", new AsIs("DEFAULT"), "x");
        assertThat(db.queryValue("select n from defaults", Integer.class)).isEqualTo(7);
        try (Stream<Row> rows = db.stream("select * from generate_series(1, $1)", 2, new AsIs("1 + 2"))) {
            assertThat(rows.map(row -> row.getInt(0))).containsExactly(1, 2, 3);
        }
        assertThat(db.mogrify("select -$1,$2", new AsIs("-1"), new AsIs("E'\\\\'")))
                .isEqualTo("select - -1,E'\\\\'");
    }

    @Test
    void whereTheTextCannotChangeAnExpressionIsRefused() {
        try (PreparedQuery query = db.prepare("select $1::text")) {
            assertThat(query.query(new AsIs("'a'")).one().getString(0)).isEqualTo("a");
            assertThatThrownBy(() -> query.query(new AsIs("now()")))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("one constant");
        }
        db.execute("create temporary table texts (t text)");
        assertThatThrownBy(() -> db.executeMany(
                        "insert into texts values ($1)", List.of(List.of(new AsIs("'a'")), List.of(new AsIs("now()")))))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("one constant");
        assertThat(db.queryValue("select count(*) from texts", Long.class)).isZero();
        assertThatThrownBy(() -> text("text[]", List.of(new AsIs("now()")))).hasMessageContaining("one constant");
        assertThatThrownBy(() -> text("text[]", List.of(new AsIs("'a\\b'")))).hasMessageContaining("E'...'");
    }

    @Test
    void sqlTextThatIsNotCompleteInItselfIsRefused() {
        for (String sql : List.of(
                "",
                " ",
                "/* */",
                "'open",
                "\"open",
                "/* open",
                "$$open",
                "(1",
                "1)",
                "1) or (1",
                "1; drop table x",
                "$1",
                "[1",
                "(1]")) {
            assertThatThrownBy(() -> db.query("select ($1)", new AsIs(sql)))
                    .as(sql)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> db.mogrify("select ($1)", new AsIs(sql)))
                    .as(sql)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> db.query("select ($1)", new AsIs("now() -- more")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.query("select 1", new AsIs("now()")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("$1");
        assertThatThrownBy(() -> db.query("select $2", new AsIs("now()"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> db.query("select $1::text", (SqlQuote) () -> {
                    throw new IllegalStateException("4711");
                }))
                .isInstanceOf(ConversionException.class)
                .hasMessageNotContaining("4711");
    }

    @Test
    void quotedValuesCannotBreakOutUnderEitherSetting() {
        List<String> nasty =
                List.of("'", "''", "\\", "\\'", "'; drop table x; --", "a\\'b'c\\\\", "\n'\n'", "$1", "E'");
        db.types()
                .registerAdapter(
                        Lower.class,
                        text -> new AsIs("lower(" + Sql.adapt(text.text(), db).quoted() + ")"));
        for (String setting : List.of("on", "off")) {
            db.execute("set standard_conforming_strings = " + setting);
            db.execute("set escape_string_warning = off");
            for (String text : nasty) {
                String expected = text.toLowerCase(java.util.Locale.ROOT);
                assertThat(code(db, Sql.adapt(text, db))).as(text).isEqualTo(text);
                assertThat(code(db, new Lower(text))).as(text).isEqualTo(expected);
                assertThat(db.query(db.mogrify("select $1,$2", Sql.adapt(text), new Lower(text)))
                                .one()
                                .asMap()
                                .values())
                        .as(text)
                        .contains(text, expected);
            }
            // What the setting says of a string is said of a constant too.
            assertThat(code(db, new AsIs("'a\\\\b'"))).isEqualTo(setting.equals("on") ? "a\\\\b" : "a\\b");
            assertThat(db.execute(db.mogrify("select $1", new AsIs("'a\\\\b'")))
                            .rows()
                            .one()
                            .getString(0))
                    .isEqualTo(setting.equals("on") ? "a\\\\b" : "a\\b");
        }
        db.execute("set standard_conforming_strings = on");
    }

    @Test
    void aScopeHasToBeWithinTheTypesOfItsConnection() {
        assertThatThrownBy(() -> db.withTypes(TypeRegistry.global().child()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
