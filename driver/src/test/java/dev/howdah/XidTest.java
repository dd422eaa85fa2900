package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The names of two-phase transactions and their text, which psycopg2 and pgjdbc share. */
class XidTest {

    @Test
    void theTextIsThatOfPsycopg2AndPgjdbc() {
        Xid xid = Xid.of(42, "gtrid", "bqual");
        assertThat(xid).hasToString("42_Z3RyaWQ=_YnF1YWw=");
        assertThat(Xid.parse("42_Z3RyaWQ=_YnF1YWw=")).isEqualTo(xid);
        assertThat(Xid.of(0, "", "")).hasToString("0__");
        assertThat(Xid.of(Integer.MAX_VALUE, "a", "")).hasToString("2147483647_YQ==_");
    }

    @Test
    void everyXidReadsItsOwnTextBack() {
        String printable = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`";
        for (Xid xid : List.of(
                Xid.of(0, "", ""),
                Xid.of(1, "a_b_c", "_"),
                Xid.of(7, "it's", "a \\ \" $1 -- ;"),
                Xid.of(42, printable.substring(0, 64), "abcdefghijklmnopqrstuvwxyz{|}~"),
                Xid.of(Integer.MAX_VALUE, "x".repeat(64), "y".repeat(64)))) {
            assertThat(Xid.parse(xid.toString())).isEqualTo(xid);
            assertThat(xid.hasParts()).isTrue();
        }
    }

    @Test
    void partsAreAnyBytes() {
        byte[] all = new byte[64];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i * 4 + 3);
        }
        Xid xid = Xid.of(131077, all, new byte[] {0, -1});
        assertThat(Xid.parse(xid.toString())).isEqualTo(xid);
        assertThat(Xid.parse(xid.toString()).globalIdBytes()).isEqualTo(all);
        assertThat(xid.branchQualifierBytes()).containsExactly(0, -1);
    }

    @Test
    void whatIsNotExactlyTheFormIsATextWithoutParts() {
        for (String foreign : List.of(
                "",
                "order 17",
                "_",
                "__",
                "42_",
                "42_Z3RyaWQ=",
                "042_Z3RyaWQ=_YnF1YWw=",
                "+42_Z3RyaWQ=_YnF1YWw=",
                "-1_Z3RyaWQ=_YnF1YWw=",
                "\u0664\u0662_Z3RyaWQ=_YnF1YWw=",
                "2147483648_Z3RyaWQ=_YnF1YWw=",
                "42_Z3RyaWQ_YnF1YWw=",
                "42_Z3RyaWR=_YnF1YWw=",
                "42_Z3R_yaWQ=_YnF1YWw=",
                "42_Z3RyaWQ=_YnF1YWw=\n",
                "42_" + "YWFh".repeat(22) + "_",
                "it's \\ \u20ac \ud83d\udc18")) {
            Xid xid = Xid.parse(foreign);
            assertThat(xid).as(foreign).isEqualTo(new Xid(null, foreign, null)).hasToString(foreign);
            assertThat(xid.hasParts()).as(foreign).isFalse();
            assertThat(xid.formatId()).isNull();
            assertThat(xid.branchQualifier()).isNull();
            assertThatThrownBy(xid::globalIdBytes).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(xid::branchQualifierBytes).isInstanceOf(IllegalStateException.class);
        }
    }

    private static void assertRefused(String why, Runnable making) {
        assertThatThrownBy(making::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aPartIsAtMost64Bytes() {
        assertRefused("global id of a Xid has at most 64 bytes, not 65", () -> Xid.of(1, "x".repeat(65), ""));
        assertRefused("branch qualifier of a Xid has at most 64 bytes, not 65", () -> Xid.of(1, "", "x".repeat(65)));
        assertRefused("at most 64", () -> Xid.of(1, new byte[65], new byte[0]));
    }

    @Test
    void aCharacterThatIsNoByteIsNamed() {
        assertRefused("at index 1 there is U+20AC", () -> Xid.of(1, "1\u20ac", ""));
        assertThat(Xid.of(1, "\u00e9", "").globalIdBytes()).containsExactly(0xe9);
    }

    @Test
    void aFormatIsNotNegative() {
        assertRefused("not -1", () -> Xid.of(-1, "a", "b"));
    }

    @Test
    void aNameIsAtMost199Bytes() {
        assertThat(Xid.parse("x".repeat(199)).toString()).hasSize(199);
        assertRefused("at most 199 bytes, this one has 200", () -> Xid.parse("x".repeat(200)));
        Xid wide = Xid.parse("\u20ac".repeat(67));
        assertRefused("at most 199 bytes in UTF-8, this one has 201", wide::requireUsable);
        Xid.parse("\u20ac".repeat(66)).requireUsable();
        Xid.of(Integer.MAX_VALUE, "x".repeat(64), "y".repeat(64)).requireUsable();
    }

    @Test
    void whatNoServerCanHaveIsRefused() {
        assertRefused("NUL", () -> Xid.parse("a\0b"));
        assertRefused("surrogate", () -> Xid.parse("a\ud83d"));
    }

    @Test
    void aXidHasAllPartsOrATextThatIsNotTheirs() {
        assertRefused("neither", () -> new Xid(1, "a", null));
        assertRefused("neither", () -> new Xid(null, "a", "b"));
        assertRefused("Xid.parse", () -> new Xid(null, "42_Z3RyaWQ=_YnF1YWw=", null));
    }
}
