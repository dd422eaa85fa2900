package dev.howdah;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of some work one after another, outside every lock: on a virtual thread that lives as long as there is
 * something to do, or on an executor of the user's. That one is called from a virtual thread, too, so that it may block,
 * or run what it is given at once; when it refuses, the steps run on the virtual thread.
 */
final class SerialExecutor {

    private static final Logger LOG = System.getLogger(SerialExecutor.class.getName());

    /** After so many steps a thread of the user's is given back, for others to use it. */
    private static final int STEPS_AT_A_TIME = 256;

    private enum State {
        IDLE,
        RUNNING,
        /** It runs, and was woken meanwhile: it looks once more before it ends. */
        WOKEN
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final @Nullable Executor chosen;
    private final IntSupplier step;
    private volatile boolean refused;

    /**
     * Makes one that is idle.
     *
     * @param chosen the user's, or null
     * @param step does a few things and returns how many, or returns 0 if there is nothing to do; must not throw
     */
    SerialExecutor(@Nullable Executor chosen, IntSupplier step) {
        this.chosen = chosen;
        this.step = step;
    }

    /** Says that there is something to do. Never blocks. */
    void wake() {
        if (noteWoken()) {
            start();
        }
    }

    /** Says so likewise, and does it in the current thread, unless it is done already or the user has chosen where. */
    void runHere() {
        if (chosen != null) {
            wake();
        } else if (noteWoken()) {
            run(Integer.MAX_VALUE);
        }
    }

    /** Returns whether it had nothing to do before: then whoever asks has to run it. */
    private boolean noteWoken() {
        return state.getAndUpdate(now -> now == State.IDLE ? State.RUNNING : State.WOKEN) == State.IDLE;
    }

    private void start() {
        Thread.ofVirtual().name("howdah-events").start(chosen == null ? () -> run(Integer.MAX_VALUE) : this::handOver);
    }

    private void handOver() {
        Executor executor = chosen;
        try {
            if (executor != null) {
                executor.execute(() -> run(STEPS_AT_A_TIME));
                refused = false;
                return;
            }
        } catch (RuntimeException | Error e) {
            if (!refused) {
                refused = true;
                LOG.log(Level.WARNING, "the executor for callbacks refused one; a virtual thread runs it instead", e);
            }
        }
        run(STEPS_AT_A_TIME);
    }

    private void run(int steps) {
        int left = steps;
        while (left > 0) {
            int done = step.getAsInt();
            left -= done;
            if (done == 0) {
                if (state.compareAndSet(State.RUNNING, State.IDLE)) {
                    return;
                }
                state.set(State.RUNNING);
            }
        }
        start();
    }
}
