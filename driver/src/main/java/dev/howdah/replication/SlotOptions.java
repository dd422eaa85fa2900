package dev.howdah.replication;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a replication slot is made with. Immutable: each method returns other options.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-CREATE-REPLICATION-SLOT">CREATE_REPLICATION_SLOT</a>
 */
public final class SlotOptions {

    /** A lasting slot, with what the server does if nothing is said: a logical one exports a snapshot. */
    public static final SlotOptions DEFAULT = new SlotOptions(false, false, null, false, false);

    final boolean temporary;
    final boolean reserveWal;
    final @Nullable Snapshot snapshot;
    final boolean twoPhase;
    final boolean failover;

    /** What becomes of the snapshot that shows the database as it is where a logical slot begins. */
    public enum Snapshot {
        /** It is exported, for as long as the connection does nothing else: {@link ReplicationSlot#snapshotName()}. */
        EXPORT,
        /** It is that of the transaction that makes the slot: its first statement, at REPEATABLE READ and READ ONLY. */
        USE,
        /** Nothing. */
        NOTHING
    }

    private SlotOptions(
            boolean temporary, boolean reserveWal, @Nullable Snapshot snapshot, boolean twoPhase, boolean failover) {
        this.temporary = temporary;
        this.reserveWal = reserveWal;
        this.snapshot = snapshot;
        this.twoPhase = twoPhase;
        this.failover = failover;
    }

    /** Has the slot go when its connection ends. */
    public SlotOptions temporary(boolean on) {
        return new SlotOptions(on, reserveWal, snapshot, twoPhase, failover);
    }

    /** Has a physical slot keep the write-ahead log from now on rather than from the first connection to it on. */
    public SlotOptions reserveWal(boolean on) {
        return new SlotOptions(temporary, on, snapshot, twoPhase, failover);
    }

    /** Says what becomes of the snapshot of a logical slot. */
    public SlotOptions snapshot(Snapshot what) {
        return new SlotOptions(temporary, reserveWal, Objects.requireNonNull(what, "what"), twoPhase, failover);
    }

    /** Has a logical slot decode prepared transactions when they are prepared. PostgreSQL 15. */
    public SlotOptions twoPhase(boolean on) {
        return new SlotOptions(temporary, reserveWal, snapshot, on, failover);
    }

    /** Has a logical slot be kept on standbys, too, so that it outlives a failover. PostgreSQL 17. */
    public SlotOptions failover(boolean on) {
        return new SlotOptions(temporary, reserveWal, snapshot, twoPhase, on);
    }
}
