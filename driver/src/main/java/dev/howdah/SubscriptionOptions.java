package dev.howdah;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Subscription} reconnects, how soon it notices that the server is gone, and how much it keeps for slow
 * listeners. Immutable; each {@code with...} method returns a changed copy.
 *
 * {@snippet :
 * SubscriptionOptions options = SubscriptionOptions.DEFAULT
 *         .withPauses(Duration.ofMillis(50), Duration.ofSeconds(5))
 *         .withProbes(Duration.ofSeconds(3), Duration.ofSeconds(2));
 * }
 */
public final class SubscriptionOptions {

    /**
     * Reconnects for ever, at once first, then after random pauses below 100 ms, 200 ms and so on up to 30 s; a probe every 10 s
     * that has 5 s for its answer; 100,000 notifications wait for listeners; the first connect fails at once; callbacks run on
     * virtual threads.
     */
    public static final SubscriptionOptions DEFAULT = new SubscriptionOptions(new Values(
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            null,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            100_000,
            false,
            null));

    private final Values values;

    private SubscriptionOptions(Values values) {
        this.values = values;
    }

    private record Values(
            Duration firstPause,
            Duration longestPause,
            @Nullable Duration giveUpAfter,
            Duration probeInterval,
            Duration probeTimeout,
            int queueCapacity,
            boolean connectInBackground,
            @Nullable Executor executor) {}

    /**
     * Sets the pauses between tries to connect. The first try is made at once; before each further one a random time
     * passes, below a limit that begins with {@code first} and doubles up to {@code longest}.
     *
     * @throws IllegalArgumentException unless 0 &lt; first &le; longest &le; 1 day
     */
    public SubscriptionOptions withPauses(Duration first, Duration longest) {
        positive("the first pause", first);
        positive("the longest pause", longest);
        if (first.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "the first pause, " + first + ", is longer than the longest, " + longest);
        }
        return new SubscriptionOptions(new Values(
                first,
                longest,
                values.giveUpAfter,
                values.probeInterval,
                values.probeTimeout,
                values.queueCapacity,
                values.connectInBackground,
                values.executor));
    }

    /**
     * Sets for how long to try to connect again; when so much time has passed without a connection, {@link
     * SubscriptionListener#onGivenUp} is called and the subscription ends.
     *
     * @param time null for ever; else more than 0
     */
    public SubscriptionOptions withGiveUpAfter(@Nullable Duration time) {
        if (time != null && (time.isNegative() || time.isZero())) {
            throw new IllegalArgumentException("the time to give up after is more than 0, not " + time);
        }
        return new SubscriptionOptions(new Values(
                values.firstPause,
                values.longestPause,
                time,
                values.probeInterval,
                values.probeTimeout,
                values.queueCapacity,
                values.connectInBackground,
                values.executor));
    }

    /**
     * Sets how soon a server is missed that says nothing any more, not even that it goes: at the latest {@code interval}
     * and {@code timeout} after the last sign of life. A probe is an empty query.
     *
     * @param interval the time from one probe to the next
     * @param timeout how long a probe, or a LISTEN after a connect, may go without an answer
     * @throws IllegalArgumentException unless both are more than 0 and at most 1 day
     */
    public SubscriptionOptions withProbes(Duration interval, Duration timeout) {
        positive("the interval of probes", interval);
        positive("the timeout of a probe", timeout);
        return new SubscriptionOptions(new Values(
                values.firstPause,
                values.longestPause,
                values.giveUpAfter,
                interval,
                timeout,
                values.queueCapacity,
                values.connectInBackground,
                values.executor));
    }

    /**
     * Sets how many notifications may wait for listeners; in all they take 64 MiB at most. Those that come when so many wait are dropped and counted, and
     * {@link SubscriptionListener#onOverflow} is called in their place.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public SubscriptionOptions withQueueCapacity(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("the queue takes at least 1 notification, not " + capacity);
        }
        return new SubscriptionOptions(new Values(
                values.firstPause,
                values.longestPause,
                values.giveUpAfter,
                values.probeInterval,
                values.probeTimeout,
                capacity,
                values.connectInBackground,
                values.executor));
    }

    /**
     * Sets whether the first connect is retried as later ones are, while {@code subscribe} returns at once. If not,
     * {@code subscribe} connects and throws if that fails.
     */
    public SubscriptionOptions withConnectInBackground(boolean inBackground) {
        return new SubscriptionOptions(new Values(
                values.firstPause,
                values.longestPause,
                values.giveUpAfter,
                values.probeInterval,
                values.probeTimeout,
                values.queueCapacity,
                inBackground,
                values.executor));
    }

    /**
     * Sets what runs the callbacks. It is given one task at a time, each runs a few callbacks. If it refuses one, a virtual
     * thread runs that.
     *
     * @param executor null for virtual threads
     */
    public SubscriptionOptions withExecutor(@Nullable Executor executor) {
        return new SubscriptionOptions(new Values(
                values.firstPause,
                values.longestPause,
                values.giveUpAfter,
                values.probeInterval,
                values.probeTimeout,
                values.queueCapacity,
                values.connectInBackground,
                executor));
    }

    private static void positive(String what, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(what + " is more than 0 and at most 1 day, not " + value);
        }
    }

    /** Returns the limit of the first pause. */
    public Duration firstPause() {
        return values.firstPause;
    }

    /** Returns the limit of the longest pause. */
    public Duration longestPause() {
        return values.longestPause;
    }

    /** Returns for how long to try to connect again; null for ever. */
    public @Nullable Duration giveUpAfter() {
        return values.giveUpAfter;
    }

    /** Returns the time from one probe to the next. */
    public Duration probeInterval() {
        return values.probeInterval;
    }

    /** Returns how long a probe may go without an answer. */
    public Duration probeTimeout() {
        return values.probeTimeout;
    }

    /** Returns how many notifications may wait for listeners. */
    public int queueCapacity() {
        return values.queueCapacity;
    }

    /** Returns whether the first connect is retried in the background. */
    public boolean connectInBackground() {
        return values.connectInBackground;
    }

    /** Returns what runs the callbacks; null for virtual threads. */
    public @Nullable Executor executor() {
        return values.executor;
    }
}
