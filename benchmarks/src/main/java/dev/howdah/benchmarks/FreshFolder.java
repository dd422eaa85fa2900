package dev.howdah.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A folder for files, another one for each repetition. The last one stays until it is closed, to be looked at. For one thread. */
public final class FreshFolder implements AutoCloseable {

    private final boolean made;
    private @Nullable Path parent;

    /**
     * None yet.
     *
     * @param made whether the folder is there; else its user makes it
     */
    public FreshFolder(boolean made) {
        this.made = made;
    }

    /** Deletes the last one and returns the next, which is empty. */
    public Path renew() {
        close();
        try {
            parent = Files.createTempDirectory("benchmark-");
            return made ? Files.createDirectory(path()) : path();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder", e);
        }
    }

    /** Returns the one there is now. */
    public Path path() {
        if (parent == null) {
            throw new IllegalStateException("there is no folder yet");
        }
        return parent.resolve("files");
    }

    @Override
    public void close() {
        Path last = parent;
        parent = null;
        if (last == null) {
            return;
        }
        try {
            Files.walkFileTree(last, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                    if (e != null) {
                        throw e;
                    }
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + last, e);
        }
    }
}
