package dev.howdah.backup;

import dev.howdah.error.BackupException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An archive with a file for each segment, and marks that tell a server not to archive them again. What was received of the last
 * segment is filled up with zeros.
 */
final class TarStore implements WalStore, AutoCloseable {

    private static final byte[] ZEROS = new byte[64 * 1024];
    private static final int MODE = 0600;
    private static final long MILLIS = 1000;

    private final OutputStream out;
    private final TarWriter writer;
    private final Function<IOException, BackupException> failed;
    private final Set<Long> histories = new HashSet<>();
    private @Nullable WalSegment segment;
    private int left;
    private boolean broken;

    /**
     * Makes one.
     *
     * @param failed what to throw if it cannot be written
     */
    TarStore(OutputStream out, Function<IOException, BackupException> failed) {
        this.out = out;
        this.writer = new TarWriter(out);
        this.failed = failed;
    }

    /** What may fail. */
    private interface Work {
        void run() throws IOException;
    }

    private void written(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            broken = true;
            throw failed.apply(e);
        }
    }

    private static long now() {
        return System.currentTimeMillis() / MILLIS;
    }

    @Override
    public void open(WalSegment next) {
        if (segment != null) {
            throw new IllegalStateException("the segment " + segment + " is open");
        }
        segment = next;
        left = next.size();
        written(() -> writer.begin(TarEntry.file(next.name(), next.size(), MODE, now())));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        written(() -> writer.write(bytes, offset, length));
        left -= length;
    }

    /** Who takes the archive sees to that, or does not. */
    @Override
    public boolean isDurable() {
        return false;
    }

    @Override
    public void sync() {
        // It cannot.
    }

    @Override
    public void complete() {
        WalSegment whole = segment;
        if (whole == null || left != 0) {
            throw new IllegalStateException("no segment is whole");
        }
        segment = null;
        written(() -> mark(whole.name()));
    }

    private void mark(String name) throws IOException {
        writer.file(FolderStore.ARCHIVE_STATUS + "/" + name + ".done", new byte[0], MODE, now());
    }

    @Override
    public void leave() {
        boolean open = segment != null;
        segment = null;
        if (open && !broken) {
            written(() -> {
                while (left > 0) {
                    int count = Math.min(left, ZEROS.length);
                    writer.write(ZEROS, 0, count);
                    left -= count;
                }
            });
        }
    }

    @Override
    public boolean hasHistory(long timeline) {
        return histories.contains(timeline);
    }

    @Override
    public void history(long timeline, byte[] content) {
        String name = WalSegment.historyFileName(timeline);
        histories.add(timeline);
        written(() -> {
            writer.file(name, content, MODE, now());
            mark(name);
        });
    }

    /** Ends the archive. */
    void finish() {
        written(writer::finish);
        close();
    }

    @Override
    public void close() {
        written(out::close);
    }
}
