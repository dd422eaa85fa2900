package dev.howdah.backup;

import org.jspecify.annotations.Nullable;

/**
 * A file of a backup that is given to a {@link BackupConsumer}. Immutable.
 *
 * @param kind what is in it
 * @param name what to call it: {@code base.tar}, {@code 16385.tar}, {@code base.tar.gz}, {@code pg_wal.tar}, {@code backup_manifest}; never
 *     with a folder
 * @param tablespace whose files it has; null if it is not of one
 */
public record BackupFile(Kind kind, String name, @Nullable Tablespace tablespace) {

    /** What is in a file of a backup. */
    public enum Kind {
        /** The data folder, as tar. */
        BASE,
        /** A tablespace, as tar. */
        TABLESPACE,
        /** The log from beginning to end of the backup, as tar; written while the others are, by a thread of its own. */
        LOG,
        /** The list of all files, as text. */
        MANIFEST
    }

    /**
     * A tablespace of the server's.
     *
     * @param oid its number
     * @param location its folder on the server
     */
    public record Tablespace(long oid, String location) {}
}
