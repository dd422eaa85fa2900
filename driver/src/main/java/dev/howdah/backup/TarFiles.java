package dev.howdah.backup;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts the files of a backup into a folder. Until all are there each has another name. Files may be begun by two threads at once.
 */
final class TarFiles implements BackupConsumer {

    private static final String PART = ".part";

    private final ReentrantLock lock = new ReentrantLock();
    private final Path folder;
    private final boolean sync;
    private final List<Path> files = new ArrayList<>();
    private final BackupFolders folders;

    TarFiles(Path folder, boolean sync) {
        this.folder = folder.toAbsolutePath().normalize();
        this.sync = sync;
        this.folders = new BackupFolders(this.folder);
    }

    /** Takes the folder. */
    void prepare() {
        try {
            folders.take();
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make a backup in", folder, e);
        }
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
        return new FileOutputStream(part.toFile());
    }

    @Override
    public void completed(BackupResult result) throws IOException {
        folders.finish(sync, () -> {
            for (Path file : files) {
                Files.move(file.resolveSibling(file.getFileName() + PART), file, StandardCopyOption.ATOMIC_MOVE);
            }
        });
    }

    @Override
    public void failed(Throwable why) {
        folders.giveUp(why);
    }
}
