package dev.howdah.pump;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits on a virtual thread: parked, while the loop watches the channel. Interrupting it closes nothing and pins
 * nothing.
 */
final class LoopWaiter implements Waiter {

    private final Loop.Registration registration;
    private volatile @Nullable Thread waiting;
    private volatile boolean woken;

    LoopWaiter(Loop.Registration registration) {
        this.registration = registration;
    }

    @Override
    public Woken await(int operations, long deadline) throws IOException {
        waiting = Thread.currentThread();
        try {
            registration.await(operations, this::wakeup);
            while (!woken) {
                if (Thread.interrupted()) {
                    return Woken.INTERRUPTED;
                }
                if (deadline == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    long nanos = deadline - System.nanoTime();
                    if (nanos <= 0) {
                        return Woken.TIMEOUT;
                    }
                    LockSupport.parkNanos(this, nanos);
                }
            }
            return Woken.READY;
        } finally {
            woken = false;
            waiting = null;
        }
    }

    @Override
    public void wakeup() {
        woken = true;
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void close() {
        wakeup();
    }
}
