package dev.howdah.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqlStateTest {
    @Test
    void checkedInClassIsWhatTheGeneratorMakes() throws IOException {
        String generated = SqlStateGenerator.generate(
                Files.readString(SqlStateGenerator.ERRCODES), Files.readString(SqlStateGenerator.TEMPLATE));
        assertThat(Files.readString(SqlStateGenerator.OUTPUT)).isEqualTo(generated);
        assertThat(generated).startsWith("// Generated from src/main/data/errcodes.txt by ");
    }

    @Test
    void everyCodeOfPostgresHasItsConstantAndIsInterned() throws Exception {
        var codes = SqlStateGenerator.parse(Files.readString(SqlStateGenerator.ERRCODES));
        Map<String, Integer> uses = SqlStateGenerator.conditionUses(codes);
        assertThat(SqlState.all()).hasSize(codes.size()).hasSizeGreaterThan(250);
        for (SqlStateGenerator.ErrorCode code : codes) {
            Field constant = SqlState.class.getField(SqlStateGenerator.constantName(code, uses));
            SqlState state = (SqlState) constant.get(null);
            assertThat(state.code()).isEqualTo(code.code());
            assertThat(state.condition()).isEqualTo(code.condition());
            assertThat(state.classCode()).isEqualTo(code.code().substring(0, 2));
            assertThat(SqlState.of(code.code())).isSameAs(state);
        }
    }

    @Test
    void noCodeHasTwoConstants() {
        List<Field> constants = Arrays.stream(SqlState.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == SqlState.class)
                .toList();
        assertThat(constants).hasSize(SqlState.all().size() + 1);
        assertThat(SqlState.all()).doesNotHaveDuplicates();
    }

    @Test
    void codesThatShareAConditionHaveTheNamesOfTheirMacros() {
        assertThat(SqlState.S_R_E_READING_SQL_DATA_NOT_PERMITTED.code()).isEqualTo("2F004");
        assertThat(SqlState.E_R_E_READING_SQL_DATA_NOT_PERMITTED.code()).isEqualTo("38004");
        assertThat(SqlState.WARNING_STRING_DATA_RIGHT_TRUNCATION.code()).isEqualTo("01004");
        assertThat(SqlState.STRING_DATA_RIGHT_TRUNCATION.code()).isEqualTo("22001");
        assertThat(SqlState.NULL_VALUE_NOT_ALLOWED.code()).isEqualTo("22004");
        assertThat(SqlState.E_R_I_E_NULL_VALUE_NOT_ALLOWED.code()).isEqualTo("39004");
    }

    @Test
    void unknownCodeIsKeptAsItIs() {
        for (String code : List.of("ZZ999", "23999", "x", "not a code")) {
            SqlState state = SqlState.of(code);
            assertThat(state.code()).isEqualTo(code);
            assertThat(state.condition()).isNull();
            assertThat(state)
                    .isEqualTo(SqlState.of(code))
                    .hasSameHashCodeAs(SqlState.of(code))
                    .hasToString(code);
        }
        assertThat(SqlState.of("23999").isClass("23")).isTrue();
        assertThat(SqlState.of("x").classCode()).isEqualTo("x");
        assertThat(SqlState.of("")).isSameAs(SqlState.NONE);
    }

    @Test
    void printsCodeAndCondition() {
        assertThat(SqlState.UNIQUE_VIOLATION).hasToString("23505 unique_violation");
        assertThat(SqlState.UNIQUE_VIOLATION.isClass("23")).isTrue();
        assertThat(SqlState.UNIQUE_VIOLATION.isClass("22")).isFalse();
        assertThat(SqlState.UNIQUE_VIOLATION)
                .isNotEqualTo(SqlState.CHECK_VIOLATION)
                .isNotEqualTo("23505");
    }

    @Test
    void knownCodeSurvivesSerializationAsTheConstant() throws Exception {
        assertThat(Serialized.copy(SqlState.UNIQUE_VIOLATION)).isSameAs(SqlState.UNIQUE_VIOLATION);
        assertThat(Serialized.copy(SqlState.of("ZZ999"))).isEqualTo(SqlState.of("ZZ999"));
        assertThat(Serialized.copy(SqlState.NONE)).isSameAs(SqlState.NONE);
    }
}
