package dev.howdah.message;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;

/** The overall format of a COPY. */
final class CopyFormat {

    private CopyFormat() {}

    /** Reads 0 for text or 1 for binary. */
    static int read(WireReader in, String what) {
        int format = in.uint8();
        if (format > 1) {
            throw new ProtocolException(what + " has the format " + format + "; known are 0 and 1");
        }
        return format;
    }
}
