package dev.howdah.pump;

import dev.howdah.error.PgException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether and when to connect again, for what goes on over one connection after the other until it is closed. Closing is for any
 * thread, the rest for the one that connects.
 */
public final class Retries {

    private static final Logger LOG = System.getLogger(Retries.class.getName());

    private final Backoff backoff;
    private final @Nullable Duration giveUpAfter;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final LongSupplier clock;
    private long since;

    /**
     * Begins.
     *
     * @param firstPause the limit of the first pause
     * @param longestPause the limit that is never passed
     * @param giveUpAfter for how long to try without success; null for ever
     */
    public Retries(Duration firstPause, Duration longestPause, @Nullable Duration giveUpAfter) {
        this(
                new Backoff(
                        firstPause,
                        longestPause,
                        () -> ThreadLocalRandom.current().nextDouble()),
                giveUpAfter,
                System::nanoTime);
    }

    Retries(Backoff backoff, @Nullable Duration giveUpAfter, LongSupplier clock) {
        this.backoff = backoff;
        this.giveUpAfter = giveUpAfter;
        this.clock = clock;
        this.since = clock.getAsLong();
    }

    /** Returns whether it has not been closed. */
    public boolean isOpen() {
        return closing.getCount() > 0;
    }

    /** Has it connect no more, and whoever pauses go on. */
    public void close() {
        closing.countDown();
    }

    /**
     * A connection was lost, or could not be made.
     *
     * @param begun when it was tried, as {@link System#nanoTime()}
     * @param succeeded whether it did what it was for
     * @return how long to wait before the next try; null if there is to be none
     */
    public @Nullable Duration next(PgException why, long begun, boolean succeeded) {
        long now = clock.getAsLong();
        if (succeeded) {
            since = now;
        }
        if (!PassingFailures.isPassing(why)
                || giveUpAfter != null && now - since > CallLimits.saturatedNanos(giveUpAfter)) {
            return null;
        }
        return succeeded ? backoff.lost(Duration.ofNanos(now - begun)) : backoff.failed();
    }

    /** Waits, but not when it is closed. An interrupt ends the wait. */
    public void pause(Duration pause) {
        try {
            if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.log(Level.TRACE, "closed in a pause before connecting again");
            }
        } catch (InterruptedException e) {
            LOG.log(Level.TRACE, "interrupted in a pause before connecting again", e);
        }
    }
}
