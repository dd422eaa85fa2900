package dev.howdah.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server's first process: started, watched until it is ready, stopped. The caller sees to it that one thread at a time does so. */
final class Postmaster {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TRIES = 10;
    /** Below are those of well-known services. */
    static final int FIRST_PORT = 15_000;
    /** Above are those that Linux gives away; other systems begin later. */
    static final int LAST_PORT = 32_767;

    private final PostgresBinaries binaries;
    private final ServerFolder folder;
    private volatile @Nullable ProcessHandle handle;
    private volatile int port;

    Postmaster(PostgresBinaries binaries, ServerFolder folder) {
        this.binaries = binaries;
        this.folder = folder;
    }

    int port() {
        return port;
    }

    ProcessHandle handle() {
        ProcessHandle handle = this.handle;
        if (handle == null) {
            throw new IllegalStateException("the server was never started");
        }
        return handle;
    }

    boolean isRunning() {
        ProcessHandle handle = this.handle;
        return handle != null && handle.isAlive();
    }

    /** Starts on a port that is free, and tries another when somebody takes it meanwhile. */
    void startOnFreePort(ServerSettings settings) throws IOException {
        for (int i = 1; ; i++) {
            try {
                start(settings, freePort());
                return;
            } catch (BindException e) {
                if (i == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Starts on this port, and returns when the server takes connections. */
    void start(ServerSettings settings, int port) throws IOException {
        this.port = port;
        settings.write(port);
        Path log = folder.log();
        long logBefore = Files.size(log);
        ProcessBuilder builder = new ProcessBuilder(RunUser.current()
                .command(List.of(
                        binaries.program("postgres"), "-D", folder.data().toString())));
        PostgresBinaries.cleanEnvironment(builder);
        builder.directory(folder.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process process = builder.start();
        handle = process.toHandle();
        process.getOutputStream().close();
        List<String> pidFile = awaitReady(process, logBefore);
        // With setpriv, or as oneself, it is the same process; runuser and su stay in between.
        handle = ProcessHandle.of(Long.parseLong(pidFile.get(0).strip())).orElse(process.toHandle());
        if (!pidFile.get(5).strip().equals("127.0.0.1")) {
            // It got the port on ::1 only.
            stop("immediate");
            throw new BindException("port " + port + " is taken");
        }
    }

    /** Ends the server as {@code pg_ctl stop -m} does; kills it when it does not end in time. */
    void stop(String mode) throws IOException {
        ProcessHandle handle = this.handle;
        if (handle == null || !handle.isAlive()) {
            return;
        }
        @Nullable IOException failure = null;
        try {
            PostgresBinaries.run(
                    folder.root(),
                    binaries.program("pg_ctl"),
                    "stop",
                    "-D",
                    folder.data().toString(),
                    "-m",
                    mode,
                    "-w",
                    "-t",
                    "30");
        } catch (IOException e) {
            failure = e;
        }
        // Somebody else may have ended it meanwhile: Ctrl-C in a terminal reaches the server too. Then all is well.
        if (!Await.holds(Duration.ofSeconds(10), () -> !handle.isAlive())) {
            ServerFolder.kill(handle);
            if (failure != null) {
                throw failure;
            }
        }
    }

    void crash() {
        ServerFolder.kill(handle());
    }

    /**
     * The lines of postmaster.pid once its last says that the server takes connections, as pg_ctl looks for it too.
     */
    private List<String> awaitReady(Process process, long logBefore) throws IOException {
        Path pidFile = folder.data().resolve("postmaster.pid");
        String[] ready = {null};
        boolean ended = Await.holds(PATIENCE, () -> {
            ready[0] = readIfThere(pidFile);
            return isReady(ready[0], process) || !process.isAlive();
        });
        String lines = ready[0];
        if (lines != null && isReady(lines, process) && process.isAlive()) {
            return lines.lines().toList();
        }
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        byte[] log = Files.readAllBytes(folder.log());
        String said = new String(log, (int) logBefore, log.length - (int) logBefore, StandardCharsets.UTF_8);
        if (said.contains("could not create any TCP/IP sockets")) {
            throw new BindException("port " + port + " is taken");
        }
        throw new IOException((ended ? "PostgreSQL ended with exit code " + process.exitValue() : "PostgreSQL hangs")
                + " while starting; its log says:\n" + said);
    }

    private static boolean isReady(@Nullable String pidFile, Process process) {
        if (pidFile == null) {
            return false;
        }
        List<String> lines = pidFile.lines().toList();
        if (lines.size() < 8) {
            return false;
        }
        String status = lines.get(7).strip();
        if (!status.equals("ready") && !status.equals("standby")) {
            return false;
        }
        // A server that was killed leaves its file behind.
        long pid = Long.parseLong(lines.get(0).strip());
        return pid == process.pid() || process.descendants().anyMatch(child -> child.pid() == pid);
    }

    private static @Nullable String readIfThere(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * A port that is free, but none of those that systems give to whoever wants any, for a listener or for a connection of his: while a server is
     * down nobody else is to get its port, and those who connect to it again.
     */
    private static int freePort() throws IOException {
        for (int i = 1; ; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (BindException e) {
                if (i == TRIES) {
                    throw e;
                }
            }
        }
    }
}
