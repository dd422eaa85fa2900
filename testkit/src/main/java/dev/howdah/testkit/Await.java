package dev.howdah.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a condition, bounded. For conditions that nobody announces: prefer a latch or a future where there is one. */
public final class Await {

    private static final long FIRST_PAUSE_NANOS = 200_000;
    private static final long LONGEST_PAUSE_NANOS = 20_000_000;

    private Await() {}

    /**
     * Returns as soon as the condition holds.
     *
     * @param limit how long to wait at most
     * @param condition asked again and again, by the calling thread
     * @throws AssertionError when it did not hold in time, or the thread was interrupted (which it then still is)
     */
    public static void until(Duration limit, BooleanSupplier condition) {
        until("a condition", limit, condition);
    }

    /**
     * Returns as soon as the condition holds.
     *
     * @param what names the condition in the error, as in "the standby has replayed"
     * @param limit how long to wait at most
     * @param condition asked again and again, by the calling thread
     * @throws AssertionError when it did not hold in time, or the thread was interrupted (which it then still is)
     */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        if (!holds(limit, condition)) {
            throw new AssertionError("waited " + limit.toMillis() + " ms in vain: " + what);
        }
    }

    /** Like {@link #until(Duration, BooleanSupplier)}, but says false where that throws. */
    public static boolean holds(Duration limit, BooleanSupplier condition) {
        long start = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                return condition.getAsBoolean();
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
        }
        return true;
    }
}
