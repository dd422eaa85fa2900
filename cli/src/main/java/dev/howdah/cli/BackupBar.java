package dev.howdah.cli;

import org.jspecify.annotations.Nullable;

/** Shows how far work on a backup has come, once it is known how much it is. For one thread. */
final class BackupBar implements AutoCloseable {

    private final Surroundings around;
    private final String task;
    private @Nullable Progress progress;
    private long shown;

    BackupBar(Surroundings around, String task) {
        this.around = around;
        this.task = task;
    }

    /** So many bytes are done of those there are. */
    void at(long bytes, long total) {
        if (progress == null) {
            progress = Progress.ofBytes(around, task, total);
        }
        progress.step(bytes - shown);
        shown = bytes;
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
