package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.howdah.error.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Reads the table of connection strings; how it was compared with libpq stands in the table. */
class ConninfoTableTest {
    private static final String REFUSED = "refused ";

    @TestFactory
    Stream<DynamicTest> eachStringMeansWhatTheTableSays() throws IOException {
        return rows().stream().map(row -> dynamicTest(row, () -> check(row)));
    }

    @Test
    void theTableHasAtLeastSixtyStrings() throws IOException {
        assertThat(rows()).hasSizeGreaterThanOrEqualTo(60).doesNotHaveDuplicates();
    }

    private static void check(String row) {
        String[] sides = row.split(" {2}->(?: {2}|$)", 2);
        String text = sides[0].replace("<blank>", " ").replace("<tab>", "\t");
        String expected = sides[1].split(" {2}# {2}", 2)[0];
        if (expected.startsWith(REFUSED)) {
            ConfigException refusal = catchThrowableOfType(
                    ConfigException.class, () -> ConnectOptions.parse(text, TestEnvironment.empty()));
            assertThat(refusal).as("refusal").isNotNull();
            String keyword = expected.substring(REFUSED.length());
            assertThat(Objects.requireNonNullElse(refusal.keyword(), "-")).isEqualTo(keyword);
            assertThat(refusal).hasMessageContaining(keyword.equals("-") ? "" : keyword);
        } else {
            assertThat(pairs(text)).isEqualTo(pairs(expected));
            assertThat(ConnectOptions.parse(text, TestEnvironment.empty()))
                    .isEqualTo(ConnectOptions.parse(expected, TestEnvironment.empty()));
        }
    }

    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new TreeMap<>();
        if (ConninfoUri.isUri(text)) {
            ConninfoUri.parse(text, pairs::put);
        } else {
            ConninfoText.parse(text, pairs::put);
        }
        String required = pairs.remove("requiressl");
        if (required != null) {
            pairs.put("sslmode", required.equals("1") ? "require" : "prefer");
        }
        return pairs;
    }

    private static List<String> rows() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ConninfoTableTest.class.getResourceAsStream("/dev/howdah/conninfo.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                    .toList();
        }
    }
}
