package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.session.ValueBytes;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The values that Java lacks: their own methods, what they refuse, and bytes that lie. */
class ScalarValuesTest {

    private static void assertRefused(Function<String, ?> parser, String... texts) {
        for (String text : texts) {
            assertThatThrownBy(() -> parser.apply(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void lsnCountsWithoutSign() {
        Lsn lsn = Lsn.parse("16/B374D848");
        assertThat(lsn.asLong()).isEqualTo(0x16_B374_D848L);
        assertThat(lsn).hasToString("16/B374D848").isEqualTo(Lsn.parse("00000016/b374d848"));
        assertThat(lsn.plus(0x10)).hasToString("16/B374D858");
        assertThat(lsn.plus(0x10).minus(lsn)).isEqualTo(16);
        assertThat(lsn.minus(lsn.plus(0x10))).isEqualTo(-16);
        assertThat(lsn.plus(-0x10).plus(0x10)).isEqualTo(lsn).hasSameHashCodeAs(lsn);
        assertThat(Lsn.of(-1)).isGreaterThan(Lsn.of(Long.MAX_VALUE)).hasToString("FFFFFFFF/FFFFFFFF");
        assertThat(Lsn.of(Long.MIN_VALUE).minus(Lsn.of(Long.MAX_VALUE))).isEqualTo(1);
        assertThat(Lsn.ZERO.minus(Lsn.of(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
        assertThatThrownBy(() -> Lsn.of(-1).plus(1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Lsn.ZERO.plus(-1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Lsn.of(-1).minus(Lsn.ZERO)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Lsn.ZERO.minus(Lsn.of(-1))).isInstanceOf(ArithmeticException.class);
        assertThat(Lsn.MAX).isEqualTo(Lsn.of(-1));
        assertThat(Lsn.MAX.isAfter(Lsn.of(1))).isTrue();
        assertThat(lsn.isAfter(lsn)).isFalse();
        assertThat(Lsn.of(0).isZero()).isTrue();
        assertThat(Lsn.MAX.isZero()).isFalse();
        assertRefused(Lsn::parse, "", "/", "1", "1/", "/1", "1/2/3", "123456789/0", "1/-2", "1/g", " 1/2", "\u0661/1");
    }

    @Test
    void lsnNamesItsFile() {
        assertThat(Lsn.parse("16/B374D848").segmentStart(16 << 20)).isEqualTo(Lsn.parse("16/B3000000"));
        assertThat(Lsn.MAX.segmentStart(1 << 30)).isEqualTo(Lsn.parse("FFFFFFFF/C0000000"));
        assertThatThrownBy(() -> Lsn.ZERO.segmentStart(1 << 19)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Lsn.parse("16/B374D848").segmentFileName(1, 16 << 20)).isEqualTo("0000000100000016000000B3");
        assertThat(Lsn.parse("0/1000000").segmentFileName(-1, 16 << 20)).isEqualTo("FFFFFFFF0000000000000001");
        assertThat(Lsn.parse("1/FFFFFFFF").segmentFileName(2, 1 << 20)).isEqualTo("000000020000000100000FFF");
        assertThat(Lsn.parse("1/FFFFFFFF").segmentFileName(2, 1 << 30)).isEqualTo("000000020000000100000003");
        for (int size : new int[] {0, 1 << 19, 3 << 20, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> Lsn.ZERO.segmentFileName(1, size)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void bitStringsKeepTheirLength() {
        BitString bits = BitString.parse("0100");
        BitSet set = new BitSet();
        set.set(1);
        assertThat(bits).isEqualTo(BitString.of(set, 4)).isEqualTo(BitString.of(false, true, false, false));
        assertThat(bits).isEqualTo(BitString.of(new byte[] {0x4f}, 4)).isNotEqualTo(BitString.of(set, 5));
        assertThat(bits.toBitSet()).isEqualTo(set);
        assertThat(bits.toBooleanArray()).containsExactly(false, true, false, false);
        assertThat(bits.toByteArray()).containsExactly(0x40);
        assertThat(bits).isLessThan(BitString.parse("01000")).isGreaterThan(BitString.parse("0011"));
        assertThatThrownBy(() -> bits.get(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> BitString.of(set, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BitString.of(new byte[2], 8)).isInstanceOf(IllegalArgumentException.class);
        assertRefused(BitString::parse, "2", "B'1'", " 1");
    }

    @Test
    void macAddressesAreReadInEveryLayout() {
        MacAddress address = MacAddress.parse("08:00:2b:01:02:03");
        for (String text :
                List.of("08-00-2B-01-02-03", "08002b:010203", "08002b-010203", "0800.2b01.0203", "08002b010203")) {
            assertThat(MacAddress.parse(text)).isEqualTo(address);
        }
        assertThat(address.toByteArray()).containsExactly(8, 0, 0x2b, 1, 2, 3);
        assertThat(address.toLong()).isEqualTo(0x08002b010203L);
        assertThat(MacAddress.of(new byte[8])).isGreaterThan(address).isNotEqualTo(MacAddress.of(new byte[6]));
        assertRefused(
                MacAddress::parse, "", "08:00:2b:01:02", "08:00:2b:01:02:03:", "0:8:00:2b:01:02:03", "0g002b010203");
    }

    @Test
    void addressesAreReadWithoutANameServer() throws Exception {
        assertThat(Inet.parse("10.0.0.1/8").address()).isEqualTo(InetAddress.getByName("10.0.0.1"));
        assertThat(Inet.parse("1:2:3:4:5:6:1.2.3.4")).isEqualTo(Inet.parse("1:2:3:4:5:6:102:304"));
        assertRefused(
                Inet::parse,
                "",
                "localhost",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.4/33",
                "1.2.3.4/",
                "1.2.3.4/-1");
        assertRefused(
                Inet::parse,
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1/129");
        assertRefused(Inet::parse, "12345::", "fe80::1%eth0", "1.2.3.4::", "::1.2.3.4:5");
        assertRefused(Cidr::parse, "10.0.0.1/8", "::1/127");
        assertThat(Cidr.parse("10.0.0.0/8").contains(InetAddress.getByName("10.255.0.1")))
                .isTrue();
        assertThat(Cidr.parse("10.0.0.0/8").contains(InetAddress.getByName("11.0.0.1")))
                .isFalse();
        assertThat(Cidr.parse("10.0.0.0/8").contains(InetAddress.getByName("::2")))
                .isFalse();
    }

    @Test
    void moneyIsReadAsEveryLocalePrintsIt() {
        for (String text :
                List.of("-$1,234.56", "($1,234.56)", "-1.234,56 \u20ac", "$-1,234.56", "\u2212 1 234,56 kr")) {
            assertThat(Money.parse(text)).as(text).isEqualTo(new Money(-123_456));
        }
        assertThat(Money.parse("\uffe51,234")).isEqualTo(new Money(1234));
        assertThat(Money.of(new BigDecimal("1.5"), 2).toBigDecimal(2)).isEqualTo("1.50");
        assertThatThrownBy(() -> Money.of(new BigDecimal("1.505"), 2)).isInstanceOf(ArithmeticException.class);
        assertRefused(Money::parse, "", "$", "$99,999,999,999,999,999,999.00");
    }

    @Test
    void textOfOtherTypesIsRefused() {
        assertRefused(Point::parse, "", "(1,2", "(1,2)x", "(1d,2)", "(0x1p3,2)", "(1,,2)", "1,2", "(,)");
        assertRefused(Path::parse, "", "()", "[]", "[(1,2))", "((1,2)", "(1,2)");
        assertRefused(Circle::parse, "<(1,2),-3>", "<(1,2)>", "((1,2),3)");
        assertRefused(Line::parse, "{1,2}", "{1,2,3,4}", "1,2,3");
        assertRefused(Box::parse, "(1,2)", "((1,2),(3,4))");
        assertRefused(Tid::parse, "", "(1,2", "(-1,2)", "(1,65536)", "(4294967296,0)", "(1)");
        assertRefused(PgSnapshot::parse, "", "1:2", "2:1:", "0:1:", "1:5:3,2", "1:5:5", "1:5:x");
        assertRefused(TsVector::parse, "'a", "'a':", "'a':0", "'a':16384", "'a':2,1", "'a' 'a'", "''", "a&b");
        assertRefused(
                TsQuery::parse, "'a' &", "& 'a'", "'a' 'b'", "( 'a'", "'a' )", "!", "'a' <16385> 'b'", "'a' < 'b'");
    }

    @Test
    void queriesAreBuiltAsPostgresBuildsThem() {
        TsQuery a = TsQuery.lexeme("a");
        TsQuery b = TsQuery.lexeme("b", Set.of(TsVector.Weight.A, TsVector.Weight.D), true);
        assertThat(a.and(b.not())).hasToString("'a' & !'b':*AD");
        assertThat(a.or(b).and(a)).hasToString("( 'a' | 'b':*AD ) & 'a'").isEqualTo(TsQuery.parse("(a|b:*DA)&a"));
        assertThat(a.followedBy(a.followedBy(a, 1), 2)).hasToString("'a' <2> ( 'a' <-> 'a' )");
        assertThat(a.and(TsQuery.EMPTY)).isEqualTo(a);
        assertThat(TsQuery.EMPTY.or(a).not().not()).hasToString("!!'a'");
        assertThatThrownBy(() -> TsQuery.of(List.of(new TsQuery.And()))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void queriesMayBeDeep() {
        int depth = 100_000;
        String chain = "'a'" + " & 'a'".repeat(depth);
        String nots = "!".repeat(depth) + "'a'";
        String parentheses = "'a' <-> ( ".repeat(depth) + "'a' <-> 'a'" + " )".repeat(depth);
        for (String text : List.of(chain, nots, parentheses)) {
            TsQuery query = TsQuery.parse(text);
            assertThat(query.toString().equals(text)).isTrue();
            byte[] bytes = ValueBytes.of(new TsQueryCodec(), query);
            assertThat(new TsQueryCodec().decodeBinary(bytes, 0, bytes.length).equals(query))
                    .isTrue();
        }
    }

    @Test
    void bytesThatLieAreRefusedBeforeRoomIsMade() {
        assertMalformed(
                new TsVectorCodec(), "7fffffff", "00000001610000", "00000001610001", "000000016100ffff", "00000001");
        assertMalformed(new TsVectorCodec(), "0000000161000000ff", "00000001ff000000", "ffffffff", "00");
        assertMalformed(
                new TsQueryCodec(),
                "7fffffff",
                "000000010202",
                "0000000101000061",
                "00000001030000",
                "0000000102056100");
        assertMalformed(
                new TsQueryCodec(), "000000020100006100010000610000", "ffffffff", "000000030204ffff010000610001000062");
        assertMalformed(new BitStringCodec(), "7fffffff", "0000000900", "00000008", "ffffffff", "0000");
        assertMalformed(
                new PgSnapshotCodec(), "7fffffff", "00000001" + "0000000000000001" + "0000000000000002", "ffffffff");
        assertMalformed(new PgSnapshotCodec(), "00000000" + "0000000000000002" + "0000000000000001");
        assertMalformed(GeometryCodec.path(), "017fffffff", "0100000000", "0100000001" + "00".repeat(15), "");
        assertMalformed(GeometryCodec.polygon(), "7fffffff", "00000000", "00000001" + "00".repeat(17));
        assertMalformed(GeometryCodec.circle(), "00".repeat(16) + "bff0000000000000");
        assertMalformed(
                new InetCodec.Host(), "0220000401020304ff", "02200004010203", "0221000401020304", "0220010401020304");
        assertMalformed(new InetCodec.Host(), "0320000401020304", "0220001001020304", "0520000401020304", "");
        assertMalformed(new InetCodec.Network(), "0208010401020304", "0220000401020304");
    }

    private static void assertMalformed(Codec<?> codec, String... values) {
        for (String value : values) {
            byte[] bytes = HexFormat.of().parseHex(value);
            assertThatThrownBy(() -> codec.decodeBinary(bytes, 0, bytes.length))
                    .as(value)
                    .isInstanceOf(ConversionException.class);
        }
    }
}
