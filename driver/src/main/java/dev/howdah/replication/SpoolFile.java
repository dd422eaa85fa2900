package dev.howdah.replication;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that only its owner can read, and that nobody finds once it is open, where the system allows that; elsewhere it is removed when
 * it is closed. An interrupt of the thread does not close it, as it would close a channel. Closed by any thread, else for one.
 */
final class SpoolFile implements Closeable {

    private static final Logger LOG = System.getLogger(SpoolFile.class.getName());

    private final RandomAccessFile file;
    /** What is left to remove. */
    private final @Nullable Path path;

    private SpoolFile(RandomAccessFile file, @Nullable Path path) {
        this.file = file;
        this.path = path;
    }

    /**
     * Makes one.
     *
     * @param folder null for the one for temporary files
     */
    static SpoolFile create(@Nullable Path folder) throws IOException {
        Path path = folder == null
                ? Files.createTempFile("howdah-transaction", ".spool")
                : Files.createTempFile(folder, "howdah-transaction", ".spool");
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            Files.delete(path);
            return new SpoolFile(file, null);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a file that is open cannot be removed here", e);
            return new SpoolFile(file, path);
        }
    }

    void write(byte[] bytes, int length) throws IOException {
        file.write(bytes, 0, length);
    }

    /** Returns what has been written, from its beginning. */
    InputStream read() throws IOException {
        file.seek(0);
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return file.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, into.length);
                return file.read(into, offset, length);
            }
        };
    }

    @Override
    public void close() throws IOException {
        file.close();
        if (path != null) {
            Files.deleteIfExists(path);
        }
    }
}
