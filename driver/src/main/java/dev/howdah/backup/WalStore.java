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

    /** Sees to it that all that was written outlives a power cut. */
    void sync();

    /** The open segment is whole: sees to it that it outlives a power cut, under its final name. */
    void complete();

    /** Leaves the segment that is open, if one is, as it is; it may be begun anew later. */
    void leave();

    /** Returns whether the history of a timeline is there. */
    boolean hasHistory(long timeline);

    /** Takes the history of a timeline, which outlives a power cut when this returns. */
    void history(long timeline, byte[] content);
}
