package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/specification-map.md tells the truth: what it says is here exists, what it says comes later does not exist yet, and
 * its examples are files.
 */
class SpecificationMapTest {

    private static final Path DOCS = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .getParent()
            .resolve("docs");
    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*(?:\\.\\w+)?)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
    private static final List<String> PACKAGES =
            List.of("", ".backup", ".error", ".event", ".largeobject", ".replication", ".type", ".password", ".sql");

    /** A line of a table: a name or example of a document, what it is in Howdah, and since when. */
    private record Line(String text, String howdah, String when) {}

    @Test
    void everyLineSaysWhen() throws IOException {
        assertThat(lines())
                .hasSizeGreaterThan(150)
                .allSatisfy(
                        line -> assertThat(line.when()).as(line.text()).matches("here|issue ([3-9]|10)|not needed"));
    }

    @Test
    void whatIsHereExists() throws IOException {
        assertThat(lines()).filteredOn(line -> line.when().equals("here")).allSatisfy(line -> {
            assertThat(found(NAME, line.howdah()).size()
                            + found(LINK, line.howdah()).size())
                    .as(line.text() + " names something")
                    .isPositive();
            assertThat(found(NAME, line.howdah()))
                    .allSatisfy(name -> assertThat(exists(name)).as(name).isTrue());
        });
    }

    @Test
    void whatComesLaterIsNotHereYet() throws IOException {
        assertThat(lines())
                .filteredOn(line -> line.when().startsWith("issue"))
                .allSatisfy(line -> assertThat(found(NAME, line.howdah()))
                        .allSatisfy(name -> assertThat(exists(name))
                                .as(name + " exists: the map should say so")
                                .isFalse()));
    }

    @Test
    void examplesAndLinksAreFiles() throws IOException {
        assertThat(found(LINK, Files.readString(DOCS.resolve("specification-map.md"))))
                .hasSizeGreaterThan(8)
                .allSatisfy(link -> assertThat(DOCS.resolve(link)).exists());
    }

    private static List<Line> lines() throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String line : Files.readAllLines(DOCS.resolve("specification-map.md"))) {
            if (line.startsWith("| ") && !line.startsWith("| In the document")) {
                String[] cells = line.split("\\|");
                assertThat(cells).as(line).hasSize(4);
                lines.add(new Line(cells[1].strip(), cells[2].strip(), cells[3].strip()));
            }
        }
        return lines;
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** Returns whether there is a public class of that name, and in it the public method or constant after the dot. */
    private static boolean exists(String name) {
        String[] parts = name.split("\\.");
        return PACKAGES.stream()
                .flatMap(where -> type("dev.howdah" + where + "." + parts[0]).stream())
                .anyMatch(type ->
                        Modifier.isPublic(type.getModifiers()) && (parts.length == 1 || hasMember(type, parts[1])));
    }

    private static Optional<Class<?>> type(String name) {
        try {
            return Optional.of(Class.forName(name));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private static boolean hasMember(Class<?> type, String member) {
        return Stream.concat(
                        Arrays.stream(type.getMethods()).map(method -> method.getName()),
                        Arrays.stream(type.getFields()).map(field -> field.getName()))
                .anyMatch(member::equals);
    }
}
