package dev.howdah.testkit;

import java.time.Duration;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test moves it, in nanoseconds like {@link System#nanoTime()}. It starts one second before such a
 * clock overflows, so that comparisons which forget that are found out. Safe for several threads.
 */
public final class TestClock implements LongSupplier {

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Scheduled> waiting;
    private long now;
    private long scheduled;

    /** A clock that overflows after a second. */
    public TestClock() {
        this(Long.MAX_VALUE - Duration.ofSeconds(1).toNanos());
    }

    /**
     * A clock that starts anywhere.
     *
     * @param start in nanoseconds
     */
    public TestClock(long start) {
        now = start;
        // Differences, not values: the clock may overflow.
        waiting = new PriorityQueue<>(Comparator.<Scheduled>comparingLong(task -> task.deadline - start)
                .thenComparingLong(task -> task.number));
    }

    /** A task that waits for its time. */
    public final class Scheduled {
        private final long deadline;
        private final long number;
        private final Runnable task;

        private Scheduled(long deadline, long number, Runnable task) {
            this.deadline = deadline;
            this.number = number;
            this.task = task;
        }

        /** The clock's time at which it runs, in nanoseconds. */
        public long deadline() {
            return deadline;
        }

        /** Has it not run. Returns false when it already did, or was cancelled before. */
        public boolean cancel() {
            lock.lock();
            try {
                return waiting.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }

    /** The time now, in nanoseconds. */
    @Override
    public long getAsLong() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    /** Has a task run, on the thread that moves the clock, when this much time is over. */
    public Scheduled schedule(Duration delay, Runnable task) {
        lock.lock();
        try {
            Scheduled one = new Scheduled(now + delay.toNanos(), scheduled++, task);
            waiting.add(one);
            return one;
        } finally {
            lock.unlock();
        }
    }

    /** When the next task is due, if any waits. In nanoseconds. */
    public OptionalLong nextDeadline() {
        lock.lock();
        try {
            Scheduled next = waiting.peek();
            return next == null ? OptionalLong.empty() : OptionalLong.of(next.deadline);
        } finally {
            lock.unlock();
        }
    }

    /** How many tasks wait. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves the clock on. Tasks that become due run in the order of their time, each at its time; those that they schedule run too if
     * they become due. What a task throws comes out of here, with the clock at that task's time.
     */
    public void advance(Duration time) {
        long end = getAsLong() + time.toNanos();
        while (true) {
            Scheduled due = takeDue(end);
            if (due == null) {
                return;
            }
            due.task.run();
        }
    }

    private @Nullable Scheduled takeDue(long end) {
        lock.lock();
        try {
            Scheduled next = waiting.peek();
            if (next == null || next.deadline - end > 0) {
                now = end;
                return null;
            }
            waiting.remove();
            now = next.deadline;
            return next;
        } finally {
            lock.unlock();
        }
    }
}
