package dev.howdah.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.benchmarks.programs.PostgresPrograms;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchIT {

    @Test
    void quickRunOfOneWorkloadPrintsALineForEachClient(@TempDir Path folder) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Path markdown = folder.resolve("tables.md");

        int exit = Bench.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                "--quick",
                "--only",
                "W1",
                "--markdown",
                markdown.toString());

        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("PostgreSQL 18")
                .contains("W1: ")
                .containsPattern("(?m)^ +client +selects/s .*p99")
                .containsPattern("(?m)^ +Howdah +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah callback +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah polling +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah async +[0-9,]+ ")
                .containsPattern("(?m)^ +pgjdbc +[0-9,]+ ")
                .containsPattern("(?m)^ +Vert\\.x +[0-9,]+ ");
        assertThat(Files.readString(markdown)).contains("| pgjdbc | ");
    }

    @Test
    void everyClientReadsAllRowsPageByPage() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exit =
                Bench.run(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, "--quick", "--only", "W4c");

        // A client whose sums are not the server's ends the run.
        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("W4c: ")
                .containsPattern("(?m)^ +client +rows/s .*peak RSS MiB")
                .containsPattern("(?m)^ +Howdah +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah stream +[0-9,]+ ")
                .containsPattern("(?m)^ +pgjdbc +[0-9,]+ ")
                .containsPattern("(?m)^ +Vert\\.x +[0-9,]+ ");
    }

    @Test
    void threadsThatShareAConnectionReadWhatTheyShould() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exit = Bench.run(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, "--quick", "--only", "W2");

        // A client whose sums are not the server's ends the run.
        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("W2: ")
                .containsPattern("(?m)^ +Howdah limited +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah shared +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah shared 1000 +[0-9,]+ ");
    }

    @Test
    void clientsThatPipelineReadWhatTheyShould() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exit = Bench.run(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, "--quick", "--only", "W3");

        // A client whose sums are not the server's ends the run.
        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("W3: ")
                .containsPattern("(?m)^ +Howdah +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah one sync +[0-9,]+ ")
                .containsPattern("(?m)^ +Vert\\.x +[0-9,]+ ");
    }

    @Test
    void everyClientInsertsTheRowsItShould() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exit = Bench.run(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, "--quick", "--only", "W5");

        // The server compares what is there with what should be.
        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("W5: ")
                .containsPattern("(?m)^ +Howdah +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah arrays +[0-9,]+ ")
                .containsPattern("(?m)^ +pgjdbc rewriting +[0-9,]+ ");
    }

    @Test
    void everyListenerHearsAllNotificationsInOrder() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exit = Bench.run(
                new PrintStream(out, true, StandardCharsets.UTF_8), System.err, "--quick", "--only", "W7,W7s");

        // A listener that misses one, or hears one out of order, ends the run.
        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("W7: ", "W7s: ")
                .containsPattern("(?m)^ +Howdah +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah taking +[0-9,]+ ")
                .containsPattern("(?m)^ +pgjdbc +[0-9,]+ ")
                .containsPattern("(?m)^ +Vert\\.x +[0-9,]+ ");
    }

    @Test
    void largeObjectsAreWrittenAndReadAsTheyShouldBe() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exit = Bench.run(
                new PrintStream(out, true, StandardCharsets.UTF_8), System.err, "--quick", "--only", "W9,W9r,W9m");

        // The server compares what is there with what was written, and what was read with what is there.
        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("W9: ", "W9r: ", "W9m: ")
                .containsPattern("(?m)^ +Howdah +[0-9,]+ ")
                .containsPattern("(?m)^ +pgjdbc +[0-9,]+ ");
    }

    @Test
    void rowsAreCopiedAsTheyShouldBe() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exit = Bench.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                "--quick",
                "--only",
                "W6ti,W6bi,W6to,W6bo,W6ri,W6ro");

        // The server compares what is there with what was written, and what was read with what it writes itself.
        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("W6ti: ", "W6bi: ", "W6to: ", "W6bo: ", "W6ri: ", "W6ro: ")
                .containsPattern("(?m)^ +Howdah +[0-9,]+ ")
                .containsPattern("(?m)^ +pgjdbc +[0-9,]+ ");
    }

    @Test
    void allChangesAreDrainedAndDecodedAsTheyWereMade() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exit = Bench.run(
                new PrintStream(out, true, StandardCharsets.UTF_8), System.err, "--quick", "--only", "W8,W8t,W10");

        // A client that counts or decodes something else ends the run.
        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("W8: ", "W8t: ", "W10: ")
                .containsPattern("(?m)^ +Howdah +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah decoded +[0-9,]+ ")
                .containsPattern("(?m)^ +Howdah transactions +[0-9,]+ ")
                .containsPattern("(?m)^ +pgjdbc +[0-9,]+ ");
    }

    @Test
    void backupsAndTheLogAreWhatTheServerHas() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exit = Bench.run(
                new PrintStream(out, true, StandardCharsets.UTF_8), System.err, "--quick", "--only", "W11,W11t,W12");

        // A backup that is not sound, and log that is not the server's, ends the run.
        assertThat(exit).isZero();
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text)
                .contains("W11: ", "W11t: ", "W12: ")
                .containsPattern("(?m)^ +client +mebibytes/s .*x PostgreSQL")
                .containsPattern("(?m)^ +Howdah +[0-9,]+ ");
        PostgresPrograms.version()
                .ifPresent(major -> assertThat(text)
                        .contains("PostgreSQL " + major + ".")
                        .containsPattern("(?m)^ +PostgreSQL +[0-9,]+ +[0-9,]+ to [0-9,]+ +1\\.00 "));
    }
}
