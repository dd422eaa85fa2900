package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.Gson;
import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.type.Composite;
import dev.howdah.type.JsonMapper;
import dev.howdah.type.TypeRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** JSON is text, or what the mapper of a JSON library makes of it. */
class JsonIT extends DriverContract {

    private record Pen(String name, int price) {}

    private record Shelf(int id, Pen pen) {}

    private record Pens(List<Pen> pens, Optional<Pen> none) {}

    private enum Colour {
        RED
    }

    private static final ObjectMapper JACKSON = new ObjectMapper();

    private static JsonMapper jackson() {
        return JsonMapper.of(
                (json, type) -> JACKSON.readValue(json, JACKSON.constructType(type)), JACKSON::writeValueAsString);
    }

    private static JsonMapper nodes() {
        return JsonMapper.of(
                (json, type) -> JACKSON.readValue(json, JACKSON.constructType(type)),
                JACKSON::writeValueAsString,
                JsonNode.class);
    }

    private static JsonMapper gson() {
        Gson gson = new Gson();
        return JsonMapper.of(gson::fromJson, gson::toJson);
    }

    @Test
    void everyLibraryReadsAndWritesJsonAndJsonb() {
        for (JsonMapper mapper : List.of(jackson(), gson())) {
            db.types().registerJson(mapper);
            for (String type : List.of("json", "jsonb")) {
                Pen pen = new Pen("it's \\ \"ink\" \u00e4\u20ac", 5);
                String sql = "select $1::" + type;
                assertThat(db.queryValue(sql, Pen.class, pen)).isEqualTo(pen);
                assertThat((Object) db.queryValue(sql, Map.class, Map.of("a", List.of("b"))))
                        .isEqualTo(Map.of("a", List.of("b")));
                assertThat((Object) db.queryValue(sql, List.class, List.of("x", "y")))
                        .isEqualTo(List.of("x", "y"));
                assertThat(db.queryValue(sql, Pen[].class, (Object) new Pen[] {pen}))
                        .containsExactly(pen);
                assertThat(db.queryValue(sql, Integer.class, 7)).isEqualTo(7);
                assertThat(db.queryValue(sql, Boolean.class, true)).isTrue();
                assertThat(db.queryValue(sql, Colour.class, Colour.RED)).isEqualTo(Colour.RED);
                assertThat(db.queryValue("select array[$1::" + type + ", null]", Pen[].class, pen))
                        .containsExactly(pen, null);
                assertThat(db.queryValue("select ($1::" + type + "[])[2]", Pen.class, Arrays.asList(null, pen)))
                        .isEqualTo(pen);
            }
        }
    }

    @Test
    void stringsAndBytesAreTheDocumentItself() {
        for (JsonMapper mapper : Arrays.asList(null, jackson(), nodes())) {
            if (mapper != null) {
                db.types().registerJson(mapper);
            }
            for (String type : List.of("json", "jsonb")) {
                String sql = "select $1::" + type;
                assertThat(db.queryValue(sql, String.class, "{\"a\": 1}")).isEqualTo("{\"a\": 1}");
                byte[] bytes = "\"\u00e4\"".getBytes(StandardCharsets.UTF_8);
                assertThat(db.queryValue(sql, byte[].class, bytes)).isEqualTo(bytes);
                assertThat(db.queryValue(sql, String.class, java.nio.CharBuffer.wrap("[1]")))
                        .isEqualTo("[1]");
                assertThat(db.queryValue(sql + "[]", String[].class, List.of("1", "\"2\"")))
                        .containsExactly("1", "\"2\"");
            }
        }
    }

    @Test
    void aMapperMayHaveAClassOfItsOwnForColumns() {
        assertThat(db.queryOne("select '{}'::jsonb").get(0)).isEqualTo("{}");
        db.types().registerJson(nodes());
        Row row = db.queryOne(
                "select '{\"a\": [1, null]}'::jsonb, array['1'::json], $1::json", JACKSON.createArrayNode());
        assertThat(row.get(0)).isInstanceOf(JsonNode.class).hasToString("{\"a\":[1,null]}");
        assertThat(row.get(0, JsonNode.class).get("a").get(0).asInt()).isEqualTo(1);
        assertThat(row.get(1)).isEqualTo(List.of(JACKSON.getNodeFactory().numberNode(1)));
        assertThat(row.get(2)).hasToString("[]");
        assertThat(db.mogrify("select $1", JACKSON.createObjectNode().put("it's", "\\")))
                .isEqualTo("select E'{\"it''s\":\"\\\\\\\\\"}'::jsonb");
    }

