package dev.howdah.backup;

import dev.howdah.error.BackupException;

/**
 * Where the log that is received goes, one segment after the other, each from its beginning. Used by one thread.
 *
 * <p>All of it throws a {@link BackupException} which names the file, if that cannot be written.
 */
interface WalStore {

    /** Begins a segment; the one before has been completed or left. */
    void open(WalSegment segment);

    /** Takes the bytes that follow those before, never more than the segment has. */
    void write(byte[] bytes, int offset, int length);

    /** Returns whether it can see to it that something outlives a power cut; only then the server may be told that it does. */
    boolean isDurable();

    /** Sees to it that all that was written outlives a power cut, if this store can. */
    void sync();

    /** The open segment is whole: it outlives a power cut, if this store can see to that, under its final name. */
    void complete();

    /** Leaves the segment that is open, if one is, as it is; it may be begun anew later. */
    void leave();

    /** Returns whether the history of a timeline is there. */
    boolean hasHistory(long timeline);

    /** Takes the history of a timeline, which outlives a power cut when this returns. */
    void history(long timeline, byte[] content);
}
