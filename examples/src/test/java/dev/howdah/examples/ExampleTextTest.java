package dev.howdah.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Code in documents is code of the examples, which are compiled and run: a Java block has before it a comment that names
 * the example and its region, as in {@code <!-- code: TwentyLines readme -->}, and is equal to that.
 */
class ExampleTextTest {

    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- code: (\\w+) (\\w+) -->\n)?```java\n(.*?)\n```", Pattern.DOTALL);

    /** A Java block of a document; no example where it names none. */
    private record Block(Path document, String example, String region, String code) {}

    @Test
    void everyJavaBlockIsTheRegionOfAnExample() throws IOException {
        List<Block> blocks = new ArrayList<>(blocks(ROOT.resolve("README.md")));
        blocks.addAll(blocks(ROOT.resolve("docs/guide/getting-started.md")));
        blocks.addAll(blocks(ROOT.resolve("docs/guide/composing-sql.md")));
        blocks.addAll(blocks(ROOT.resolve("docs/guide/rows-to-records.md")));
        blocks.addAll(blocks(ROOT.resolve("docs/guide/types.md")));
        blocks.addAll(blocks(ROOT.resolve("docs/guide/notifications.md")));
        assertThat(blocks).hasSizeGreaterThan(10);
        assertThat(blocks).allSatisfy(block -> {
            assertThat(block.example()).as("no example is named").isNotNull();
            assertThat(block.code()).isEqualTo(region(block.example(), block.region()));
        });
    }

    @Test
    void blocksOfOtherDocumentsThatNameAnExampleAreEqualToIt() throws IOException {
        try (Stream<Path> documents = Files.walk(ROOT.resolve("docs"))) {
            for (Path document :
                    documents.filter(d -> d.toString().endsWith(".md")).toList()) {
                assertThat(blocks(document))
                        .filteredOn(block -> block.example() != null)
                        .allSatisfy(
                                block -> assertThat(block.code()).isEqualTo(region(block.example(), block.region())));
            }
        }
    }

    @Test
    void theTwentyLinesAreTwenty() throws IOException {
        assertThat(region("TwentyLines", "readme").lines()).hasSize(20);
    }

    private static List<Block> blocks(Path document) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(document));
        while (matcher.find()) {
            blocks.add(new Block(document, matcher.group(1), matcher.group(2), matcher.group(3)));
        }
        return blocks;
    }

    /** Returns the lines between the marks of a region, without the indentation that they share. */
    private static String region(String example, String region) throws IOException {
        Path file = ROOT.resolve("examples/src/main/java/dev/howdah/examples/" + example + ".java");
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(file)) {
            if (line.strip().equals("// @start region=" + region)) {
                inside = true;
            } else if (line.strip().equals("// @end")) {
                inside = false;
            } else if (inside) {
                lines.add(line);
            }
        }
        assertThat(lines).as(example + " has a region " + region).isNotEmpty();
        return String.join("\n", lines).stripIndent();
    }
}
