package dev.howdah.pump;

import java.nio.channels.SelectableChannel;
import java.util.function.Supplier;

/** How threads wait for the channels of one connection, unless it is the usual way. Safe for several threads. */
public interface Waits {

    /** The usual way: in a selector of the connection's or, a virtual thread, parked beside a loop. */
    Waits USUAL = new Usual();

    /** Virtual threads are parked beside the shared loop on each version, which reads for them. */
    Waits IN_LOOP = new Usual() {
        @Override
        public boolean parkBesideLoop() {
            return true;
        }
    };

    /** Nothing in place of the usual way. */
    class Usual implements Waits {
        private Usual() {}

        @Override
        public boolean apply() {
            return false;
        }

        @Override
        public Waiter waiterFor(SelectableChannel channel) {
            throw new IllegalStateException("the usual way has waiters of its own");
        }
    }

    /** Returns whether the current thread is to wait with {@link #waiterFor} now. */
    boolean apply();

    /** Returns a waiter for a channel. */
    Waiter waiterFor(SelectableChannel channel);

    /** Returns whether the loop may read for threads that do not wait so. */
    default boolean letLoopRead() {
        return true;
    }

    /** Returns whether virtual threads that wait in the usual way do that beside the shared loop, though a virtual one could serve them. */
    default boolean parkBesideLoop() {
        return false;
    }

    /** Returns how to wait while a cancel request is sent. */
    default Waits whileCancelling() {
        return this;
    }

    /** Returns whether the current thread goes on though whoever waits for it does not know that: it must not wait for a channel of its own. */
    default boolean isUnattended() {
        return false;
    }

    /** Returns what something gives that may block for something other than a channel. */
    default <T> T aside(Supplier<T> blocking) {
        return blocking.get();
    }
}
