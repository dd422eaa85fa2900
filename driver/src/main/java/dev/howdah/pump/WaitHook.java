package dev.howdah.pump;

/** Waits for a channel in a way of somebody else's. */
@FunctionalInterface
public interface WaitHook {

    /** Returns when {@link PendingWait#poll()} has returned 0. What it throws ends the operation that waits. */
    void await(PendingWait wait);
}
