package dev.howdah.backup;

/**
 * How far a backup has got. Immutable.
 *
 * @param phase what is done now
 * @param done how many bytes have come, uncompressed where the server says so; without the log that is streamed
 * @param total how many there will be, about, as the server has looked before; 0 if that is not known. It may grow: {@code done}
 *     can pass it
 * @param current the archive or file that is written now; empty if there is none
 */
public record BackupProgress(Phase phase, long done, long total, String current) {

    /** What a backup does, in this order. */
    public enum Phase {
        /** The server does a checkpoint. */
        CHECKPOINT,
        /** Files come. */
        FILES,
        /** The rest of the log comes. */
        LOG,
        /** What was written is synced to disk. */
        SYNC,
        /** All is done. */
        DONE
    }
}
