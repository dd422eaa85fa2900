package dev.howdah.cli;

import dev.howdah.backup.BackupProgress;
import dev.howdah.backup.BackupProgress.Phase;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows how far a base backup has got, on a terminal. The thread that takes the backup tells it. */
final class BackupMeter implements Consumer<BackupProgress>, AutoCloseable {

    private final Surroundings around;
    private final boolean slowCheckpoint;
    private Progress progress = Progress.none();
    private @Nullable Phase phase;
    private String current = "";
    private long done;

    /**
     * Begins.
     *
     * @param slowCheckpoint whether the checkpoint may take long
     */
    BackupMeter(Surroundings around, boolean slowCheckpoint) {
        this.around = around;
        this.slowCheckpoint = slowCheckpoint;
    }

    @Override
    public void accept(BackupProgress now) {
        if (now.phase() != phase) {
            phase = now.phase();
            enter(now);
        }
        if (now.done() > done) {
            progress.step(now.done() - done);
            done = now.done();
        }
        if (now.phase() == Phase.FILES && !now.current().equals(current)) {
            current = now.current();
            progress.note(TextTable.visible(current));
        }
    }

    private void enter(BackupProgress now) {
        switch (now.phase()) {
            case CHECKPOINT -> {
                if (Progress.isSeen(around)) {
                    Progress.remark(
                            around,
                            "howdah: waiting for checkpoint"
                                    + (slowCheckpoint ? " (--checkpoint fast has the server do it at once)" : ""));
                }
            }
            case FILES -> progress = Progress.ofBytes(around, "backing up", now.total() > 0 ? now.total() : -1);
            case LOG -> progress.note("the rest of the log");
            case SYNC -> progress.note("waiting for the disk");
            case DONE -> close();
        }
    }

    /** Ends; the bar goes away. */
    @Override
    public void close() {
        progress.close();
        progress = Progress.none();
    }
}
