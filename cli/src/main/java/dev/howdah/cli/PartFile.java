package dev.howdah.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A file that is made or replaced when all of it has been written, and is as it was until then. Meanwhile the data are in a file beside it
 * whose name has {@code .part} at the end. What is no ordinary file, such as a device or a named pipe, is written at once. For one thread.
 */
final class PartFile implements AutoCloseable {

    private final Path target;
    /** Null if the target itself is written. */
    private final @Nullable Path part;

    private final OutputStream out;

    private PartFile(Path target, @Nullable Path part, OutputStream out) {
        this.target = target;
        this.part = part;
        this.out = out;
    }

    /**
     * Begins.
     *
     * @throws IOException if it cannot be made, or another is being written to it
     */
    static PartFile open(Path file) throws IOException {
        boolean there = Files.exists(file);
        // A link stays one, and what it leads to is replaced.
        Path target = there ? file.toRealPath() : file;
        if (there && !Files.isRegularFile(target)) {
            // By a channel, so that an interrupt ends a wait for a pipe.
            return new PartFile(
                    target, null, Channels.newOutputStream(FileChannel.open(target, StandardOpenOption.WRITE)));
        }
        if (there && !Files.isWritable(target)) {
            throw new FileSystemException(file.toString(), null, "permission denied");
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            FileAttribute<?>[] like = there ? permissions(target) : new FileAttribute<?>[0];
            Files.createFile(part, like);
        } catch (FileAlreadyExistsException e) {
            throw new FileSystemException(
                    file.toString(), null, part + " is there already: left behind, or being written now");
        } catch (NoSuchFileException e) {
            throw new FileSystemException(file.toString(), null, "there is no such folder");
        }
        return new PartFile(target, part, Files.newOutputStream(part, StandardOpenOption.WRITE));
    }

    /** What others may not read now they may not read then. */
    private static FileAttribute<?>[] permissions(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(view.readAttributes().permissions())
                };
    }

    OutputStream out() {
        return out;
    }

    /** Ends: the file is there. */
    void done() throws IOException {
        out.close();
        if (part != null) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Ends; what was written is removed unless it was done. */
    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            if (part != null) {
                Files.deleteIfExists(part);
            }
        }
    }
}
