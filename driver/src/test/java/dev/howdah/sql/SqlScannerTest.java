package dev.howdah.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.sql.SqlToken.Kind;
import dev.howdah.testkit.SeededRandom;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SqlScannerTest {

    /** Pieces that begin, end or look like something else. */
    private static final List<String> HOSTILE = List.of(
            "'",
            "''",
            "\"",
            "\\",
            "$",
            "$$",
            "$a$",
            "$1",
            "--",
            "/*",
            "*/",
            "\n",
            " ",
            ":",
            "::",
            ":=",
            ":n",
            "e'",
            "E'",
            "u&'",
            "U&\"",
            "b'",
            "x'",
            "n'",
            "a",
            "a$b",
            "1",
            "1.",
            ".5",
            "1e5",
            "[",
            "]",
            "(",
            ")",
            "array",
            "{",
            "}",
            "?",
            "é",
            "\ud83d\ude00",
            ",",
            ";",
            "-",
            "/",
            "*");

    private static String parameters(String sql) {
        return parameters(sql, true);
    }

    private static String parameters(String sql, boolean standard) {
        return SqlScanner.scan(sql, standard).stream()
                .filter(t -> t.kind() == Kind.PARAMETER)
                .map(t -> Integer.toString(t.parameter()))
                .collect(Collectors.joining(","));
    }

    private static String names(String sql) {
        return SqlScanner.scanNamed(sql, true).stream()
                .filter(t -> t.kind() == Kind.NAMED)
                .map(SqlToken::name)
                .collect(Collectors.joining(","));
    }

    private static List<String> pieces(Kind kind, String sql) {
        return SqlScanner.scan(sql, true).stream()
                .filter(t -> t.kind() == kind)
                .map(SqlToken::text)
                .toList();
    }

    @Test
    void parametersAreFoundInCode() {
        assertThat(parameters("select $1, $2::int + $1 where a=$12and b")).isEqualTo("1,2,1,12");
        assertThat(parameters("a[$1:$2] ?| $3 -$4")).isEqualTo("1,2,3,4");
    }

    @Test
    void parametersAreFromOneTo65535() {
        for (String wrong : List.of("$0", "$65536", "$99999999999999999999")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parameters("select " + wrong))
                    .withMessage("the parameter at index 7 is not between $1 and $65535");
        }
        assertThat(parameters("$65535 $00001")).isEqualTo("65535,1");
    }

    @Test
    void aStringHidesParametersAndEndsAtASingleQuote() {
        assertThat(parameters("select '$1', 'it''s $2', '', $3")).isEqualTo("3");
        assertThat(parameters("select ''''$1'$2'''")).isEqualTo("1");
    }

    @Test
    void aBackslashInAPlainStringEscapesWithStandardConformingStringsOff() {
        assertThat(parameters("select '\\', $1 --'", true)).isEqualTo("1");
        assertThat(parameters("select '\\', $1 --'", false)).isEmpty();
        assertThat(parameters("select n'\\', $1 --'", false)).isEmpty();
    }

    @Test
    void aBackslashInAnEscapeStringEscapesAlways() {
        assertThat(parameters("select E'\\', $1 --'")).isEmpty();
        assertThat(parameters("select e'\\\\', $1 --'")).isEqualTo("1");
        assertThat(parameters("select e'a'''  , $1")).isEqualTo("1");
    }

    @Test
    void otherPrefixesNeverEscape() {
        for (String prefix : List.of("u&", "U&", "b", "X", "N", "")) {
            assertThat(parameters("select " + prefix + "'\\', $1 --'"))
                    .as(prefix)
                    .isEqualTo("1");
        }
    }

    @Test
    void aWordBeforeAStringIsNoPrefix() {
        assertThat(parameters("select ae'\\', $1 --'")).isEqualTo("1");
        assertThat(parameters("select e '\\', $1 --'")).isEqualTo("1");
    }

    @Test
    void aStringGoesOnAfterALineBreakInItsOwnWay() {
        assertThat(parameters("E'a'\n  '\\', $1 --'")).isEmpty();
        assertThat(parameters("E'a' -- comment ' \n -- more\n '\\', $1 --'")).isEmpty();
        assertThat(parameters("E'a'  '\\', $1 --'")).isEqualTo("1");
        assertThat(pieces(Kind.STRING, "'a'\n'b' 'c'")).containsExactly("'a'\n'b'", "'c'");
    }

    @Test
    void bitStringsDoubleNoQuote() {
        assertThat(pieces(Kind.STRING, "b'1''0'")).containsExactly("b'1'", "'0'");
    }

    @Test
    void quotedNamesHideEverything() {
        assertThat(parameters("select \"$1\"\" $2\", U&\"\\$3\", $4")).isEqualTo("4");
    }

    @Test
    void dollarQuotesHideEverythingUpToTheirOwnTag() {
        assertThat(parameters("$$ $1 ' $$, $2")).isEqualTo("2");
        assertThat(parameters("$a$ $1 $$ $b$ $A$ $a$, $2")).isEqualTo("2");
        assertThat(parameters("$é_1$ $1 $é_1$, $2")).isEqualTo("2");
        assertThat(pieces(Kind.STRING, "$a$b$a$")).containsExactly("$a$b$a$");
    }

    @Test
    void aDollarWithinANameBeginsNothing() {
        assertThat(parameters("a$b$ $1 a$1 é$2 _$$ $3")).isEqualTo("1,3");
        assertThat(pieces(Kind.WORD, "a$b$ x")).containsExactly("a$b$", "x");
    }

    @Test
    void aTagBeginsWithNoDigit() {
        assertThat(parameters("$1$ $2$")).isEqualTo("1,2");
        assertThat(parameters("$a b$ $1")).isEqualTo("1");
    }

    @Test
    void commentsHideEverythingAndNest() {
        assertThat(parameters("-- $1 '\n $2 -- $3")).isEqualTo("2");
        assertThat(parameters("-- $1 '\r $2")).isEqualTo("2");
        assertThat(parameters("/* $1 /* $2 */ ' $3 */ $4")).isEqualTo("4");
        assertThat(parameters("/*/ $1 */ $2 **/ $3")).isEqualTo("2,3");
        assertThat(parameters("1 +-- $1\n *-/* $2 */ $3")).isEqualTo("3");
    }

    @Test
    void namesAreFoundInCode() {
        assertThat(names("select :id, x=:x_1and, any(:Größe) -:n")).isEqualTo("id,x_1and,Größe,n");
    }

    @Test
    void castsAndAssignmentsAreNoNames() {
        assertThat(names("select a::int, :a::text, f(x := 1, y:=:b, z => :c) ")).isEqualTo("a,b,c");
        assertThat(names("do $$ :a $$; ':b' \":c\" -- :d\n /* :e */ : f :1")).isEmpty();
    }

    @Test
    void theColonOfASliceMakesNoName() {
        assertThat(names("a[1:2] a[:n] a[m:n] a[b::int:n] (f(x))[:n] a[1][:n] \"a\"[:n]"))
                .isEmpty();
        assertThat(names("a[(:lo)::(:hi)] a[:n::int] a[1: :hi] a[f(:x):y]")).isEqualTo("lo,hi,hi,x");
        assertThat(names("array[:a, :b] ARRAY[[:c],[:d]] :e[1:2]")).isEqualTo("a,b,c,d,e");
        assertThat(names("array[a[:n]] , array[(:x)]")).isEqualTo("x");
    }

    @Test
    void withoutBeingAskedAColonMakesNoName() {
        assertThat(SqlScanner.scan(":id", true)).extracting(SqlToken::kind).containsExactly(Kind.SYMBOL, Kind.WORD);
    }

    @Test
    void numbersAreWhole() {
        assertThat(pieces(Kind.NUMBER, "1 2.5 .5 1e10 1.5E-3 0x1F 1_000 1..2 3."))
                .containsExactly("1", "2.5", ".5", "1e10", "1.5E-3", "0x1F", "1_000", "1", ".2", "3.");
    }

    @Test
    void whatNeverEndsIsRefusedWithItsPlace() {
        for (String text : List.of("'", "E'\\'", "E'\\", "b'", "$$ $", "$a$ $A$", "u&'''")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SqlScanner.scan("ab " + text, true))
                    .withMessageMatching("the string that begins at index [345] never ends");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqlScanner.scan("a /* /* */", true))
                .withMessage("the comment that begins at index 2 never ends");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqlScanner.scan("a U&\"b\"\"", true))
                .withMessage("the quoted name that begins at index 2 never ends");
    }

    @Test
    void nulIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqlScanner.scan("ab\0", true))
                .withMessage("SQL cannot contain the character U+0000 (at index 2)");
    }

    @Test
    void aTokenIsAskedOnlyForWhatItIs() {
        SqlToken word = SqlScanner.scan("a", true).getFirst();
        assertThatThrownBy(word::parameter).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(word::name).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theTokensOneAfterAnotherAreTheText() {
        SeededRandom.check(20_000, random -> {
            String sql = String.join("", random.list(12, r -> r.pick(HOSTILE)));
            boolean standard = random.nextBoolean();
            List<SqlToken> tokens;
            try {
                tokens = random.nextBoolean() ? SqlScanner.scan(sql, standard) : SqlScanner.scanNamed(sql, standard);
            } catch (IllegalArgumentException endless) {
                assertThat(endless).hasMessageEndingWith(" never ends");
                return;
            }
            int at = 0;
            for (SqlToken token : tokens) {
                assertThat(token.start()).isEqualTo(at);
                assertThat(token.text()).isNotEmpty();
                at = token.end();
            }
            assertThat(tokens.stream().map(SqlToken::text).collect(Collectors.joining()))
                    .isEqualTo(sql);
        });
    }
}
