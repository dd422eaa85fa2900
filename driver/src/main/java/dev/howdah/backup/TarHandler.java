package dev.howdah.backup;

import java.io.IOException;

/** Takes what is in an archive, in its order. What it throws comes out of {@link TarReader#accept}. */
interface TarHandler {

    /** An entry; its name is harmless, a link's target has not been looked at. */
    void begin(TarEntry entry) throws IOException;

    /** A piece of the file that began last; the bytes are the caller's again afterwards. */
    void data(byte[] bytes, int offset, int length) throws IOException;

    /** The file that began last is whole. Not called for folders and links. */
    void end() throws IOException;
}
