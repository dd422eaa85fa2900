package dev.howdah.pump;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What limits one call.
 *
 * @param timeout how long it may take in all, waiting for its turn included, or null for no limit
 * @param interrupts what an interrupt means to it
 * @param lease the lease under which it runs, or null
 */
public record CallLimits(
        @Nullable Duration timeout,
        Interrupts interrupts,
        @Nullable Lease lease) {

    /** No limit. */
    public static final CallLimits NONE = new CallLimits(null, Interrupts.CANCEL, null);

    /** For what cleans up: no interrupt, no limit. */
    public static final CallLimits CLEANUP = new CallLimits(null, Interrupts.DEFER, null);

    /** Returns limits with a timeout only. */
    public static CallLimits within(@Nullable Duration timeout) {
        return timeout == null ? NONE : new CallLimits(timeout, Interrupts.CANCEL, null);
    }

    /** Returns the same limits under a lease. */
    public CallLimits under(@Nullable Lease lease) {
        return new CallLimits(timeout, interrupts, lease);
    }

    /** Returns when the time is up, as {@link System#nanoTime()}, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        return timeout == null ? Long.MAX_VALUE : System.nanoTime() + saturatedNanos(timeout);
    }

    static long saturatedNanos(Duration duration) {
        return duration.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE / 4 : duration.toNanos();
    }
}
