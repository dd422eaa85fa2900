package dev.howdah.pump;

/**
 * The right to use a connection for several operations in a row, without those of other threads between them.
 *
 * <p>A transaction's lease belongs to the thread that began it: what that thread runs on the connection belongs to the
 * transaction, what other threads run waits for its end. A stream's lease lets nobody in but the stream.
 */
public final class Lease {

    private final Kind kind;
    private final Thread owner = Thread.currentThread();

    /** What a lease is for. */
    public enum Kind {
        /** A transaction. */
        TRANSACTION,
        /** A stream outside a transaction, between whose pages nothing else can run. */
        STREAM
    }

    /** Makes a lease of the current thread. */
    public Lease(Kind kind) {
        this.kind = kind;
    }

    boolean admitsCurrentThread() {
        return kind == Kind.TRANSACTION && owner == Thread.currentThread();
    }

    /** Returns whether it is a transaction's: between two operations of one the session takes others. */
    boolean isForTransaction() {
        return kind == Kind.TRANSACTION;
    }

    boolean deadlocksCurrentThread() {
        return kind == Kind.STREAM && owner == Thread.currentThread();
    }
}
