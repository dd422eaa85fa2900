package dev.howdah.backup;

/** Where the write-ahead log of a backup comes from, without which it cannot be started. */
public enum WalMode {
    /**
     * It is received over a second connection while the backup is taken. What goes into archives, or is not synced, the server is not
     * told to be on the disk, so with a slot it keeps that until the backup ends.
     */
    STREAM,
    /** It is sent at the end; the server has to keep it until then ({@code wal_keep_size}). */
    FETCH,
    /** It is not part of the backup: an archive has it. */
    NONE
}
