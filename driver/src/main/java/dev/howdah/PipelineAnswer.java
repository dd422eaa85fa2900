package dev.howdah;

import dev.howdah.session.PipelineEntry;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answer to something queued in a {@link Pipeline}, which may not have come yet. Used as the pipeline is, by one thread
 * at a time; once it {@linkplain #isDone() is done}, by any.
 *
 * @param <T> what it yields
 */
public final class PipelineAnswer<T extends @Nullable Object> {

    private final Pipelining pipeline;
    private final PipelineEntry entry;
    private final Function<PipelineEntry, T> value;

    PipelineAnswer(Pipelining pipeline, PipelineEntry entry, Function<PipelineEntry, T> value) {
        this.pipeline = pipeline;
        this.entry = entry;
        this.value = value;
    }

    /**
     * Returns the answer. If it has not come yet, what is queued is sent and this waits for it, for no longer than the
     * connection's query timeout; no sync is needed for that, but until the next one what was run is not made to last. May
     * be called again.
     *
     * @throws dev.howdah.error.ServerException if the server refused it
     * @throws dev.howdah.error.PipelineAbortedException if it was skipped because something before it in the same sync
     *     failed, which is the cause
     * @throws dev.howdah.error.ConversionException if a value could not be encoded; it was not sent
     * @throws IllegalArgumentException if the count of parameters is not what the statement takes; it was not sent
     * @throws dev.howdah.error.QueryTimeoutException if the time was up: what ran then was cancelled. If that was something
     *     before it, its delivery is {@link dev.howdah.error.Delivery#UNKNOWN} and this may be called again
     * @throws dev.howdah.error.InterruptedWaitException likewise, if the thread was interrupted
     */
    public T get() {
        return pipeline.get(entry, null, value);
    }

    /**
     * Returns the answer; see {@link #get()}.
     *
     * @param timeout how long to wait, more than zero
     */
    public T get(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        return pipeline.get(entry, timeout, value);
    }

    /** Returns whether it has come, or never will, so that {@link #get()} does not wait. Reads nothing. */
    public boolean isDone() {
        return entry.isDone();
    }

    /** Returns what is known of it now. Reads nothing. */
    public PipelineOutcome outcome() {
        return switch (entry.fate()) {
            case WAITING -> PipelineOutcome.WAITING;
            case RAN -> PipelineOutcome.RAN;
            case UNDONE -> PipelineOutcome.UNDONE;
            case REFUSED -> PipelineOutcome.REFUSED;
            case ABORTED -> PipelineOutcome.ABORTED;
            case NOT_SENT -> PipelineOutcome.NOT_SENT;
            case UNKNOWN -> PipelineOutcome.UNKNOWN;
        };
    }

    /** Returns what is known of it; no value. */
    @Override
    public String toString() {
        return "PipelineAnswer[" + outcome() + "]";
    }
}
