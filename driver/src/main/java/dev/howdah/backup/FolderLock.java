package dev.howdah.backup;

import dev.howdah.error.BackupException;
import dev.howdah.error.BackupException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps a folder for one writer, of this program or another: by a lock on a file in it, which goes when he does. */
final class FolderLock implements AutoCloseable {

    private static final int TRIES = 10;
    /** Behind what is written in it, so that it can be read where locks keep others from reading. */
    private static final long WHERE = 1L << 40;

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @param name of the file
     * @throws BackupException if another one has it ({@link Reason#FOLDER_IN_USE}), or the file cannot be made
     */
    static FolderLock take(Path folder, String name) {
        Path file = folder.resolve(name);
        try {
            for (int i = 0; i < TRIES; i++) {
                FolderLock taken = tryToTake(file);
                if (taken != null) {
                    return taken;
                }
            }
        } catch (OverlappingFileLockException e) {
            throw inUse(folder, file, e);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot make", file, e);
        }
        throw inUse(folder, file, null);
    }

    private static BackupException inUse(Path folder, Path file, @Nullable Throwable cause) {
        return new BackupException(
                Reason.FOLDER_IN_USE,
                "somebody else is writing into the folder " + folder + ", who has locked " + file
                        + ": end that first, or take another folder",
                cause);
    }

    /** Returns null if the file was removed, by who had it before, in the meantime. */
    private static @Nullable FolderLock tryToTake(Path file) throws IOException {
        DurableFiles.create(file);
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return null;
        }
        try {
            FileLock lock = channel.tryLock(WHERE, 1, false);
            if (lock == null) {
                throw new OverlappingFileLockException();
            }
            byte[] mark = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(mark));
            if (Files.exists(file) && Arrays.equals(mark, Files.readAllBytes(file))) {
                return new FolderLock(file, channel);
            }
            channel.close();
            return null;
        } catch (NoSuchFileException e) {
            channel.close();
            return null;
        } catch (RuntimeException | Error | IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Gives the folder back. */
    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw DurableFiles.failed("cannot remove", file, e);
        }
    }
}
