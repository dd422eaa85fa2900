package dev.howdah.pump;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads in place of the loop while the server says much unasked, and lets it gather in between. Its thread also hands on what it has read,
 * to code of the user's: another thread for that would have to be woken each time, and to fetch from the memory of this one's processor
 * what this one still has at hand. If the user's code takes long, the loop is to watch again meanwhile.
 */
final class BulkReader {

    /** So long the user's code may keep the reader from reading, in nanoseconds; twice as long at most until it is noticed. */
    static final long LONG = Duration.ofMillis(10).toNanos();

    private final Work work;
    private final LongSupplier clock;
    private final Executor later;
    /** Of the loop's thread, and while there is a {@link #shift} of its thread. */
    private final Bulk bulk;

    private final AtomicReference<@Nullable Shift> shift = new AtomicReference<>();

    /** What there is to do. */
    interface Work {

        /** Takes what has come and returns how many bytes that was, or -1 if somebody else was at it. */
        long hear();

        /** Hands on what has been heard; may take long. */
        void handOn();

        /** Has the loop watch again, and does what has become due meanwhile. */
        void over();

        /** Has the loop watch again, on a thread that must not block. */
        void relieved();
    }

    /** Makes one. */
    BulkReader(Work work) {
        this(work, System::nanoTime, CompletableFuture.delayedExecutor(LONG, TimeUnit.NANOSECONDS, Runnable::run));
    }

    /**
     * Likewise.
     *
     * @param clock tells nanoseconds
     * @param later runs what it is given {@link #LONG} later
     */
    BulkReader(Work work, LongSupplier clock, Executor later) {
        this.work = work;
        this.clock = clock;
        this.later = later;
        this.bulk = new Bulk(clock);
    }

    /** Returns whether it reads, so that nobody else needs to. */
    boolean isReading() {
        return shift.get() != null;
    }

    /** Notes what the loop has read, and begins to read if it is part of much. On the loop's thread. */
    void came(long count) {
        if (isReading()) {
            return;
        }
        bulk.came(count);
        if (bulk.isOn()) {
            Shift next = new Shift();
            shift.set(next);
            later.execute(next::check);
            Thread.ofVirtual().name("howdah-events").start(next::read);
        }
    }

    /** One thread's reading, to the end of the bulk or until it has been kept from it for too long. */
    private final class Shift {

        /** Of {@link #steps} when another is to read. */
        private static final int RELIEVED = -1;

        /** Counts up when the user's code begins and when it ends: odd while it runs. */
        private final AtomicInteger steps = new AtomicInteger();
        /** What that was at the last look; of who looks. */
        private int stepsBefore;

        void read() {
            boolean on = true;
            try {
                long pause = bulk.pause();
                while (on && bulk.isOn()) {
                    LockSupport.parkNanos(this, pause);
                    long before = clock.getAsLong();
                    try {
                        bulk.came(work.hear());
                    } finally {
                        on = handOn();
                    }
                    pause = on ? bulk.pause() - (clock.getAsLong() - before) : 0;
                }
            } finally {
                if (shift.compareAndSet(this, null)) {
                    work.over();
                }
            }
        }

        /** Returns whether this one is still to read. */
        private boolean handOn() {
            int step = steps.incrementAndGet();
            work.handOn();
            // What the user's code leaves behind would end the pauses.
            Thread.interrupted();
            return steps.compareAndSet(step, step + 1);
        }

        /** Relieves this one if the user's code has kept it since the last look. Must not block. */
        private void check() {
            if (shift.get() != this) {
                return;
            }
            int now = steps.get();
            if (now % 2 == 1 && now == stepsBefore && steps.compareAndSet(now, RELIEVED)) {
                if (shift.compareAndSet(this, null)) {
                    work.relieved();
                }
                return;
            }
            stepsBefore = now;
            later.execute(this::check);
        }
    }
}
