package dev.howdah.pump;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Wakes virtual threads that are parked until a deadline, though hardly any deadline is ever reached. A virtual thread that parks for a while
 * has the JVM set a timer and take it back when it is waked, which costs more than all the rest of a short query. So it parks without end, and
 * there is one timer for many waits: it is set for the first, and when it is up it is set again for who waits then. Limits of queries are
 * much alike, so each deadline is later than the last, and nothing is to be done for it. Safe for several threads.
 */
final class Deadlines {

    /** After that it is looked again whether a thread that was waked has gone: something else may have had its permit. In nanoseconds. */
    static final long AGAIN = Duration.ofMillis(10).toNanos();

    private final Sleepers sleepers;
    private final AtomicReference<@Nullable Timer> next = new AtomicReference<>();

    /** Who waits. */
    interface Sleepers {

        /**
         * Wakes those whose deadline has come; must not block.
         *
         * @param now {@link System#nanoTime()}
         * @return the earliest deadline of the others; {@code now} + {@link #AGAIN} at the latest if one was waked, and {@link Long#MAX_VALUE} if
         *     nobody has any
         */
        long wakeLate(long now);
    }

    /** Makes one. */
    Deadlines(Sleepers sleepers) {
        this.sleepers = sleepers;
    }

    /** Returns the earlier of two deadlines, of which each may be {@link Long#MAX_VALUE}. */
    static long earlier(long one, long other) {
        if (one == Long.MAX_VALUE || other == Long.MAX_VALUE) {
            return one == Long.MAX_VALUE ? other : one;
        }
        return one - other < 0 ? one : other;
    }

    /**
     * Has {@link Sleepers#wakeLate} called at a deadline or before. It finds the deadline if that was written before, where other threads see it.
     *
     * @param deadline as {@link System#nanoTime()}; {@link Long#MAX_VALUE} for none
     */
    void note(long deadline) {
        if (deadline == Long.MAX_VALUE) {
            return;
        }
        Timer current = next.get();
        while (current == null || deadline - current.at < 0) {
            Timer timer = new Timer(deadline);
            if (next.compareAndSet(current, timer)) {
                timer.start();
                if (current != null) {
                    current.cancel();
                }
                return;
            }
            current = next.get();
        }
    }

    /** Forgets all deadlines: nobody waits any more. */
    void close() {
        Timer current = next.getAndSet(null);
        if (current != null) {
            current.cancel();
        }
    }

    private final class Timer implements Runnable {
        private final long at;
        private final CompletableFuture<@Nullable Void> up = new CompletableFuture<>();

        Timer(long at) {
            this.at = at;
        }

        @SuppressWarnings("FutureReturnValueIgnored")
        void start() {
            up.completeOnTimeout(null, Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS);
            up.thenRun(this);
        }

        void cancel() {
            up.cancel(false);
        }

        @Override
        public void run() {
            if (next.compareAndSet(this, null)) {
                note(sleepers.wakeLate(System.nanoTime()));
            }
        }
    }
}
