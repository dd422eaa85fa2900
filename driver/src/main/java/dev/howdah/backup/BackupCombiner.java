package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes one full backup, on which a server starts, of a full backup and the incremental ones that were made from it (PostgreSQL 17 and
 * later); what {@code pg_combinebackup} does. The backups themselves stay as they are. Immutable: each method returns another.
 *
 * <p>{@snippet :
 * BackupCombiner.DEFAULT.combine(
 *         List.of(Path.of("sunday"), Path.of("monday"), Path.of("tuesday")), Path.of("restored"));
 * }
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pgcombinebackup.html">pg_combinebackup</a>
 */
public final class BackupCombiner {

    /** With checksums of CRC32C, everything on disk at the end, and no look at what need not be read. */
    public static final BackupCombiner DEFAULT = new BackupCombiner();

    ChecksumAlgorithm checksums = ChecksumAlgorithm.CRC32C;
    boolean sync = true;
    boolean verified;
    Map<Path, Path> tablespaces = Map.of();
    BackupVerifier.Progress progress = (done, total) -> {};

    private BackupCombiner() {}

    private BackupCombiner(BackupCombiner other) {
        checksums = other.checksums;
        sync = other.sync;
        verified = other.verified;
        tablespaces = other.tablespaces;
        progress = other.progress;
    }

    /** Says which checksums the manifest of the new backup has. */
    public BackupCombiner checksums(ChecksumAlgorithm algorithm) {
        BackupCombiner other = new BackupCombiner(this);
        other.checksums = Objects.requireNonNull(algorithm, "algorithm");
        return other;
    }

    /** Says whether all files are to be on disk when it returns, so that they outlive a power cut; they are unless this is called. */
    public BackupCombiner sync(boolean yes) {
        BackupCombiner other = new BackupCombiner(this);
        other.sync = yes;
        return other;
    }

    /** Has it verify each backup before, as {@link BackupVerifier} does, and not begin if one is not sound. */
    public BackupCombiner verified() {
        BackupCombiner other = new BackupCombiner(this);
        other.verified = true;
        return other;
    }

    /**
     * Says where a tablespace goes. Each that the last backup has outside of its folder needs a place: two servers cannot share one.
     *
     * @param from where the last backup has it, which is what the link in its {@code pg_tblspc} leads to
     * @param to a folder that is empty or not there
     */
    public BackupCombiner tablespace(Path from, Path to) {
        BackupCombiner other = new BackupCombiner(this);
        Map<Path, Path> all = new HashMap<>(tablespaces);
        all.put(absolute(from), absolute(to));
        other.tablespaces = Map.copyOf(all);
        return other;
    }

    /** Has somebody be told how far it has come: how many bytes of the last backup are taken. */
    public BackupCombiner onProgress(BackupVerifier.Progress progress) {
        BackupCombiner other = new BackupCombiner(this);
        other.progress = Objects.requireNonNull(progress, "progress");
        return other;
    }

    static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /**
     * Combines backups. Until it is done, the new folder is marked as unfinished and no server starts on it; if it fails, all that it has
     * written is removed.
     *
     * @param chain the folders of the backups, with files as a server has them: the full one first, then each that was made from the one
     *     before. A full one alone is copied
     * @param target a folder that is empty or not there
     * @return the manifest of the new backup
     * @throws BackupException {@link Reason#CHAIN_BROKEN} if they do not follow one upon the other, {@link Reason#DAMAGED} if one is not
     *     what the server sent, {@link Reason#UNFINISHED} if one was never finished, {@link Reason#FOLDER_IN_USE} if the new folder or that
     *     of a tablespace is not empty or would be shared, {@link Reason#FILE_FAILED} if a file cannot be read or written
     * @throws InterruptedWaitException if the thread is interrupted; its interrupt status stays set
     */
    public BackupManifest combine(List<Path> chain, Path target) {
        BackupChain checked = BackupChain.of(chain);
        if (verified) {
            verify(checked);
        }
        CombineRun run = new CombineRun(this, checked, absolute(target));
        try {
            return run.combine();
        } catch (ClosedByInterruptException e) {
            throw new InterruptedWaitException(Delivery.NOT_SENT, e);
        } catch (IOException e) {
            throw new BackupException(
                    Reason.FILE_FAILED, "the backups cannot be combined into " + target + ": " + e, e);
        }
    }

    private static void verify(BackupChain chain) {
        for (BackupChain.Link each : chain.links()) {
            // Of the log only that of the last backup is used.
            BackupVerifier verifier =
                    each.equals(chain.last()) ? BackupVerifier.DEFAULT : BackupVerifier.DEFAULT.withoutWal();
            VerifyReport report = verifier.verify(each.folder());
            if (!report.isSound()) {
                throw new BackupException(
                        Reason.DAMAGED,
                        "the backup in " + each.folder() + " is not sound: "
                                + report.problems().getFirst().text()
                                + (report.problemCount() == 1
                                        ? ""
                                        : ", and " + (report.problemCount() - 1) + " problems more"),
                        null);
            }
        }
    }
}
