package dev.howdah.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A COPY that does not come to its end: signals and pipes need a process of its own. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class CopyEndIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    /** Ends a process that a signal does not, before it is ended without having its say. */
    private static final int PATIENCE_SECONDS = 15;

    private static final String ENDLESS = "select generate_series(1, 2000000000), repeat('x', 50)";

    @TempDir
    private Path folder;

    private static Process start(TestDatabase db, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--dsn", db.dsn(Roles.SCRAM)));
        return new ProcessBuilder(command).start();
    }

    private static void awaitActivity(TestDatabase db, String condition) {
        String sql = "select count(*) from pg_stat_activity where datname = '" + db.name()
                + "' and application_name = 'howdah' and " + condition;
        Await.until(condition, SOON, () -> "1".equals(db.execute(sql).getFirst().getFirst()));
    }

    private static void assertStopped(Process process, String said) throws Exception {
        process.toHandle().destroy(); // Process.destroy would close what it prints
        try (BufferedReader err = process.errorReader(UTF_8)) {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(err.lines()).containsExactly(said);
        }
        assertThat(process.exitValue()).isEqualTo(ExitCode.STOPPED);
    }

    @Test
    void aSignalWhileStandardInputIsWaitedForStoresNothing(TestDatabase db) throws Exception {
        db.execute("create table item (id int); grant all on item to public");
        Process copy = start(db, "copy", "in", "item");
        try {
            // Not closed: more could come.
            OutputStream rows = copy.getOutputStream();
            rows.write("1\n2\n3\n".repeat(50_000).getBytes(UTF_8));
            rows.flush();
            awaitActivity(db, "query like 'COPY%' and wait_event = 'ClientRead'");
            assertStopped(copy, "howdah: interrupted");
            assertThat(db.execute("select count(*) from item")).isEqualTo(List.of(List.of("0")));
        } finally {
            copy.destroyForcibly();
        }
    }

    @Test
    void aSignalLeavesNoPartOfAFile(TestDatabase db) throws Exception {
        Path file = Files.writeString(folder.resolve("rows.csv"), "old");
        Path part = folder.resolve("rows.csv.part");
        Process copy = start(db, "copy", "out", "--query", ENDLESS, file.toString());
        try {
            Await.until("something is written", SOON, () -> part.toFile().length() > 0);
            assertStopped(copy, "howdah: interrupted");
            assertThat(file).hasContent("old");
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).containsExactly(file);
            }
            awaitNobody(db);
        } finally {
            copy.destroyForcibly();
        }
    }

    private static void awaitNobody(TestDatabase db) {
        String sql = "select count(*) from pg_stat_activity where application_name = 'howdah' and datname = '"
                + db.name() + "'";
        Await.until(
                "the session ends",
                SOON,
                () -> "0".equals(db.execute(sql).getFirst().getFirst()));
    }

    @Test
    void aSignalEndsAPipeThatNobodyReads(TestDatabase db) throws Exception {
        Process copy = start(db, "copy", "out", "--query", ENDLESS);
        try {
            awaitActivity(db, "query like 'COPY%' and wait_event = 'ClientWrite'");
            assertStopped(copy, "howdah: interrupted");
            awaitNobody(db);
        } finally {
            copy.destroyForcibly();
        }
    }

    @Test
    void aPipeThatIsClosedEndsTheCopy(TestDatabase db) throws Exception {
        Process copy = start(db, "copy", "out", "--query", ENDLESS);
        try (BufferedReader err = copy.errorReader(UTF_8)) {
            try (BufferedReader out = copy.inputReader(UTF_8)) {
                assertThat(out.readLine()).startsWith("1,xxx");
            }
            assertThat(err.lines()).singleElement().asString().startsWith("howdah: cannot write to standard output: ");
            assertThat(copy.waitFor()).isEqualTo(ExitCode.USAGE);
            awaitNobody(db);
        } finally {
            copy.destroyForcibly();
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        try {
            assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aNamedPipeIsReadAndWrittenAsItIs(TestDatabase db) throws Exception {
        db.execute("create table item (id int); grant all on item to public");
        String pipe = folder.resolve("pipe.txt").toString();
        String copied = folder.resolve("copied").toString();
        run("mkfifo", pipe);
        Process out = start(db, "copy", "out", "--query", "select generate_series(1, 3)", pipe);
        try {
            run("sh", "-c", "cat \"$1\" > \"$2\"", "sh", pipe, copied);
            assertThat(out.waitFor()).isEqualTo(ExitCode.OK);
        } finally {
            out.destroyForcibly();
        }
        assertThat(Path.of(copied)).content().isEqualTo("1\n2\n3\n");
        Process in = start(db, "copy", "in", "item", pipe);
        try {
            run("sh", "-c", "cat \"$1\" > \"$2\"", "sh", copied, pipe);
            assertThat(in.waitFor()).isEqualTo(ExitCode.OK);
        } finally {
            in.destroyForcibly();
        }
        assertThat(db.execute("select sum(id) from item")).isEqualTo(List.of(List.of("6")));
    }

    @Test
    void aSignalWhileStandardInputIsWaitedForEndsOtherCommandsToo(TestDatabase db) throws Exception {
        for (List<String> command : List.of(List.of("lob", "import", "-"), List.of("notify", "news", "-"))) {
            Process process = start(db, command.toArray(String[]::new));
            try {
                awaitActivity(db, "state like 'idle%'");
                assertStopped(process, "howdah: interrupted");
            } finally {
                process.destroyForcibly();
            }
            awaitNobody(db);
        }
    }
}
