package dev.howdah.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ctrl-C and SIGTERM, made into an interrupt of the thread that runs the command, so that it can cancel its query, close its connection,
 * stop its server and choose the exit code itself.
 */
final class Interruption {

    private static final int PATIENCE_SECONDS = 20;

    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    private Interruption() {}

    /** From now on a signal interrupts this thread. */
    static Interruption watch(Thread worker) {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interruption.end(worker), "howdah interruption"));
        return interruption;
    }

    /** The command is over. A signal can change the exit code no more. */
    void over(int exitCode) {
        code.complete(exitCode);
    }

    private void end(Thread worker) {
        if (code.isDone()) {
            // The ordinary end: System.exit was called with the code.
            return;
        }
        worker.interrupt();
        int exitCode;
        try {
            exitCode = code.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException e) {
            exitCode = ExitCode.STOPPED;
        } catch (ExecutionException e) {
            exitCode = ExitCode.INTERNAL;
        }
        // Inside a shutdown hook it is too late for System.exit to name another code than the signal's.
        Runtime.getRuntime().halt(exitCode);
    }
}
