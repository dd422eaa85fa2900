package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.howdah.session.ValueBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds every codec against both forms of values as PostgreSQL itself gave them; src/test/data/values.sql made them. */
class KnownValuesTest {

    private static final Map<String, Class<?>> CLASSES = Map.of(
            "Numeric", Numeric.class,
            "Duration", Duration.class,
            "Instant", Instant.class,
            "ZonedDateTime", ZonedDateTime.class,
            "PgArray", PgArray.class,
            "", Object.class);

    private record Row(PgType type, Class<?> target, String text, String hex) {

        byte[] binary() {
            return HexFormat.of().parseHex(hex);
        }

        static Row parse(String line) {
            String[] f = line.split("\t", -1);
            return new Row(typeNamed(f[0].replace("\"", "")), CLASSES.get(f[1]), f[2], f[3]);
        }
    }

    static PgType typeNamed(String name) {
        return BuiltinTypes.all().stream()
                .filter(type -> type.displayName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @TestFactory
    Stream<DynamicTest> bothFormsAreReadAndWrittenAsPostgresDoes() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/test/data/values.tsv"));
        return lines.stream()
                .map(Row::parse)
                .map(row -> dynamicTest(
                        row.type.displayName() + " " + row.target.getSimpleName() + " " + row.text, () -> check(row)));
    }

    private static void check(Row row) {
        TypeRegistry registry = TypeRegistry.global();
        int oid = row.type.oid();
        assertThat(registry.binary(oid)).isTrue();
        byte[] text = row.text.getBytes(StandardCharsets.UTF_8);
        Object fromBinary = decode(oid, true, row.binary(), row.target);
        Object fromText = decode(oid, false, text, row.target);
        if (row.type.elementOid() == BuiltinTypes.BYTEA) {
            assertThat(ValueBytes.hex(ValueBytes.of(registry.encoder(oid), fromText)))
                    .isEqualTo(row.hex);
        } else {
            assertThat(fromText).isEqualTo(fromBinary);
        }
        assertThat(ValueBytes.hex(ValueBytes.of(registry.encoder(oid), fromBinary)))
                .isEqualTo(row.hex);
        Object asText = decode(oid, true, row.binary(), String.class);
        if (!row.type.displayName().equals("char")) {
            assertThat(asText).isEqualTo(row.text);
        }
        assertThat(decode(oid, false, text, String.class)).isEqualTo(asText);
        for (Codec<?> codec : registry.codecs(oid).codecs()) {
            if (codec.javaType().isInstance(fromBinary)) {
                assertThat(encodeText(codec, fromBinary)).isEqualTo(row.text);
            }
        }
    }

    private static <T> String encodeText(Codec<T> codec, Object value) {
        return codec.encodeText(codec.javaType().cast(value));
    }

    /** Decodes from the middle of a larger array, as in a message. */
    private static Object decode(int oid, boolean binary, byte[] value, Class<?> target) {
        byte[] message = new byte[value.length + 10];
        Arrays.fill(message, (byte) 0x7b);
        System.arraycopy(value, 0, message, 7, value.length);
        return TypeRegistry.global().decode(oid, binary, message, 7, value.length, target);
    }
}
