package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ProtocolException;
import dev.howdah.replication.JsonReader.Token;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON is read as it is written, and nothing else is. */
class JsonReaderTest {

    private static JsonReader reader(String text) {
        return new JsonReader(new PluginText(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0", "7", "1.50", "1e5", "-1.5E+300", "123456789012345678901234567890.10", "1e-400"})
    void numbersStayAsTheyAreWritten(String number) {
        JsonReader json = reader(" " + number + " ");
        assertThat(json.next()).isEqualTo(Token.NUMBER);
        assertThat(json.text()).isEqualTo(number);
        assertThat(json.isAtEnd()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"|34 92 47 8 12 10 13 9",
                "\"a\\u00e4\\u4E16\"|97 228 19990",
                "\"\\ud83d\\ude00x\"|128512 120",
                "\"\\u0000\"|0",
            })
    void escapesAreResolved(String text, String codePoints) {
        JsonReader json = reader(text);
        assertThat(json.next()).isEqualTo(Token.STRING);
        assertThat(json.text().codePoints().boxed().map(String::valueOf).toList())
                .isEqualTo(List.of(codePoints.split(" ")));
    }

    @Test
    void valuesCanBeSkipped() {
        JsonReader json = reader("[{\"a\": [1, {}, []], \"b\": {\"c\": \"]}\"}}, true, false, null]");
        json.begin(Token.ARRAY);
        assertThat(json.hasElement(true)).isTrue();
        json.skip();
        assertThat(json.hasElement(false)).isTrue();
        assertThat(json.next()).isEqualTo(Token.TRUE);
        assertThat(json.hasElement(false)).isTrue();
        assertThat(json.next()).isEqualTo(Token.FALSE);
        assertThat(json.hasElement(false)).isTrue();
        assertThat(json.next()).isEqualTo(Token.NULL);
        assertThat(json.hasElement(false)).isFalse();
        assertThat(json.isAtEnd()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+1",
                "01",
                "1.",
                ".5",
                "1e",
                "-",
                "tru",
                "nul",
                "NaN",
                "'a'",
                "\"a",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12",
                "\"\\ud83d\"",
                "\"\\ud83dx\"",
                "\"\\ud83d\\u0041\"",
                "\"\\ude00\"",
                "\"\n\"",
                "[1 2]",
                "[1,]",
                "{\"a\" 1}",
                "{a:1}",
                "{\"a\":1,}",
                "[1}",
                "{1:2}"
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> {
                    JsonReader json = reader(text);
                    json.skip();
                    if (!json.isAtEnd()) {
                        throw new ProtocolException("more at byte");
                    }
                })
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("at byte");
    }

    @Test
    void depthIsBounded() {
        reader("[".repeat(64) + "]".repeat(64)).skip();
        assertThatThrownBy(() -> reader("[".repeat(1_000_000)).skip())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("deeper than 64");
    }
}
