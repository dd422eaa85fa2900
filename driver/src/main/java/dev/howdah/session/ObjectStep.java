package dev.howdah.session;

/** Something that a pipe of large objects has asked the server for, and that has not been answered. */
sealed interface ObjectStep {

    /** The Sync behind a group of requests: an error drops what stands before it. */
    Sync SYNC = new Sync();

    /** Stands for the size of a call whose answer somebody waits for. */
    int WANTED = -1;

    /**
     * A statement is prepared.
     *
     * @param function what it calls
     * @param preparation what takes the answers
     */
    record Preparing(ObjectFunction function, Prepare preparation) implements ObjectStep {}

    /**
     * A function is called.
     *
     * @param function which
     * @param owner who is told of the answer
     * @param size how many bytes are to be read or written; {@link #WANTED} if somebody waits for the number that it yields, 0
     *     if nobody does
     * @param epoch which of the owner's, to know whether he still wants it
     */
    record Call(ObjectFunction function, ObjectDescriptor owner, int size, int epoch) implements ObjectStep {}

    /** The end of a group. */
    record Sync() implements ObjectStep {}
}
