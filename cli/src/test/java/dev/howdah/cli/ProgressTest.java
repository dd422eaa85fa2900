package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static String drawn(boolean terminal, Map<String, String> environment, long total) {
        StringWriter err = new StringWriter();
        Surroundings around = new Surroundings(
                InputStream.nullInputStream(),
                new PrintWriter(new StringWriter()),
                OutputStream.nullOutputStream(),
                new PrintWriter(err),
                environment,
                terminal,
                terminal);
        try (Progress progress = Progress.of(around, "reading", total, "rows")) {
            progress.step(500);
            progress.step(500);
        }
        return err.toString();
    }

    @Test
    void theBarIsDrawnOnOneLineOfTheTerminalAndGoesAway() {
        String drawn = drawn(true, Map.of("COLUMNS", "60"), 1_000);
        assertThat(drawn)
                .contains("\rreading 100%")
                .contains("1000/1000 rows")
                .doesNotContain("\n")
                .endsWith("\r" + " ".repeat(59) + "\r");
        assertThat(drawn.split("\r")).allSatisfy(line -> assertThat(line).hasSizeLessThan(60));
    }

    @Test
    void aTotalThatIsNotKnownIsNoError() {
        assertThat(drawn(true, Map.of("COLUMNS", "nonsense"), -1)).contains("reading", "1000/? rows");
    }

    @Test
    void nothingIsDrawnWhereNobodyLooks() {
        assertThat(drawn(false, Map.of(), 1_000)).isEmpty();
        assertThat(drawn(true, Map.of("TERM", "dumb"), 1_000)).isEmpty();
    }
}
