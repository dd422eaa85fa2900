package dev.howdah.cli;

import com.github.luben.zstd.ZstdInputStream;
import dev.howdah.ConnectOptions;
import dev.howdah.backup.BackupManifest;
import dev.howdah.backup.BackupOptions;
import dev.howdah.backup.CheckpointMode;
import dev.howdah.backup.ChecksumAlgorithm;
import dev.howdah.backup.RecoverySettings;
import dev.howdah.backup.ServerCompression;
import dev.howdah.backup.WalMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a base backup is taken: options of the command that become options of the driver. */
final class BackupForm {

    private static final String SERVER = "server:";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}: a data folder that a server starts on, or base.tar and the like."
                    + " Default: ${DEFAULT-VALUE}.")
    private Layout format = Layout.folder;

    @Option(
            names = "--checkpoint",
            paramLabel = "MODE",
            description =
                    "${COMPLETION-CANDIDATES}: the checkpoint that it begins with is done at once, or over minutes"
                            + " so that others feel less of it. Default: ${DEFAULT-VALUE}.")
    private Checkpoint checkpoint = Checkpoint.spread;

    @Option(
            names = "--wal",
            paramLabel = "HOW",
            description = "${COMPLETION-CANDIDATES}: the log that the backup needs comes over a second connection"
                    + " meanwhile, at the end, or not at all. Default: stream; with --target fetch.")
    private @Nullable Log wal;

    @Option(
            names = "--max-rate",
            paramLabel = "RATE",
            converter = RateConverter.class,
            description =
                    "Have the server send no more than this a second, from 32kB to 1GB, as in 20MB; a number alone"
                            + " is kB.")
    private int maxRate;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            description = "What the backup is called in its backup_label. Default: ${DEFAULT-VALUE}.")
    private String label = "howdah base-backup";

    @Option(
            names = "--tablespace",
            paramLabel = "OLD=NEW",
            converter = PathPairConverter.class,
            description =
                    "Put the tablespace that the server has in the folder OLD into NEW; may be given several times."
                            + " \\= is a = in a name.")
    private List<PathPair> tablespaces = new ArrayList<>();

    @Option(
            names = "--compress",
            paramLabel = "HOW",
            converter = CompressionConverter.class,
            description =
                    "Have the server compress what it sends: gzip, lz4 or zstd, and behind a colon a level or other"
                            + " detail, as in zstd:level=3,workers=2. A folder is decompressed again, which howdah can for gzip."
                            + " PostgreSQL 15.")
    private @Nullable ServerCompression compression;

    @Option(
            names = "--manifest-checksums",
            paramLabel = "ALGORITHM",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private ChecksumAlgorithm manifestChecksums = ChecksumAlgorithm.CRC32C;

    @Option(
            names = "--no-manifest",
            description = "Have no manifest: the backup cannot be verified, nor be the ground of an incremental one.")
    private boolean noManifest;

    @Option(
            names = "--no-verify-checksums",
            description = "Have the server not check the checksums of its data pages as it reads them.")
    private boolean noVerifyChecksums;

    @Option(
            names = "--incremental",
            paramLabel = "MANIFEST",
            description = "Take only what has changed since an earlier backup, whose manifest or folder this is."
                    + " PostgreSQL 17 with summarize_wal.")
    private @Nullable Path incremental;

    @Option(names = "--slot", paramLabel = "NAME", description = "Stream the log with this slot, which stays.")
    private @Nullable String slot;

    @Option(names = "--create-slot", description = "Make the slot of --slot first.")
    private boolean createSlot;

    @Option(
            names = "--no-slot",
            description = "Stream the log without a slot. Without this and --slot there is one that goes at the end.")
    private boolean noSlot;

    @Option(
            names = "--no-sync",
            description = "Do not wait until all is on disk. What is not may be lost with the power.")
    private boolean noSync;

    @Option(
            names = "--standby",
            description = "Prepare the folder as a standby of this server: standby.signal, and primary_conninfo (with"
                    + " --slot primary_slot_name, too) in postgresql.auto.conf. It connects as this command does, with the"
                    + " same password, which is then in that file in clear text.")
    private boolean standby;

    @Option(
            names = "--target",
            paramLabel = "WHERE",
            description =
                    "Have the server keep the backup itself: server:PATH for an absolute folder of its machine, or"
                            + " blackhole for nowhere. There is no DIR then. PostgreSQL 15.")
    private @Nullable String target;

    /** What is made. */
    enum Layout {
        folder,
        tar
    }

    /** As {@link CheckpointMode}. */
    enum Checkpoint {
        fast,
        spread
    }

    /** As {@link WalMode}. */
    enum Log {
        stream,
        fetch,
        none
    }

    Layout format() {
        return format;
    }

    /** Returns where the server keeps it, as BASE_BACKUP calls it; null if it comes here. */
    @Nullable
    String target() {
        return target == null ? null : target.startsWith(SERVER) ? "server" : target;
    }

    /** Returns what else is to say of the target. */
    @Nullable
    String targetDetail() {
        return target != null && target.startsWith(SERVER) ? target.substring(SERVER.length()) : null;
    }

    boolean hasManifest() {
        return !noManifest;
    }

    boolean hasLog() {
        return log() != Log.none;
    }

    boolean isSpread() {
        return checkpoint == Checkpoint.spread;
    }

    /** Returns whether it is compressed in a form that howdah cannot read. */
    boolean isForeign() {
        return compression != null && compression.method().equals("lz4");
    }

    private Log log() {
        return wal == null ? target == null ? Log.stream : Log.fetch : wal;
    }

    /** Refuses what does not go together, before anybody connects. */
    void check(@Nullable Path folder) {
        require(folder != null || target != null, "there is no place for the backup: name a DIR or give a --target");
        require(folder == null || target == null, "with --target there is no DIR: the server keeps the backup");
        require(
                target == null || log() != Log.stream,
                "with --target the log cannot be streamed: --wal fetch, or none");
        require(target == null || !standby, "--standby needs a DIR: nothing is prepared on the server");
        require(slot != null || !createSlot, "--create-slot makes the slot that --slot names");
        require(slot == null || !noSlot, "--slot and --no-slot contradict each other");
        require(log() == Log.stream || slot == null || standby, "--slot is for log that is streamed");
        require(log() == Log.stream || !createSlot, "--create-slot is for log that is streamed");
        boolean unpacked = target == null && format == Layout.folder;
        require(unpacked || !standby, "--standby prepares a data folder: --format folder");
        require(unpacked || tablespaces.isEmpty(), "--tablespace places files of a data folder: --format folder");
        require(
                !unpacked || !isForeign(),
                "howdah cannot decompress lz4 into a folder: --compress gzip or zstd, or --format tar");
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new UsageException(otherwise);
        }
    }

    /**
     * Returns the driver's options.
     *
     * @param options how it connects
     */
    BackupOptions options(ConnectOptions options) {
        BackupOptions how = BackupOptions.DEFAULT
                .label(label)
                .checkpoint(isSpread() ? CheckpointMode.SPREAD : CheckpointMode.FAST)
                .wal(
                        switch (log()) {
                            case stream -> WalMode.STREAM;
                            case fetch -> WalMode.FETCH;
                            case none -> WalMode.NONE;
                        })
                .maxRate(maxRate)
                .compression(compression)
                .decompressor("zstd", ZstdInputStream::new)
                .manifest(!noManifest)
                .manifestChecksums(manifestChecksums)
                .verifyChecksums(!noVerifyChecksums)
                .incrementalTo(manifest())
                .sync(!noSync);
        for (PathPair each : tablespaces) {
            how = how.tablespace(each.from(), each.to());
        }
        if (slot != null) {
            how = how.slot(slot, createSlot);
        } else if (noSlot) {
            how = how.withoutSlot();
        }
        return how.recovery(standby ? recovery(options) : null);
    }

    private @Nullable Path manifest() {
        return incremental != null && Files.isDirectory(incremental)
                ? incremental.resolve(BackupManifest.FILE_NAME)
                : incremental;
    }

    private RecoverySettings recovery(ConnectOptions options) {
        RecoverySettings settings = RecoverySettings.standby(PrimaryConninfo.of(options));
        return slot == null ? settings : settings.with("primary_slot_name", slot);
    }
}
