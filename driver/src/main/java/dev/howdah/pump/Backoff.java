package dev.howdah.pump;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try to connect: a random time below a limit that doubles with each try, so that many
 * clients of one server do not come back all at once. For one thread.
 */
public final class Backoff {

    private static final int MAX_DOUBLINGS = 40;

    private final Duration first;
    private final Duration longest;
    private final DoubleSupplier random;
    private int step;

    /**
     * Begins.
     *
     * @param first the limit of the first pause
     * @param longest the limit that is never passed
     * @param random gives numbers from 0 to below 1
     */
    public Backoff(Duration first, Duration longest, DoubleSupplier random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** A try has failed. Returns how long to wait before the next. */
    public Duration failed() {
        step++;
        return pause(limit(step));
    }

    /**
     * A connection was lost. Returns how long to wait before the first try: not at all, and all begins anew, if it had lived
     * longer than a pause could be now; else a server that takes connections only to end them would be asked without rest.
     */
    public Duration lost(Duration lived) {
        if (lived.compareTo(limit(step + 1)) >= 0) {
            step = 0;
            return Duration.ZERO;
        }
        return failed();
    }

    private Duration pause(Duration limit) {
        return Duration.ofNanos((long) (limit.toNanos() * random.getAsDouble()));
    }

    private Duration limit(int step) {
        int doublings = Math.min(step - 1, MAX_DOUBLINGS);
        // Compared before it is multiplied: the product could be more than a Duration holds in nanoseconds.
        if (longest.dividedBy(1L << doublings).compareTo(first) <= 0) {
            return longest;
        }
        return first.multipliedBy(1L << doublings);
    }
}
