package dev.howdah.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.type.PgArray;
import dev.howdah.type.TypeRegistry;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SqlTest {

    private static final SqlContext OFF = new SqlContext() {
        @Override
        public TypeRegistry types() {
            return TypeRegistry.global();
        }

        @Override
        public boolean standardConformingStrings() {
            return false;
        }
    };

    private enum Mood {
        HAPPY
    }

    private record Item(int id, String unitName) {}

    private static String text(Composable piece) {
        return piece.asString(SqlContext.DEFAULT);
    }

    private static String literal(@Nullable Object value) {
        return text(Literal.of(value));
    }

    private static void refused(Composable piece, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> text(piece)).withMessageContaining(message);
    }

    @Test
    void slotsAreFilledInOrderByNumberAndByName() {
        Identifier name = Identifier.of("a\"b");
        assertThat(text(Sql.of("select {}, {} from t").format(name, Sql.of("now()"))))
                .isEqualTo("select \"a\"\"b\", now() from t");
        assertThat(text(Sql.of("{1} {0} {1}").format(Sql.of("a"), Sql.of("b")))).isEqualTo("b a b");
        assertThat(text(Sql.of("{x} {y} {x}").format(Map.of("x", Sql.of("a"), "y", Sql.of("b")))))
                .isEqualTo("a b a");
        assertThat(text(Sql.of("{} {x}").with("x", Sql.of("b")).format(Sql.of("a"))))
                .isEqualTo("a b");
    }

    @Test
    void bracesAreSlotsOnlyWhereTheTextIsCode() {
        String text = "select '{}'::int[], \"{x}\", $${0}$$ /* {} */ -- {y}";
        assertThat(text(Sql.of(text))).isEqualTo(text);
        assertThat(text(Sql.of("{{}}"))).isEqualTo("{}");
    }

    @Test
    void whatIsWrongWithSlotsIsSaidByTheirName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sql.of("{} {}").format(Sql.NULL))
                .withMessageContaining("{1}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sql.of("{}").format(Sql.NULL, Sql.NULL))
                .withMessageContaining("{1}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sql.of("{2}").format(Sql.NULL, Sql.NULL, Sql.NULL))
                .withMessageContaining("{0}");
        for (String mixed : List.of("{} {3}", "{3} {}")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Sql.of(mixed).format(Sql.NULL))
                    .withMessageContaining("cannot be mixed");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sql.of("{a}").format(Map.of("b", Sql.NULL)))
                .withMessageContaining("{a}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sql.of("{a}").format(Map.of("a", Sql.NULL, "b", Sql.NULL)))
                .withMessageContaining("{b}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sql.of("{a}").with("b", Sql.NULL))
                .withMessageContaining("{b}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sql.of("{a}").with("a", Sql.of("{b}")))
                .withMessageContaining("{b}");
        refused(Sql.of("select {a}"), "the slot {a} was not filled");
        for (String wrong : List.of("{", "}", "{a b}", "{ }", "{a!r}", "{:x}", "{1.5}", "{'a'}")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> Sql.of("ab " + wrong))
                    .withMessageContaining("the brace at index 3 makes no slot");
        }
    }

    @Test
    void piecesAreJoinedAndAdded() {
        assertThat(text(Sql.join(", ", Identifier.of("a"), Sql.DEFAULT, Sql.NULL)))
                .isEqualTo("\"a\", DEFAULT, NULL");
        assertThat(text(Sql.join(", "))).isEmpty();
        assertThat(text(Sql.of("a ").plus(Sql.of("b"), Literal.of(1)))).isEqualTo("a b 1");
        assertThat(Sql.of("a {}").format(Sql.NULL)).isEqualTo(Sql.of("a {}").format(Sql.NULL));
    }

    @Test
    void valuesBecomeParametersInTheOrderOfTheirPlaces() {
        SqlStatement statement = Sql.of("select {} + {} + {}")
                .format(Sql.value(5), Placeholder.of(), Sql.value(7))
                .statement(SqlContext.DEFAULT);
        assertThat(statement.text()).isEqualTo("select $1 + $2 + $3");
        assertThat(statement.parameters(6)).containsExactly(5, 6, 7);
        assertThatIllegalArgumentException()
                .isThrownBy(statement::parameters)
                .withMessage("the statement has 1 placeholder without a name, 0 values were given");
    }

    @Test
    void numbersOfTheTextStayAndAreNotMixedWithOtherParameters() {
        SqlStatement statement = Sql.of("select $2, $1").statement(SqlContext.DEFAULT);
        assertThat(statement.text()).isEqualTo("select $2, $1");
        assertThat(statement.parameters(1, 2)).containsExactly(1, 2);
        refused(Sql.of("select $1, {}").format(Sql.value(1)), "the statement has $1 and parameters without a number");
    }

    @Test
    void aNameIsOneParameterHoweverOftenItIsUsed() {
        SqlStatement statement = Sql.named("select :a, :b, :a, :ids")
                .bind("b", null)
                .bind(Map.of("a", 1, "ids", List.of(1, 2)))
                .statement(SqlContext.DEFAULT);
        assertThat(statement.text()).isEqualTo("select $1, $2, $1, $3");
        assertThat(statement.parameters()).containsExactly(1, null, List.of(1, 2));
    }

    @Test
    void statementsBoundBeforeTheyArePutTogetherKeepTheirValues() {
        Sql part = Sql.named("x = :a or y = :a");
        SqlStatement both =
                Sql.join(" and ", part.bind("a", 1), part.bind("a", 2)).statement(SqlContext.DEFAULT);
        assertThat(both.text()).isEqualTo("x = $1 or y = $1 and x = $2 or y = $2");
        assertThat(both.parameters()).containsExactly(1, 2);
    }

    @Test
    void missingAndUnknownNamesAreRefusedByName() {
        Sql sql = Sql.named("select :a, :b, :c").bind("a", 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sql.statement(SqlContext.DEFAULT).parameters())
                .withMessage("no value was bound for :b, :c");
        assertThatIllegalArgumentException().isThrownBy(() -> sql.bind("x", 1)).withMessageContaining(":x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sql.bind(Map.of("x", 1)))
                .withMessageContaining(":x");
    }

    @Test
    void aRecordGivesItsComponents() {
        Sql sql = Sql.named("select :unit_name, :id").bind(new Item(7, "pen"));
        assertThat(sql.statement(SqlContext.DEFAULT).parameters()).containsExactly("pen", 7);
    }

    @Test
    void theSetsOfABatchAreListsArraysMapsOrRecords() {
        SqlStatement named = Sql.named("values (:id, :unit_name)").statement(SqlContext.DEFAULT);
        assertThat(named.parametersOf(new Item(7, "pen"))).containsExactly(7, "pen");
        assertThat(named.parametersOf(Map.of("id", 8, "unit_name", "ink"))).containsExactly(8, "ink");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> named.parametersOf(Map.of("id", 8)))
                .withMessage("there is no value for :unit_name");
        assertThatIllegalArgumentException().isThrownBy(() -> named.parametersOf("x"));
        SqlStatement placed = Sql.of("values ({}, {})")
                .format(Placeholder.of(), Sql.value("x"))
                .statement(SqlContext.DEFAULT);
        assertThat(placed.parametersOf(List.of(1))).containsExactly(1, "x");
        assertThat(placed.parametersOf(new Object[] {2})).containsExactly(2, "x");
        assertThatIllegalArgumentException().isThrownBy(() -> placed.parametersOf(Map.of()));
    }

    @Test
    void aPieceIsNeverReadAsPartOfSomethingElse() {
        Sql value = Sql.of(Literal.of("x\n; drop table t --"));
        assertThat(text(Sql.of("select 1 -- one").plus(value))).isEqualTo("select 1 -- one\n'x\n; drop table t --'");
        assertThat(text(Sql.of("u&").plus(Identifier.of("a")))).isEqualTo("u& \"a\"");
        assertThat(text(Sql.of("\"a\"").plus(Identifier.of("b"), Identifier.of("c"))))
                .isEqualTo("\"a\" \"b\" \"c\"");
        assertThat(text(Sql.of("e").plus(Literal.of("b"), Sql.of("c")))).isEqualTo("e 'b' c");
        assertThat(text(Sql.of("'a'\n").plus(Literal.of("b")))).isEqualTo("'a'\n('b')");
        assertThat(text(Sql.of("x-").plus(Literal.of(-1)))).isEqualTo("x-(-1)");
        assertThat(text(Sql.of("x{}::int").format(Sql.value(1)))).isEqualTo("x $1::int");
        assertThat(text(Sql.of("{}[1]").format(Literal.of(List.of(1))))).isEqualTo("('{1}'::int4[])[1]");
        assertThat(text(Sql.of("{}day").format(Literal.of(BigDecimal.ONE)))).isEqualTo("('1'::numeric)day");
        refused(
                Sql.of("-").plus(Sql.of("- "), Literal.of(1)),
                "would be read as part of a string, a name or a comment");
        refused(Sql.of("/").plus(Sql.of("* "), Literal.of(1), Sql.of(" */")), "would be read as part");
    }

    @Test
    void aTextThatReadsDifferentlyInTheSessionIsRefused() {
        Sql hidden = Sql.of("select '\\', {} -- '").format(Literal.of("; drop table t --"));
        assertThat(text(hidden)).isEqualTo("select '\\', '; drop table t --' -- '");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hidden.asString(OFF))
                .withMessageContaining("E'...'");
    }

    @Test
    void mogrifyScansAsTheSessionDoes() {
        String sql = "select '\\', $1 --'";
        assertThat(Sql.mogrify(sql, SqlContext.DEFAULT, 5)).isEqualTo("select '\\', 5 --'");
        assertThat(Sql.mogrify(sql, OFF)).isEqualTo(sql);
        assertThatIllegalArgumentException().isThrownBy(() -> Sql.mogrify(sql, OFF, 5));
    }

    @Test
    void mogrifyTakesAsManyValuesAsThereAreNumbers() {
        assertThat(Sql.mogrify("select $2 + $1 - $2, '{}', a:b", SqlContext.DEFAULT, 1, -2))
                .isEqualTo("select (-2) + 1 - (-2), '{}', a:b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sql.mogrify("select $1, $3", SqlContext.DEFAULT, 1))
                .withMessage("no value was given for $3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sql.mogrify("select $1", SqlContext.DEFAULT, 1, 2))
                .withMessage("2 values were given, but $2 is not in the text");
        assertThat(Sql.named("select :a, {}")
                        .format(Placeholder.of())
                        .bind("a", "x")
                        .mogrify(SqlContext.DEFAULT, 1))
                .isEqualTo("select 'x', 1");
    }

    @Test
    void literalsOfEachClass() {
        assertThat(literal(null)).isEqualTo("NULL");
        assertThat(literal(true)).isEqualTo("true");
        assertThat(literal((short) -5)).isEqualTo("(-5)");
        assertThat(literal(Long.MIN_VALUE)).isEqualTo("(-9223372036854775808)");
        assertThat(literal(BigInteger.TEN.pow(30))).isEqualTo("1" + "0".repeat(30));
        assertThat(literal(new BigDecimal("-1.50"))).isEqualTo("(-1.50)");
        assertThat(literal(new BigDecimal("100"))).isEqualTo("'100'::numeric");
        assertThat(literal(1.5)).isEqualTo("1.5");
        assertThat(literal(-0.0)).isEqualTo("'-0'::float8");
        assertThat(literal(Double.NaN)).isEqualTo("'NaN'::float8");
        assertThat(literal(1.5f)).isEqualTo("'1.5'::float4");
        assertThat(literal("it's")).isEqualTo("'it''s'");
        assertThat(literal("a\\'b")).isEqualTo("E'a\\\\''b'");
        assertThat(literal('x')).isEqualTo("'x'");
        assertThat(literal(Mood.HAPPY)).isEqualTo("'HAPPY'");
        assertThat(literal(new byte[] {1, -1})).isEqualTo("E'\\\\x01ff'::bytea");
    }

    @Test
    void literalsOfArrays() {
        assertThat(literal(Arrays.asList(1, null, 3))).isEqualTo("'{1,NULL,3}'::int4[]");
        assertThat(literal(List.of(1, 2L))).isEqualTo("'{1,2}'::int8[]");
        assertThat(literal(List.of(1, 2.5))).isEqualTo("'{1,2.5}'::numeric[]");
        assertThat(literal(List.of("a b", "c"))).isEqualTo("'{\"a b\",c}'");
        assertThat(literal(List.of())).isEqualTo("'{}'");
        assertThat(literal(Collections.singletonList(null))).isEqualTo("'{NULL}'");
        assertThat(literal(new int[0])).isEqualTo("'{}'::int4[]");
        assertThat(literal(new Long[0][0])).isEqualTo("'{}'::int8[]");
        assertThat(literal(new double[][] {{1}, {2}})).isEqualTo("'{{1},{2}}'::float8[]");
        assertThat(literal(new byte[][] {{1}})).isEqualTo("E'{\"\\\\\\\\x01\"}'::bytea[]");
        assertThat(literal(PgArray.of(new int[] {1}, new int[] {3}, List.of(9))))
                .isEqualTo("'[3:3]={9}'::int4[]");
        assertThatThrownBy(() -> literal(List.of(1, "a")))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("int4 and text");
    }

    @Test
    void whatCannotBeWrittenIsRefusedByItsClassAlone() {
        assertThatThrownBy(() -> literal(new AtomicReference<>("secret")))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("java.util.concurrent.atomic.AtomicReference")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> literal(List.of(new Item(1, "secret"))))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Item")
                .hasMessageNotContaining("secret");
        for (String text : List.of("secret\0", "secret\ud800", "\udc00secret")) {
            assertThatThrownBy(() -> literal(text))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageNotContaining("secret");
            assertThatThrownBy(() -> literal(List.of(text))).isInstanceOf(ConversionException.class);
        }
    }

    @Test
    void noTextOfAPieceHoldsAValue() {
        Sql sql = Sql.named("select :a, {}, {}")
                .format(Sql.value("secret"), Literal.of("secret"))
                .bind("a", "secret");
        assertThat(sql.toString()).startsWith("select :a, ").doesNotContain("secret");
        assertThat(Sql.of("select ")
                        .plus(Sql.value("secret"))
                        .statement(SqlContext.DEFAULT)
                        .toString())
                .isEqualTo("select $1");
    }

    @Test
    void namesAreRefusedWhereTheyAreNone() {
        for (String name : List.of("", "1a", "a b", "a)", "a$")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Placeholder.of(name));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Identifier.of("a\0"));
        assertThatIllegalArgumentException().isThrownBy(() -> Identifier.of("a", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> Identifier.of());
        assertThat(text(Identifier.of("a.b", "C"))).isEqualTo("\"a.b\".\"C\"");
    }

    @Test
    void namesAreReadAsSqlReadsThem() {
        assertThat(Identifier.parse("Lower")).isEqualTo(Identifier.of("lower"));
        assertThat(Identifier.parse("\"My \"\"Schema\"\"\".F_1$\u00c4"))
                .isEqualTo(Identifier.of("My \"Schema\"", "f_1$\u00c4"));
        assertThat(Identifier.parse("a.\"B.c\".d").parts()).containsExactly("a", "B.c", "d");
        for (String name :
                List.of("", "a.", ".a", "a..b", "a b", " a", "a--", "1a", "'a'", "\"a", "\"\"", "U&\"a\"", "f()")) {
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> Identifier.parse(name));
        }
    }

    @Test
    void moreParametersThanAStatementCanHaveAreRefused() {
        List<Composable> values = new ArrayList<>(Collections.nCopies(65_535, Sql.value(1)));
        assertThat(text(Sql.join(",", values))).endsWith("$65535");
        values.add(Sql.value(1));
        refused(Sql.join(",", values), "at most 65535 parameters");
    }
}
