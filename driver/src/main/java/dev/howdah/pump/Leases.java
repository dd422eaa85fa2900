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

    /** Returns who has the connection for several operations and is to be asked to end, or null. */
    public @Nullable Occupant holder() {
        Lease valid = turn.valid();
        return valid == null ? null : valid.holder();
    }

    /** Ends a lease, unless it has ended or was broken. */
    public void end(Lease lease) {
        if (turn.isValid(lease)) {
            ignoringLease(CallLimits.CLEANUP, () -> turn.endLease(lease));
        }
    }

    /**
     * Notes that the current thread begins to run code in which it uses the connection by a lease only: when that is broken, what the
     * thread runs is refused until it {@linkplain #leave leaves}.
     */
    public void enter(Lease lease) {
        turn.enter(lease);
    }

    /** Notes that the current thread has run the code for which it entered. */
    public void leave(Lease lease) {
        turn.leave(lease);
    }

    /** Puts one lease in the place of another. */
    public void exchange(Lease ended, Lease begun) {
        pump.inTurn(CallLimits.CLEANUP.under(ended), () -> {
            turn.endLease(ended);
            turn.lease(begun);
        });
    }

    /**
     * Runs something while nobody else uses the connection, whoever has leased it: the lease is broken. An interrupt is kept
     * for later while waiting for the turn.
     *
     * @param why for who uses the lease later
     * @param action gets the lease, or null if there was none
     */
    public void takeOver(String why, CallLimits limits, Consumer<@Nullable Lease> action) {
        ignoringLease(limits, () -> {
            Lease broken = turn.valid();
            turn.breakLease(why);
            action.accept(broken);
        });
    }

    private void ignoringLease(CallLimits limits, Runnable action) {
        pump.requireIdle();
        Call call = new Call(limits);
        try {
            if (!turn.acquireIgnoringLease(call.deadline())) {
                throw call.timedOut(Delivery.NOT_SENT, null);
            }
            try {
                action.run();
            } finally {
                pump.release();
            }
        } finally {
            call.restoreInterrupt();
        }
    }
}
