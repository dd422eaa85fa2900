package dev.howdah;

import java.nio.channels.SelectionKey;

/** What {@link Pollable#poll()} says: whether there is something to wait for, and what. */
public enum PollState {
    /** Nothing is under way: what was begun has ended, and its result can be taken. */
    OK(0),

    /** Call {@link Pollable#poll()} again when the channel can be read. */
    READ(SelectionKey.OP_READ),

    /**
     * Call {@link Pollable#poll()} again when the channel can be written, has connected, or can be read: the server may
     * have to get rid of an answer before it takes more.
     */
    WRITE(SelectionKey.OP_READ | SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT);

    private final int interestOps;

    PollState(int interestOps) {
        this.interestOps = interestOps;
    }

    /** Returns what to register the channel for with a selector, as in {@link SelectionKey}; 0 for {@link #OK}. */
    public int interestOps() {
        return interestOps;
    }

    /** Returns the state that waits for some operations of a channel. */
    static PollState of(int operations) {
        if (operations == 0) {
            return OK;
        }
        return operations == SelectionKey.OP_READ ? READ : WRITE;
    }
}
