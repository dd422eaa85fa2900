package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.session.ValueBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TypeRegistryTest {

    private enum Mood {
        SAD,
        HAPPY
    }

    private record Money(long cents) {}

    /** A user's codec: int4 as Money. */
    private static final class MoneyCodec implements Codec<Money> {

        private final long factor;

        MoneyCodec(long factor) {
            this.factor = factor;
        }

        @Override
        public Class<Money> javaType() {
            return Money.class;
        }

        @Override
        public boolean binary() {
            return false;
        }

        @Override
        public Money decodeBinary(byte[] bytes, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Money decodeText(String text) {
            return new Money(Long.parseLong(text) * factor);
        }

        @Override
        public void encodeBinary(Money value, ValueWriter out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String encodeText(Money value) {
            return Long.toString(value.cents / factor);
        }
    }

    private final TypeRegistry registry = TypeRegistry.global().child();

    private <T> T read(int oid, String text, Class<T> target) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return registry.decode(oid, false, bytes, 0, bytes.length, target);
    }

    private String write(int oid, Object value) {
        ParameterEncoder encoder = registry.encoder(oid);
        byte[] bytes = ValueBytes.of(encoder, value);
        return registry.decode(oid, encoder.binary(), bytes, 0, bytes.length, String.class);
    }

    private void assertUnreadable(int oid, String text, Class<?> target, String reason) {
        assertThatThrownBy(() -> read(oid, text, target))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining(target.getTypeName())
                .hasMessageContaining(reason)
                .extracting(e -> ((ConversionException) e).delivery())
                .isEqualTo(Delivery.COMPLETED);
    }

    private void assertUnsendable(int oid, Object value, String reason) {
        assertThatThrownBy(() -> write(oid, value))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining(value.getClass().getTypeName())
                .hasMessageContaining(reason)
                .extracting(e -> ((ConversionException) e).delivery())
                .isEqualTo(Delivery.NOT_SENT);
    }

    @Test
    void numbersAreReadAsOtherNumbersWithoutLoss() {
        assertThat(read(BuiltinTypes.INT4, "7", long.class)).isEqualTo(7L);
        assertThat(read(BuiltinTypes.INT4, "7", BigDecimal.class)).isEqualTo(new BigDecimal("7"));
        assertThat(read(BuiltinTypes.INT8, "7", int.class)).isEqualTo(7);
        assertThat(read(BuiltinTypes.INT8, "7", Number.class)).isEqualTo(7L);
        assertThat(read(BuiltinTypes.INT8, "7", BigInteger.class)).isEqualTo(BigInteger.valueOf(7));
        assertThat(read(BuiltinTypes.NUMERIC, "7.00", Integer.class)).isEqualTo(7);
        assertThat(read(BuiltinTypes.NUMERIC, "7.25", double.class)).isEqualTo(7.25);
        assertThat(read(BuiltinTypes.FLOAT4, "1.5", double.class)).isEqualTo(1.5);
        assertThat(read(BuiltinTypes.FLOAT8, "3.3", BigDecimal.class)).isEqualTo(new BigDecimal("3.3"));
        assertUnreadable(BuiltinTypes.INT8, "2147483648", Integer.class, "out of range");
        assertUnreadable(BuiltinTypes.NUMERIC, "7.5", Long.class, "not a whole number");
        assertUnreadable(BuiltinTypes.NUMERIC, "1e30", Long.class, "out of range");
        assertUnreadable(BuiltinTypes.INT8, "9007199254740993", Double.class, "more digits");
        assertUnreadable(BuiltinTypes.FLOAT8, "3.3", Float.class, "more digits");
        assertUnreadable(BuiltinTypes.FLOAT8, "NaN", Integer.class, "NaN");
        assertUnreadable(BuiltinTypes.INT4, "7", UUID.class, "java.lang.Integer");
        assertUnreadable(BuiltinTypes.INT4, "7", Boolean.class, "no such conversion");
    }

    @Test
    void textIsReadAsCharacterEnumAndBytes() {
        assertThat(read(BuiltinTypes.TEXT, "HAPPY", Mood.class)).isEqualTo(Mood.HAPPY);
        assertThat(read(BuiltinTypes.TEXT, "x", char.class)).isEqualTo('x');
        assertThat(read(BuiltinTypes.TEXT, "é", byte[].class)).containsExactly(0xc3, 0xa9);
        assertThat(read(BuiltinTypes.BYTEA, "\\\\a\\001", byte[].class)).containsExactly('\\', 'a', 1);
        assertThat(read(BuiltinTypes.BYTEA, "\\x01", ByteBuffer.class).get(0)).isEqualTo((byte) 1);
        assertUnreadable(BuiltinTypes.TEXT, "glad", Mood.class, "no constant");
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedAsStringAndReadAsBytes() {
        byte[] latin1 = {'a', (byte) 0xe9, 'b'};
        for (boolean binary : new boolean[] {true, false}) {
            assertThatThrownBy(() -> registry.decode(BuiltinTypes.TEXT, binary, latin1, 0, 3))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("not UTF-8")
                    .hasMessageContaining("byte[]");
            assertThat(registry.decode(BuiltinTypes.TEXT, binary, latin1, 0, 3, byte[].class))
                    .isEqualTo(latin1);
        }
        assertThat(read(BuiltinTypes.TEXT, "\uFFFD", String.class)).isEqualTo("\uFFFD");
    }

    @Test
    void parametersOfOtherClassesAreSentIfNothingIsLost() {
        assertThat(write(BuiltinTypes.INT8, 7)).isEqualTo("7");
        assertThat(write(BuiltinTypes.INT2, new BigInteger("7"))).isEqualTo("7");
        assertThat(write(BuiltinTypes.NUMERIC, 7)).isEqualTo("7");
        assertThat(write(BuiltinTypes.NUMERIC, 0.1)).isEqualTo("0.1");
        assertThat(write(BuiltinTypes.NUMERIC, Double.NaN)).isEqualTo("NaN");
        assertThat(write(BuiltinTypes.FLOAT8, 7)).isEqualTo("7");
        assertThat(write(BuiltinTypes.FLOAT4, 3.3)).isEqualTo("3.3");
        assertThat(write(BuiltinTypes.TEXT, 'x')).isEqualTo("x");
        assertThat(write(BuiltinTypes.TEXT, CharBuffer.wrap("sb"))).isEqualTo("sb");
        assertThat(write(BuiltinTypes.TEXT, Mood.SAD)).isEqualTo("SAD");
        assertThat(write(BuiltinTypes.BYTEA, ByteBuffer.wrap(new byte[] {1, 2})))
                .isEqualTo("\\x0102");
        assertThat(write(BuiltinTypes.UUID, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"))
                .isEqualTo("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        assertThat(write(BuiltinTypes.INTERVAL, Duration.ofSeconds(90))).isEqualTo("00:01:30");
        assertThat(write(BuiltinTypes.POINT, "(1,2)")).isEqualTo("(1,2)");
        assertThat(write(0, "free")).isEqualTo("free");
    }

    @Test
    void parametersThatDoNotFitAreRefusedByTypeNeverByValue() {
        assertUnsendable(BuiltinTypes.INT4, 5_000_000_000L, "int4");
        assertUnsendable(BuiltinTypes.INT4, "secret", "java.lang.Integer");
        assertThatThrownBy(() -> write(BuiltinTypes.INT4, "secret")).hasMessageNotContaining("secret");
        assertUnsendable(BuiltinTypes.INT4, 1.5, "int4");
        assertUnsendable(BuiltinTypes.OID, -1, "4294967295");
        assertUnsendable(BuiltinTypes.TEXT, 7, "text");
        assertUnsendable(BuiltinTypes.TEXT, "a\0b", "U+0000");
        assertUnsendable(BuiltinTypes.JSONB, "\0", "U+0000");
        assertUnsendable(BuiltinTypes.TEXT, "a\uD83D", "surrogate");
        assertUnsendable(BuiltinTypes.UUID, "nonsense", "UUID");
        assertUnsendable(BuiltinTypes.FLOAT4, 1e300, "out of range");
        assertUnsendable(BuiltinTypes.TIME, Duration.ofHours(25), "24 hours");
        assertUnsendable(BuiltinTypes.CHAR, "ab", "one byte");
        assertUnsendable(BuiltinTypes.POINT, 7, "point");
    }

    @Test
    void aFixedLengthIsCheckedForEveryCodec() {
        byte[] bytes = new byte[8];
        assertThatThrownBy(() -> registry.decode(BuiltinTypes.INT4, true, bytes, 0, 8))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("8 bytes");
        assertThatThrownBy(() -> registry.decode(BuiltinTypes.UUID, true, bytes, 0, 8))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void lastRegistrationWinsAndTheInnerScopeGoesFirst() {
        TypeRegistry cursor = registry.child();
        int before = cursor.version();
        byte[] five = {'5'};
        registry.registerCodec(BuiltinTypes.INT4, new MoneyCodec(1));
        assertThat(cursor.version()).isNotEqualTo(before);
        assertThat(cursor.binary(BuiltinTypes.INT4)).isFalse();
        assertThat(cursor.decode(BuiltinTypes.INT4, false, five, 0, 1)).isEqualTo(new Money(5));
        registry.registerCodec("int4", new MoneyCodec(10));
        assertThat(cursor.decode(BuiltinTypes.INT4, false, five, 0, 1)).isEqualTo(new Money(50));
        MoneyCodec inner = new MoneyCodec(100);
        cursor.registerCodec("pg_catalog.int4", inner);
        assertThat(cursor.decode(BuiltinTypes.INT4, false, five, 0, 1)).isEqualTo(new Money(500));
        assertThat(registry.decode(BuiltinTypes.INT4, false, five, 0, 1)).isEqualTo(new Money(50));
        assertThat(cursor.decode(BuiltinTypes.INT4, false, five, 0, 1, Integer.class))
                .isEqualTo(5);
        assertThat(ValueBytes.of(cursor.encoder(BuiltinTypes.INT4), new Money(700)))
                .containsExactly('7');
        assertThat(ValueBytes.of(cursor.encoder(BuiltinTypes.INT4), 7)).containsExactly('7');
        cursor.unregisterCodec(inner);
        assertThat(cursor.decode(BuiltinTypes.INT4, false, five, 0, 1)).isEqualTo(new Money(50));
        assertThat(TypeRegistry.global().decode(BuiltinTypes.INT4, false, five, 0, 1))
                .isEqualTo(5);
    }

    @Test
    void arraysFollowTheCodecOfTheirElements() {
        registry.registerCodec("int4", new MoneyCodec(1));
        byte[] text = "{1,NULL}".getBytes(StandardCharsets.UTF_8);
        assertThat(registry.binary(BuiltinTypes.INT4_ARRAY)).isFalse();
        Object list = registry.decode(BuiltinTypes.INT4_ARRAY, false, text, 0, text.length);
        assertThat(list).isEqualTo(Arrays.asList(new Money(1), null));
        assertThat(write(BuiltinTypes.INT4_ARRAY, list)).isEqualTo("{1,NULL}");
        assertThat(read(BuiltinTypes.INT4_ARRAY, "{1,2}", Money[].class)).containsExactly(new Money(1), new Money(2));
    }

    @Test
    void aCodecRegisteredByNameWaitsForItsType() {
        registry.registerCodec("shop.price", new MoneyCodec(1));
        assertThat(registry.type(90_000)).isNull();
        assertThat(read(90_000, "5", String.class)).isEqualTo("5");
        registry.addTypes(List.of(
                PgType.of(90_000, "shop", "price", PgType.Kind.BASE, 90_001),
                new PgType(90_001, "shop", "_price", PgType.Kind.ARRAY, 90_000, 0, 0, ','),
                new PgType(90_002, "shop", "small", PgType.Kind.DOMAIN, 0, 0, BuiltinTypes.INT4, ','),
                PgType.of(90_003, "shop", "mood", PgType.Kind.ENUM, 0)));
        assertThat(read(90_000, "5", Money.class)).isEqualTo(new Money(5));
        assertThat(read(90_001, "{5}", Object.class)).isEqualTo(List.of(new Money(5)));
        assertThat(registry.decode(90_002, true, new byte[] {0, 0, 0, 9}, 0, 4)).isEqualTo(9);
        assertThat(read(90_003, "SAD", Mood.class)).isEqualTo(Mood.SAD);
        assertThat(write(90_003, Mood.SAD)).isEqualTo("SAD");
        registry.forgetTypes();
        assertThat(registry.type(90_000)).isNull();
    }

    @Test
    void whatAForeignCodecThrowsBecomesTheCauseWithoutItsMessage() {
        registry.registerCodec(BuiltinTypes.INT4, new MoneyCodec(1));
        assertThatThrownBy(() -> read(BuiltinTypes.INT4, "secret", Money.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("NumberFormatException")
                .hasMessageNotContaining("secret")
                .hasCauseInstanceOf(NumberFormatException.class);
    }

    @Test
    void unknownTypesArriveAsText() {
        assertThat(registry.binary(4_000_000)).isFalse();
        assertThat(read(4_000_000, "hi", Object.class)).isEqualTo("hi");
        assertUnreadable(4_000_000, "hi", LocalTime.class, "4000000");
    }
}
