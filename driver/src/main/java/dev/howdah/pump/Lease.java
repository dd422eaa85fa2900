package dev.howdah.pump;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a connection for several operations in a row, without those of other threads between them.
 *
 * <p>A transaction's lease belongs to the thread that began it: what that thread runs on the connection belongs to the
 * transaction, what other threads run waits for its end. It may let further threads in, which work for that one. The
 * other kinds let nobody in but their holder.
 */
public final class Lease {

    private final Kind kind;
    private final Thread owner = Thread.currentThread();
    private final Set<Thread> guests = ConcurrentHashMap.newKeySet();
    /** The transaction's within which it was given; that is valid again when it ends. */
    private volatile @Nullable Lease outer;

    private volatile @Nullable Occupant holder;
    private volatile @Nullable String broken;
    /** The thread that runs the code for which it was given, and does nothing else until that has ended. */
    private volatile @Nullable Thread worker;

    /** What a lease is for. */
    public enum Kind {
        /** A transaction. */
        TRANSACTION("the transaction", "a transaction is open on this connection"),
        /** A stream outside a transaction, between whose pages nothing else can run. */
        STREAM(
                "the stream",
                "a stream is open on this connection and this thread opened it; close it first, or run it inside a"
                        + " transaction, where other statements may run meanwhile"),
        /** A pipeline, in whose middle nothing else can run. */
        PIPELINE(
                "the pipeline",
                "a pipeline is open on this connection and this thread opened it; queue the statement in the pipeline, or"
                        + " close that first"),
        /** A COPY, in whose middle nothing else can run. */
        COPY("the COPY", "a COPY is open on this connection and this thread opened it; finish or close it first"),
        /** A replication stream, which has the connection for itself. */
        REPLICATION(
                "the replication stream",
                "a replication stream is open on this connection: stop it first, or use another connection"),
        /** A two-phase transaction that has been prepared and not ended. */
        PREPARED(
                "the use of the prepared transaction",
                "a two-phase transaction has been prepared on this connection and not ended: commit() or rollback() of"
                        + " twoPhase() ends it, leave() leaves it to others");

        private final String noun;
        private final String refusal;

        Kind(String noun, String refusal) {
            this.noun = noun;
            this.refusal = refusal;
        }
    }

    /** Makes a lease of the current thread. */
    public Lease(Kind kind) {
        this.kind = kind;
    }

    /** Says who is to end what it is for when somebody takes the connection. */
    public void heldBy(Occupant occupant) {
        holder = occupant;
    }

    /** Returns who is to end what it is for when somebody takes the connection, or null. */
    public @Nullable Occupant holder() {
        return holder;
    }

    /** Returns what it is for. */
    public Kind kind() {
        return kind;
    }

    /** Has whatever is run under it from now on, and under those that it is within, be refused. */
    void breakOff(String why) {
        for (Lease each = this; each != null; each = each.outer) {
            each.broken = why;
        }
    }

    boolean isBroken() {
        return broken != null;
    }

    /** Returns what to tell who still uses it when it has been broken. */
    String whyBroken() {
        return kind.noun + " has ended: " + broken;
    }

    /** Says which thread runs the code for which it was given; null when that has ended. */
    void workedOnBy(@Nullable Thread thread) {
        worker = thread;
    }

    /** Returns the thread that runs the code for which it was given, or null. */
    @Nullable
    Thread worker() {
        return worker;
    }

    /** Puts it within another one. */
    void within(@Nullable Lease transaction) {
        outer = transaction;
    }

    /** Returns the one within which it was given, or null. */
    @Nullable
    Lease outer() {
        return outer;
    }

    /** Lets another thread in: what it runs belongs to the transaction, too. */
    public void admit(Thread guest) {
        guests.add(guest);
    }

    /** Lets a thread in no longer. */
    public void dismiss(Thread guest) {
        guests.remove(guest);
    }

    boolean admitsCurrentThread() {
        if (kind != Kind.TRANSACTION) {
            return false;
        }
        Thread current = Thread.currentThread();
        return owner == current || guests.contains(current);
    }

    /** Returns whether it is a transaction's: between two operations of one the session takes others. */
    boolean isForTransaction() {
        return kind == Kind.TRANSACTION;
    }

    /** Returns whether the current thread is refused rather than made to wait: for itself, or for what need not end. */
    boolean deadlocksCurrentThread() {
        return kind == Kind.REPLICATION || kind != Kind.TRANSACTION && owner == Thread.currentThread();
    }

    /** Returns what to tell the thread that would wait for itself. */
    String refusal() {
        return kind.refusal;
    }
}
