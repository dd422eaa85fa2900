package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.session.ValueBytes;
import dev.howdah.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Types that a database has and PostgreSQL does not: what stands in the catalog decides how they are read. */
class KindsTest {

    private static final int ITEM = 50_001;
    private static final int ITEMS = 50_002;
    private static final int MOOD = 50_003;
    private static final int MOODS = 50_004;
    private static final int GLAD = 50_005;
    private static final int HSTORE = 50_006;
    private static final int LTREE = 50_007;
    private static final int CUBE = 50_008;
    private static final int BOX = 50_009;
    private static final int NOTHING = 50_010;

    private enum Mood {
        SAD,
        VERY_SAD,
        @Label("over the moon!")
        DELIGHTED,
        Fine
    }

    private enum Twice {
        A,
        @Label("A")
        B
    }

    private enum Unclear {
        ok,
        OK
    }

    private record Item(long id, String theName) {}

    private record IdOnly(int id) {}

    private record Boxed(Mood mood, List<?> items) {}

    private final TypeRegistry registry = TypeRegistry.global().child();

    KindsTest() {
        registry.addTypes(List.of(
                composite(ITEM, "item", ITEMS, "id", BuiltinTypes.INT4, "the_name", BuiltinTypes.TEXT),
                array(ITEMS, "_item", ITEM),
                mood("SAD", "very sad", "over the moon!", "fine"),
                array(MOODS, "_mood", MOOD),
                new PgType(GLAD, "public", "glad", PgType.Kind.DOMAIN, 0, 0, MOOD, ','),
                base(HSTORE, "hstore", "hstore_recv"),
                base(LTREE, "ltree", "ltree_recv"),
                base(CUBE, "cube", "cube_recv"),
                composite(BOX, "box", 0, "mood", MOOD, "items", ITEMS),
                composite(NOTHING, "nothing", 0)));
    }

    private static PgType composite(int oid, String name, int arrayOid, Object... attributes) {
        List<PgType.Attribute> list = new ArrayList<>();
        for (int i = 0; i < attributes.length; i += 2) {
            list.add(new PgType.Attribute((String) attributes[i], (Integer) attributes[i + 1]));
        }
        return new PgType(oid, "public", name, PgType.Kind.COMPOSITE, 0, arrayOid, 0, ',', list, null, null);
    }

    private static PgType array(int oid, String name, int elementOid) {
        return new PgType(oid, "public", name, PgType.Kind.ARRAY, elementOid, 0, 0, ',');
    }

    private static PgType mood(String... labels) {
        return new PgType(MOOD, "public", "mood", PgType.Kind.ENUM, 0, MOODS, 0, ',', null, List.of(labels), null);
    }

    private static PgType base(int oid, String name, String receiver) {
        return new PgType(oid, "odd schema", name, PgType.Kind.BASE, 0, 0, 0, ',', null, null, receiver);
    }

