package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConversionException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of types in docs/guide/types.md says what the code does. */
class TypesGuideTest {

    private static final String BEGIN = "| PostgreSQL | read as | also as | form |";

    /** Classes that a type may be read as beside those of its codecs. */
    private static final List<Class<?>> CANDIDATES = List.of(
            Boolean.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class,
            String.class,
            Character.class,
            byte[].class,
            ByteBuffer.class,
            UUID.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            Instant.class,
            InetAddress.class,
            Map.class);

    @Test
    void theGuidesTableIsWhatTheCodeDoes() throws IOException {
        List<String> guide = Files.readAllLines(guide());
        int begin = guide.indexOf(BEGIN);
        assertThat(begin).isPositive();
        List<String> table = guide.stream()
                .skip(begin + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(table).isEqualTo(expected());
    }

    private static List<String> expected() {
        TypeRegistry types = TypeRegistry.global().child();
        return BuiltinTypes.all().stream()
                .filter(TypesGuideTest::isTold)
                .sorted(Comparator.comparing(PgType::kind).thenComparing(PgType::name))
                .map(type -> line(types, type))
                .toList();
    }

    /** Arrays follow from their elements; pseudo-types and the catalog's own rows are no types of columns. */
    private static boolean isTold(PgType type) {
        return switch (type.kind()) {
            case BASE, RANGE, MULTIRANGE -> true;
            case PSEUDO -> List.of("record", "void", "cstring", "unknown").contains(type.name());
            case ARRAY, COMPOSITE, DOMAIN, ENUM -> false;
        };
    }

    private static String line(TypeRegistry types, PgType type) {
        TypeCodecs codecs = types.codecs(type.oid());
        Set<Class<?>> also = new LinkedHashSet<>();
        codecs.codecs().forEach(codec -> also.add(codec.javaType()));
        CANDIDATES.stream().filter(candidate -> reads(codecs, candidate)).forEach(also::add);
        also.remove(codecs.defaultType());
        if (type.oid() == BuiltinTypes.MONEY) {
            // They are there to say what to do instead.
            also.removeAll(Set.of(BigDecimal.class, String.class));
        }
        return "| " + type.name() + " | " + name(codecs.defaultType()) + " | "
                + also.stream().map(TypesGuideTest::name).collect(Collectors.joining(", ")) + " | "
                + (codecs.binary() ? "binary" : "text") + " |";
    }

    private static boolean reads(TypeCodecs codecs, Class<?> target) {
        try {
            codecs.decoder(codecs.binary(), target);
            return true;
        } catch (ConversionException e) {
            return false;
        }
    }

    private static String name(Class<?> type) {
        return type.getSimpleName();
    }

    private static Path guide() {
        Path folder = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        List<Path> looked = new ArrayList<>();
        for (Path at = folder; at != null; at = at.getParent()) {
            Path guide = at.resolve("docs/guide/types.md");
            looked.add(guide);
            if (Files.exists(guide)) {
                return guide;
            }
        }
        throw new AssertionError("there is no guide at " + looked);
    }
}
