package dev.howdah.backup;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link BaseBackup} is taken. Immutable: each method returns other options.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-BASE-BACKUP">BASE_BACKUP</a>
 * @see <a href="https://www.postgresql.org/docs/current/app-pgbasebackup.html">pg_basebackup</a>
 */
public final class BackupOptions {

    private static final int SLOWEST = 32;
    private static final int FASTEST = 1024 * 1024;

    /**
     * A checkpoint spread out, the log streamed with a slot that goes when the backup ends, a manifest with CRC-32C, no compression, no
     * limit; files are synced to disk.
     */
    public static final BackupOptions DEFAULT = new BackupOptions();

    String label = "Howdah base backup";
    CheckpointMode checkpoint = CheckpointMode.SPREAD;
    WalMode wal = WalMode.STREAM;
    int maxRate;
    boolean verifyChecksums = true;
    boolean waitForArchive = true;
    boolean manifest = true;
    boolean forceEncode;
    ChecksumAlgorithm checksums = ChecksumAlgorithm.CRC32C;

    @Nullable
    ServerCompression compression;

    Map<String, BackupDecompressor> decompressors = Map.of();
    Map<Path, Path> tablespaces = Map.of();

    @Nullable
    Path incrementalTo;

    @Nullable
    String slot;

    boolean createSlot;
    boolean useSlot = true;
    boolean sync = true;
    boolean estimate = true;

    @Nullable
    RecoverySettings recovery;

    Consumer<? super BackupProgress> progress = how -> {};

    private BackupOptions() {}

    private BackupOptions(BackupOptions other) {
        label = other.label;
        checkpoint = other.checkpoint;
        wal = other.wal;
        maxRate = other.maxRate;
        verifyChecksums = other.verifyChecksums;
        waitForArchive = other.waitForArchive;
        manifest = other.manifest;
        forceEncode = other.forceEncode;
        checksums = other.checksums;
        compression = other.compression;
        decompressors = other.decompressors;
        tablespaces = other.tablespaces;
        incrementalTo = other.incrementalTo;
        slot = other.slot;
        createSlot = other.createSlot;
        useSlot = other.useSlot;
        sync = other.sync;
        estimate = other.estimate;
        recovery = other.recovery;
        progress = other.progress;
    }

    private BackupOptions with(Consumer<BackupOptions> change) {
        BackupOptions made = new BackupOptions(this);
        change.accept(made);
        return made;
    }

    /** Says what the backup is called in its {@code backup_label}. */
    public BackupOptions label(String text) {
        Objects.requireNonNull(text, "text");
        return with(made -> made.label = text);
    }

    /** Says how the server does the checkpoint before it. */
    public BackupOptions checkpoint(CheckpointMode mode) {
        Objects.requireNonNull(mode, "mode");
        return with(made -> made.checkpoint = mode);
    }

    /** Says where the log comes from. */
    public BackupOptions wal(WalMode mode) {
        Objects.requireNonNull(mode, "mode");
        return with(made -> made.wal = mode);
    }

    /**
     * Limits how fast the server sends; the log that is streamed is not counted.
     *
     * @param kibibytes a second, from 32 to 1,048,576; 0 for no limit
     */
    public BackupOptions maxRate(int kibibytes) {
        if (kibibytes != 0 && (kibibytes < SLOWEST || kibibytes > FASTEST)) {
            throw new IllegalArgumentException(
                    "the rate is limited to 32 to 1048576 KiB a second, or 0 for no limit, not to " + kibibytes);
        }
        return with(made -> made.maxRate = kibibytes);
    }

    /** Says whether the server checks the checksums of data pages, if it has them, while it reads; it does unless this is called. */
    public BackupOptions verifyChecksums(boolean on) {
        return with(made -> made.verifyChecksums = on);
    }

    /**
     * Says whether a backup {@linkplain WalMode#NONE without log} ends only when the server has archived the log that it needs, if it
     * archives; it does unless this is called.
     */
    public BackupOptions waitForArchive(boolean on) {
        return with(made -> made.waitForArchive = on);
    }

