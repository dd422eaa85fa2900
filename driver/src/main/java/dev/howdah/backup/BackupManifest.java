package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The list of a backup's files with their sizes and checksums, and of the log it needs, that a server sends with the backup.
 * Immutable. One with a million files takes some 250 MB.
 *
 * @see <a href="https://www.postgresql.org/docs/current/backup-manifest-format.html">Backup manifest format</a>
 */
public final class BackupManifest {

    /** The file's name in a backup's folder. */
    public static final String FILE_NAME = "backup_manifest";

    private final int version;
    private final OptionalLong systemIdentifier;
    private final Map<String, ManifestFile> files;
    private final List<WalRange> walRanges;

    private BackupManifest(
            int version, OptionalLong systemIdentifier, Map<String, ManifestFile> files, List<WalRange> walRanges) {
        this.version = version;
        this.systemIdentifier = systemIdentifier;
        this.files = files;
        this.walRanges = walRanges;
    }

    /** What is collected while a manifest is read. */
    static final class Builder {
        int version;
        OptionalLong systemIdentifier = OptionalLong.empty();
        final Map<String, ManifestFile> files = new LinkedHashMap<>();
        List<WalRange> walRanges = List.of();

        BackupManifest build() {
            return new BackupManifest(version, systemIdentifier, files, List.copyOf(walRanges));
        }
    }

    /**
     * Reads a manifest, and checks its own checksum.
     *
     * @param file the manifest, or the folder of a backup, which has one under the name {@link #FILE_NAME}
     * @return never null
     * @throws BackupException {@link Reason#UNFINISHED} if the folder has a backup that was never finished or no manifest,
     *     {@link Reason#DAMAGED} if the manifest is not what a server wrote, {@link Reason#FILE_FAILED} if it cannot be read
     */
    public static BackupManifest read(Path file) {
        Path manifest = file;
        if (Files.isDirectory(file)) {
            manifest = file.resolve(FILE_NAME);
        }
        try {
            if (!manifest.equals(file)) {
                requireFinished(file, manifest);
            }
            return ManifestReader.read(manifest);
        } catch (IOException e) {
            throw new BackupException(
                    Reason.FILE_FAILED, "the manifest " + manifest + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void requireFinished(Path folder, Path manifest) throws IOException {
        if (PartMarker.exists(folder)) {
            throw new BackupException(
                    Reason.UNFINISHED,
                    "the backup in " + folder + " was never finished: it still has the file " + PartMarker.NAME
                            + ". Remove it and take another",
                    null);
        } else if (!Files.exists(manifest, LinkOption.NOFOLLOW_LINKS)) {
            throw new BackupException(
                    Reason.UNFINISHED,
                    folder + " has no " + FILE_NAME + ": it is no backup, or one that was never finished or was taken"
                            + " without a manifest",
                    null);
        }
    }

    /** Returns the version of its format: 1, or 2 from PostgreSQL 17 on. */
    public int version() {
        return version;
    }

    /** Returns which server it is of, 64 bits without sign; empty before PostgreSQL 17. */
    public OptionalLong systemIdentifier() {
        return systemIdentifier;
    }

    /** Returns what it says of each file, in its order; what is in {@code pg_wal} is not among them. */
    public Collection<ManifestFile> files() {
        return Collections.unmodifiableCollection(files.values());
    }

    /**
     * Returns what it says of a file.
     *
     * @param path see {@link ManifestFile#path()}
     * @return null if it has no such file
     */
    public @Nullable ManifestFile file(String path) {
        return files.get(path);
    }

    /** Returns the log that a server needs to start on the backup. */
    public List<WalRange> walRanges() {
        return walRanges;
    }

    @Override
    public String toString() {
        return "manifest of " + files.size() + " files, log " + walRanges;
    }
}
