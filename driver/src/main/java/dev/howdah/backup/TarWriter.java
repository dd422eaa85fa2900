package dev.howdah.backup;

import java.io.IOException;
import java.io.OutputStream;

/** Writes an archive as PostgreSQL does. For one thread. */
final class TarWriter {

    private static final byte[] ZEROS = new byte[2 * TarHeader.BLOCK];

    private final OutputStream out;
    private long left;
    private int padding;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Begins an entry. After that of a file there have to be as many bytes as it says. */
    void begin(TarEntry entry) throws IOException {
        requireWhole();
        out.write(TarHeader.write(entry));
        left = entry.size();
        padding = (int) (-entry.size() & (TarHeader.BLOCK - 1));
    }

    /** Writes more of the file that began last. */
    void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > left) {
            throw new IllegalStateException("the file has " + (length - left) + " bytes more than was said");
        }
        out.write(bytes, offset, length);
        left -= length;
        if (left == 0) {
            out.write(ZEROS, 0, padding);
            padding = 0;
        }
    }

    /** Writes a file as a whole. */
    void file(String name, byte[] content, int mode, long modified) throws IOException {
        begin(TarEntry.file(name, content.length, mode, modified));
        write(content, 0, content.length);
    }

    /** Writes what ends an archive. Closes nothing. */
    void finish() throws IOException {
        requireWhole();
        out.write(ZEROS);
    }

    private void requireWhole() {
        if (left > 0) {
            throw new IllegalStateException("the file before lacks " + left + " bytes");
        }
    }
}
