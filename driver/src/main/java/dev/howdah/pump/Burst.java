package dev.howdah.pump;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Lets what is received gather when it comes piece by piece without a pause: to be woken for each costs both sides more than a small piece
 * does. Who waits for one now and then never waits longer. Used by the thread that reads.
 */
public final class Burst {

    /** How long a wait for the next piece of a burst takes at most. */
    static final long SHORT = TimeUnit.MICROSECONDS.toNanos(100);
    /** So many such waits in a row are a burst. */
    static final int STREAK = 32;
    /** For how long to let pieces gather; a system may make twice that of it. */
    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(50);

    private final LongSupplier clock;
    private final LongConsumer pause;
    private int streak;
    private boolean gathered;
    private long began;

    /** Makes one of the system's clock. */
    public Burst() {
        this(System::nanoTime, LockSupport::parkNanos);
    }

    /**
     * Makes one.
     *
     * @param clock tells nanoseconds
     * @param pause lets so many nanoseconds pass, about
     */
    Burst(LongSupplier clock, LongConsumer pause) {
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Called before a wait: lets some pieces gather in a burst.
     *
     * @param mayPark whether the thread may be parked for that
     */
    public void beforeWait(boolean mayPark) {
        gathered = mayPark && streak >= STREAK;
        if (gathered) {
            pause.accept(PAUSE);
        }
        began = clock.getAsLong();
    }

    /**
     * Called after it.
     *
     * @param pieces how many have come
     */
    public void afterWait(int pieces) {
        boolean goesOn = gathered ? pieces > 1 : pieces > 0 && clock.getAsLong() - began < SHORT;
        streak = goesOn ? Math.min(streak + 1, STREAK) : 0;
    }
}
