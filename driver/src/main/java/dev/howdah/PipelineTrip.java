package dev.howdah;

import dev.howdah.pump.CallLimits;
import dev.howdah.session.Conversation;
import dev.howdah.session.Exchange;
import dev.howdah.session.PipelineEntry;
import dev.howdah.session.PipelineQueue;
import org.jspecify.annotations.Nullable;

/** Runs a pipeline on until something is reached. With autocommit off, a transaction is begun if there is none. */
final class PipelineTrip implements Conversation<Boolean> {

    private final Core core;
    private final PipelineQueue queue;
    private final PipelineQueue.Goal goal;
    private final @Nullable PipelineEntry awaited;
    private final Beginning beginning;
    private boolean started;

    PipelineTrip(
            Core core,
            PipelineQueue queue,
            PipelineQueue.Goal goal,
            @Nullable PipelineEntry awaited,
            CallLimits limits) {
        this.core = core;
        this.queue = queue;
        this.goal = goal;
        this.awaited = awaited;
        this.beginning = new Beginning(core, limits);
    }

    @Override
    public @Nullable Exchange<?> next() {
        if (!started) {
            started = true;
            queue.pursue(goal, awaited);
        }
        beginning.end();
        if (queue.isReached()) {
            return null;
        }
        return needsTransaction() ? beginning.begin() : queue.flight();
    }

    private boolean needsTransaction() {
        return !core.autocommit() && !queue.isFlying() && queue.hasWork() && beginning.isNeeded();
    }

    /** Tells of the BEGIN, if there was one. */
    void tell(@Nullable Throwable failure) {
        beginning.tell(failure);
    }

    @Override
    public void feed() {
        queue.feed();
    }

    @Override
    public Boolean result() {
        queue.pursue(PipelineQueue.Goal.NONE, null);
        return true;
    }
}
