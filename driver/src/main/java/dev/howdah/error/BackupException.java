package dev.howdah.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A backup could not be taken, checked or put together, or the write-ahead log not be received, though server and connection are
 * as they should be. {@link #reason()} is for programs.
 */
public final class BackupException extends PgException {
    private static final long serialVersionUID = 1L;

    /** Why it could not be done. */
    public enum Reason {
        /** A file or folder on this side could not be read or written: the disk is full, a right is missing. */
        FILE_FAILED,
        /** The user's consumer has thrown something, which is the cause. */
        CONSUMER_FAILED,
        /** The folder that was named has something in it that must not be overwritten. */
        FOLDER_IN_USE,
        /** What should be a whole backup was never finished. */
        UNFINISHED,
        /** The folder has files of another server than the one that is connected to. */
        OTHER_SYSTEM,
        /** The server's history has no part in the timeline that was received before. */
        OTHER_HISTORY,
        /** A piece of the write-ahead log that is needed is nowhere to be had. */
        WAL_MISSING,
        /** An archive of the server's names a file outside the backup, or is not what it should be. */
        ARCHIVE_REFUSED,
        /** The manifest or a file is not what the server wrote. */
        DAMAGED,
        /** The backups do not follow one upon the other. */
        CHAIN_BROKEN
    }

    /** Why. */
    private final Reason reason;

    /**
     * Reports it.
     *
     * @param message the facts, with the names of files and what can be done
     * @param cause null if there is none
     */
    public BackupException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, Delivery.COMPLETED, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }

    /**
     * {@inheritDoc}
     *
     * @return always false: somebody has to make room, or choose another folder
     */
    @Override
    public boolean isSafeToRetry() {
        return false;
    }
}
