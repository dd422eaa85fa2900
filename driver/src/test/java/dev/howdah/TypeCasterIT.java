package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConversionException;
import dev.howdah.type.Codec;
import dev.howdah.type.Composite;
import dev.howdah.type.Range;
import dev.howdah.type.TypeCaster;
import dev.howdah.type.TypeRegistry;
import dev.howdah.type.ValueWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Types are read by functions of the user's own, from the text that PostgreSQL prints. */
class TypeCasterIT extends DriverContract {

    private record Read(String text) {}

    private record Holder(int id, Read mood) {}

    /** Reads and writes int4 as text with a mark. */
    private record Marked(String mark) implements Codec<String> {
        @Override
        public Class<String> javaType() {
            return String.class;
        }

        @Override
        public boolean binary() {
            return false;
        }

        @Override
        public String decodeBinary(byte[] bytes, int offset, int length) {
            throw new IllegalStateException();
        }

        @Override
        public String decodeText(String text) {
            return mark + text;
        }

        @Override
        public void encodeBinary(String value, ValueWriter out) {
            throw new IllegalStateException();
        }

        @Override
        public String encodeText(String value) {
            return value.substring(mark.length());
        }
    }

    @BeforeEach
    void makeTypes() {
        database().execute("""
                drop schema if exists casting cascade;
                create schema casting;
                grant usage on schema casting to public;
                create extension ltree schema casting;
                create type casting.mood as enum ('sad', 'so so');
                create domain casting.whole as int;
                create type casting.item as (id int, mood casting.mood);
                create type casting.boxrange as range (subtype = text);
                """);
        db.execute("set search_path = casting, public");
    }

    private Object value(String sql) {
        return db.queryValue("select " + sql, Object.class);
    }

    @Test
    void builtinTypesAndArraysOfThem() {
        db.types().registerType(Read.class, Read::new, 600, 603);
        assertThat(value("point '(10.2,20.3)'")).isEqualTo(new Read("(10.2,20.3)"));
        assertThat(value("null::point")).isNull();
        assertThat(value("array[point '(1,2)', null]")).isEqualTo(Arrays.asList(new Read("(1,2)"), null));
        // The delimiter of box is a semicolon.
        assertThat(value("array[box '(1,1),(0,0)', box '(2,2),(1,1)']"))
                .isEqualTo(List.of(new Read("(1,1),(0,0)"), new Read("(2,2),(1,1)")));
        Row row = db.queryOne("select point '(1,2)', array[[point '(1,2)']], 5");
        assertThat(row.get(0, Read.class)).isEqualTo(new Read("(1,2)"));
        assertThat(row.get(0, dev.howdah.type.Point.class)).isEqualTo(new dev.howdah.type.Point(1, 2));
        assertThat(row.getString(0)).isEqualTo("(1,2)");
        assertThat(row.get(1, Read[][].class)[0][0]).isEqualTo(new Read("(1,2)"));
        assertThat(row.getInt(2)).isEqualTo(5);
    }

    @Test
    void parametersAreWrittenAsBefore() {
        db.types().registerType(Read.class, Read::new, "point");
        db.types().registerType(Read.class, Read::new, "int4");
        assertThat(db.queryValue("select $1::point", Read.class, new dev.howdah.type.Point(1, 2)))
                .isEqualTo(new Read("(1,2)"));
        assertThat(db.queryValue("select $1::int[]", Object.class, List.of(1, 2)))
                .isEqualTo(List.of(new Read("1"), new Read("2")));
    }

    @Test
    void typesOfUsersAndWhatIsMadeOfThem() {
        db.types().registerType(Read.class, Read::new, "ltree");
        db.types().registerType(Read.class, Read::new, "casting.mood");
        db.types().registerType(Read.class, Read::new, "whole");
        assertThat(value("ltree 'a.b'")).isEqualTo(new Read("a.b"));
        assertThat(value("array[mood 'so so']")).isEqualTo(List.of(new Read("so so")));
        // The server says of a column of a domain that it is of the type below.
        assertThat(value("7::whole")).isEqualTo(7);
        assertThat(value("array[7::whole]")).isEqualTo(List.of(new Read("7")));
        assertThat(value("7")).isEqualTo(7);
        Row row = db.queryOne("select row(1, 'sad')::item, row(2, mood 'sad')");
        assertThat(row.get(0)).isEqualTo(Composite.of(List.of("id", "mood"), Arrays.asList(1, new Read("sad"))));
        assertThat(row.get(0, Holder.class)).isEqualTo(new Holder(1, new Read("sad")));
        assertThat(row.get(1, Holder.class)).isEqualTo(new Holder(2, new Read("sad")));
        assertThat(db.queryOne("select 3 as id, mood 'sad' as mood").as(Holder.class))
                .isEqualTo(new Holder(3, new Read("sad")));
        assertThat(db.queryValue("select $1::mood", Read.class, "sad")).isEqualTo(new Read("sad"));
    }

