package dev.howdah.pump;

import java.time.Duration;
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

    /**
     * So long the user's code may keep the reader from reading, in nanoseconds. It is looked at after each pause, of which the longest is 8
     * milliseconds: so it is noticed 16 milliseconds after it began at the latest.
     */
    static final long LONG = Duration.ofMillis(6).toNanos();

    /** Behind so many bytes that have been read at once there is more, probably. */
    static final int PIECE = 32 * 1024;

    private final Work work;
    private final LongSupplier clock;
    /** Of the loop's thread, and while there is a {@link #shift} of its thread. */
    private final Bulk bulk;

    private final AtomicReference<@Nullable Shift> shift = new AtomicReference<>();

    /** What there is to do. */
    interface Work {

        /**
         * Takes what has come, or a piece of it that is longer than {@link #PIECE}, and returns how many bytes that was, or -1 if somebody else
         * was at it.
         */
        long hear();

        /** Hands on what has been heard; may take long. */
        void handOn();

        /** Has the loop watch again, and does what has become due meanwhile. */
        void over();

        /** Has the loop watch again; on the loop's thread. */
        void relieved();

        /** Has {@code ticker} called by the loop so many nanoseconds later, and for as long as it wants; on the loop's thread. */
        void tick(Ticks.Ticker ticker, long nanos);
    }

    /**
     * Makes one.
     *
     * @param bulk finds out when it is worth it
     * @param clock tells nanoseconds
     */
    BulkReader(Work work, Bulk bulk, LongSupplier clock) {
        this.work = work;
        this.bulk = bulk;
        this.clock = clock;
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
            Shift next = new Shift(bulk.pause());
            shift.set(next);
            work.tick(next, bulk.pause());
        }
    }

    /**
     * One thread's reading, to the end of the bulk or until it has been kept from it for too long. The loop wakes it after each pause: it has
     * nothing else to do then, and a virtual thread that wakes by itself takes a timer's thread, which is waked to be set and once more when
     * it is up.
     */
    private final class Shift implements Ticks.Ticker {

        /** Of {@link #steps} when another is to read. */
        private static final int RELIEVED = -1;

        private final Thread thread = Thread.ofVirtual().name("howdah-events").unstarted(this::read);
        /** In nanoseconds. */
        private volatile long pause;
        /** A pause is over. */
        private volatile boolean due;
        /** Counts up when the user's code begins and when it ends: odd while it runs. */
        private final AtomicInteger steps = new AtomicInteger();
        /** What that was at the last tick, and since when; of the loop. */
        private int step = RELIEVED;

        private long since;
        /** Of the loop. */
        private boolean started;

        Shift(long pause) {
            this.pause = pause;
        }

        @Override
        public long tick() {
            if (shift.get() != this) {
                return OVER;
            }
            if (isKept()) {
                if (shift.compareAndSet(this, null)) {
                    work.relieved();
                }
                return OVER;
            }
            due = true;
            if (started) {
                LockSupport.unpark(thread);
            } else {
                started = true;
                thread.start();
            }
            return pause;
        }

        /** Relieves the thread if the user's code has kept it for long, and returns whether it has. */
        private boolean isKept() {
            int now = steps.get();
            if (now != step) {
                step = now;
                since = clock.getAsLong();
                return false;
            }
            return (now & 1) == 1 && clock.getAsLong() - since >= LONG && steps.compareAndSet(now, RELIEVED);
        }

        private void read() {
            try {
                boolean on = true;
                while (on && bulk.isOn()) {
                    pause = bulk.pause();
                    awaitTick();
                    on = readAll();
                }
            } finally {
                if (shift.compareAndSet(this, null)) {
                    work.over();
                }
            }
        }

        /**
         * Reads what has come and hands on each piece while the processor has it at hand; returns whether this one is still to read.
         */
        private boolean readAll() {
            long total = 0;
            while (true) {
                long count = 0;
                boolean on;
                try {
                    count = work.hear();
                } finally {
                    on = handOn();
                }
                total += count;
                if (!on) {
                    return false;
                }
                if (count < PIECE) {
                    bulk.came(total);
                    return true;
                }
            }
        }

        private void awaitTick() {
            while (!due) {
                LockSupport.park(this);
                // What somebody else's interrupt leaves behind would end the pauses.
                Thread.interrupted();
            }
            due = false;
        }

        /** Returns whether this one is still to read. */
        private boolean handOn() {
            int before = steps.incrementAndGet();
            work.handOn();
            // So would what the user's code leaves behind.
            Thread.interrupted();
            return steps.compareAndSet(before, before + 1);
        }
    }
}
