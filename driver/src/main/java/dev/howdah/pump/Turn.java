package dev.howdah.pump;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is on a connection: one thread at a time, in order of arrival, leases respected; or several that share it,
 * while nobody wants it alone and there is no lease.
 */
final class Turn {

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition leaseChanged = lock.newCondition();
    /** Changed only by who has the turn. */
    private volatile @Nullable Lease lease;

    private final AtomicInteger sharers = new AtomicInteger();
    /** Somebody has the turn alone, or waits for those who share it to leave. */
    private volatile boolean alone;

    /** Threads in the middle of code whose lease was broken: what they run is refused until that has ended. */
    private final Map<Thread, Lease> evicted = new ConcurrentHashMap<>();

    private volatile @Nullable Thread awaitingSharers;
    private Runnable whenAlone = () -> {};

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
     * @throws IllegalStateException if waiting would never end, or the lease was broken
     */
    Outcome acquire(@Nullable Lease mine, long deadline) {
        boolean locked = false;
        try {
            locked = lockBy(deadline);
            if (!locked) {
                return Outcome.TIMEOUT;
            }
            if (!awaitLease(mine, deadline) || !awaitSharers(deadline)) {
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

    /** Has something run by whoever gets the turn alone, before anything else; set before the turn is used. */
    void whenAlone(Runnable action) {
        whenAlone = action;
    }

    /** Shares the turn if that needs no waiting; returns whether it does. */
    boolean tryShare() {
        if (alone || lease != null || !evicted.isEmpty()) {
            return false;
        }
        sharers.incrementAndGet();
        if (alone || lease != null) {
            leave();
            return false;
        }
        return true;
    }

    /**
     * Waits until the turn can be shared.
     *
     * @param deadline until when to wait, as {@link System#nanoTime()}
     * @throws IllegalStateException if waiting would never end
     */
    Outcome share(long deadline) {
        boolean locked = false;
        try {
            locked = lockBy(deadline);
            if (!locked) {
                return Outcome.TIMEOUT;
            }
            if (!awaitLease(null, deadline)) {
                lock.unlock();
                return Outcome.TIMEOUT;
            }
            sharers.incrementAndGet();
            lock.unlock();
            return Outcome.MINE;
        } catch (InterruptedException e) {
            if (locked) {
                lock.unlock();
            }
            return Outcome.INTERRUPTED;
        }
    }

    /** Shares the turn no more; returns whether nobody does now. */
    boolean leave() {
        boolean last = sharers.decrementAndGet() == 0;
        if (last) {
            LockSupport.unpark(awaitingSharers);
        }
        return last;
    }

    /** Returns whether somebody has the turn alone, or waits for those who share it. */
    boolean isAlone() {
        return alone;
    }

    /** Returns whether nobody has the turn, alone or with others. */
    boolean isFree() {
        return sharers.get() == 0 && !alone && !lock.isLocked();
    }

    private boolean awaitSharers(long deadline) throws InterruptedException {
        if (lock.getHoldCount() > 1) {
            return true;
        }
        alone = true;
        if (sharers.get() == 0) {
            whenAlone.run();
            return true;
        }
        boolean gone = false;
        awaitingSharers = Thread.currentThread();
        try {
            while (sharers.get() > 0) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (deadline == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    long nanos = deadline - System.nanoTime();
                    if (nanos <= 0) {
                        return false;
                    }
                    LockSupport.parkNanos(this, nanos);
                }
            }
            gone = true;
            whenAlone.run();
            return true;
        } finally {
            awaitingSharers = null;
            alone = gone;
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
        Lease worksUnder = mine == null && !evicted.isEmpty() ? evicted.get(Thread.currentThread()) : mine;
        if (worksUnder != null && worksUnder.isBroken()) {
            lock.unlock();
            throw new IllegalStateException(worksUnder.whyBroken());
        }
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
        if (!lock.tryLock()) {
            return false;
        }
        if (lock.getHoldCount() > 1) {
            return true;
        }
        alone = true;
        if (sharers.get() == 0) {
            whenAlone.run();
            return true;
        }
        alone = false;
        lock.unlock();
        return false;
    }

    /** Waits for the turn whatever the leases; returns false if the time is up. */
    boolean acquireIgnoringLease(long deadline) {
        boolean interrupted = false;
        boolean locked = false;
        try {
            while (true) {
                try {
                    locked = locked || lockBy(deadline);
                    if (!locked) {
                        return false;
                    }
                    if (awaitSharers(deadline)) {
                        return true;
                    }
                    lock.unlock();
                    return false;
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

    /** Returns the valid lease, or null; the caller need not have the turn. */
    @Nullable
    Lease valid() {
        return lease;
    }

    /** Ends the valid lease, if there is one, though its holder does not know; the caller has the turn. */
    void breakLease(String why) {
        // Who breaks it himself knows of it.
        evicted.remove(Thread.currentThread());
        Lease valid = lease;
        if (valid != null) {
            valid.breakOff(why);
            for (Lease each = valid; each != null; each = each.outer()) {
                evict(each);
            }
        }
        endAnyLease();
    }

    private void evict(Lease broken) {
        Thread worker = broken.worker();
        if (worker != null && worker != Thread.currentThread()) {
            evicted.put(worker, broken);
            if (broken.worker() == null) {
                evicted.remove(worker, broken);
            }
        }
    }

    /** Notes that the current thread begins to run the code for which a lease was given, and does nothing else until it leaves. */
    void enter(Lease given) {
        given.workedOnBy(Thread.currentThread());
        if (given.isBroken()) {
            evicted.put(Thread.currentThread(), given);
        }
    }

    /** Notes that the current thread has run it. */
    void leave(Lease given) {
        given.workedOnBy(null);
        evicted.remove(Thread.currentThread(), given);
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
        if (lock.getHoldCount() == 1) {
            alone = false;
        }
        lock.unlock();
    }
}
