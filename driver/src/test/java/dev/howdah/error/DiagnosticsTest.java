package dev.howdah.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosticsTest {
    @Test
    void eachOfThe18ProtocolFieldsHasItsPlace() throws Exception {
        String letters = "SVCMDHPpqWstcdnFLR";
        Map<Character, String> fields = new HashMap<>();
        letters.chars().forEach(letter -> fields.put((char) letter, "value of " + (char) letter));
        fields.putAll(Map.of('C', "23505", 'P', "11", 'p', "12", 'L', "13"));
        Diagnostics made = Diagnostics.fromFields(fields);
        assertThat(made)
                .isEqualTo(new Diagnostics(
                        "value of S",
                        "value of V",
                        SqlState.UNIQUE_VIOLATION,
                        "value of M",
                        "value of D",
                        "value of H",
                        11,
                        12,
                        "value of q",
                        "value of W",
                        "value of s",
                        "value of t",
                        "value of c",
                        "value of d",
                        "value of n",
                        "value of F",
                        13,
                        "value of R"));
        assertThat(Diagnostics.class.getRecordComponents()).hasSize(letters.length());
        assertThat(Serialized.copy(made)).isEqualTo(made);
    }

    @Test
    void absentFieldsAreNullOrZeroAndUnknownOnesIgnored() {
        Diagnostics empty = Diagnostics.builder().put('?', "from the future").build();
        assertThat(empty)
                .isEqualTo(new Diagnostics(
                        "ERROR",
                        null,
                        SqlState.NONE,
                        "",
                        null,
                        null,
                        0,
                        0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        0,
                        null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "+1", "1.5", "4294967297", "99999999999999999999", " 1", "\u0661"})
    void badNumberCountsAsAbsent(String number) {
        Diagnostics made =
                Diagnostics.builder().put('P', number).put('L', number).build();
        assertThat(made.statementPosition()).isZero();
        assertThat(made.sourceLine()).isZero();
    }

    @Test
    void fatalIsToldByTheUntranslatedSeverity() {
        assertThat(Diagnostics.builder().put('S', "FATAL").build().isFatal()).isTrue();
        assertThat(Diagnostics.builder()
                        .put('S', "PANIK")
                        .put('V', "PANIC")
                        .build()
                        .isFatal())
                .isTrue();
        assertThat(Diagnostics.builder()
                        .put('S', "ERROR")
                        .put('V', "ERROR")
                        .build()
                        .isFatal())
                .isFalse();
    }

    @Test
    void untranslatedSeverityStandsInForAMissingOne() {
        assertThat(Diagnostics.builder().put('V', "FATAL").build().severity()).isEqualTo("FATAL");
    }
}
