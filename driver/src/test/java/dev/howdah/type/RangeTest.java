package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.session.ValueBytes;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeTest {

    private final TypeRegistry registry = TypeRegistry.global().child();

    private Object binary(int oid, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return registry.decode(oid, true, bytes, 0, bytes.length);
    }

    private Object text(int oid, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return registry.decode(oid, false, bytes, 0, bytes.length);
    }

    private String encoded(int oid, Object value) {
        return ValueBytes.hex(ValueBytes.of(registry.encoder(oid), value));
    }

    private void assertBoth(int oid, String hex, Object value) {
        assertThat(binary(oid, hex)).isEqualTo(value);
        assertThat(encoded(oid, value)).isEqualTo(hex);
    }

    @Test
    void bytesAreThoseOfPostgres() {
        assertBoth(BuiltinTypes.INT4RANGE, "02000000040000000100000004" + "00000005", Range.closedOpen(1, 5));
        assertBoth(BuiltinTypes.INT4RANGE, "01", Range.empty());
        assertBoth(BuiltinTypes.INT4RANGE, "18", Range.all());
        assertBoth(BuiltinTypes.INT4RANGE, "120000000400000001", Range.atLeast(1));
        assertBoth(BuiltinTypes.INT4RANGE, "080000000400000005", Range.lessThan(5));
        assertBoth(BuiltinTypes.INT8RANGE, "0c000000080000000000000005", Range.atMost(5L));
        assertBoth(BuiltinTypes.INT4MULTIRANGE, "00000000", Multirange.of(List.of()));
        assertBoth(
                BuiltinTypes.INT4MULTIRANGE,
                "00000002" + "00000011" + "0200000004000000010000000400000003" + "00000009" + "120000000400000007",
                Multirange.of(Range.closedOpen(1, 3), Range.atLeast(7)));
    }

    @Test
    void liesAboutLengthsAndCountsAreRefused() {
        for (String hex : List.of(
                "",
                "02",
                "0200000004",
                "02ffffffff",
                "027fffffff00000001",
                "0100",
                "1800",
                "020000000400000001000000040000000500")) {
            assertThatThrownBy(() -> binary(BuiltinTypes.INT4RANGE, hex)).isInstanceOf(ConversionException.class);
        }
        for (String hex :
                List.of("", "7fffffff", "ffffffff", "00000001", "00000001ffffffff01", "000000010000000101ff")) {
            assertThatThrownBy(() -> binary(BuiltinTypes.INT4MULTIRANGE, hex)).isInstanceOf(ConversionException.class);
        }
    }

    @Test
    void textWithBoundsInQuotesIsRead() {
        assertThat(text(BuiltinTypes.TSRANGE, "[\"2024-01-01 00:00:00\",)")).hasToString("[2024-01-01T00:00,)");
        assertThat(text(BuiltinTypes.INT4RANGE, "empty")).isEqualTo(Range.empty());
        assertThat(text(BuiltinTypes.INT4MULTIRANGE, "{[1,3),[7,9)}"))
                .isEqualTo(Multirange.of(Range.closedOpen(1, 3), Range.closedOpen(7, 9)));
        assertThat(text(BuiltinTypes.INT4MULTIRANGE, "{}")).isEqualTo(Multirange.of());
        for (String wrong :
                List.of("", "[", "[1", "[1,", "[1,2", "1,2)", "[1,2)x", "[1,2,3)", "[\"1,2)", "[1\\", "[,\\")) {
            assertThatThrownBy(() -> text(BuiltinTypes.INT4RANGE, wrong)).isInstanceOf(ConversionException.class);
        }
        for (String wrong : List.of("", "{", "{[1,2)", "{[1,2),}", "{[1,2)}}", "{,}")) {
            assertThatThrownBy(() -> text(BuiltinTypes.INT4MULTIRANGE, wrong)).isInstanceOf(ConversionException.class);
        }
    }

    @Test
    void infinityIsNoAbsentBound() {
        Range<?> infinite = (Range<?>) text(BuiltinTypes.DATERANGE, "[2024-01-01,infinity]");
        Range<?> unbounded = (Range<?>) text(BuiltinTypes.DATERANGE, "[2024-01-01,)");
        assertThat(infinite.upperUnbounded()).isFalse();
        assertThat(infinite.upperInclusive()).isTrue();
        assertThat(infinite.upper()).isNotNull();
        assertThat(unbounded.upperUnbounded()).isTrue();
        assertThat(unbounded.upper()).isNull();
        assertThat(infinite).isNotEqualTo(unbounded);
        byte[] bytes = ValueBytes.of(registry.encoder(BuiltinTypes.DATERANGE), infinite);
        assertThat(registry.decode(BuiltinTypes.DATERANGE, true, bytes, 0, bytes.length, String.class))
                .isEqualTo("[2024-01-01,infinity]");
    }

    @Test
    void stringIsWhatPostgresPrints() {
        assertThat(Range.of("a b", "x\"y\\", "[]")).hasToString("[\"a b\",\"x\"\"y\\\\\"]");
        assertThat(Range.open("", "(")).hasToString("(\"\",\"(\")");
        assertThat(Range.all()).hasToString("(,)");
        assertThat(Range.empty()).hasToString("empty");
        assertThat(Multirange.of(Range.closed(1, 2), Range.atLeast(5))).hasToString("{[1,2],[5,)}");
        assertThat(Range.parse("[\"a b\",\"x\"\"y\\\\\"]", bound -> bound)).isEqualTo(Range.closed("a b", "x\"y\\"));
        assertThat(Range.parse("(\"\",)", bound -> bound)).isEqualTo(Range.greaterThan(""));
    }

    @Test
    void absentBoundsAreNeverWithin() {
        assertThat(Range.of(null, true, 5, true)).isEqualTo(Range.atMost(5));
        assertThat(Range.<Integer>of(null, null, "[]")).isEqualTo(Range.all());
        assertThat(Range.empty().lowerUnbounded()).isFalse();
        assertThatThrownBy(() -> Range.of(1, 2, "{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Range.closed(null, 2)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void valuesLieWithinAsTheBoundsSay() {
        assertThat(Range.closedOpen(1, 5).contains(1)).isTrue();
        assertThat(Range.closedOpen(1, 5).contains(5)).isFalse();
        assertThat(Range.openClosed(1, 5).contains(1)).isFalse();
        assertThat(Range.openClosed(1, 5).contains(5)).isTrue();
        assertThat(Range.atLeast(1).contains(Integer.MAX_VALUE)).isTrue();
        assertThat(Range.<Integer>empty().contains(1)).isFalse();
        assertThat(Range.<LocalDate>all().contains(LocalDate.EPOCH)).isTrue();
        assertThat(Range.closed("a", "c").contains("B", String.CASE_INSENSITIVE_ORDER))
                .isTrue();
        assertThat(Range.closed("a", "c").contains("B", Comparator.naturalOrder()))
                .isFalse();
        assertThat(Multirange.of(Range.closed(1, 2), Range.closed(5, 6)).contains(5))
                .isTrue();
        assertThat(Multirange.of(Range.closed(1, 2), Range.closed(5, 6)).contains(3))
                .isFalse();
        assertThatThrownBy(() -> Range.closed(new Object(), new Object()).contains(new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Comparator");
    }

    @Test
    void instantsLieWithinWhateverTheirOffset() {
        OffsetDateTime bound = OffsetDateTime.parse("2024-01-01T00:00:00Z");
        OffsetDateTime sameInstant = OffsetDateTime.parse("2023-12-31T23:00:00-01:00");
        assertThat(Range.atLeast(bound).contains(sameInstant)).isTrue();
        assertThat(Range.atLeast(bound.toZonedDateTime()).contains(sameInstant.toZonedDateTime()))
                .isTrue();
        assertThat(Range.lessThan(bound).contains(sameInstant)).isFalse();
    }

    @Test
    void whatIsNoRangeIsRefused() {
        assertThatThrownBy(() -> encoded(BuiltinTypes.INT4RANGE, 5))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("dev.howdah.type.Range");
        assertThatThrownBy(() -> encoded(BuiltinTypes.INT4MULTIRANGE, "x"))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Multirange");
        assertThatThrownBy(() -> registry.decoder(BuiltinTypes.INT4RANGE, true, Integer.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("its own class is dev.howdah.type.Range");
    }
}
