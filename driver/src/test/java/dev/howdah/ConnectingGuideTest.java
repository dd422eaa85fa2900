package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The table of keywords in docs/guide/connecting.md is the one in the code. */
class ConnectingGuideTest {
    @Test
    void theGuideNamesEachKeywordWithItsVariableAndDefault() throws IOException {
        List<List<String>> rows = guide().lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Keyword"))
                .map(line -> Arrays.stream(line.split("\\|"))
                        .skip(1)
                        .limit(3)
                        .map(String::strip)
                        .toList())
                .filter(row -> !row.get(0).equals("parameter.NAME"))
                .toList();
        assertThat(rows)
                .extracting(row -> row.get(0))
                .containsExactlyElementsOf(
                        Arrays.stream(Keyword.values()).map(Keyword::text).toList());
        for (List<String> row : rows) {
            Keyword keyword = Objects.requireNonNull(Keyword.find(row.get(0)));
            assertThat(row.get(1)).as(keyword.text()).isEqualTo(Objects.requireNonNullElse(keyword.variable(), ""));
            if (keyword.builtIn() != null) {
                assertThat(row.get(2)).as(keyword.text()).isEqualTo(keyword.builtIn());
            }
        }
    }

    @Test
    void theGuideNamesEachDifferenceFromPsqlAndNoOther() throws IOException {
        String guide = guide();
        String section = guide.substring(guide.indexOf("## Where Howdah and psql differ"));
        List<String> listed = section.lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("- "))
                .map(line -> line.substring(2))
                .toList();
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(YardstickRow.table().stream()
                        .map(YardstickRow::why)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList());
    }

    private static String guide() throws IOException {
        Path guide = Path.of(System.getProperty("basedir", ""))
                .toAbsolutePath()
                .resolve("../docs/guide/connecting.md")
                .normalize();
        return Files.readString(guide, StandardCharsets.UTF_8);
    }
}
