package dev.howdah.backup;

import java.util.List;
import java.util.Objects;

/**
 * What {@link BackupVerifier} has found. Immutable.
 *
 * @param problems what is wrong, in the order of finding; at most 10,000 of them
 * @param problemCount how many there are in all
 * @param files how many files of the manifest were looked at
 * @param bytes how many bytes of them were read or counted
 * @param walRecords how many records of the log were looked at and are whole; 0 if the log was not looked at
 */
public record VerifyReport(List<Problem> problems, long problemCount, long files, long bytes, long walRecords) {

    /** Requires all of it. */
    public VerifyReport {
        problems = List.copyOf(problems);
    }

    /** What is wrong. */
    public enum Kind {
        /** The manifest has a file that is not there. */
        MISSING,
        /** A file is there that the manifest has not. */
        EXTRA,
        /** A file is longer or shorter than the manifest says. */
        SIZE,
        /** A file has not the content that the server sent. */
        CHECKSUM,
        /** A file or an archive could not be read. */
        UNREADABLE,
        /** The control file is of another server than the manifest. */
        SYSTEM,
        /** Some of the log is missing or broken that a server needs to start on the backup. */
        WAL
    }

    /**
     * Something wrong.
     *
     * @param path of the file, as a manifest writes it; an archive's name or {@code pg_wal} where it is no single file
     * @param text what is wrong, in a sentence that names the file
     */
    public record Problem(Kind kind, String path, String text) {

        /** Requires all of it. */
        public Problem {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(text, "text");
        }
    }

    /** Returns whether nothing is wrong. */
    public boolean isSound() {
        return problemCount == 0;
    }
}
