package dev.howdah.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** PostgreSQL's own client programs, where the machine has them: to compare with. */
public final class InstalledTools {

    private InstalledTools() {}

    /**
     * Finds a program of a major version.
     *
     * @param name such as {@code pg_receivewal}
     * @return empty if it is not installed where Debian's, Red Hat's and Homebrew's packages put it
     */
    public static Optional<Path> find(String name, int major) {
        return List.of(
                        Path.of("/usr/lib/postgresql", Integer.toString(major), "bin"),
                        Path.of("/usr/pgsql-" + major, "bin"),
                        Path.of("/opt/homebrew/opt/postgresql@" + major, "bin"),
                        Path.of("/usr/local/opt/postgresql@" + major, "bin"))
                .stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What a program printed, both ways together, and how it ended. */
    public record Run(int exitCode, String output) {}

    /** Starts a program with a clean environment, in English; what it prints goes to a file. The caller ends it. */
    public static Process start(Path output, Path program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        PostgresBinaries.cleanEnvironment(builder);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        return process;
    }

    /** Runs a program to its end, two minutes at most. */
    public static Run run(Path program, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("howdah-tool", null);
        try {
            Process process = start(output, program, arguments);
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException(program + " hangs");
            }
            return new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