    @Test
    void domainsRowsAndRecords() {
        database().execute("""
                drop schema if exists js cascade;
                create schema js;
                grant usage on schema js to public;
                create domain js.doc as jsonb check (value is not null);
                create type js.shelf as (id int, pen jsonb);
                """);
        db.types().registerJson(jackson());
        Pen pen = new Pen("a", 1);
        assertThat(db.queryValue("select $1::js.doc", Pen.class, pen)).isEqualTo(pen);
        assertThat(db.queryValue("select array[$1::js.doc]", Pen[].class, pen)).containsExactly(pen);
        Shelf shelf = new Shelf(1, pen);
        assertThat(db.queryValue("select $1::js.shelf", Shelf.class, shelf)).isEqualTo(shelf);
        assertThat(db.queryOne("select 1 as id, $1::json as pen", pen).as(Shelf.class))
                .isEqualTo(shelf);
        assertThat(db.queryValue("select row(1, $1::jsonb)", Shelf.class, pen)).isEqualTo(shelf);
        assertThat(db.queryOne("select $1::js.shelf", shelf).get(0))
                .isEqualTo(Composite.of(List.of("id", "pen"), List.of(1, "{\"name\": \"a\", \"price\": 1}")));
    }

    @Test
    void recordsMayHoldWhatIsMadeOfOthers() {
        for (JsonMapper mapper : List.of(jackson(), gson())) {
            db.types().registerJson(mapper);
            Pens pens = db.queryOne("select $1::jsonb as pens, 'null'::json as none", List.of(new Pen("a", 1)))
                    .as(Pens.class);
            assertThat(pens.pens()).containsExactly(new Pen("a", 1));
            assertThat(pens.none()).isEmpty();
        }
    }

    @Test
    void theNullOfJsonIsNullInJava() {
        db.types().registerJson(gson());
        Row row = db.queryOne("select 'null'::jsonb as j");
        assertThat((Object) row.get(0, Map.class)).isNull();
        assertThat(row.isNull(0)).isFalse();
        assertThatThrownBy(() -> row.getInt(0))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("(j)");
    }

    @Test
    void withoutAMapperTheMessageSaysWhatToDo() {
        assertThatThrownBy(() -> db.query("select $1::jsonb", Map.of("a", 1)))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("registerJson");
        assertThatThrownBy(() -> db.queryValue("select '{}'::json", Map.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("registerJson");
    }

    @Test
    void whatTheMapperThrowsIsTheCauseAndHoldsTheValueAlone() {
        db.types().registerJson(jackson());
        ConversionException reading = thrown(
                ConversionException.class,
                () -> db.queryOne("select '{\"x\": 4711}'::jsonb as doc").get("doc", Pen.class));
        assertThat(reading.getMessage()).contains("doc", "jsonb").doesNotContain("4711");
        assertThat(reading).hasRootCauseInstanceOf(com.fasterxml.jackson.core.JsonProcessingException.class);
        ConversionException writing =
                thrown(ConversionException.class, () -> db.query("select $1::jsonb", new Object()));
        assertThat(writing.delivery()).isEqualTo(Delivery.NOT_SENT);
    }

    @Test
    void theMapperOfTheInnermostScopeIsAsked() {
        TypeRegistry scope = db.types().child();
        Queries cursor = db.withTypes(scope);
        String sql = "select '1'::jsonb";
        TypeRegistry.global().registerJson(constant("global"));
        try {
            assertThat(cursor.queryOne(sql).get(0)).isEqualTo(new Pen("global", 0));
            db.types().registerJson(constant("connection"));
            assertThat(cursor.queryOne(sql).get(0)).isEqualTo(new Pen("connection", 0));
            scope.registerJson(constant("cursor"));
            assertThat(cursor.queryOne(sql).get(0)).isEqualTo(new Pen("cursor", 0));
            assertThat(db.queryOne(sql).get(0)).isEqualTo(new Pen("connection", 0));
            scope.unregisterJson();
            db.types().unregisterJson();
            assertThat(cursor.queryOne(sql).get(0)).isEqualTo(new Pen("global", 0));
        } finally {
            TypeRegistry.global().unregisterJson();
        }
        assertThat(db.queryOne(sql).get(0)).isEqualTo("1");
    }

    private static JsonMapper constant(String name) {
        return JsonMapper.of((json, type) -> new Pen(name, 0), value -> "1", Pen.class);
    }
}
