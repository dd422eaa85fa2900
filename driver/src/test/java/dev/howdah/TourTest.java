package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every file that docs/tour.md names exists, and so do the documents that it links to. */
class TourTest {

    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Path DRIVER = ROOT.resolve("driver/src/main/java/dev/howdah");
    private static final Pattern FILE = Pattern.compile("`([\\w./-]+\\.java)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    @Test
    void filesOfTheTourExist() throws IOException {
        List<String> files = found(FILE);
        assertThat(files).hasSizeGreaterThan(30);
        assertThat(files)
                .allSatisfy(file -> assertThat(Files.exists(ROOT.resolve(file)) || Files.exists(DRIVER.resolve(file)))
                        .as(file)
                        .isTrue());
    }

    @Test
    void linksOfTheTourLeadSomewhere() throws IOException {
        assertThat(found(LINK))
                .isNotEmpty()
                .allSatisfy(
                        link -> assertThat(ROOT.resolve("docs").resolve(link)).exists());
    }

    private static List<String> found(Pattern pattern) throws IOException {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(Files.readString(ROOT.resolve("docs/tour.md")));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
