package dev.howdah.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that is ended while it starts a server: no word of complaint, and nothing left of the server. */
class EndOfJvmIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CODE = 7;

    /** The program: it starts a server, and ends itself as soon as that server has got so far. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            Path parent = Path.of(arguments[0]);
            Thread.ofPlatform().daemon().start(() -> {
                Await.until(
                        PATIENCE,
                        () -> !ours(parent, ProcessHandle.current().pid(), arguments[1])
                                .isEmpty());
                System.exit(CODE);
            });
            try (PostgresServer server = PostgresServer.start(PostgresServer.NEWEST)) {
                Await.until(PATIENCE, () -> !server.isRunning());
            }
        }
    }

    /** The folders of a process's servers in which a file exists. */
    private static List<Path> ours(Path parent, long pid, String file) {
        try (Stream<Path> folders = Files.list(parent)) {
            return folders.filter(folder -> Files.exists(folder.resolve(file)) && isOf(folder, pid))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isOf(Path folder, long pid) {
        try {
            return Files.readString(folder.resolve("owner")).startsWith(pid + " ");
        } catch (IOException e) {
            // It is being made or deleted, or is somebody else's.
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "data", "data/PG_VERSION", "data/postmaster.pid"})
    void isQuietAndLeavesNothing(String moment, @TempDir Path folder) throws Exception {
        Path said = folder.resolve("said");
        Path parent = SharedServers.get().dataDirectory().getParent().getParent();
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + parent,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        parent.toString(),
                        moment)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(program.waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            program.destroyForcibly();
        }
        assertThat(Files.readString(said)).isEmpty();
        assertThat(program.exitValue()).isEqualTo(CODE);
        assertThat(ours(parent, program.pid(), "owner")).isEmpty();
    }
}
