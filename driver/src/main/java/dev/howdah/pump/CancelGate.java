package dev.howdah.pump;

import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a cancel request of another thread from hitting the wrong statement: a request is sent only while an operation
 * runs, and the next operation begins only when all requests have been passed on.
 */
final class CancelGate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int running;
    private long operation;
    private int cancelling;
    /** An operation has been left under way, to be gone on with. */
    private volatile boolean held;

    /**
     * Begins an operation, as soon as no cancel request is on its way, or goes on with one.
     *
     * @param idle whether nothing is under way now
     */
    void open(Call call, boolean idle) {
        lock.lock();
        try {
            if (held) {
                held = false;
                if (!idle) {
                    return;
                }
                running--;
            }
            while (cancelling > 0 && running == 0) {
                try {
                    if (call.deadline() == Long.MAX_VALUE) {
                        changed.await();
                    } else if (changed.awaitNanos(call.deadline() - System.nanoTime()) <= 0) {
                        throw call.timedOut(Delivery.NOT_SENT, null);
                    }
                } catch (InterruptedException e) {
                    call.interrupted();
                    if (call.cancelsOnInterrupt()) {
                        throw new InterruptedWaitException(Delivery.NOT_SENT, e);
                    }
                }
            }
            running++;
            operation++;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no cancel request is on its way, for something that none may hit. */
    void awaitQuiet() {
        lock.lock();
        try {
            while (cancelling > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether a cancel request is on its way. */
    boolean isCancelling() {
        lock.lock();
        try {
            return cancelling > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether an operation is under way. */
    boolean isRunning() {
        lock.lock();
        try {
            return running > 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends an operation.
     *
     * @param idle whether nothing is left under way; else what is can be cancelled until it is gone on with
     */
    void close(boolean idle) {
        lock.lock();
        try {
            if (idle) {
                running--;
            } else {
                held = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says, between two operations, whether nothing is under way any more: what was left has ended by itself then. */
    void settle(boolean idle) {
        if (held && idle) {
            lock.lock();
            try {
                held = false;
                running--;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Returns a number of the operation that began last. */
    long operation() {
        lock.lock();
        try {
            return operation;
        } finally {
            lock.unlock();
        }
    }

    /** Asks whether a cancel request for that operation may be sent, as {@link #beginCancel()} does. */
    boolean beginCancelOf(long asked) {
        lock.lock();
        try {
            return operation == asked && beginCancel();
        } finally {
            lock.unlock();
        }
    }

    /** Asks whether a cancel request may be sent; if so, {@link #endCancel()} has to follow. */
    boolean beginCancel() {
        lock.lock();
        try {
            if (running == 0) {
                return false;
            }
            cancelling++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Says that a cancel request has been passed on. */
    void endCancel() {
        lock.lock();
        try {
            cancelling--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
