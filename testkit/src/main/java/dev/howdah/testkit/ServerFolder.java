package dev.howdah.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The folder of one started server: {@code data}, {@code s} (the Unix socket's), {@code tls}, {@code log}, and {@code owner}, which names
 * the JVM that made it, so that a later run can tell and remove what a killed JVM left behind.
 *
 * @param root the folder itself
 */
record ServerFolder(Path root) {

    private static final String PREFIX = "howdah-pg-";

    /** What a Unix socket's whole path may be long on every system that PostgreSQL runs on, in bytes. */
    private static final int LONGEST_SOCKET_PATH = 103;

    private static final AtomicBoolean SWEPT = new AtomicBoolean();

    static ServerFolder create() throws IOException {
        Path parent = parent();
        if (SWEPT.compareAndSet(false, true)) {
            removeLeftovers(parent);
        }
        Path root = Files.createTempDirectory(parent, PREFIX);
        ServerFolder folder = new ServerFolder(root);
        ProcessHandle me = ProcessHandle.current();
        Files.writeString(root.resolve("owner"), me.pid() + " " + startOf(me), StandardOpenOption.CREATE_NEW);
        if (posix()) {
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        }
        Files.createFile(folder.log());
        for (Path inner : List.of(folder.socket(), folder.tls())) {
            Files.createDirectory(inner);
            if (posix()) {
                Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwx------"));
            }
            RunUser.current().own(inner);
        }
        return folder;
    }

    Path data() {
        return root.resolve("data");
    }

    Path socket() {
        return root.resolve("s");
    }

    Path tls() {
        return root.resolve("tls");
    }

    Path log() {
        return root.resolve("log");
    }

    /** Copies a file into the {@code tls} folder, for the server's eyes only. */
    Path keep(Path file, String name) throws IOException {
        Path copy = tls().resolve(name);
        Files.deleteIfExists(copy);
        Files.copy(file, copy);
        if (posix()) {
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        }
        RunUser.current().own(copy);
        return copy;
    }

    /** Deletes all of it, and the shared memory that a killed server leaves with the system. */
    void delete() throws IOException {
        forgetSharedMemory();
        Folders.delete(root);
    }

    /**
     * A killed server leaves a few bytes of System V shared memory, which the next start in the same data folder takes away; this data
     * folder will have no next start. The seventh line of
     * <a href="https://www.postgresql.org/docs/current/storage-file-layout.html">postmaster.pid</a> names it.
     */
    private void forgetSharedMemory() throws IOException {
        Path pidFile = data().resolve("postmaster.pid");
        Path program = Path.of("/usr/bin/ipcrm");
        if (!Files.exists(pidFile) || !Files.isExecutable(program)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile, StandardCharsets.UTF_8);
        String[] keyAndId = lines.size() > 6 ? lines.get(6).strip().split("\\s+") : new String[0];
        if (keyAndId.length == 2) {
            Process process = new ProcessBuilder(program.toString(), "-m", keyAndId[1])
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Path parent() throws IOException {
        for (Path place : List.of(
                Path.of(System.getProperty("java.io.tmpdir", "/tmp")).toAbsolutePath(),
                Path.of("/tmp"),
                Path.of("/var/tmp"))) {
            String longest = place + "/" + PREFIX + "1234567890123456789/s/.s.PGSQL.65535";
            if (Files.isDirectory(place)
                    && longest.getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH
                    && RunUser.current().canReach(place)) {
                return place;
            }
        }
        throw new IOException(
                "no folder for temporary files that is short enough for a Unix socket and open to the user "
                        + RunUser.current().name());
    }

    /** Ends servers and deletes folders whose JVM is no more. Only folders of this same user are looked at. */
    private static void removeLeftovers(Path parent) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path path : folders) {
                removeIfLeft(path);
            }
        }
    }

    private static void removeIfLeft(Path path) throws IOException {
        Path owner = path.resolve("owner");
        try {
            if (Files.isRegularFile(owner, LinkOption.NOFOLLOW_LINKS)
                    && isMine(path)
                    && isMine(owner)
                    && isDead(Files.readString(owner, StandardCharsets.UTF_8))) {
                ServerFolder left = new ServerFolder(path);
                left.serverProcess().ifPresent(ServerFolder::kill);
                left.delete();
            }
        } catch (NoSuchFileException e) {
            // Another JVM is removing it right now: let it.
            return;
        }
    }

    private static boolean isMine(Path path) throws IOException {
        return !Files.isSymbolicLink(path)
                && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"));
    }

    private static boolean isDead(String owner) {
        String[] pidAndStart = owner.strip().split(" ", 2);
        if (pidAndStart.length != 2) {
            return false;
        }
        return ProcessHandle.of(Long.parseLong(pidAndStart[0]))
                .filter(ProcessHandle::isAlive)
                .filter(process -> startOf(process).equals(pidAndStart[1]))
                .isEmpty();
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Object::toString).orElse("unknown");
    }

    /** The server that runs in this data folder, if one does: its command line must name the folder. */
    private Optional<ProcessHandle> serverProcess() {
        Path pidFile = data().resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(pidFile, StandardCharsets.UTF_8)) {
            return lines.findFirst()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
                    .filter(process -> process.info().commandLine().orElse("").contains(data().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + pidFile, e);
        }
    }

    /** Kills a server and the processes it started, and returns when they are gone. */
    static void kill(ProcessHandle postmaster) {
        List<ProcessHandle> children = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        postmaster.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        children.forEach(child -> child.onExit().orTimeout(60, TimeUnit.SECONDS).join());
    }

    private static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
