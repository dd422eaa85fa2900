package dev.howdah.backup;

import java.io.IOException;
import java.io.InputStream;

/** Decompresses what a server has compressed. */
@FunctionalInterface
public interface BackupDecompressor {

    /**
     * Returns what was compressed.
     *
     * @param compressed to be read to its end; not to be closed
     * @throws IOException if it is not what it should be
     */
    InputStream decompress(InputStream compressed) throws IOException;
}
