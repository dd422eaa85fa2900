package dev.howdah;

import org.jspecify.annotations.Nullable;

/**
 * What an operation that a {@link PollingConnection} has begun will give. To be used by the thread that polls.
 *
 * @param <R> what it gives
 */
public final class Polled<R> {

    private final PollingConnection connection;
    private @Nullable R result;
    private @Nullable Throwable failure;
    private boolean done;

    Polled(PollingConnection connection) {
        this.connection = connection;
    }

    void succeeded(R value) {
        result = value;
        done = true;
    }

    void failed(Throwable why) {
        failure = why;
        done = true;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Returns the connection that has to be polled for it. */
    public PollingConnection connection() {
        return connection;
    }

    /** Returns whether it has ended, well or not. */
    public boolean isDone() {
        return done;
    }

    /**
     * Returns what it gave. Sends nothing and does not wait.
     *
     * @throws IllegalStateException if it has not ended: {@link PollingConnection#poll()} goes on with it
     * @throws RuntimeException why it failed, as {@link PollingConnection#poll()} threw it
     */
    @SuppressWarnings("NullAway") // null is a result like any other where R may be null
    public R result() {
        if (!done) {
            throw new IllegalStateException("the operation has not ended: call poll() until it returns OK");
        }
        Throwable why = failure;
        if (why != null) {
            throw PollingConnection.thrown(why);
        }
        return result;
    }
}
