package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the commands that the README tells a newcomer to type. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ReadmeIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theReadmeNamesTheDemoAndTheTestCommandAndCiRunsThatOne() throws IOException {
        List<String> commands = commands();

        assertThat(commands).contains("./howdah demo", "mvn verify");
        assertThat(Files.readString(ROOT.resolve(".ci/run"))).containsPattern("mvn( -\\S+)* verify");
    }

    @Test
    void theReadmesDemoCommandEndsWell() throws Exception {
        Run run = run("./howdah", "demo");

        assertThat(run.output()).contains("everything as expected");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void theLauncherWorksFromAnotherFolderThroughALink() throws Exception {
        Path folder = Files.createTempDirectory("howdah link");
        Path link = Files.createSymbolicLink(folder.resolve("howdah"), ROOT.resolve("howdah"));
        try {
            Run run = run(folder, link.toString(), "demo", "--list");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output()).contains("connect", "query", "types", "errors", "notify");
        } finally {
            Files.delete(link);
            Files.delete(folder);
        }
    }

    /** The lines of the README's first code block, comments cut off. */
    private static List<String> commands() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        int start = readme.indexOf("```");
        String block = readme.substring(readme.indexOf('\n', start) + 1, readme.indexOf("```", start + 3));
        return block.lines()
                .map(line -> line.replaceFirst("\\s+#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private record Run(int exitCode, String output) {}

    private static Run run(String... command) throws Exception {
        return run(ROOT, command);
    }

    private static Run run(Path folder, String... command) throws Exception {
        sayThatItIsBuilt();
        File output = File.createTempFile("howdah", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output);
            builder.environment().put("NO_COLOR", "1");
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(8, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            int exitCode = process.waitFor();
            return new Run(exitCode, Files.readString(output.toPath(), StandardCharsets.UTF_8));
        } finally {
            Files.delete(output.toPath());
        }
    }

    /** The build that runs this test has just made the program: the launcher must not build inside it. */
    private static void sayThatItIsBuilt() throws IOException {
        Path folder = ROOT.resolve("cli/target/howdah");
        assertThat(folder.resolve("lib")).isDirectoryContaining("glob:**/howdah-cli-*.jar");
        Files.writeString(folder.resolve("built"), "");
    }
}