    private <T> T binary(int oid, String hex, Class<T> target) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return registry.decode(oid, true, bytes, 0, bytes.length, target);
    }

    private <T> T text(int oid, String text, Class<T> target) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return registry.decode(oid, false, bytes, 0, bytes.length, target);
    }

    private String encoded(int oid, Object value) {
        return ValueBytes.hex(ValueBytes.of(registry.encoder(oid), value));
    }

    private String asText(int oid, Object value) {
        return registry.codecs(oid).part().text(value);
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static final String ITEM_BYTES =
            "00000002" + "00000017" + "00000004" + "00000007" + "00000019" + "00000001" + "61";
    private static final Composite SEVEN = Composite.of(map("id", 7, "the_name", "a"));

    @Test
    void rowTypesAreReadAsWhatIsAskedFor() {
        assertThat(binary(ITEM, ITEM_BYTES, Object.class)).isEqualTo(SEVEN);
        assertThat(binary(ITEM, ITEM_BYTES, Composite.class).get("id", Long.class))
                .isEqualTo(7L);
        assertThat((Object) binary(ITEM, ITEM_BYTES, Map.class)).isEqualTo(map("id", 7, "the_name", "a"));
        assertThat((Object) binary(ITEM, ITEM_BYTES, List.class)).isEqualTo(List.of(7, "a"));
        assertThat(binary(ITEM, ITEM_BYTES, Object[].class)).containsExactly(7, "a");
        assertThat(binary(ITEM, ITEM_BYTES, String.class)).isEqualTo("(7,a)");
        assertThat(binary(ITEM, ITEM_BYTES, Item.class)).isEqualTo(new Item(7, "a"));
        assertThat(binary(ITEM, ITEM_BYTES, IdOnly.class)).isEqualTo(new IdOnly(7));
        assertThat(text(ITEM, "(7,a)", Object.class)).isEqualTo(SEVEN);
        assertThat(text(ITEM, "(7,a)", Item.class)).isEqualTo(new Item(7, "a"));
        assertThat(text(ITEMS, "{\"(7,a)\",NULL}", Item[].class)).containsExactly(new Item(7, "a"), null);
        assertThat(registry.codecs(ITEM).defaultType()).isEqualTo(Composite.class);
    }

    @Test
    void rowTypesAreWrittenFromWhatIsGiven() {
        for (Object value : List.of(
                SEVEN,
                map("the_name", "a", "id", 7),
                List.of(7, "a"),
                new Object[] {7, "a"},
                new Item(7, "a"),
                Composite.of(map("the_name", "a", "id", 7)))) {
            assertThat(encoded(ITEM, value)).as(value.toString()).isEqualTo(ITEM_BYTES);
            assertThat(asText(ITEM, value)).isEqualTo("(7,a)");
        }
        assertThat(encoded(ITEM, Map.of("id", 7)))
                .isEqualTo("00000002" + "00000017" + "00000004" + "00000007" + "00000019" + "ffffffff");
        assertThat(encoded(ITEMS, List.of(SEVEN)))
                .isEqualTo("00000001" + "00000000" + "0000c351" + "00000001" + "00000001" + "00000019" + ITEM_BYTES);
    }

    @Test
    void valuesThatDoNotFitARowTypeAreRefusedByName() {
        assertThatThrownBy(() -> encoded(ITEM, Map.of("id", 7, "nam", "a")))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("no attribute \"nam\"")
                .hasMessageContaining("the_name");
        assertThatThrownBy(() -> encoded(ITEM, new IdOnly(7)))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("the_name");
        assertThatThrownBy(() -> encoded(ITEM, List.of(7)))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("1 values were given for 2 attributes");
        assertThatThrownBy(() -> encoded(ITEM, Map.of("id", "x y")))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("attribute \"id\"");
        assertThatThrownBy(() -> encoded(ITEM, 5))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Composite");
        assertThatThrownBy(() -> text(ITEM, "(,a)", Item.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("NULL");
        assertThatThrownBy(() -> binary(ITEM, ITEM_BYTES, Boxed.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("mood");
    }

    @Test
    void nullAndEmptyTextAreTwoThings() {
        assertThat((Object) text(ITEM, "(,)", List.class)).isEqualTo(Arrays.asList(null, null));
        assertThat((Object) text(ITEM, "(,\"\")", List.class)).isEqualTo(Arrays.asList(null, ""));
        assertThat(asText(ITEM, Arrays.asList(null, null))).isEqualTo("(,)");
        assertThat(asText(ITEM, Arrays.asList(null, ""))).isEqualTo("(,\"\")");
        assertThat((Object) text(NOTHING, "()", List.class)).isEqualTo(List.of());
        assertThat(binary(NOTHING, "00000000", Composite.class).size()).isZero();
        assertThat(encoded(NOTHING, Map.of())).isEqualTo("00000000");
        assertThat(asText(NOTHING, List.of())).isEqualTo("()");
    }

    @Test
    void textOfRowsThatIsNoneIsRefused() {
        for (String wrong : List.of("", "(", "7,a)", "(7", "(7,", "(7,\"a", "(7,a\\", "(7,a)x", "(7)", "(7,a,b)")) {
            assertThatThrownBy(() -> text(ITEM, wrong, Object.class)).as(wrong).isInstanceOf(ConversionException.class);
        }
        assertThat(text(ITEM, "(7,\"a\"\"b\\\\c\\d, (e)\")", Item.class).theName())
                .isEqualTo("a\"b\\cd, (e)");
    }

    @Test
    void rowThatIsNotAsKnownSaysWhichTypeToAskAbout() {
        List<String> changed = List.of(
                "00000001" + "00000017" + "00000004" + "00000007",
                "00000002" + "00000014" + "00000008" + "0000000000000007" + "00000019" + "00000001" + "61");
        for (String hex : changed) {
            assertThatThrownBy(() -> binary(ITEM, hex, Object.class))
                    .isInstanceOfSatisfying(
                            ConversionException.class,
                            e -> assertThat(TypeRegistry.outdated(e)).containsExactly(ITEM));
        }
        String boxed = "00000002" + "0000c353" + "ffffffff" + "0000c352" + "00000020" + "00000001" + "00000000"
                + "0000c351" + "00000001" + "00000001" + "00000008" + "00000001" + "00000000";
        assertThatThrownBy(() -> binary(BOX, boxed, Object.class))
                .satisfies(e -> assertThat(TypeRegistry.outdated(e)).containsExactly(ITEM));
        assertThatThrownBy(() -> text(ITEM, "(x,a)", Object.class))
                .satisfies(e -> assertThat(TypeRegistry.outdated(e)).isEmpty());
    }

    @Test
    void bytesOfRowsThatLieAreRefused() {
        for (String hex : List.of(
                "",
                "00000002",
                "7fffffff",
                "00000002" + "00000017" + "00000004" + "00000007",
                "00000002" + "00000017" + "7fffffff" + "00000007",
                "00000002" + "00000017" + "fffffffe" + "00000007",
                ITEM_BYTES + "00")) {
            assertThatThrownBy(() -> binary(ITEM, hex, Object.class)).isInstanceOf(ConversionException.class);
        }
        for (String hex : List.of("", "7fffffff", "ffffffff", "00000001", "00000001" + "00000017" + "7fffffff")) {
            assertThatThrownBy(() -> binary(BuiltinTypes.RECORD, hex, Object.class))
                    .isInstanceOf(ConversionException.class);
            assertThatThrownBy(() -> binary(HSTORE, hex, Object.class)).isInstanceOf(ConversionException.class);
        }
    }

    @Test
    void randomBytesAndTextsAreReadOrRefused() {
        Random random = new Random(4);
        int[] oids = {ITEM, ITEMS, BOX, HSTORE, LTREE, BuiltinTypes.RECORD, BuiltinTypes.RECORD_ARRAY};
        byte[] whole = HexFormat.of().parseHex(ITEM_BYTES);
        String signs = "{}()[],\"\\=> aNULL1";
        for (int i = 0; i < 20_000; i++) {
            int oid = oids[random.nextInt(oids.length)];
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int j = 0; j < 3 && bytes.length > 0; j++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            readOrRefuse(oid, true, bytes);
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(12); j > 0; j--) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }
            readOrRefuse(oid, false, text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void readOrRefuse(int oid, boolean binary, byte[] bytes) {
        try {
            assertThat(registry.decode(oid, binary, bytes, 0, bytes.length)).isNotNull();
        } catch (ConversionException e) {
            assertThat(e).hasMessageStartingWith("cannot read");
        }
    }

    @Test
    void anonymousRecordsKnowTheirTypesInBinaryOnly() {
        assertThat(binary(BuiltinTypes.RECORD, ITEM_BYTES, Object.class))
                .isEqualTo(Composite.of(map("f1", 7, "f2", "a")));
        assertThat(binary(BuiltinTypes.RECORD, ITEM_BYTES, Item.class)).isEqualTo(new Item(7, "a"));
        assertThat(binary(BuiltinTypes.RECORD, ITEM_BYTES, String.class)).isEqualTo("(7,a)");
        assertThatThrownBy(() -> binary(BuiltinTypes.RECORD, ITEM_BYTES, IdOnly.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("as many");
        assertThat(text(BuiltinTypes.RECORD, "(7,a)", Object.class)).isEqualTo(Composite.of(map("f1", "7", "f2", "a")));
        assertThatThrownBy(() -> text(BuiltinTypes.RECORD, "(7,a)", Item.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("does not tell the types");
        assertThatThrownBy(() -> encoded(BuiltinTypes.RECORD, SEVEN))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("cast");
    }

    @Test
    void fieldsOfUnknownTypesAreNamedTogether() {
        String hex = "00000002" + "0000ea61" + "00000001" + "61" + "0000ea62" + "00000001" + "61";
        assertThatThrownBy(() -> binary(BuiltinTypes.RECORD, hex, Object.class))
                .satisfies(e -> assertThat(TypeRegistry.outdated(e)).isEqualTo(Set.of(0xea61, 0xea62)));
        String cube = "00000001" + "0000c358" + "00000001" + "61";
        assertThatThrownBy(() -> binary(BuiltinTypes.RECORD, cube, Object.class))
                .hasMessageContaining("cast it to text")
                .satisfies(e -> assertThat(TypeRegistry.outdated(e)).isEmpty());
    }

    private static byte[] nested(int levels) {
        byte[] bytes = HexFormat.of().parseHex("00000000");
        for (int i = 0; i < levels; i++) {
            WireWriter out = new WireWriter(bytes.length + 12);
            out.int32(1).int32(BuiltinTypes.RECORD).int32(bytes.length).bytes(bytes, 0, bytes.length);
            bytes = out.toByteArray();
        }
        return bytes;
    }

    @Test
    void recordsWithinEachOtherAreReadToADepth() {
        byte[] deep = nested(50);
        Object value = registry.decode(BuiltinTypes.RECORD, true, deep, 0, deep.length);
        for (int i = 0; i < 50; i++) {
            value = ((Composite) value).get("f1");
        }
        assertThat(((Composite) value).size()).isZero();
        byte[] tooDeep = nested(5_000);
        assertThatThrownBy(() -> registry.decode(BuiltinTypes.RECORD, true, tooDeep, 0, tooDeep.length))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void typeSaidToContainItselfIsNotFollowedForEver() {
        int self = 60_001;
        registry.addTypes(List.of(
                composite(self, "self", 60_002, "inner", 60_002),
                array(60_002, "_self", self),
                new PgType(60_003, null, "d", PgType.Kind.DOMAIN, 0, 0, 60_003, ',')));
        assertThat(registry.binary(self)).isFalse();
        assertThat(registry.binary(60_003)).isFalse();
        assertThat(text(self, "(\"{a}\")", Object.class).toString()).isEqualTo("(inner=[a])");
        List<PgType> chain = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            chain.add(new PgType(100_000 + i, null, "d", PgType.Kind.DOMAIN, 0, 0, 100_001 + i, ','));
        }
        registry.addTypes(chain);
        assertThat(registry.binary(100_000)).isFalse();
    }

    @Test
    void labelsBelongToConstantsByNameAnnotationOrLikeness() {
        Map<String, Mood> pairs =
                Map.of("SAD", Mood.SAD, "very sad", Mood.VERY_SAD, "over the moon!", Mood.DELIGHTED, "fine", Mood.Fine);
        pairs.forEach((label, constant) -> {
            assertThat(text(MOOD, label, Mood.class)).isEqualTo(constant);
            assertThat(text(GLAD, label, Mood.class)).isEqualTo(constant);
            assertThat(asText(MOOD, constant)).isEqualTo(label);
            assertThat(asText(GLAD, constant)).isEqualTo(label);
        });
        assertThat(text(MOOD, "fine", Object.class)).isEqualTo("fine");
        assertThat(asText(MOOD, "newer than known")).isEqualTo("newer than known");
        assertThatThrownBy(() -> text(MOOD, "angry", Mood.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("\"angry\"")
                .hasMessageContaining("Mood");
        assertThatThrownBy(() -> text(BuiltinTypes.TEXT, "angry", Mood.class))
                .isInstanceOf(ConversionException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("angry"));
        assertThatThrownBy(() -> text(MOOD, "Ok", Unclear.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("both constants ok and OK");
        registry.addTypes(List.of(mood("Sad", "sad")));
        assertThatThrownBy(() -> asText(MOOD, Mood.SAD))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("[Sad, sad]");
    }

    @Test
    void registeredEnumIsTheDefaultEverywhere() {
        registry.registerEnum("mood", Mood.class);
        assertThat(text(MOOD, "very sad", Object.class)).isEqualTo(Mood.VERY_SAD);
        assertThat(text(MOOD, "very sad", String.class)).isEqualTo("very sad");
        assertThat(text(GLAD, "very sad", Object.class)).isEqualTo(Mood.VERY_SAD);
        assertThat(text(MOODS, "{SAD,\"very sad\"}", Object.class)).isEqualTo(List.of(Mood.SAD, Mood.VERY_SAD));
        assertThat(asText(MOODS, List.of(Mood.VERY_SAD, "SAD"))).isEqualTo("{\"very sad\",SAD}");
        assertThat(text(BOX, "(SAD,)", Object.class)).isEqualTo(Composite.of(map("mood", Mood.SAD, "items", null)));
        assertThat(text(BOX, "(SAD,\"{\"\"(7,a)\"\"}\")", Boxed.class)).isEqualTo(new Boxed(Mood.SAD, List.of(SEVEN)));
        assertThat(registry.binary(BOX)).isTrue();
        assertThatThrownBy(() -> registry.registerEnum("mood", Twice.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A and B");
    }

    @Test
    void codecOfADomainGoesBeforeThatOfItsBase() {
        registry.registerCodec("glad", new UpperCase());
        assertThat(text(GLAD, "fine", Object.class)).isEqualTo("FINE");
        assertThat(text(MOOD, "fine", Object.class)).isEqualTo("fine");
    }

    /** A user's codec that can speak text only. */
    private static final class UpperCase implements Codec<String> {

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
            throw new UnsupportedOperationException();
        }

        @Override
        public String decodeText(String text) {
            return text.toUpperCase(java.util.Locale.ROOT);
        }

        @Override
        public void encodeBinary(String value, ValueWriter out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String encodeText(String value) {
            return value;
        }
    }

    @Test
    void rowTypeWithAPartThatIsTextOnlyGoesAsText() {
        assertThat(registry.binary(BOX)).isTrue();
        registry.registerCodec(MOOD, new UpperCase());
        assertThat(registry.binary(BOX)).isFalse();
        assertThat(text(BOX, "(fine,)", Composite.class).get("mood")).isEqualTo("FINE");
    }

    @Test
    void hstoreIsAMap() {
        String hex = "00000002" + "00000001" + "61" + "00000001" + "31" + "00000000" + "ffffffff";
        Map<String, Object> map = map("a", "1", "", null);
        assertThat(binary(HSTORE, hex, Object.class)).isEqualTo(map);
        assertThat((Object) binary(HSTORE, hex, Map.class)).isEqualTo(map);
        assertThat(binary(HSTORE, hex, String.class)).isEqualTo("\"a\"=>\"1\", \"\"=>NULL");
        assertThat(encoded(HSTORE, map)).isEqualTo(hex);
        assertThat(text(HSTORE, "\"a\"=>\"1\", \"\"=>NULL", Object.class)).isEqualTo(map);
        assertThat(text(HSTORE, "\"a\\\"\\\\b\"=>\"NULL\"", Object.class)).isEqualTo(map("a\"\\b", "NULL"));
        assertThat(text(HSTORE, "", Object.class)).isEqualTo(Map.of());
        for (String wrong : List.of("a", "\"a\"", "\"a\"=>", "\"a\"=>\"", "\"a\"=>\"\\", "\"a\"=>NULL,", "\"a\"=>b")) {
            assertThatThrownBy(() -> text(HSTORE, wrong, Object.class)).isInstanceOf(ConversionException.class);
        }
        assertThatThrownBy(() -> encoded(HSTORE, Collections.singletonMap(null, "a")))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("key");
        assertThatThrownBy(() -> encoded(HSTORE, Map.of("a", 1)))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("java.lang.Integer");
    }

    @Test
    void ltreeHasAVersionInFrontOfItsText() {
        assertThat(binary(LTREE, "01612e62", Object.class)).isEqualTo("a.b");
        assertThat(encoded(LTREE, "a.b")).isEqualTo("01612e62");
        assertThatThrownBy(() -> binary(LTREE, "02612e62", Object.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("version 2");
        assertThatThrownBy(() -> binary(LTREE, "", Object.class)).isInstanceOf(ConversionException.class);
    }

    @Test
    void unknownTypeIsTextAndSaysSo() {
        assertThat(registry.binary(CUBE)).isFalse();
        assertThat(text(CUBE, "(1, 2)", Object.class)).isEqualTo("(1, 2)");
        assertThatThrownBy(() -> registry.decoder(CUBE, false, Integer.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("arrives as text")
                .hasMessageContaining("registerCodec");
        assertThatThrownBy(() -> encoded(CUBE, 5))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("registerCodec");
    }
}
