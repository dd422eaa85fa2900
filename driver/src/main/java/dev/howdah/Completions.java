package dev.howdah;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Completes the stages of one connection in order, away from the thread that runs its operations, because what depends on a
 * stage is code of the user's. One that is slow delays the others for a moment only: when a stage is done and what depends
 * on it has not returned after that, the rest goes on beside it. So code that waits for a later stage waits for nothing that
 * waits for it.
 */
final class Completions {

    private static final Logger LOG = System.getLogger(Completions.class.getName());

    /** How long what depends on one stage may keep the others waiting. */
    private static final long PATIENCE_MILLIS = 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Completion> queue = new ArrayDeque<>();
    private final @Nullable Executor chosen;
    private SerialExecutor runner;
    /** Who was left behind in slow code takes no more from the queue. */
    private int generation;

    private @Nullable Completion current;
    private boolean watched;

    /** The completion of one stage. */
    @FunctionalInterface
    interface Completion {

        /** Completes it, and runs what depends on it. */
        void deliver();

        /** Returns whether the stage has its outcome, so that only what depends on it is left to do. */
        default boolean isDone() {
            return true;
        }
    }

    /**
     * Makes one with nothing to do.
     *
     * @param chosen the user's executor, or null
     */
    Completions(@Nullable Executor chosen) {
        this.chosen = chosen;
        this.runner = runnerOf(0);
    }

    private SerialExecutor runnerOf(int itsGeneration) {
        return new SerialExecutor(chosen, () -> step(itsGeneration) ? 1 : 0);
    }

    /** Has a stage completed after those before it. Never blocks, runs nothing of the user's. */
    void add(Completion completion) {
        put(completion);
        wake();
    }

    /**
     * Gives a completion its place after those before it. It is completed after the next {@link #wake}, which needs no lock of the
     * caller's: who is woken by that may want it next.
     */
    void put(Completion completion) {
        lock.lock();
        try {
            queue.add(completion);
        } finally {
            lock.unlock();
        }
    }

    /** Has completed what has been put. Never blocks, runs nothing of the user's. */
    void wake() {
        SerialExecutor woken;
        boolean watch;
        lock.lock();
        try {
            woken = runner;
            watch = current != null && !queue.isEmpty() && !watched;
            watched |= watch;
        } finally {
            lock.unlock();
        }
        woken.wake();
        if (watch) {
            watch();
        }
    }

    /** Runs something beside the operations, which need not be in order with them, on a virtual thread of its own. */
    <R> CompletableFuture<R> aside(Supplier<R> work) {
        CompletableFuture<R> stage = new CompletableFuture<>();
        Thread.ofVirtual().name("howdah-async-aside").start(() -> {
            try {
                R result = work.get();
                add(() -> stage.complete(result));
            } catch (RuntimeException | Error e) {
                add(() -> stage.completeExceptionally(e));
            }
        });
        return stage;
    }

    private boolean step(int itsGeneration) {
        Completion next;
        boolean watch;
        lock.lock();
        try {
            if (itsGeneration != generation) {
                return false;
            }
            next = queue.poll();
            current = next;
            // Others may have come before this one was begun, and none may come any more.
            watch = next != null && !queue.isEmpty() && !watched;
            watched |= watch;
        } finally {
            lock.unlock();
        }
        if (next == null) {
            return false;
        } else if (watch) {
            watch();
        }
        try {
            next.deliver();
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "what depends on a stage failed; the others go on", e);
        }
        return true;
    }

    private void watch() {
        Completion slow;
        lock.lock();
        try {
            slow = current;
        } finally {
            lock.unlock();
        }
        CompletableFuture.delayedExecutor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> look(slow));
    }

    /** Looks whether what was being completed a while ago still is. */
    private void look(@Nullable Completion before) {
        SerialExecutor successor = null;
        lock.lock();
        try {
            if (current == null || queue.isEmpty()) {
                watched = false;
                return;
            }
            if (current == before && before.isDone()) {
                watched = false;
                current = null;
                generation++;
                successor = runnerOf(generation);
                runner = successor;
            }
        } finally {
            lock.unlock();
        }
        if (successor != null) {
            successor.wake();
        } else {
            watch();
        }
    }
}
