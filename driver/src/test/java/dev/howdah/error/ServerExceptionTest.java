package dev.howdah.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerExceptionTest {
    private static final Map<String, Class<?>> LEAVES = Map.ofEntries(
            Map.entry("23505", UniqueViolationException.class),
            Map.entry("23503", ForeignKeyViolationException.class),
            Map.entry("23001", ForeignKeyViolationException.class),
            Map.entry("23502", NotNullViolationException.class),
            Map.entry("23514", CheckViolationException.class),
            Map.entry("23P01", ExclusionViolationException.class),
            Map.entry("25P02", FailedTransactionException.class),
            Map.entry("25006", ReadOnlyTransactionException.class),
            Map.entry("40001", SerializationFailureException.class),
            Map.entry("40P01", DeadlockException.class),
            Map.entry("42501", InsufficientPrivilegeException.class),
            Map.entry("42601", SyntaxErrorException.class),
            Map.entry("42P01", UndefinedObjectException.class),
            Map.entry("42703", UndefinedObjectException.class),
            Map.entry("42883", UndefinedObjectException.class),
            Map.entry("42704", UndefinedObjectException.class),
            Map.entry("55P03", LockNotAvailableException.class),
            Map.entry("57014", QueryCanceledException.class),
            Map.entry("P0001", RaiseException.class));

    private static final Map<String, Class<?>> CLASSES = Map.ofEntries(
            Map.entry("08", ServerConnectionException.class),
            Map.entry("0A", FeatureNotSupportedException.class),
            Map.entry("22", DataException.class),
            Map.entry("23", IntegrityException.class),
            Map.entry("25", InvalidTransactionStateException.class),
            Map.entry("28", AuthenticationException.class),
            Map.entry("40", TransactionRollbackException.class),
            Map.entry("42", SyntaxOrAccessException.class),
            Map.entry("53", ResourceException.class),
            Map.entry("55", ObjectStateException.class),
            Map.entry("57", OperatorInterventionException.class),
            Map.entry("58", SystemErrorException.class),
            Map.entry("P0", PlPgSqlException.class),
            Map.entry("XX", InternalErrorException.class));

    private static Diagnostics.Builder error(String code, String message) {
        return Diagnostics.builder()
                .put('S', "ERROR")
                .put('V', "ERROR")
                .put('C', code)
                .put('M', message);
    }

    private static ServerException at(String query, int position) {
        Diagnostics diagnostics =
                error("42601", "syntax error").put('P', "" + position).build();
        return ServerException.of(diagnostics, query, Delivery.REFUSED);
    }

    @ParameterizedTest
    @MethodSource("dev.howdah.error.SqlState#all")
    void everyCodeFallsIntoItsFamilyAndSurvivesSerialization(SqlState state) throws Exception {
        Diagnostics diagnostics = error(state.code(), "text").build();
        ServerException made = ServerException.of(diagnostics, "select 1", Delivery.REFUSED);
        Class<?> family = CLASSES.getOrDefault(state.classCode(), ServerException.class);
        assertThat(made).isExactlyInstanceOf(LEAVES.getOrDefault(state.code(), family));
        assertThat(made.sqlState()).isSameAs(state);
        assertThat(made.isSafeToRetry())
                .isEqualTo(state.code().equals("40001") || state.code().equals("40P01"));

        ServerException copy = Serialized.copy(made);
        assertThat(copy).hasSameClassAs(made).hasMessage(made.getMessage());
        assertThat(copy.diagnostics()).isEqualTo(diagnostics);
        assertThat(copy.query()).isEqualTo("select 1");
        assertThat(copy.delivery()).isEqualTo(Delivery.REFUSED);
    }

    @Test
    void leavesBelongToTheFamilyOfTheirClass() {
        LEAVES.forEach((code, leaf) -> {
            if (leaf != QueryCanceledException.class && leaf != LockNotAvailableException.class) {
                assertThat(CLASSES.get(code.substring(0, 2))).isAssignableFrom(leaf);
            }
        });
    }

    @Test
    void unknownCodeFallsIntoTheFamilyOfItsClass() {
        assertThat(ServerException.of(error("23999", "x").build(), null, Delivery.REFUSED))
                .isExactlyInstanceOf(IntegrityException.class)
                .hasMessage("ERROR: x (23999)");
        assertThat(ServerException.of(error("ZZ999", "x").build(), null, Delivery.REFUSED))
                .isExactlyInstanceOf(ServerException.class);
        assertThat(ServerException.of(Diagnostics.builder().build(), null, Delivery.REFUSED))
                .isExactlyInstanceOf(ServerException.class)
                .hasMessage("ERROR: ");
    }

    @Test
    void serializationFailureOfUnknownFateIsNotSafeToRetry() {
        assertThat(ServerException.of(error("40001", "x").build(), null, Delivery.UNKNOWN)
                        .isSafeToRetry())
                .isFalse();
    }

    @Test
    void messageHasCodeDetailHintAndContext() {
        Diagnostics diagnostics = error("23505", "duplicate key value violates unique constraint \"t_pkey\"")
                .put('D', "Key (id)=(1) already exists.\nSecond line.")
                .put('H', "Use another.")
                .put('W', "PL/pgSQL function f() line 3")
                .build();
        assertThat(ServerException.of(diagnostics, "insert into t values ($1)", Delivery.REFUSED))
                .hasMessage("""
                        ERROR: duplicate key value violates unique constraint "t_pkey" (23505 unique_violation)
                          Detail: Key (id)=(1) already exists.
                            Second line.
                          Hint: Use another.
                          Context: PL/pgSQL function f() line 3""");
    }

    @Test
    void caretStandsUnderThePosition() {
        assertThat(at("select foo", 8)).hasMessage("""
                        ERROR: syntax error (42601 syntax_error)
                          Line 1: select foo
                                         ^""");
    }

    @Test
    void caretFindsItsLineAndCountsCodePoints() {
        assertThat(at("select 1,\n\t'\uD83D\uDC18\u00e9', foo\nfrom t", 18)).hasMessage("""
                        ERROR: syntax error (42601 syntax_error)
                          Line 2:  '\uD83D\uDC18\u00e9', foo
                                         ^""");
    }

    @Test
    void positionAfterTheLastCharacterHasItsCaretAtTheEnd() {
        assertThat(at("select", 7)).hasMessageEndingWith("\n  Line 1: select\n" + " ".repeat(16) + "^");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 100, Integer.MAX_VALUE})
    void positionOutsideTheTextHasNoCaret(int position) {
        assertThat(at("select", position)).hasMessage("ERROR: syntax error (42601 syntax_error)");
    }

    @Test
    void longLineIsCutAroundThePosition() {
        String message = at("a".repeat(500) + "X" + "b".repeat(500), 501).getMessage();
        String[] lines = message.split("\n");
        assertThat(lines[1]).startsWith("  Line 1: ...aaa").endsWith("bbb...").hasSizeLessThan(110);
        assertThat(lines[1].charAt(lines[2].indexOf('^'))).isEqualTo('X');
    }

    @Test
    void internalQueryIsShownWithItsOwnPosition() {
        Diagnostics diagnostics = error("42703", "column \"x\" does not exist")
                .put('p', "8")
                .put('q', "select x")
                .build();
        assertThat(ServerException.of(diagnostics, "call f()", Delivery.REFUSED))
                .hasMessage("""
                        ERROR: column "x" does not exist (42703 undefined_column)
                          Internal query, line 1: select x
                                                         ^""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter user u password 'sesame' valid",
                "ALTER USER u PASSWORD E'a\\'sesame' valid",
                "alter user u password  'it''s sesame' valid",
                "alter user u encrypted password $$sesame$$ valid",
                "alter user u password $a$sesame$a$ valid",
                "alter user u password U&'sesame' valid",
                "alter user u password 'sesame",
                "alter user u password 'x' password 'sesame' valid",
                "create subscription s connection 'host=h password=sesame user=u' valid",
                "create subscription s connection 'host=h password = ''open sesame'' user=u' valid",
                "create subscription s connection 'host=h password=\uD83D\uDC18sesame' valid"
            })
    void passwordInAStatementIsMaskedInTheMessage(String query) {
        ServerException made = at(query, 1);
        assertThat(made.getMessage()).contains("Line 1: ").doesNotContain("sesame");
        assertThat(made.toString()).doesNotContain("sesame");
        assertThat(made.query()).isEqualTo(query);
        if (query.endsWith("valid")) {
            int position = query.indexOf("valid") + 1;
            String[] lines = at(query, position).getMessage().split("\n");
            assertThat(lines[1].substring(lines[2].indexOf('^'))).isEqualTo("valid");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select password from u where x = 'y'",
                "select 1 from u where password = $1 and a = '$b$'",
                "select password, 'text' from u"
            })
    void statementWithoutAPasswordIsShownAsItIs(String query) {
        assertThat(at(query, 1)).hasMessageContaining("Line 1: " + query);
    }

    @Test
    void passwordInAContextIsMasked() {
        Diagnostics diagnostics = error("42704", "role \"u\" does not exist")
                .put('W', "SQL statement \"alter user u password 'sesame'\"")
                .build();
        assertThat(ServerException.of(diagnostics, null, Delivery.REFUSED).getMessage())
                .contains("Context: SQL statement")
                .doesNotContain("sesame");
    }

    @Test
    void queryIsNeverInAMessageWithoutPosition() throws Exception {
        ServerException made = ServerException.of(error("23505", "dup").build(), "select 'text'", Delivery.REFUSED);
        assertThat(made.getMessage()).doesNotContain("text");
        assertThat(new String(Serialized.bytes(made), StandardCharsets.ISO_8859_1))
                .contains("select 'text'");
    }
}
