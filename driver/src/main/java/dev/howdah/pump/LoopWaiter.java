package dev.howdah.pump;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits on a virtual thread: parked, while a loop looks at the channel. Interrupting it closes nothing and pins nothing.
 *
 * <p>The loop goes on to look between two waits: most threads wait again soon, and to have the system look costs more than to be told in vain.
 */
final class LoopWaiter implements Waiter {

    /** How often in a row the loop is told of a channel for which nobody waits, before it looks no more until somebody does. */
    static final int IN_VAIN = 3;

    private final Loop.Registration registration;
    private volatile @Nullable Thread waiting;
    private volatile boolean woken;
    /** Until when the thread waits, as {@link System#nanoTime()}; {@link Long#MAX_VALUE} for ever, or if none does. */
    private volatile long until = Long.MAX_VALUE;

    private final Deadlines deadlines = new Deadlines(this::wakeLate);
    /** Of the loop. */
    private int inVain;

    LoopWaiter(Loop.Registration registration) {
        this.registration = registration;
        registration.serve(this);
    }

    @Override
    public Woken await(int operations, long deadline) throws IOException {
        waiting = Thread.currentThread();
        boolean limited = deadline != Long.MAX_VALUE;
        try {
            registration.want(operations);
            while (!woken) {
                if (Thread.interrupted()) {
                    return Woken.INTERRUPTED;
                }
                if (limited && deadline - System.nanoTime() <= 0) {
                    return Woken.TIMEOUT;
                }
                if (until != deadline) {
                    until = deadline;
                    deadlines.note(deadline);
                }
                LockSupport.park(this);
            }
            return Woken.READY;
        } finally {
            woken = false;
            waiting = null;
            if (limited) {
                until = Long.MAX_VALUE;
            }
        }
    }

    private long wakeLate(long now) {
        long deadline = until;
        if (deadline == Long.MAX_VALUE || deadline - now > 0) {
            return deadline;
        }
        LockSupport.unpark(waiting);
        return now + Deadlines.AGAIN;
    }

    /** Called by the loop when the channel is ready; returns whether to look whether there is something to read next time, too. */
    boolean ready() {
        boolean wakes = wakeIfWaiting();
        inVain = wakes ? 0 : (inVain + 1) % IN_VAIN;
        return wakes || inVain > 0;
    }

    /** Wakes who waits; returns false if nobody does, or he has been waked. */
    boolean wakeIfWaiting() {
        if (waiting == null || woken) {
            return false;
        }
        wakeup();
        return true;
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
        deadlines.close();
    }
}
