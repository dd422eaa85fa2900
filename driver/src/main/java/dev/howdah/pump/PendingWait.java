package dev.howdah.pump;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/** A wait that somebody else is asked to do. Of the thread that waits. */
public final class PendingWait {

    private final HookedWaiter waiter;
    private final int operations;
    private final long deadline;

    PendingWait(HookedWaiter waiter, int operations, long deadline) {
        this.waiter = waiter;
        this.operations = operations;
        this.deadline = deadline;
    }

    /** Returns what is waited for. */
    public SelectableChannel channel() {
        return waiter.channel();
    }

    /** Returns until when, as {@link System#nanoTime()}; {@link Long#MAX_VALUE} for ever. */
    public long deadline() {
        return deadline;
    }

    /** Returns for which operations of the channel to wait, or 0 if there is nothing more to wait for. Never waits. */
    public int poll() throws IOException {
        boolean over = Thread.currentThread().isInterrupted()
                || deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0
                || waiter.isReady(operations);
        return over ? 0 : operations;
    }

    /** Waits in a selector of the connection's own. An interrupt ends the wait and stays set. */
    public void select() throws IOException {
        waiter.select(operations, deadline);
    }
}
