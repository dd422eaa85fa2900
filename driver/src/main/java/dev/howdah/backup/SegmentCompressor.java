package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.PgException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Compresses whole segments on a thread of its own, one after the other. The uncompressed file goes when the compressed one outlives a
 * power cut, and not before.
 */
final class SegmentCompressor implements AutoCloseable {

    /** How many wait at most, besides the one that is being compressed. */
    private static final int MOST = 2;
    /** How many are whole and not compressed at most: these, and one that waits for its place among them. */
    static final int UNFINISHED = MOST + 2;

    private final WalCompression compression;
    private final Runnable failed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Path> waiting = new ArrayDeque<>();
    private final Thread thread;
    private boolean busy;
    private boolean closed;
    private @Nullable PgException failure;

    /**
     * Begins.
     *
     * @param failed is run once when one could not be compressed; then no more are
     */
    SegmentCompressor(WalCompression compression, Runnable failed) {
        this.compression = compression;
        this.failed = failed;
        this.thread =
                Thread.ofPlatform().daemon().name("howdah-wal-compression").unstarted(this::run);
        if (!compression.isNone()) {
            thread.start();
        }
    }

    /**
     * Takes a file to be compressed; waits if too many do.
     *
     * @throws PgException why one before could not be compressed
     */
    void compress(Path whole) {
        if (compression.isNone()) {
            return;
        }
        lock.lock();
        try {
            while (waiting.size() >= MOST && failure == null) {
                changed.awaitUninterruptibly();
            }
            requireSound();
            waiting.add(whole);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void requireSound() {
        if (failure != null) {
            throw failure;
        }
    }

    /** Returns how many have not been compressed yet. */
    int unfinished() {
        lock.lock();
        try {
            return waiting.size() + (busy ? 1 : 0);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Path next() {
        lock.lock();
        try {
            busy = false;
            changed.signalAll();
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            Path next = waiting.poll();
            busy = next != null;
            changed.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (Path next = next(); next != null; next = next()) {
            try {
                write(next);
            } catch (PgException e) {
                fail(e);
                return;
            } catch (RuntimeException | Error e) {
                fail(new BackupException(
                        Reason.CONSUMER_FAILED, "the compression of " + next + " has thrown: " + e, e));
                return;
            }
        }
    }

    private void fail(PgException why) {
        lock.lock();
        try {
            failure = why;
            busy = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        failed.run();
    }

    private void write(Path whole) {
        Path named = whole.resolveSibling(whole.getFileName() + compression.suffix());
        Path temporary = whole.resolveSibling(named.getFileName() + DurableFiles.TEMPORARY);
        try {
            try {
                Files.deleteIfExists(temporary);
                DurableFiles.create(temporary);
                compress(whole, temporary);
                DurableFiles.rename(temporary, named);
            } finally {
                Files.deleteIfExists(temporary);
            }
            Files.delete(whole);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot write", named, e);
        }
    }

    private void compress(Path whole, Path temporary) throws IOException {
        try (FileOutputStream file = new FileOutputStream(temporary.toFile())) {
            try (OutputStream out = compression.compress(new Unclosed(file))) {
                Files.copy(whole, out);
            }
            file.getFD().sync();
        }
    }

    /** A file that is to be synced when what lies over it has been closed. */
    private static final class Unclosed extends OutputStream {
        private final OutputStream file;

        Unclosed(OutputStream file) {
            this.file = file;
        }

        @Override
        public void write(int one) throws IOException {
            file.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            file.flush();
        }
    }

    /**
     * Waits until all are compressed, and ends.
     *
     * @throws PgException why one could not be
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (failure == null && (busy || !waiting.isEmpty())) {
                changed.awaitUninterruptibly();
            }
            requireSound();
        } finally {
            lock.unlock();
        }
    }
}
