package dev.howdah.pump;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.PipelineAbortedException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One call on a connection: how long it may take, whether it is being cancelled and why. Of one thread. */
final class Call {

    private final CallLimits limits;
    private long deadline;
    private long pause;
    private long askAgain;
    private Reason reason = Reason.NONE;
    private Reason stopped = Reason.NONE;
    private boolean wasInterrupted;
    private @Nullable HookFailedException hookFailure;
    private boolean abandoned;

    /** Why a statement is being cancelled. */
    enum Reason {
        NONE,
        TIMEOUT,
        INTERRUPT,
        /** Another thread asked for it. */
        REQUEST,
        /** What was to wait for the server failed. */
        HOOK
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

    /** Notes an interrupt of the current thread, if there is one, and clears it. */
    void takeInterrupt() {
        wasInterrupted |= Thread.interrupted();
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
        asked();
    }

    /** Notes that the server has been asked to cancel: a request that comes too early is lost, so it is asked again later. */
    void asked() {
        pause = pause == 0 ? Canceller.FIRST_PAUSE : Math.min(2 * pause, Canceller.LAST_PAUSE);
        askAgain = System.nanoTime() + pause;
    }

    /** Returns until when to wait before something is done: the time is up, or the server is to be asked to cancel again. */
    long wakeUp() {
        return isCancelling() && askAgain - deadline < 0 ? askAgain : deadline;
    }

    /** Notes that the exchange ends because of that, whether or not the server hears of a cancel request. */
    void stopped(Reason why) {
        stopped = why;
    }

    private void checkStopped() {
        switch (stopped) {
            case NONE, HOOK -> {}
            case TIMEOUT -> throw timedOut(Delivery.REFUSED, null);
            case INTERRUPT -> throw new InterruptedWaitException(Delivery.REFUSED, null);
            case REQUEST ->
                throw cancelled("the operation was cancelled while the server waited for more of it", Delivery.REFUSED);
        }
    }

    /** Returns what is thrown for a cancel request that the server did not have to obey. */
    ServerException cancelled(String message, Delivery delivery) {
        return ServerException.inPlace(SqlState.QUERY_CANCELED, message, delivery);
    }

    /** Returns what is thrown when it is cancelled between two steps, of which the second has not begun. */
    PgException betweenSteps() {
        return isCancelling()
                ? gaveUp(Delivery.REFUSED)
                : cancelled("the operation was cancelled between two of its steps", Delivery.REFUSED);
    }

    /** Returns whether what was to wait has failed. */
    boolean hookHasFailed() {
        return hookFailure != null;
    }

    /** Notes that what was to wait has failed; returns whether the statement is to be cancelled for that. */
    boolean hookFailed(HookFailedException failure) {
        hookFailure = failure;
        return limits.interrupts() == Interrupts.CANCEL && !isCancelling();
    }

    /** Throws what the failure of an exchange means to the caller, if it failed because it was cancelled. */
    void check(@Nullable PgException failure) {
        if (hookFailure != null) {
            throw hookFailure.rethrow();
        }
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

    /** Notes that it ends while its request is under way. */
    void abandoned() {
        abandoned = true;
    }

    /** Returns whether it ended while its request is under way: that still shares the turn. */
    boolean hasAbandoned() {
        return abandoned;
    }

    /** Returns what is thrown when its thread does not wait for the end of what was cancelled. */
    PgException gaveUp(Delivery delivery) {
        return reason == Reason.TIMEOUT ? timedOut(delivery, null) : new InterruptedWaitException(delivery, null);
    }

    void restoreInterrupt() {
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
