package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of a {@link TransactionStream}, whose changes can be gone through once; or something else that the stream has to be
 * told to be done with, as {@link #kind()} says.
 *
 * <p>Changes are read as they are asked for, so that a transaction of any size can be gone through, by the thread that reads the
 * stream and before it asks for the next transaction; what was not read by then is passed over. {@link #toList()} takes them all, for
 * others. {@link #acknowledge()} can be called by any thread, for transactions in any order, and so can the rest.
 */
public final class ReplicatedTransaction implements Iterable<Change> {

    /** What has happened. */
    public enum Kind {
        /** A transaction was committed, here are its changes. */
        COMMITTED,
        /** A transaction was prepared, here are its changes; {@link #COMMIT_PREPARED} or {@link #ROLLBACK_PREPARED} comes later. */
        PREPARED,
        /** A prepared transaction was committed; its changes came before. */
        COMMIT_PREPARED,
        /** A prepared transaction was rolled back; its changes came before, if it was ever told of. */
        ROLLBACK_PREPARED,
        /** A program wrote a message into the log outside of any transaction; it is the only change. */
        MESSAGE,
        /** Nothing, for this stream, up to {@link #endLsn()}: there are no changes. See {@link TransactionStreamOptions#progress}. */
        PROGRESS
    }

    private final TransactionStream source;
    private final Kind kind;
    private final long xid;
    private final @Nullable String gid;
    private volatile Instant time;
    private volatile Lsn commitLsn;
    private volatile @Nullable Lsn endLsn;
    private volatile @Nullable String origin;
    private volatile @Nullable Lsn originLsn;
    /** Where the changes come from; null when all have been read. */
    private volatile TransactionStream.@Nullable Changes changes;

    private volatile @Nullable RuntimeException failure;
    private boolean iterated;

    /** What stands for it where the stream counts what is done; the queue's lock guards both. */
    LsnTracker.@Nullable Mark mark;

    private volatile boolean acknowledged;
    /** Hears of each change that is read. */
    private volatile Runnable counter = () -> {};

    ReplicatedTransaction(
            TransactionStream source, Kind kind, long xid, @Nullable String gid, Lsn commitLsn, Instant time) {
        this.source = source;
        this.kind = kind;
        this.xid = xid;
        this.gid = gid;
        this.commitLsn = commitLsn;
        this.time = time;
    }

    /** Has somebody hear of each change that is read. */
    void counted(Runnable hears) {
        counter = hears;
    }

    /** Returns whether it has been acknowledged. */
    public boolean isAcknowledged() {
        return acknowledged;
    }

    void setAcknowledged() {
        acknowledged = true;
    }

    /** Returns whether all of it is known to lie before a place. */
    boolean isBefore(Lsn place) {
        return !commitLsn.isZero() && place.isAfter(commitLsn);
    }

    /** Has changes read from somewhere. */
    void from(TransactionStream.Changes where) {
        changes = where;
    }

    void origin(PgOutputMessage.Origin from) {
        origin = from.name();
        originLsn = from.commitLsn();
    }

    /** Notes where it ends. */
    void ends(Lsn commit, Lsn end) {
        commitLsn = commit;
        endLsn = end;
    }

    /** Notes when it was committed, which some plugins tell at the end only. */
    void ended(Instant when) {
        time = when;
    }

    /** Returns what has happened. */
    public Kind kind() {
        return kind;
    }

    /** Returns the transaction's ID, 32 bits without sign; 0 where there is none, or the plugin does not tell. */
    public long xid() {
        return xid;
    }

    /** Returns the name of a prepared transaction; null of any other. */
    public @Nullable String gid() {
        return gid;
    }

    /** Returns where its commit, or what else has happened, is logged; {@code 0/0} where the plugin does not tell. */
    public Lsn commitLsn() {
        return commitLsn;
    }

    /**
     * Returns where the log goes on after it. A stream that begins there, by {@link
     * TransactionStreamOptions#startLsn}, gives what comes behind it. See {@link #token()}.
     *
     * @throws IllegalStateException if that is not known yet, because not all changes have been read
     */
    public Lsn endLsn() {
        Lsn end = endLsn;
        if (end == null) {
            throw new IllegalStateException("where transaction " + xid
                    + " ends in the log is told behind its changes, and they have not all been read");
        }
        return end;
    }

    /**
     * Returns what a sink stores together with the changes, to have the next stream begin behind them by {@link
     * TransactionStreamOptions#resume}.
     *
     * @throws IllegalStateException if it is not known yet, because not all changes have been read
     */
    public ResumeToken token() {
        return source.token(endLsn());
    }

    /**
     * Returns when it was committed, or what else has happened; the beginning of 1970 where the plugin does not tell, and of one that
     * writes text until all changes have been read.
     */
    public Instant time() {
        return time;
    }

    /** Returns the name of the replication origin it comes from, if this server got it by replication itself; else null. */
    public @Nullable String origin() {
        return origin;
    }

    /** Returns where its commit is logged at that origin; null if there is none, {@code 0/0} if that is not told. */
    public @Nullable Lsn originLsn() {
        return originLsn;
    }

    /**
     * Returns the changes, once.
     *
     * @throws IllegalStateException if they were asked for before
     */
    @Override
    public Iterator<Change> iterator() {
        if (iterated) {
            throw new IllegalStateException("the changes of transaction " + xid + " can be gone through once only");
        }
        iterated = true;
        return new Stepping<>(this::next, "transaction " + xid + " has no further change");
    }

    /**
     * Reads all changes into memory.
     *
     * @throws IllegalStateException if they were asked for before
     * @throws dev.howdah.error.PgException if the stream fails
     */
    public List<Change> toList() {
        List<Change> all = new ArrayList<>();
        iterator().forEachRemaining(all::add);
        return all;
    }

    /** Returns the next change; null if there is none. */
    @Nullable
    Change next() {
        TransactionStream.Changes from = changes;
        Change next = null;
        try {
            next = from == null ? null : from.next();
            failure = null;
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
        if (next == null) {
            changes = null;
        } else {
            counter.run();
        }
        return next;
    }

    /** Returns why its changes could not be read on the last time that was tried, null if they could. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    /** Passes over what has not been read. */
    void finish() {
        for (Change passed = next(); passed != null; passed = next()) {
            // Nobody wants it.
        }
    }

    /**
     * Says that it is stored for good, or that nobody needs it. The server is told, by the next status, as soon as all that came before
     * has been acknowledged, too. Says nothing new the second time; does nothing if the stream has ended: it comes again in the
     * next one.
     */
    public void acknowledge() {
        source.acknowledge(this);
    }

    /** {@return what has happened, with the transaction's ID and where it is logged; no changes} */
    @Override
    public String toString() {
        return "ReplicatedTransaction[" + kind + (xid == 0 ? "" : ", xid=" + xid) + (gid == null ? "" : ", gid=" + gid)
                + ", commitLsn=" + commitLsn + (endLsn == null ? "" : ", endLsn=" + endLsn) + "]";
    }
}
