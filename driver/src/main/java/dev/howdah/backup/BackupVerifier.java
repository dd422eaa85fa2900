package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.InterruptedWaitException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a backup is what the server sent: its manifest, each file with size and checksum, nothing that does not belong to it, and
 * each record of the log that a server needs to start on it; what {@code pg_verifybackup} looks at. Both in a folder and in archives, whose
 * log it reads, too. Immutable: each method returns another.
 *
 * <p>{@snippet :
 * VerifyReport report = BackupVerifier.DEFAULT.verify(Path.of("backups/monday"));
 * report.problems().forEach(problem -> System.err.println(problem.text()));
 * }
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pgverifybackup.html">pg_verifybackup</a>
 */
public final class BackupVerifier {

    /** Looks at everything. */
    public static final BackupVerifier DEFAULT = new BackupVerifier();

    boolean checksums = true;
    boolean wal = true;

    @Nullable
    Path walFolder;

    Set<String> ignored = Set.of();
    Map<String, BackupDecompressor> decompressors = Map.of(".gz", GZIPInputStream::new);
    Progress progress = (done, total) -> {};

    /** Is told how far the work has come, by the thread that verifies. What it throws ends the work and comes out of it. */
    @FunctionalInterface
    public interface Progress {
        /**
         * So much has been done.
         *
         * @param bytes of the files in the manifest
         * @param total how many they are, if nothing is wrong
         */
        void at(long bytes, long total);
    }

    private BackupVerifier() {}

    private BackupVerifier(BackupVerifier other) {
        checksums = other.checksums;
        wal = other.wal;
        walFolder = other.walFolder;
        ignored = other.ignored;
        decompressors = other.decompressors;
        progress = other.progress;
    }

    /** Has it look at names and sizes only; archives are read nevertheless. */
    public BackupVerifier withoutChecksums() {
        BackupVerifier other = new BackupVerifier(this);
        other.checksums = false;
        return other;
    }

    /** Has it not look at the log. */
    public BackupVerifier withoutWal() {
        BackupVerifier other = new BackupVerifier(this);
        other.wal = false;
        return other;
    }

    /**
     * Has it look for the log in a folder of its own, such as one that a receiver has filled, where segments may be compressed and the
     * last one may still be partial.
     *
     * @param folder null for the backup's own
     */
    public BackupVerifier walFolder(@Nullable Path folder) {
        BackupVerifier other = new BackupVerifier(this);
        other.walFolder = folder;
        return other;
    }

    /**
     * Has it not look at files or folders, as if they belonged neither to the backup nor to its manifest.
     *
     * @param paths relative to the backup, with slashes, as in {@code log} or {@code base/5/pg_internal.init}
     */
    public BackupVerifier ignore(String... paths) {
        BackupVerifier other = new BackupVerifier(this);
        Set<String> all = new HashSet<>(ignored);
        for (String each : paths) {
            String path = each.endsWith("/") ? each.substring(0, each.length() - 1) : each;
            String fault = EntryName.fault(path);
            if (fault != null) {
                throw new IllegalArgumentException(
                        "no path in a backup is named " + EntryName.shown(each) + ": " + fault);
            }
            all.add(path);
        }
        other.ignored = Set.copyOf(all);
        return other;
    }

    /**
     * Says how to read archives and segments that are compressed; {@code .gz} is known without.
     *
     * @param suffix of their names, as in {@code .zst}
     * @param decompressor called by the thread that verifies; what it or its stream throws as an {@link IOException} is a problem of the
     *     archive
     */
    public BackupVerifier decompressor(String suffix, BackupDecompressor decompressor) {
        if (suffix.length() < 2 || suffix.charAt(0) != '.') {
            throw new IllegalArgumentException("a suffix begins with a dot, as in .zst, and is not " + suffix);
        }
        BackupVerifier other = new BackupVerifier(this);
        Map<String, BackupDecompressor> all = new HashMap<>(decompressors);
        all.put(suffix, Objects.requireNonNull(decompressor, "decompressor"));
        other.decompressors = Map.copyOf(all);
        return other;
    }

    /** Has somebody be told how far it has come. */
    public BackupVerifier onProgress(Progress progress) {
        BackupVerifier other = new BackupVerifier(this);
        other.progress = Objects.requireNonNull(progress, "progress");
        return other;
    }

    /**
     * Looks at a backup. Changes nothing.
     *
     * @param folder with the files of a server, or with archives ({@code base.tar}), and the manifest
     * @return what is wrong, if anything is
     * @throws BackupException {@link Reason#UNFINISHED} if the backup was never finished or has no manifest, {@link Reason#DAMAGED} if the
     *     manifest is not what a server wrote, {@link Reason#FILE_FAILED} if manifest or folder cannot be read
     * @throws InterruptedWaitException if the thread is interrupted; its interrupt status stays set
     */
    public VerifyReport verify(Path folder) {
        VerifyRun run = new VerifyRun(this, BackupManifest.read(folder));
        try {
            List<Path> archives = ArchiveCheck.archives(folder, this);
            if (archives.isEmpty()) {
                new FolderCheck(run, folder).check();
            } else {
                new ArchiveCheck(run, folder, archives).check();
            }
        } catch (IOException e) {
            throw new BackupException(
                    Reason.FILE_FAILED, "the backup in " + folder + " cannot be read: " + e.getMessage(), e);
        }
        return run.report();
    }

    boolean isIgnored(String path) {
        if (ignored.isEmpty()) {
            return false;
        }
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (ignored.contains(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }
}
