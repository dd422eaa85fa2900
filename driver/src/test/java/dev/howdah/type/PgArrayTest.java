package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.session.ValueBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgArrayTest {

    private final TypeRegistry registry = TypeRegistry.global();

    private <T> T read(int oid, String text, Class<T> target) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return registry.decode(oid, false, bytes, 0, bytes.length, target);
    }

    private String write(int oid, Object value) {
        byte[] bytes = ValueBytes.of(registry.encoder(oid), value);
        return registry.decode(oid, true, bytes, 0, bytes.length, String.class);
    }

    @Test
    void javaArraysOfAnyDepthAreReadOnRequest() {
        assertThat(read(BuiltinTypes.INT4_ARRAY, "{1,2}", int[].class)).containsExactly(1, 2);
        assertThat(read(BuiltinTypes.INT4_ARRAY, "{1,2}", long[].class)).containsExactly(1, 2);
        assertThat(read(BuiltinTypes.INT4_ARRAY, "{1,NULL}", Integer[].class)).containsExactly(1, null);
        assertThat(read(BuiltinTypes.INT4_ARRAY, "{{1,2},{3,4}}", int[][].class))
                .isDeepEqualTo(new int[][] {{1, 2}, {3, 4}});
        assertThat(read(BuiltinTypes.INT4_ARRAY, "{}", int[][].class)).isEmpty();
        assertThat(read(BuiltinTypes.TEXT_ARRAY, "{a,\"b c\"}", String[].class)).containsExactly("a", "b c");
        assertThat(read(BuiltinTypes.TEXT_ARRAY, "{a}", Object[].class)).containsExactly("a");
        assertThat(read(BuiltinTypes.FLOAT8_ARRAY, "{1.5,NaN}", double[].class)).containsExactly(1.5, Double.NaN);
        assertThat(read(BuiltinTypes.NUMERIC_ARRAY, "{NaN}", Numeric[].class)).containsExactly(Numeric.NAN);
        assertThat(read(BuiltinTypes.BYTEA_ARRAY, "{\"\\\\x01\"}", byte[][].class)[0])
                .containsExactly(1);
        assertThat(read(BuiltinTypes.INT2_ARRAY, "{1,2}", byte[].class)).containsExactly(1, 2);
    }

    @Test
    void nullInAPrimitiveArrayIsRefusedByItsIndex() {
        assertThatThrownBy(() -> read(BuiltinTypes.INT4_ARRAY, "{1,NULL}", int[].class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("element 1");
    }

    @Test
    void depthThatDiffersIsRefused() {
        assertThatThrownBy(() -> read(BuiltinTypes.INT4_ARRAY, "{{1}}", int[].class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("2 dimensions");
    }

    @Test
    void lowerBoundsAreKeptOrRefusedNeverDropped() {
        PgArray<?> array = read(BuiltinTypes.INT4_ARRAY, "[2:3]={4,5}", PgArray.class);
        assertThat(array.lowerBounds()).containsExactly(2);
        assertThat(array.get(3)).isEqualTo(5);
        assertThatThrownBy(() -> array.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(write(BuiltinTypes.INT4_ARRAY, array)).isEqualTo("[2:3]={4,5}");
        for (Class<?> target : List.of(List.class, int[].class, Object.class)) {
            assertThatThrownBy(() -> read(BuiltinTypes.INT4_ARRAY, "[2:3]={4,5}", target))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("PgArray");
        }
    }

    @Test
    void listsArraysAndCollectionsAreSent() {
        assertThat(write(BuiltinTypes.INT4_ARRAY, List.of())).isEqualTo("{}");
        assertThat(write(BuiltinTypes.INT4_ARRAY, List.of(List.of(), List.of())))
                .isEqualTo("{}");
        assertThat(write(BuiltinTypes.INT4_ARRAY, new int[] {1, 2})).isEqualTo("{1,2}");
        assertThat(write(BuiltinTypes.INT8_ARRAY, new int[][] {{1}, {2}})).isEqualTo("{{1},{2}}");
        assertThat(write(BuiltinTypes.INT8_ARRAY, new Object[] {1, 2L, null})).isEqualTo("{1,2,NULL}");
        assertThat(write(BuiltinTypes.TEXT_ARRAY, Set.of("a b"))).isEqualTo("{\"a b\"}");
        assertThat(write(BuiltinTypes.BYTEA_ARRAY, List.of(new byte[] {1}))).isEqualTo("{\"\\\\x01\"}");
        assertThat(write(BuiltinTypes.BYTEA_ARRAY, new byte[][] {{1}, {2}})).isEqualTo("{\"\\\\x01\",\"\\\\x02\"}");
    }

    @Test
    void raggedDeepAndUnfitArraysAreRefused() {
        List<Object> values = new ArrayList<>(List.of(
                List.of(List.of(1), List.of(1, 2)),
                Arrays.asList(List.of(1), null),
                List.of(1, List.of(2)),
                new int[1][1][1][1][1][1][1],
                "x",
                7));
        for (Object value : values) {
            assertThatThrownBy(() -> write(BuiltinTypes.INT4_ARRAY, value))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("int4[]");
        }
        assertThatThrownBy(() -> write(BuiltinTypes.INT4_ARRAY, List.of("x"))).isInstanceOf(ConversionException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{1",
                "{1,}",
                "{,1}",
                "1",
                "{1}x",
                "{{1},{1,2}}",
                "{{1},2}",
                "{1,{2}}",
                "[1:2]={1}",
                "[1:1]{1}",
                "{\"1}",
                "{{{{{{{1}}}}}}}",
                "{1\\"
            })
    void textThatIsNoArrayIsRefused(String text) {
        assertThatThrownBy(() -> read(BuiltinTypes.TEXT_ARRAY, text, List.class))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void bytesThatLieAreRefusedWithoutReadingBeyondTheValue() {
        byte[] sound = ValueBytes.of(registry.encoder(BuiltinTypes.INT4_ARRAY), List.of(1, 2, 3));
        Random random = new Random(20260103);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = sound.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            int length = random.nextInt(bytes.length + 1);
            try {
                registry.decode(BuiltinTypes.INT4_ARRAY, true, bytes, 0, length);
            } catch (ConversionException e) {
                assertThat(e.getMessage()).doesNotContain("IndexOutOfBounds");
            }
        }
    }

    @Test
    void randomTextArraysReadBackFromBothForms() {
        Random random = new Random(20260104);
        String alphabet = "a,\"\\{} \tN\u00e9\ud83d\ude00;";
        for (int i = 0; i < 5_000; i++) {
            List<String> values = new ArrayList<>();
            for (int n = random.nextInt(5); n > 0; n--) {
                StringBuilder text = new StringBuilder();
                for (int c = random.nextInt(6); c > 0; c--) {
                    text.appendCodePoint(alphabet.codePoints().toArray()[random.nextInt(11)]);
                }
                values.add(random.nextInt(5) == 0 ? null : random.nextInt(9) == 0 ? "null" : text.toString());
            }
            byte[] bytes = ValueBytes.of(registry.encoder(BuiltinTypes.TEXT_ARRAY), values);
            assertThat(registry.decode(BuiltinTypes.TEXT_ARRAY, true, bytes, 0, bytes.length))
                    .isEqualTo(values);
            assertThat((Object) read(BuiltinTypes.TEXT_ARRAY, write(BuiltinTypes.TEXT_ARRAY, values), List.class))
                    .isEqualTo(values);
        }
    }
}
