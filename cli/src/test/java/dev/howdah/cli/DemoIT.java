package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.Cli.Outcome;
import dev.howdah.cli.demo.Chapter;
import dev.howdah.cli.demo.Chapters;
import dev.howdah.cli.demo.Narrator;
import dev.howdah.cli.demo.Performance;
import dev.howdah.cli.demo.Stage;
import dev.howdah.testkit.Roles;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class DemoIT {

    private static final Pattern KEPT =
            Pattern.compile("This command keeps the server up \\(process (\\d+)\\) until you press Ctrl-C:");

    /** Where all chapters are told twice more, many rows are fewer, and so are connections. */
    private static final int FEW_ROWS = 100_000;

    private static final int FEW_CONNECTIONS = 50;

    /** A chapter that does what a test says. */
    private record Told(String name, Consumer<Stage> deed) implements Chapter {
        @Override
        public String summary() {
            return "for a test";
        }

        @Override
        public void tell(Stage stage) {
            deed.accept(stage);
        }
    }

    private static Stage stage(Embedded server, List<String> lines) {
        Narrator narrator = new Narrator(lines::add, Style.PLAIN);
        return new Stage(server, narrator, new Cli().around(), FEW_ROWS, FEW_CONNECTIONS);
    }

    @Test
    void allChaptersAreAsExpectedAndTheDemoEndsByItself() {
        Outcome outcome = new Cli().run("demo");
        assertThat(outcome.out()).doesNotContain("NOT AS EXPECTED").contains("everything as expected");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        for (Chapter chapter : Chapters.all()) {
            assertThat(outcome.out()).contains("\n" + chapter.name() + "  " + chapter.summary());
        }
        assertThat(outcome.out()).contains("SCRAM-SHA-256-PLUS", "23505", "\"action\" : \"INSERT\"");
        assertThat(outcome.out()).contains("ok  one thread waited for 1,000 connections in one selector");
        assertThat(outcome.out() + outcome.err()).doesNotContain(String.valueOf(Roles.SCRAM.password()));
    }

    @Test
    void onlyTellsTheChaptersNamed() {
        Outcome outcome = new Cli().run("demo", "--only", "errors");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out())
                .contains("\nerrors  ")
                .doesNotContain("\nquery  ", "\nconnect  ", "\ntypes  ", "\nnotify  ");
    }

    @Test
    void keepSaysWhoKeepsTheServerAndASignalEndsBothCleanly() throws Exception {
        Process demo = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "demo",
                        "--only",
                        "errors",
                        "--keep")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = demo.inputReader(StandardCharsets.UTF_8)) {
            Matcher kept;
            do {
                kept = KEPT.matcher(String.valueOf(out.readLine()));
            } while (!kept.matches() && demo.isAlive());
            assertThat(kept.matches()).isTrue();
            assertThat(out.readLine()).contains("./howdah query --dsn");
            assertThat(out.readLine()).contains("./howdah listen --dsn");
            ProcessHandle server =
                    ProcessHandle.of(Long.parseLong(kept.group(1))).orElseThrow();
            demo.toHandle().destroy(); // Process.destroy would close what it prints
            assertThat(out.lines()).containsExactly("Stopping.");
            assertThat(demo.waitFor()).isEqualTo(ExitCode.OK);
            assertThat(server.isAlive()).isFalse();
        } finally {
            demo.destroyForcibly();
        }
    }

    @Test
    void aChapterThatIsNotAsExpectedIsSaidAndTheOthersAreStillTold() throws InterruptedException {
        List<String> lines = new ArrayList<>();
        boolean well;
        try (Embedded server = Embedded.start()) {
            Stage stage = stage(server, lines);
            well = new Performance(stage)
                    .tell(List.of(
                            new Told("unequal", s -> s.expectEqual(1, 2, "the number")),
                            new Told("broken", s -> {
                                throw new IllegalStateException("a mistake");
                            }),
                            new Told("fine", s -> s.expect(true, "this one"))));
        }
        assertThat(well).isFalse();
        assertThat(String.join("\n", lines))
                .contains(
                        "NOT AS EXPECTED  the number: expected 1, got 2",
                        "NOT AS EXPECTED  java.lang.IllegalStateException: a mistake",
                        "ok  this one",
                        "3 chapters told, 2 not as expected");
    }

    @Test
    void noChapterNeedsAnotherAndAllCanBeToldTwice() throws InterruptedException {
        List<Chapter> backwards = new ArrayList<>(Chapters.all()).reversed();
        List<Chapter> twice = new ArrayList<>(backwards);
        twice.addAll(backwards);
        List<String> lines = new ArrayList<>();
        try (Embedded server = Embedded.start()) {
            Stage stage = stage(server, lines);
            assertThat(new Performance(stage).tell(twice))
                    .as(String.join("\n", lines))
                    .isTrue();
        }
    }
}
