package dev.howdah.pump;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Reads in place of the loop while the server says much unasked, and lets it gather in between. */
final class BulkReader {

    private final LongSupplier hear;
    private final Runnable over;
    /** Of the loop's thread, and while {@link #reading} of the one that reads. */
    private final Bulk bulk;

    private volatile boolean reading;

    /**
     * Makes one.
     *
     * @param hear takes what has come and returns how many bytes that was, or -1 if somebody else was at it
     * @param over is run when the loop is to watch again
     */
    BulkReader(LongSupplier hear, Runnable over) {
        this(hear, over, System::nanoTime);
    }

    /**
     * Likewise.
     *
     * @param clock tells nanoseconds
     */
    BulkReader(LongSupplier hear, Runnable over, LongSupplier clock) {
        this.hear = hear;
        this.over = over;
        this.bulk = new Bulk(clock);
    }

    /** Returns whether it reads, so that nobody else needs to. */
    boolean isReading() {
        return reading;
    }

    /** Notes what the loop has read, and begins to read if it is part of much. On the loop's thread. */
    void came(long count) {
        if (reading) {
            return;
        }
        bulk.came(count);
        if (bulk.isOn()) {
            reading = true;
            Thread.ofVirtual().name("howdah-reader").start(this::read);
        }
    }

    private void read() {
        try {
            while (bulk.isOn()) {
                LockSupport.parkNanos(this, bulk.pause());
                bulk.came(hear.getAsLong());
            }
        } finally {
            reading = false;
            over.run();
        }
    }
}
