package dev.howdah;

import java.time.Duration;

/**
 * When to ask a server for a sign of life, and when to give it up. Times are those of a clock in nanoseconds that may
 * overflow. One thread asks; {@link #answered()} may be called by any.
 */
final class ProbeTimer {

    private final long interval;
    private final long timeout;
    private long sent;
    private long heard;
    private volatile boolean outstanding;

    /**
     * Begins: something has just been heard.
     *
     * @param interval the time from one probe to the next
     * @param timeout how long a probe may be without any answer
     */
    ProbeTimer(Duration interval, Duration timeout, long now) {
        this.interval = interval.toNanos();
        this.timeout = timeout.toNanos();
        this.sent = now;
        this.heard = now;
    }

    /** Whether to send a probe now. */
    boolean isDue(long now) {
        return !outstanding && now - sent >= interval;
    }

    /** A probe is being sent. */
    void sent(long now) {
        sent = now;
        outstanding = true;
    }

    /** The server has said something else: it lives, the answer stands in line behind that. */
    void heard(long now) {
        heard = now;
    }

    /** The probe was answered. */
    void answered() {
        outstanding = false;
    }

    /** Whether nothing at all has come for too long after a probe. */
    boolean isDead(long now) {
        return outstanding && now - lastSign() >= timeout;
    }

    /** Returns after how many nanoseconds to ask again; at least 1. */
    long nanosToWait(long now) {
        long toProbe = sent + interval - now;
        long toDeath = lastSign() + timeout - now;
        if (!outstanding) {
            return Math.max(1, toProbe);
        }
        return Math.max(1, toProbe > 0 ? Math.min(toProbe, toDeath) : toDeath);
    }

    private long lastSign() {
        return heard - sent > 0 ? heard : sent;
    }
}
