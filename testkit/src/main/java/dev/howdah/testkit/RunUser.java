package dev.howdah.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's user that runs the servers. PostgreSQL refuses to run as root, so root hands its servers to an unprivileged
 * user; everybody else runs them as himself.
 *
 * @param name the user's name
 * @param prefix what to put before a command, empty when no change of user is needed
 */
record RunUser(String name, List<String> prefix) {

    private static final RunUser CURRENT = find();

    /** The user that runs servers started by this JVM. */
    static RunUser current() {
        return CURRENT;
    }

    /** Whether commands run as somebody else than this JVM's user. */
    boolean isOther() {
        return !prefix.isEmpty();
    }

    /** The command as this user has to run it. */
    List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return all;
    }

    /** Gives a file or folder (not what is in it) to this user. */
    void own(Path path) throws IOException {
        if (isOther()) {
            Files.setOwner(
                    path,
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name));
        }
    }

    /** Whether this user can reach what is in the folder: every folder down to it must let others pass. */
    boolean canReach(Path folder) throws IOException {
        if (!isOther()) {
            return true;
        }
        for (@Nullable Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (Files.exists(at) && !Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    private static RunUser find() {
        String me = System.getProperty("user.name", "user");
        try {
            if (!isRoot()) {
                return new RunUser(me, List.of());
            }
            for (String name : List.of("postgres", "nobody")) {
                @Nullable String group = output("id", "-g", name);
                if (group == null) {
                    continue;
                }
                if (output("setpriv", "--version") != null) {
                    return new RunUser(
                            name, List.of("setpriv", "--reuid=" + name, "--regid=" + group, "--init-groups", "--"));
                }
                if (output("runuser", "--version") != null) {
                    return new RunUser(name, List.of("runuser", "-u", name, "--"));
                }
                if (output("su", "--version") != null) {
                    // su hands "$@" to a shell: the first word after the name is $0
                    return new RunUser(name, List.of("su", "-s", "/bin/sh", name, "-c", "exec \"$0\" \"$@\"", "--"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find out which user can run PostgreSQL", e);
        }
        throw new IllegalStateException("PostgreSQL does not run as root, and no other user was found to run it: "
                + "needed is a user postgres or nobody, and one of setpriv, runuser or su");
    }

    private static boolean isRoot() throws IOException {
        if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows")) {
            return false;
        }
        Path mine = Files.createTempFile("howdah-who", null);
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(mine, "unix:uid"));
        } finally {
            Files.delete(mine);
        }
    }

    /** What a command prints, or null when there is no such command or it fails. */
    private static @Nullable String output(String... command) throws IOException {
        Path found = onPath(command[0]);
        if (found == null) {
            return null;
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command[0], e);
        }
        return process.exitValue() == 0 ? text : null;
    }

    private static @Nullable Path onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        for (String folder : path.split(":")) {
            Path file = Path.of(folder, program);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }
}
