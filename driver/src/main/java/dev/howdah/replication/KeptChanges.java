package dev.howdah.replication;

import org.jspecify.annotations.Nullable;

/** The changes of a transaction that was kept until its end was known; when all have been read it is dropped. */
final class KeptChanges implements TransactionStream.Changes {

    private final Spool spool;
    private final SpooledTransaction from;
    private final SpooledTransaction.Replay replay;
    private @Nullable Change following;

    KeptChanges(Spool spool, SpooledTransaction from) {
        this.spool = spool;
        this.from = from;
        this.replay = from.replay();
        this.following = step();
    }

    boolean isEmpty() {
        return following == null;
    }

    @Override
    public @Nullable Change next() {
        Change next = following;
        if (next != null) {
            following = step();
        }
        return next;
    }

    private @Nullable Change step() {
        Change next = replay.next();
        if (next == null) {
            spool.drop(from.xid());
        }
        return next;
    }
}
