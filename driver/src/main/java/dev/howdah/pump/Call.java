package dev.howdah.pump;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.PipelineAbortedException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call on a connection: how long it may take, whether it is being cancelled and why. Of one thread. */
final class Call {

    private final CallLimits limits;
    private long deadline;
    private Reason reason = Reason.NONE;
    private Reason stopped = Reason.NONE;
    private boolean wasInterrupted;

    /** Why a statement is being cancelled. */
    enum Reason {
        NONE,
        TIMEOUT,
        INTERRUPT,
        /** Another thread asked for it. */
        REQUEST
    }

    Call(CallLimits limits) {
        this.limits = limits;
        this.deadline = limits.deadline();
        if (limits.interrupts() == Interrupts.DEFER) {
            wasInterrupted = Thread.interrupted();
        }
    }

    long deadline() {
        return deadline;
    }

    /** Returns whether the time is up. */
    boolean isDue() {
        return deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0;
    }

    void interrupted() {
        wasInterrupted = true;
    }

    boolean cancelsOnInterrupt() {
        return limits.interrupts() == Interrupts.CANCEL && !isCancelling();
    }

    boolean isCancelling() {
        return reason != Reason.NONE;
    }

    void cancelling(Reason why, long until) {
        reason = why;
        deadline = until;
    }

    /** Notes that the exchange ends because of that, whether or not the server hears of a cancel request. */
    void stopped(Reason why) {
        stopped = why;
    }

    private void checkStopped() {
        switch (stopped) {
            case NONE -> {}
            case TIMEOUT -> throw timedOut(Delivery.REFUSED, null);
            case INTERRUPT -> throw new InterruptedWaitException(Delivery.REFUSED, null);
            case REQUEST ->
                throw ServerException.of(
                        Diagnostics.fromFields(Map.of(
                                'S',
                                "ERROR",
                                'C',
                                SqlState.QUERY_CANCELED.code(),
                                'M',
                                "the batch was cancelled while the server waited for more of it")),
                        null,
                        Delivery.REFUSED);
        }
    }

    /** Throws what the failure of an exchange means to the caller, if it failed because it was cancelled. */
    void check(@Nullable PgException failure) {
        if (failure == null) {
            checkStopped();
            return;
        } else if (reason == Reason.NONE) {
            return;
        }
        boolean obeyed = failure instanceof QueryCanceledException
                || failure instanceof PipelineAbortedException && failure.getCause() instanceof QueryCanceledException;
        if (!obeyed && !(failure instanceof ConnectionLostException)) {
            return;
        }
        throw reason == Reason.TIMEOUT
                ? timedOut(failure.delivery(), failure)
                : new InterruptedWaitException(failure.delivery(), failure);
    }

    QueryTimeoutException timedOut(Delivery delivery, @Nullable PgException cause) {
        Duration timeout = limits.timeout();
        return new QueryTimeoutException(timeout == null ? Duration.ZERO : timeout, delivery, cause);
    }

    void restoreInterrupt() {
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
