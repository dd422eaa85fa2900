package dev.howdah;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs callbacks of the user's one after another, each outside every lock, on a virtual thread that lives as long as
 * there is something to run.
 */
final class SerialExecutor {

    private static final Logger LOG = System.getLogger(SerialExecutor.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private final String name;
    private boolean running;

    SerialExecutor(String name) {
        this.name = name;
    }

    void execute(Runnable callback) {
        lock.lock();
        try {
            queue.add(callback);
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name(name).start(this::drain);
    }

    private void drain() {
        for (Runnable callback = take(); callback != null; callback = take()) {
            try {
                callback.run();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "a listener failed; the others go on", e);
            }
        }
    }

    private @org.jspecify.annotations.Nullable Runnable take() {
        lock.lock();
        try {
            Runnable next = queue.poll();
            running = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }
}
