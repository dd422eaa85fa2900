package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Puts the files of a backup into a folder. Until all are there each has another name. Files may be begun by two threads at once.
 */
final class TarFiles implements BackupConsumer {

    private static final String PART = ".part";

    private final ReentrantLock lock = new ReentrantLock();
    private final Path folder;
    private final boolean sync;
    private final List<Path> files = new ArrayList<>();
    private boolean made;

    TarFiles(Path folder, boolean sync) {
        this.folder = folder.toAbsolutePath().normalize();
        this.sync = sync;
    }

    /** Makes the folder, or takes one that has nothing in it but what was left of an unfinished backup. */
    void prepare() {
        try {
            if (!Files.exists(folder)) {
                DurableFiles.createFolder(folder);
                made = true;
                return;
            }
            List<Path> there;
            try (Stream<Path> all = Files.list(folder)) {
                there = all.toList();
            }
            for (Path each : there) {
                if (!isLeft(each)) {
                    throw new BackupException(
                            Reason.FOLDER_IN_USE,
                            "a backup cannot go to " + folder + ": it has " + each.getFileName()
                                    + ". Name an empty folder",
                            null);
                }
            }
            for (Path each : there) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make a backup in", folder, e);
        }
    }

    private static boolean isLeft(Path file) {
        String name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file)
                && name.matches("((base|pg_wal|[0-9]+)\\.tar(\\.[A-Za-z0-9]+)?|backup_manifest)\\.part");
    }

    @Override
    public OutputStream open(BackupFile file) throws IOException {
        Path part = folder.resolve(file.name() + PART);
        lock.lock();
        try {
            files.add(folder.resolve(file.name()));
        } finally {
            lock.unlock();
        }
        if (!DurableFiles.create(part)) {
            throw new IOException(part + " is there already");
        }
        FileOutputStream out = new FileOutputStream(part.toFile());
        return sync ? new Synced(out) : out;
    }

    /** The manifest has its name last: what has one is whole. */
    @Override
    public void completed(BackupResult result) throws IOException {
        for (Path file : files) {
            Files.move(file.resolveSibling(file.getFileName() + PART), file, StandardCopyOption.ATOMIC_MOVE);
        }
        if (sync) {
            DurableFiles.syncFolder(folder);
        }
    }

    @Override
    public void failed(Throwable why) {
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + PART));
            }
            if (made) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** A file that is on disk when it is closed. */
    private static final class Synced extends OutputStream {
        private final FileOutputStream file;

        Synced(FileOutputStream file) {
            this.file = file;
        }

        @Override
        public void write(int one) throws IOException {
            file.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            try (file) {
                if (file.getChannel().isOpen()) {
                    file.getFD().sync();
                }
            }
        }
    }
}
