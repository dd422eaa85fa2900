package dev.howdah.pump;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One call on a connection: how long it may take, whether it is being cancelled and why. Of one thread. */
final class Call {

    private final CallLimits limits;
    private long deadline;
    private Reason reason = Reason.NONE;
    private boolean wasInterrupted;

    /** Why a statement is being cancelled. */
    enum Reason {
        NONE,
        TIMEOUT,
        INTERRUPT
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
        return limits.interrupts() == Interrupts.CANCEL && reason == Reason.NONE;
    }

    boolean isCancelling() {
        return reason != Reason.NONE;
    }

    void cancelling(Reason why, long until) {
        reason = why;
        deadline = until;
    }

    /** Throws what the failure of an exchange means to the caller, if it failed because it was cancelled. */
    void check(@Nullable PgException failure) {
        if (failure == null || reason == Reason.NONE) {
            return;
        }
        boolean obeyed = failure instanceof QueryCanceledException;
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
