package dev.howdah;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own client, to see what it makes of a connection string. It runs with an environment of nothing but what
 * it is given. Safe for several threads.
 *
 * @param program the program
 * @param libraries the folder of another libpq than its own, or null
 * @param folder where its scripts may be written
 * @param version the major version of its libpq: 15 also for those before
 */
record Psql(Path program, @Nullable Path libraries, Path folder, int version) {

    private static final AtomicInteger SCRIPTS = new AtomicInteger();
    private static final Pattern ERROR = Pattern.compile("(?:FATAL|ERROR|PANIC): {2}(.*)");

    /** By libpq's major version, a keyword that it was the first to know. */
    private static final Map<Integer, String> NEWS =
            Map.of(18, "max_protocol_version=3.0", 17, "sslnegotiation=postgres", 16, "require_auth=none");

    /**
     * The newest psql that is installed, with its own libpq or with another one.
     *
     * @return null if there is no psql, or if it does not run with this libpq
     */
    static @Nullable Psql find(@Nullable Path libraries, Path folder) {
        List<Path> programs = new ArrayList<>();
        try {
            Path debian = Path.of("/usr/lib/postgresql");
            if (Files.isDirectory(debian)) {
                try (DirectoryStream<Path> versions = Files.newDirectoryStream(debian, "[0-9]*")) {
                    versions.forEach(version -> programs.add(version.resolve("bin/psql")));
                }
                programs.sort(Comparator.comparing((Path program) ->
                                Integer.parseInt(program.getName(3).toString().replaceAll("\\D.*", "")))
                        .reversed());
            }
            for (String place : System.getenv().getOrDefault("PATH", "").split(":")) {
                programs.add(Path.of(place, "psql"));
            }
            for (Path program : programs) {
                // Debian's /usr/bin/psql is a script that thinks up a server of its own: not that.
                if (Files.isExecutable(program) && Files.readAllBytes(program)[0] != '#') {
                    return probe(program, libraries, folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    private static @Nullable Psql probe(Path program, @Nullable Path libraries, Path folder) {
        Psql unknown = new Psql(program, libraries, folder, 0);
        if (!unknown.run("host=/nonexistent nonsense=1", Map.of()).contains("invalid connection option \"nonsense\"")) {
            return null;
        }
        for (int version = 18; version > 15; version--) {
            String said = unknown.run("host=/nonexistent " + NEWS.get(version), Map.of());
            if (!said.contains("invalid connection option")) {
                return new Psql(program, libraries, folder, version);
            }
        }
        return new Psql(program, libraries, folder, 15);
    }

    /** What psql makes of a connection string. */
    YardstickAnswer answer(YardstickRow row) {
        String said = run(row.text(), row.environment());
        if (said.startsWith("user=")) {
            Map<String, String> report =
                    new TreeMap<>(YardstickAnswer.In.of(said.lines().toList()).report());
            // It is called so by psql, not by the connection string.
            report.computeIfPresent("app", (name, app) -> app.equals("psql") ? "" : app);
            return new YardstickAnswer.In(report);
        }
        List<String> errors = new ArrayList<>();
        Matcher error = ERROR.matcher(said);
        while (error.find()) {
            // With sslmode prefer or allow it asks the same server once more, without TLS or with it.
            if (errors.isEmpty() || !errors.getLast().equals(error.group(1))) {
                errors.add(error.group(1));
            }
        }
        return errors.isEmpty()
                ? new YardstickAnswer.Failed(null, said)
                : new YardstickAnswer.Rejected(errors, "unknown");
    }

    /** What it prints: the report, or the errors if there is none. The script keeps every byte as it is, whatever the JVM's locale. */
    private String run(String text, Map<String, String> environment) {
        StringBuilder script = new StringBuilder();
        environment.forEach((name, value) -> script.append("export ")
                .append(name)
                .append('=')
                .append(quoted(value))
                .append('\n'));
        if (libraries != null) {
            script.append("export LD_LIBRARY_PATH=")
                    .append(quoted(libraries.toString()))
                    .append('\n');
        }
        script.append("exec ").append(quoted(program.toString()));
        for (String argument : List.of("-X", "-w", "-q", "-A", "-t", "-d", text, "-c", YardstickAnswer.REPORT)) {
            script.append(' ').append(quoted(argument));
        }
        try {
            Path file = folder.resolve("psql" + SCRIPTS.incrementAndGet());
            Files.writeString(file, script.append('\n'));
            Path output = Files.createTempFile(folder, "output", "");
            Path errors = Files.createTempFile(folder, "errors", "");
            ProcessBuilder builder = new ProcessBuilder("/bin/sh", file.toString());
            builder.environment().clear();
            builder.environment().put("LC_MESSAGES", "C");
            builder.environment().put("LC_CTYPE", "C.UTF-8");
            builder.environment().put("HOME", folder.toString());
            Process process = builder.redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("psql does not end: " + text);
            }
            Path said = process.exitValue() == 0 ? output : errors;
            return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    @Override
    public String toString() {
        return "psql with " + (libraries == null ? "its own libpq" : "the server's libpq") + " (" + version + ")";
    }
}
