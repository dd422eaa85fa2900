package dev.howdah;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What options take from outside of the program: environment variables, the user, files in known places. Immutable.
 * Tests make their own.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-envars.html">Environment variables</a>
 */
final class PgEnvironment {
    private static final System.Logger LOG = System.getLogger("dev.howdah");

    private final Map<String, String> variables;
    private final String osUser;
    private final Path home;
    private final boolean windows;
    private final List<Path> socketFolders;
    private final List<Path> systemFolders;
    private final Consumer<String> warnings;

    /**
     * An environment.
     *
     * @param variables the environment variables
     * @param osUser the operating system's user name; empty if unknown
     * @param home the user's folder
     * @param windows whether files have their Windows places and no Unix permissions
     * @param socketFolders where a local server may have its socket
     * @param systemFolders where the administrator may have put pg_service.conf
     * @param warnings gets one sentence for each file that is ignored
     */
    PgEnvironment(
            Map<String, String> variables,
            String osUser,
            Path home,
            boolean windows,
            List<Path> socketFolders,
            List<Path> systemFolders,
            Consumer<String> warnings) {
        this.variables = Map.copyOf(variables);
        this.osUser = osUser;
        this.home = home;
        this.windows = windows;
        this.socketFolders = List.copyOf(socketFolders);
        this.systemFolders = List.copyOf(systemFolders);
        this.warnings = warnings;
    }

    /** The environment of this process, as it is now. */
    static PgEnvironment ofProcess() {
        Map<String, String> variables = System.getenv();
        boolean windows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        String home = variables.getOrDefault("HOME", "");
        String user = System.getProperty("user.name", "");
        return new PgEnvironment(
                variables,
                user.equals("?") ? "" : user,
                Path.of(windows || home.isEmpty() ? System.getProperty("user.home", "") : home),
                windows,
                windows ? List.of() : List.of(Path.of("/var/run/postgresql"), Path.of("/tmp")),
                windows ? List.of() : List.of(Path.of("/etc/postgresql-common"), Path.of("/etc/sysconfig/pgsql")),
                text -> LOG.log(System.Logger.Level.WARNING, text));
    }

    /** The value of an environment variable, maybe empty; null if it is not set. */
    @Nullable
    String variable(String name) {
        return variables.get(name);
    }

    String osUser() {
        return osUser;
    }

    boolean windows() {
        return windows;
    }

    List<Path> socketFolders() {
        return socketFolders;
    }

    /** {@code ~/.pgpass}, or where Windows has it. */
    Path passwordFile() {
        return windows ? applicationData().resolve("pgpass.conf") : home.resolve(".pgpass");
    }

    /** The user's own service file. */
    Path userServiceFile() {
        return windows ? applicationData().resolve(".pg_service.conf") : home.resolve(".pg_service.conf");
    }

    /** The administrator's service files, the first first. */
    List<Path> systemServiceFiles() {
        String configured = variables.get("PGSYSCONFDIR");
        List<Path> folders = configured == null ? systemFolders : List.of(Path.of(configured));
        return folders.stream().map(f -> f.resolve("pg_service.conf")).toList();
    }

    /** The user's file for TLS with this name if it exists, else null. */
    @Nullable
    String tlsFile(String name) {
        Path file = (windows ? applicationData() : home.resolve(".postgresql")).resolve(name);
        return Files.exists(file) ? file.toString() : null;
    }

    void warn(String text) {
        warnings.accept(text);
    }

    private Path applicationData() {
        String folder = variables.get("APPDATA");
        return (folder == null ? home.resolve("AppData").resolve("Roaming") : Path.of(folder)).resolve("postgresql");
    }
}
