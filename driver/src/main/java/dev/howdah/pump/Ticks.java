package dev.howdah.pump;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a loop does at times that each names itself: it need not be waked for them, as a timer of its own would be, once to be set and once
 * more when it is up. For one thread, the loop's.
 */
final class Ticks {

    private static final Logger LOG = System.getLogger(Ticks.class.getName());

    /** What is due within that is done with what is due now; in nanoseconds. A selector counts in milliseconds. */
    static final long SOON = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final LongSupplier clock;
    private final PriorityQueue<Due> dues = new PriorityQueue<>(Comparator.comparingLong(Due::at));

    /** Something that is done again and again. */
    interface Ticker {

        /** What {@link #tick} returns if it is not to be called again. */
        long OVER = -1;

        /**
         * Does what is due; must not block.
         *
         * @return after how many nanoseconds it is due again, or {@link #OVER}
         */
        long tick();
    }

    /** A ticker, and when it is due by the clock, in nanoseconds. */
    private record Due(Ticker ticker, long at) {}

    /**
     * Makes one.
     *
     * @param clock tells nanoseconds since some time; never negative, and does not overflow
     */
    Ticks(LongSupplier clock) {
        this.clock = clock;
    }

    /** Has {@code ticker} called so many nanoseconds later, and for as long as it wants. */
    void begin(Ticker ticker, long nanos) {
        dues.add(new Due(ticker, clock.getAsLong() + nanos));
    }

    /** Returns whether nothing will be due. */
    boolean isEmpty() {
        return dues.isEmpty();
    }

    /** Does what is due. */
    void run() {
        Due first = dues.peek();
        if (first == null) {
            return;
        }
        long now = clock.getAsLong();
        while (first != null && first.at - now < SOON) {
            dues.remove();
            long pause = tick(first.ticker);
            if (pause >= 0) {
                dues.add(new Due(first.ticker, now + Math.max(pause, MILLI)));
            }
            first = dues.peek();
        }
    }

    private static long tick(Ticker ticker) {
        try {
            return ticker.tick();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "what the loop does now and then failed; the loop goes on without it", e);
            return Ticker.OVER;
        }
    }

    /** Returns for how many milliseconds nothing will be due, at least 1; 0 if nothing ever will. */
    long millis() {
        Due first = dues.peek();
        return first == null ? 0 : Math.max(1, (first.at - clock.getAsLong() + SOON) / MILLI);
    }
}
