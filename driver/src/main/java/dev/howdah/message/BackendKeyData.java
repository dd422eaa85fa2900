package dev.howdah.message;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * What a CancelRequest for this session has to carry.
 *
 * @param processId the process that serves this session, or what a proxy puts in its place
 * @param key 4 to 256 bytes, 4 in protocol 3.0; not shown by toString or trace
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-BACKENDKEYDATA">BackendKeyData</a>
 */
public record BackendKeyData(int processId, Bytes key) implements BackendMessage {

    /** The fewest bytes of a key, and all that protocol 3.0 has. */
    public static final int MIN_KEY = 4;

    /** The most bytes of a key. */
    public static final int MAX_KEY = 256;

    /** Checks the length of the key. */
    public BackendKeyData {
        if (key.length() < MIN_KEY || key.length() > MAX_KEY) {
            throw new IllegalArgumentException(
                    "a key of " + key.length() + " bytes; it has " + MIN_KEY + " to " + MAX_KEY);
        }
    }

    /** Reads the body. */
    public static BackendKeyData read(WireReader in) {
        int processId = in.int32();
        int length = in.remaining();
        if (length < MIN_KEY || length > MAX_KEY) {
            throw new ProtocolException("BackendKeyData has a key of " + length + " bytes; PostgreSQL's have " + MIN_KEY
                    + " to " + MAX_KEY);
        }
        return new BackendKeyData(processId, Bytes.read(in, length));
    }

    @Override
    public void write(WireWriter out) {
        out.begin('K').int32(processId);
        key.write(out);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("BackendKeyData").int32(processId).masked();
    }

    @Override
    public String toString() {
        return "BackendKeyData[processId=" + processId + ", key=***]";
    }
}
