package dev.howdah.pump;

import dev.howdah.error.Delivery;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives and ends the leases of one connection. Safe for several threads. */
public final class Leases {

    private final BlockingPump pump;
    private final Turn turn;

    Leases(BlockingPump pump, Turn turn) {
        this.pump = pump;
        this.turn = turn;
    }

    /** Makes a lease valid, when the turn comes. */
    public void grant(Lease lease, CallLimits limits) {
        pump.inTurn(limits, () -> turn.lease(lease));
    }

    /** Makes a lease valid when the turn comes, within that of the thread's transaction if it has one. */
    public void grantWithin(Lease lease, CallLimits limits) {
        pump.inTurn(limits, () -> turn.leaseWithin(lease));
    }

    /** Makes a lease valid when the turn comes, unless the thread has one already; returns whether it did. */
    public boolean grantUnlessMine(Lease lease, CallLimits limits) {
        boolean[] granted = {false};
        pump.inTurn(limits, () -> {
            if (!turn.isLeased()) {
                turn.lease(lease);
                granted[0] = true;
            }
        });
        return granted[0];
    }

    /** Returns the lease of the transaction that the current thread works for, or null. */
    public @Nullable Lease ofCurrentThread() {
        return turn.leaseOfCurrentThread();
    }

    /** Returns whether a lease has not ended. */
    public boolean isValid(Lease lease) {
        return turn.isValid(lease);
    }

    /** Ends a lease. */
    public void end(Lease lease) {
        pump.inTurn(CallLimits.CLEANUP.under(lease), () -> turn.endLease(lease));
    }

    /** Puts one lease in the place of another. */
    public void exchange(Lease ended, Lease begun) {
        pump.inTurn(CallLimits.CLEANUP.under(ended), () -> {
            turn.endLease(ended);
            turn.lease(begun);
        });
    }

    /**
     * Runs something while nobody else uses the connection, whoever has leased it: the lease ends. An interrupt is kept
     * for later while waiting for the turn.
     *
     * @param action gets what the lease was for, or null if there was none
     */
    public void takeOver(CallLimits limits, Consumer<Lease.@Nullable Kind> action) {
        pump.requireIdle();
        Call call = new Call(limits);
        try {
            if (!turn.acquireIgnoringLease(call.deadline())) {
                throw call.timedOut(Delivery.NOT_SENT, null);
            }
            try {
                Lease.Kind broken = turn.leasedFor();
                turn.endAnyLease();
                action.accept(broken);
            } finally {
                pump.release();
            }
        } finally {
            call.restoreInterrupt();
        }
    }
}
