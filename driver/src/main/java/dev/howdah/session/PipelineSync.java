package dev.howdah.session;

import org.jspecify.annotations.Nullable;

/** What lies between two Syncs of a pipeline: outside a transaction all of it lasts or nothing. */
final class PipelineSync {

    private int size;
    private int ran;
    /** The entries before this place have been made to last by a command of their own. */
    private int kept;

    private volatile @Nullable Throwable failure;
    private volatile Fate fate = Fate.OPEN;

    /** What has become of what ran in it. */
    enum Fate {
        /** The server has not answered the Sync. */
        OPEN,
        /** It lasts, or is part of a transaction. */
        KEPT,
        /** It was rolled back. */
        UNDONE,
        /** The connection was lost before the Sync was answered. */
        UNKNOWN
    }

    PipelineSync() {}

    /** Returns the place of a further entry. */
    int join() {
        return size++;
    }

    /** Counts an entry that ran. */
    void ran() {
        ran++;
    }

    /** Returns how many ran since the beginning, or since a command made what ran before it last. */
    int unkept() {
        return ran;
    }

    /** Notes that a command has ended a transaction: what ran up to it is decided. */
    void decidedUpTo(int place) {
        kept = place + 1;
        ran = 0;
    }

    /** Returns whether what ran at a place shares the fate of the whole. */
    boolean shares(int place) {
        return place >= kept;
    }

    /** Notes what failed in it; the first counts. */
    void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** Returns what failed in it, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    void end(Fate how) {
        fate = how;
    }

    Fate fate() {
        return fate;
    }
}
