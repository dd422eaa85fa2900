package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class FormsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"plain|plain", "a,b|\"a,b\"", "say \"hi\"|\"say \"\"hi\"\"\"", " spaces |~ spaces ~"})
    void csvQuotesWhatNeedsIt(String value, String quoted) {
        assertThat(CsvAnswer.quoted(value).strip()).isEqualTo(quoted.strip());
    }

    @Test
    void csvKeepsLineEndsAndTellsEmptyFromNull() {
        assertThat(CsvAnswer.quoted("a\nb")).isEqualTo("\"a\nb\"");
        assertThat(CsvAnswer.quoted("a\rb")).isEqualTo("\"a\rb\"");
        assertThat(CsvAnswer.quoted("")).isEqualTo("\"\"");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02 03:04:05, 2026-01-02T03:04:05",
        "2026-01-02 03:04:05.678, 2026-01-02T03:04:05.678",
        "2026-01-02 03:04:05+02, 2026-01-02T03:04:05+02:00",
        "2026-01-02 03:04:05.1-03:30, 2026-01-02T03:04:05.1-03:30",
        "infinity, infinity",
        "0044-03-15 12:00:00 BC, 0044-03-15 12:00:00 BC",
        "02/01/2026 03:04:05 CET, 02/01/2026 03:04:05 CET"
    })
    void pointsInTimeAreIsoWhereTheServerPrintsThemSo(String printed, String iso) {
        assertThat(JsonValues.iso(printed)).isEqualTo(iso);
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "2.5s, 2500", "3, 3000", "1min, 60000", "1h, 3600000", "0.5 s, 500"})
    void timesAreReadWithTheirUnit(String text, long millis) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0.0000000001s", "-1s", "1d", "ms", "1e3"})
    void otherTimesAreRefused(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "at postgresql://u:p@h/d|at postgresql://u:***@h/d",
                "host=h password=p dbname=d|host=h password=*** dbname=d",
                "password = 'a \\' b' x|password = *** x",
                "?user=u&password=p&x=y|?user=u&password=***&x=y",
                "sslpassword=p|sslpassword=***",
                "postgresql://u@h/d|postgresql://u@h/d"
            })
    void passwordsAreMasked(String text, String masked) {
        assertThat(Masking.mask(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource({"1500, 2 µs", "999400, 999 µs", "1500000, 1.5 ms", "250000000, 250 ms", "2340000000, 2.34 s"})
    void timesAreShownInTheUnitThatFits(long nanos, String text) {
        assertThat(Timing.text(nanos)).isEqualTo(text);
    }
}
