package dev.howdah.backup;

/** Where the write-ahead log of a backup comes from, without which it cannot be started. */
public enum WalMode {
    /** It is received over a second connection while the backup is taken. */
    STREAM,
    /** It is sent at the end; the server has to keep it until then ({@code wal_keep_size}). */
    FETCH,
    /** It is not part of the backup: an archive has it. */
    NONE
}
