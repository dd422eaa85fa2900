package dev.howdah.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/** Lines on standard output, which say when they could not be written. Any thread may write. */
final class TailOutput {

    private static final int MOST = 64 * 1024;

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private final StringBuilder waiting = new StringBuilder();

    TailOutput(OutputStream out) {
        this.out = out;
    }

    /** Nobody reads it any more, as when {@code head} has had its lines. */
    static final class ClosedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClosedException(IOException cause) {
            super("nobody reads the output any more", cause);
        }
    }

    /** Writes a line, now or with others. */
    void line(String text) {
        lock.lock();
        try {
            waiting.append(text).append('\n');
            if (waiting.length() >= MOST) {
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes what waits.
     *
     * @throws ClosedException if nobody reads it
     * @throws UsageException if it cannot be written
     */
    void flush() {
        lock.lock();
        try {
            byte[] bytes = waiting.toString().getBytes(StandardCharsets.UTF_8);
            waiting.setLength(0);
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            throw message.contains("pipe") ? new ClosedException(e) : UserFiles.failed("standard output", e);
        } finally {
            lock.unlock();
        }
    }
}
