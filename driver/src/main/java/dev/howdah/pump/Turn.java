package dev.howdah.pump;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Whose turn it is on a connection: one thread at a time, in order of arrival, leases respected. */
final class Turn {

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition leaseChanged = lock.newCondition();
    /** Changed only by who has the turn. */
    private volatile @Nullable Lease lease;

    /** How an attempt to get the turn ended. */
    enum Outcome {
        MINE,
        TIMEOUT,
        INTERRUPTED
    }

    /**
     * Waits for the turn.
     *
     * @param mine the lease under which the operation runs, or null
     * @param deadline until when to wait, as {@link System#nanoTime()}
     * @throws IllegalStateException if waiting would never end
     */
    Outcome acquire(@Nullable Lease mine, long deadline) {
        boolean locked = false;
        try {
            locked = lockBy(deadline);
            if (!locked) {
                return Outcome.TIMEOUT;
            }
            if (!awaitLease(mine, deadline)) {
                lock.unlock();
                return Outcome.TIMEOUT;
            }
            return Outcome.MINE;
        } catch (InterruptedException e) {
            if (locked) {
                lock.unlock();
            }
            return Outcome.INTERRUPTED;
        }
    }

    private boolean lockBy(long deadline) throws InterruptedException {
        if (deadline == Long.MAX_VALUE) {
            lock.lockInterruptibly();
            return true;
        }
        return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private boolean awaitLease(@Nullable Lease mine, long deadline) throws InterruptedException {
        for (Lease valid = lease; valid != null && valid != mine && !valid.admitsCurrentThread(); valid = lease) {
            if (valid.deadlocksCurrentThread()) {
                String refusal = valid.refusal();
                lock.unlock();
                throw new IllegalStateException(refusal);
            }
            if (deadline == Long.MAX_VALUE) {
                leaseChanged.await();
            } else if (leaseChanged.awaitNanos(deadline - System.nanoTime()) <= 0) {
                return false;
            }
        }
        return true;
    }

    /** Takes the turn if nobody has it; leases do not matter to who only listens. */
    boolean tryAcquire() {
        return lock.tryLock();
    }

    /** Waits for the turn whatever the leases; returns false if the time is up. */
    boolean acquireIgnoringLease(long deadline) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return lockBy(deadline);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns whether the current thread has the turn and gives it away with the next release. */
    boolean isHeldOnce() {
        return lock.getHoldCount() == 1;
    }

    /** Ends whatever lease is valid, because the connection has ended; the caller has the turn. */
    void endAnyLease() {
        lease = null;
        leaseChanged.signalAll();
    }

    /** Returns whether the current thread has the turn already. */
    boolean isMine() {
        return lock.isHeldByCurrentThread();
    }

    /** Returns whether a lease is valid; the caller has the turn. */
    boolean isLeased() {
        return lease != null;
    }

    /** Returns what the valid lease is for, null if there is none; the caller has the turn. */
    Lease.@Nullable Kind leasedFor() {
        return lease == null ? null : lease.kind();
    }

    /** Returns the transaction's lease that lets the current thread in, or null; the caller need not have the turn. */
    @Nullable
    Lease leaseOfCurrentThread() {
        Lease valid = lease;
        return valid != null && valid.admitsCurrentThread() ? valid : null;
    }

    /** Returns whether a lease is the valid one, or that is within it; the caller need not have the turn. */
    boolean isValid(Lease asked) {
        for (Lease valid = lease; valid != null; valid = valid.outer()) {
            if (valid == asked) {
                return true;
            }
        }
        return false;
    }

    /** Makes a lease the valid one, within that of the current thread's transaction if there is one; he has the turn. */
    void leaseWithin(Lease granted) {
        granted.within(lease);
        lease = granted;
    }

    /** Returns whether something may be run between two operations, whatever the lease; the caller has the turn. */
    boolean admitsUpkeep() {
        Lease valid = lease;
        return valid == null || valid.isForTransaction();
    }

    /** Makes a lease the valid one; the caller has the turn. */
    void lease(Lease granted) {
        if (lease != null) {
            throw new IllegalStateException("the connection is leased already");
        }
        lease = granted;
    }

    /** Ends a lease, if it is the valid one; the caller has the turn. */
    void endLease(Lease ended) {
        if (lease == ended) {
            lease = ended.outer();
            leaseChanged.signalAll();
        }
    }

    /** Gives the turn back. */
    void release() {
        lock.unlock();
    }
}
