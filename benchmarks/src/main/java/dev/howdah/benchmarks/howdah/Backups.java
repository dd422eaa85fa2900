package dev.howdah.benchmarks.howdah;

import dev.howdah.ConnectOptions;
import dev.howdah.backup.BackupOptions;
import dev.howdah.backup.BaseBackup;
import dev.howdah.backup.CheckpointMode;
import dev.howdah.benchmarks.FreshFolder;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;

/** W11 and W11t. */
final class Backups implements Workload {

    /** Without the look at all files before, which pg_basebackup has done only where progress is shown. */
    private static final BackupOptions HOW =
            BackupOptions.DEFAULT.checkpoint(CheckpointMode.FAST).estimateSize(false);

    private final ConnectOptions options;
    private final boolean archives;
    private final FreshFolder folder = new FreshFolder(false);

    Backups(ConnectOptions options, boolean archives) {
        this.options = options;
        this.archives = archives;
    }

    @Override
    public void prepare(int count) {
        folder.renew();
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        if (archives) {
            BaseBackup.toTarFiles(options, HOW, folder.path());
        } else {
            BaseBackup.toFolder(options, HOW, folder.path());
        }
        return Answer.of(folder.path());
    }

    @Override
    public void close() {
        folder.close();
    }
}