    /** Says whether there is a manifest, without which a backup cannot be verified or be the ground of an incremental one. */
    public BackupOptions manifest(boolean on) {
        return with(made -> made.manifest = on);
    }

    /** Has the manifest give all names of files as hexadecimal digits; it does so for those that are not UTF-8 anyway. */
    public BackupOptions manifestForceEncode(boolean on) {
        return with(made -> made.forceEncode = on);
    }

    /** Says what checksums the manifest has. */
    public BackupOptions manifestChecksums(ChecksumAlgorithm algorithm) {
        Objects.requireNonNull(algorithm, "algorithm");
        return with(made -> made.checksums = algorithm);
    }

    /**
     * Has the server compress what it sends. PostgreSQL 15. A folder is filled with what is in the archives, so they are
     * decompressed: gzip is built in, for others there is {@link #decompressor}.
     *
     * @param how null for not at all
     */
    public BackupOptions compression(@Nullable ServerCompression how) {
        return with(made -> made.compression = how);
    }

    /**
     * Brings what decompresses archives of a method that Java does not know.
     *
     * @param method as in {@link ServerCompression#method()}
     */
    public BackupOptions decompressor(String method, BackupDecompressor decompressor) {
        Map<String, BackupDecompressor> all = new LinkedHashMap<>(decompressors);
        all.put(Objects.requireNonNull(method, "method"), Objects.requireNonNull(decompressor, "decompressor"));
        return with(made -> made.decompressors = Collections.unmodifiableMap(all));
    }

    /**
     * Says where the files of a tablespace go; without this they go where they are on the server, which must be free here.
     *
     * @param there its absolute folder on the server
     * @param here the folder on this machine, empty or not there
     */
    public BackupOptions tablespace(Path there, Path here) {
        if (!there.isAbsolute()) {
            throw new IllegalArgumentException("a tablespace's folder on the server is absolute, not " + there);
        }
        Map<Path, Path> all = new LinkedHashMap<>(tablespaces);
        all.put(there.normalize(), here.toAbsolutePath().normalize());
        return with(made -> made.tablespaces = Collections.unmodifiableMap(all));
    }

    /**
     * Makes it an incremental backup: only what has changed since another one. PostgreSQL 17 with {@code summarize_wal}. To be
     * used it has to be {@linkplain BackupCombiner combined} with that one.
     *
     * @param earlier the other backup's manifest; null for a full backup
     */
    public BackupOptions incrementalTo(@Nullable Path earlier) {
        return with(made -> made.incrementalTo = earlier);
    }

    /**
     * Has the log be streamed with a slot that stays, rather than with one of its own that goes when the backup ends.
     *
     * @param create whether to make it; otherwise it has to be there
     */
    public BackupOptions slot(String name, boolean create) {
        Objects.requireNonNull(name, "name");
        return with(made -> {
            made.slot = name;
            made.createSlot = create;
            made.useSlot = true;
        });
    }

    /** Has the log be streamed without any slot: the server may remove it before it was received. */
    public BackupOptions withoutSlot() {
        return with(made -> {
            made.slot = null;
            made.useSlot = false;
        });
    }

    /** Says whether all files are synced to disk at the end; a backup that is not may be lost with the power. They are unless this is called. */
    public BackupOptions sync(boolean on) {
        return with(made -> made.sync = on);
    }

    /** Says whether the server looks first how large the backup will be, for {@link BackupProgress#total()}; it does unless this is called. */
    public BackupOptions estimateSize(boolean on) {
        return with(made -> made.estimate = on);
    }

    /**
     * Has a folder be prepared for what it is to become, a standby or a server that recovers from an archive.
     *
     * @param settings null for neither
     */
    public BackupOptions recovery(@Nullable RecoverySettings settings) {
        return with(made -> made.recovery = settings);
    }

    /** Names who is told how far it has got; called on the thread that takes the backup, and what is thrown there ends it. */
    public BackupOptions progress(Consumer<? super BackupProgress> listener) {
        Objects.requireNonNull(listener, "listener");
        return with(made -> made.progress = listener);
    }
}
