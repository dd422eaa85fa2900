package dev.howdah.pump;

import java.io.IOException;

/**
 * How one thread waits for a channel. {@link #await} is called by one thread at a time; {@link #wakeup()} and {@link
 * #close()} by any.
 */
public interface Waiter {

    /** Why a wait ended. */
    enum Woken {
        /** The channel may be ready, or somebody called {@link Waiter#wakeup()}. */
        READY,
        /** The deadline has passed. */
        TIMEOUT,
        /** The thread was interrupted; its flag has been cleared. */
        INTERRUPTED
    }

    /**
     * Waits.
     *
     * @param operations what to wait for, as in {@link java.nio.channels.SelectionKey}
     * @param deadline until when, as {@link System#nanoTime()}; {@link Long#MAX_VALUE} for ever
     */
    Woken await(int operations, long deadline) throws IOException;

    /** Ends a wait that is under way, or the next one. */
    void wakeup();

    /** Ends a wait likewise, if that can be done without harm to the channel. */
    default void nudge() {
        wakeup();
    }

    /** Releases what waiting needed. */
    void close();
}
