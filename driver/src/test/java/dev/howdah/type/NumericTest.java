package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.session.ValueBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NumericTest {

    private static final BigDecimalCodec CODEC = new BigDecimalCodec();

    @Test
    void randomValuesReadBackWithTheirScale() {
        Random random = new Random(20260102);
        for (int i = 0; i < 20_000; i++) {
            BigInteger unscaled = new BigInteger(random.nextInt(i % 100 == 0 ? 5000 : 90), random);
            if (random.nextBoolean()) {
                unscaled = unscaled.negate();
            }
            if (random.nextInt(4) == 0) {
                unscaled = unscaled.multiply(BigInteger.TEN.pow(random.nextInt(20)));
            }
            checkRoundTrip(new BigDecimal(unscaled, random.nextInt(60)));
        }
    }

    @Test
    void everyLengthAndScaleAroundTheDigitsOfBaseTenThousandReadsBack() {
        for (int length = 1; length <= 40; length++) {
            for (int scale = 0; scale <= 40; scale++) {
                checkRoundTrip(new BigDecimal(new BigInteger("9".repeat(length)), scale));
                checkRoundTrip(new BigDecimal(BigInteger.TEN.pow(length - 1), scale));
                checkRoundTrip(new BigDecimal(BigInteger.TEN.pow(length - 1).add(BigInteger.ONE), scale));
            }
        }
    }

    private static void checkRoundTrip(BigDecimal value) {
        byte[] bytes = ValueBytes.of(CODEC, value);
        assertThat(CODEC.decodeBinary(bytes, 0, bytes.length)).isEqualTo(value);
    }

    @Test
    void negativeScaleBecomesZerosBeforeThePoint() {
        byte[] bytes = ValueBytes.of(CODEC, new BigDecimal("1.2E+30"));
        assertThat(CODEC.decodeBinary(bytes, 0, bytes.length)).isEqualTo(new BigDecimal("12" + "0".repeat(29)));
        bytes = ValueBytes.of(CODEC, new BigDecimal("0E+5"));
        assertThat(CODEC.decodeBinary(bytes, 0, bytes.length)).isEqualTo(BigDecimal.ZERO);
    }

    @Test
    void thousandsOfDigitsReadBack() {
        checkRoundTrip(new BigDecimal("7".repeat(131_072) + "." + "3".repeat(16_383)));
    }

    @Test
    void valuesThatPostgresCannotHoldAreRefusedWithoutTrying() {
        for (String text : new String[] {"1E+2000000000", "1E-16384", "1E+131072"}) {
            BigDecimal value = new BigDecimal(text);
            assertThatThrownBy(() -> ValueBytes.of(CODEC, value)).isInstanceOf(ConversionException.class);
            assertThatThrownBy(() -> CODEC.encodeText(value)).isInstanceOf(ConversionException.class);
        }
    }

    @Test
    void isOrderedAsPostgresOrders() {
        Numeric one = Numeric.of(BigDecimal.ONE);
        TreeSet<Numeric> sorted =
                new TreeSet<>(List.of(Numeric.NAN, Numeric.POSITIVE_INFINITY, one, Numeric.NEGATIVE_INFINITY));
        assertThat(sorted).containsExactly(Numeric.NEGATIVE_INFINITY, one, Numeric.POSITIVE_INFINITY, Numeric.NAN);
        assertThat(Numeric.parse("1.00")).isEqualTo(one).hasSameHashCodeAs(one).hasToString("1.00");
        assertThat(Numeric.parse("NaN")).isEqualTo(Numeric.NAN);
    }

    @Test
    void nanAndInfinityAreRefusedAsBigDecimalWithAdvice() {
        byte[] nan = ValueBytes.of(new NumericCodec(), Numeric.NAN);
        TypeRegistry registry = TypeRegistry.global();
        assertThatThrownBy(() -> registry.decode(BuiltinTypes.NUMERIC, true, nan, 0, nan.length))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Numeric, Double or String");
        assertThat(registry.decode(BuiltinTypes.NUMERIC, true, nan, 0, nan.length, Double.class))
                .isNaN();
        assertThat(registry.decode(BuiltinTypes.NUMERIC, true, nan, 0, nan.length, String.class))
                .isEqualTo("NaN");
    }
}
