package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a file for each segment, which has its whole size from the beginning on: a full disk shows before a byte of it is
 * promised. A file that was left is written over in place, never cut, so that nothing that was once on the disk is ever off it. An
 * interrupt of the thread does not close the file, as it would close a channel.
 */
final class FolderStore implements WalStore {

    /** What is added to the name of a segment that is not whole. */
    static final String PARTIAL = ".partial";

    /** The folder in {@code pg_wal} that tells what need not be archived. */
    static final String ARCHIVE_STATUS = "archive_status";

    private static final Logger LOG = System.getLogger(FolderStore.class.getName());
    private static final byte[] ZEROS = new byte[256 * 1024];

    private final Path folder;
    private final String suffix;
    private final boolean marks;
    private final boolean durable;
    private final Consumer<Path> completed;

    private @Nullable WalSegment segment;
    private Path path;
    private @Nullable RandomAccessFile file;
    /** Whether the file was made for the segment that is open, so that there is nothing in it but what was written since. */
    private boolean made;

    private boolean nameSynced;
    private int written;

    private FolderStore(Path folder, String suffix, boolean marks, boolean durable, Consumer<Path> completed) {
        this.folder = folder;
        this.path = folder;
        this.suffix = suffix;
        this.marks = marks;
        this.durable = durable;
        this.completed = completed;
    }

    /**
     * Returns one of a folder of received log, which is there: what is not whole is called {@code .partial}.
     *
     * @param completed is given each file that is whole, when it outlives a power cut
     */
    static FolderStore archive(Path folder, Consumer<Path> completed) {
        return new FolderStore(folder, PARTIAL, false, true, completed);
    }

    /**
     * Returns one of the {@code pg_wal} of a backup, which is there: a segment has its name from the beginning on, and whole ones
     * and histories are marked as archived, so that a server does not archive them again.
     *
     * @param durable whether it has to outlive a power cut when this says so; otherwise somebody sees to that later
     */
    static FolderStore pgWal(Path folder, boolean durable) {
        return new FolderStore(folder, "", true, durable, file -> {});
    }

    @Override
    public void open(WalSegment next) {
        if (file != null) {
            throw new IllegalStateException("the segment " + segment + " is open");
        }
        path = folder.resolve(next.name() + suffix);
        try {
            made = DurableFiles.create(path);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make", path, e);
        }
        nameSynced = false;
        written = 0;
        try {
            RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw");
            file = opened;
            pad(opened, next.size());
            opened.seek(0);
        } catch (IOException e) {
            BackupException failure = DurableFiles.failed("cannot write", path, e);
            leave(failure);
            throw failure;
        } catch (BackupException e) {
            leave(e);
            throw e;
        }
        segment = next;
    }

    private void pad(RandomAccessFile opened, int size) throws IOException {
        long length = opened.length();
        if (length > size) {
            throw new BackupException(
                    Reason.DAMAGED,
                    path + " has " + length + " bytes and a segment of this server only " + size + ": move it away",
                    null);
        }
        opened.seek(length);
        while (length < size) {
            int more = (int) Math.min(ZEROS.length, size - length);
            opened.write(ZEROS, 0, more);
            length += more;
        }
    }

    private RandomAccessFile opened() {
        RandomAccessFile current = file;
        if (current == null) {
            throw new IllegalStateException("no segment is open");
        }
        return current;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        WalSegment of = segment;
        if (of == null || length > of.size() - written) {
            throw new IllegalStateException("there is no room for " + length + " bytes in the segment " + of);
        }
        try {
            opened().write(bytes, offset, length);
            written += length;
        } catch (IOException e) {
            throw DurableFiles.failed("cannot write", path, e);
        }
    }

    @Override
    public boolean isDurable() {
        return durable;
    }

    @Override
    public void sync() {
        if (!durable || file == null) {
            return;
        }
        try {
            opened().getFD().sync();
            if (!nameSynced) {
                DurableFiles.syncFolder(folder);
                nameSynced = true;
            }
        } catch (IOException e) {
            throw DurableFiles.failed("cannot write", path, e);
        }
    }

    @Override
    public void complete() {
        WalSegment whole = Objects.requireNonNull(segment, "no segment is open");
        if (written != whole.size()) {
            throw new IllegalStateException("the segment " + whole + " has only " + written + " bytes");
        }
        Path named = folder.resolve(whole.name());
        try {
            if (durable) {
                opened().getFD().sync();
            }
            opened().close();
            file = null;
            segment = null;
            if (!suffix.isEmpty()) {
                DurableFiles.rename(path, named);
            } else if (durable) {
                DurableFiles.syncFolder(folder);
            }
            mark(whole.name());
        } catch (IOException e) {
            throw DurableFiles.failed("cannot write", named, e);
        }
        completed.accept(named);
    }

    private void mark(String name) throws IOException {
        if (marks) {
            Path status = folder.resolve(ARCHIVE_STATUS);
            DurableFiles.createFolder(status);
            if (DurableFiles.create(status.resolve(name + ".done")) && durable) {
                DurableFiles.syncFolder(status);
            }
        }
    }

    @Override
    public void leave() {
        leave(null);
    }

    private void leave(@Nullable BackupException failure) {
        RandomAccessFile left = file;
        file = null;
        segment = null;
        try {
            if (left != null) {
                left.close();
            }
            if (made && written == 0) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            if (failure == null) {
                throw DurableFiles.failed("cannot close", path, e);
            }
            failure.addSuppressed(e);
        } finally {
            made = false;
        }
        LOG.log(Level.TRACE, "left {0} with {1} bytes of log written", path, written);
    }

    @Override
    public boolean hasHistory(long timeline) {
        return Files.isRegularFile(folder.resolve(WalSegment.historyFileName(timeline)));
    }

    @Override
    public void history(long timeline, byte[] content) {
        Path named = folder.resolve(WalSegment.historyFileName(timeline));
        try {
            DurableFiles.write(named, content);
            mark(String.valueOf(named.getFileName()));
        } catch (IOException e) {
            throw DurableFiles.failed("cannot write", named, e);
        }
    }
}
