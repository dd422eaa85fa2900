package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static Surroundings around(boolean terminal, Map<String, String> environment, StringWriter err) {
        return new Surroundings(
                InputStream.nullInputStream(),
                new PrintWriter(new StringWriter()),
                OutputStream.nullOutputStream(),
                new PrintWriter(err),
                environment,
                terminal,
                terminal);
    }

    private static String drawn(boolean terminal, Map<String, String> environment, long total) {
        StringWriter err = new StringWriter();
        try (Progress progress = Progress.of(around(terminal, environment, err), "reading", total, "rows")) {
            progress.step(500);
            progress.note("a note");
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
    void theBarOfAnInterruptedThreadGoesAwayAndTheThreadStaysInterrupted() {
        Thread.currentThread().interrupt();
        String drawn = drawn(true, Map.of("COLUMNS", "60"), 1_000);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(drawn).endsWith("\r" + " ".repeat(59) + "\r");
    }

    @Test
    void aRemarkTakesTheLineOfTheBar() {
        StringWriter err = new StringWriter();
        Progress.remark(around(true, Map.of("COLUMNS", "30"), err), "a word");
        Progress.remark(around(false, Map.of(), err), "another");
        assertThat(err).hasToString("\r" + " ".repeat(29) + "\ra word\nanother\n");
    }

    @Test
    void nothingIsDrawnWhereNobodyLooks() {
        assertThat(drawn(false, Map.of(), 1_000)).isEmpty();
        assertThat(drawn(true, Map.of("TERM", "dumb"), 1_000)).isEmpty();
    }
}
