package dev.howdah.session;

/** What a call on a large object waits for, and what it has to send meanwhile. Used by who has the turn. */
interface ObjectWork {

    /** Encodes what may be sent now. */
    void feed();

    /** Returns whether there is more to encode, and so little under way that it may be. */
    boolean isHungry();

    /** Returns whether there is nothing to wait for any more. */
    boolean isReached();
}
