package dev.howdah.backup;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Takes the files of a backup, to put them where its user wants them. {@link #open} is called for one file after the other on the
 * thread that takes the backup, and for {@link BackupFile.Kind#LOG} on another one meanwhile; each stream is used by one thread. No lock is
 * held. What is thrown ends the backup, and is the cause of the {@link dev.howdah.error.BackupException}; one that is slow holds the server
 * back.
 */
public interface BackupConsumer {

    /**
     * Begins a file.
     *
     * @return where its bytes go; closed when all have been written, or the backup has failed
     * @throws IOException if it cannot be written
     */
    OutputStream open(BackupFile file) throws IOException;

    /**
     * Says that all is there: every stream was closed, and the backup is whole.
     *
     * @throws IOException if it is not, after all; then {@link #failed} follows
     */
    default void completed(BackupResult result) throws IOException {}

    /**
     * Says that there is no backup: what was written is of no use.
     *
     * @param why what the caller is told
     */
    default void failed(Throwable why) {}
}