    @Test
    void insideRangesAndAsWholeArraysRowsAndRanges() {
        db.types().registerType(Read.class, Read::new, "int4");
        assertThat(value("int4range(1, 5)")).isEqualTo(Range.closedOpen(new Read("1"), new Read("5")));
        db.types().registerType(Read.class, Read::new, "int4range");
        db.types().registerType(Read.class, Read::new, "_int8");
        db.types().registerType(Read.class, Read::new, "item");
        assertThat(value("int4range(1, 5)")).isEqualTo(new Read("[1,5)"));
        assertThat(value("array[1::int8, null]")).isEqualTo(new Read("{1,NULL}"));
        assertThat(value("row(1, 'so so')::item")).isEqualTo(new Read("(1,\"so so\")"));
    }

    @Test
    void takesEffectOnWhatIsPreparedAlready() {
        String sql = "select 5";
        TypeCaster<Read> caster = Read::new;
        try (PreparedQuery prepared = db.prepare(sql)) {
            for (int round = 0; round < 2; round++) {
                assertThat(prepared.query().one().get(0)).isEqualTo(5);
                assertThat(db.query(sql).one().get(0)).isEqualTo(5);
                db.types().registerType(Read.class, caster, "int4");
                assertThat(prepared.query().one().get(0)).isEqualTo(new Read("5"));
                assertThat(db.query(sql).one().get(0)).isEqualTo(new Read("5"));
                db.types().unregisterType(caster);
            }
        }
        String parameter = "select $1::int";
        Marked codec = new Marked("n");
        assertThat(db.queryValue(parameter, Object.class, 1)).isEqualTo(1);
        db.types().registerCodec("int4", codec);
        assertThat(db.queryValue(parameter, Object.class, "n1")).isEqualTo("n1");
        db.types().unregisterCodec(codec);
        assertThat(db.queryValue(parameter, Object.class, 1)).isEqualTo(1);
    }

    @Test
    void whatItThrowsNamesColumnAndTypeAndTheConnectionStaysUsable() {
        db.types()
                .registerType(
                        Read.class,
                        text -> {
                            throw new IllegalStateException("cannot read " + text);
                        },
                        "int4");
        Row row = db.queryOne("select 4711 as answer");
        for (Class<?> wanted : List.of(Object.class, Read.class)) {
            ConversionException failure = thrown(ConversionException.class, () -> row.get("answer", wanted));
            assertThat(failure.getMessage()).contains("answer", "int4").doesNotContain("4711");
            assertThat(failure).hasRootCauseMessage("cannot read 4711");
        }
        db.types().registerType(Read.class, text -> null, "int4");
        assertThat(thrown(
                        ConversionException.class, () -> db.queryOne("select 1").get(0)))
                .hasMessageContaining("null");
        db.types().registerType(int.class, Integer::parseInt, "int4");
        assertThat(db.queryOne("select 3").get(0)).isEqualTo(3);
    }

    @Test
    void theInnermostScopeGoesFirst() {
        String sql = "select 5";
        TypeRegistry scope = db.types().child();
        Queries cursor = db.withTypes(scope);
        TypeCaster<String> global = text -> "global " + text;
        TypeRegistry.global().registerType(String.class, global, "int4");
        try {
            assertThat(first(db, sql)).isEqualTo("global 5");
            assertThat(first(cursor, sql)).isEqualTo("global 5");
            db.types().registerType(String.class, text -> "connection " + text, "int4");
            assertThat(first(cursor, sql)).isEqualTo("connection 5");
            scope.registerType(String.class, text -> "cursor " + text, "int4");
            assertThat(first(cursor, sql)).isEqualTo("cursor 5");
            assertThat(first(db, sql)).isEqualTo("connection 5");
            assertThat(cursor.withTimeout(java.time.Duration.ofMinutes(1)).queryValue(sql, String.class))
                    .isEqualTo("cursor 5");
            assertThat(cursor.execute(sql).rows().one().get(0)).isEqualTo("cursor 5");
            try (Stream<Row> rows = cursor.stream(sql, 1)) {
                assertThat(rows.map(row -> row.get(0))).containsExactly("cursor 5");
            }
            Marked codec = new Marked("codec ");
            scope.registerCodec("int4", codec);
            assertThat(first(cursor, sql)).isEqualTo("codec 5");
            assertThat(first(cursor, "select $1::int", "codec 6")).isEqualTo("codec 6");
            assertThat(first(db, "select $1::int", 6)).isEqualTo("connection 6");
            assertThat(connect().queryOne(sql).get(0)).isEqualTo("global 5");
        } finally {
            TypeRegistry.global().unregisterType(global);
        }
        // What the server keeps is one statement, however many scopes it is read in.
        for (int i = 0; i < 10; i++) {
            TypeRegistry further = scope.child();
            String mark = i + " ";
            further.registerType(String.class, text -> mark + text, "int4");
            assertThat(first(db.withTypes(further), sql)).isEqualTo(i + " 5");
        }
        assertThat(db.queryValue("select count(*) from pg_prepared_statements where statement = $1", Long.class, sql))
                .isEqualTo(1);
    }

    private static Object first(Queries queries, String sql, Object... parameters) {
        return queries.queryOne(sql, parameters).get(0);
    }
}
