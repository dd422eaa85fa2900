package dev.howdah;

import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.message.TransactionStatus;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.Conversation;
import dev.howdah.session.Exchange;
import dev.howdah.session.PipelineEntry;
import dev.howdah.session.PipelineQueue;
import dev.howdah.session.SimpleQuery;
import org.jspecify.annotations.Nullable;

/** Runs a pipeline on until something is reached. With autocommit off, a transaction is begun if there is none. */
final class PipelineTrip implements Conversation<Boolean> {

    private final Core core;
    private final PipelineQueue queue;
    private final PipelineQueue.Goal goal;
    private final @Nullable PipelineEntry awaited;
    private final CallLimits limits;
    private boolean started;
    private @Nullable SimpleQuery begin;
    private QueryLog.@Nullable Watch watch;
    private String beginSql = "";

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
        this.limits = limits;
    }

    @Override
    public @Nullable Exchange<?> next() {
        if (!started) {
            started = true;
            queue.pursue(goal, awaited);
        }
        if (begin != null) {
            begin.result();
            begin = null;
            if (watch != null) {
                watch.stop();
            }
        }
        if (queue.isReached()) {
            return null;
        }
        if (needsTransaction()) {
            beginSql = core.traits().mode().beginSql();
            watch = core.log().watch();
            SimpleQuery begun = core.simple(beginSql);
            begin = begun;
            return begun;
        }
        return queue.flight();
    }

    private boolean needsTransaction() {
        return !core.autocommit()
                && !queue.isFlying()
                && queue.hasWork()
                && core.session().transactionStatus() == TransactionStatus.IDLE;
    }

    /** Tells of the BEGIN, if there was one; if it did not succeed, what failed was that. */
    void tell(@Nullable Throwable failure) {
        if (watch != null) {
            watch.tell(Kind.TRANSACTION, beginSql, limits.timeout(), begin == null ? null : failure);
        }
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
