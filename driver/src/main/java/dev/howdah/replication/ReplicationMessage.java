package dev.howdah.replication;

import dev.howdah.type.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A message of a stream: what the output plugin wrote of one change, or a piece of the write-ahead log. Immutable, but for the
 * array of its payload.
 */
public final class ReplicationMessage {

    private final ReplicationCursor cursor;
    private final Lsn dataStart;
    private final Lsn walEnd;
    private final long sent;
    private final byte[] payload;
    private final boolean decodes;

    ReplicationMessage(
            ReplicationCursor cursor, Lsn dataStart, Lsn walEnd, long sent, byte[] payload, boolean decodes) {
        this.cursor = cursor;
        this.dataStart = dataStart;
        this.walEnd = walEnd;
        this.sent = sent;
        this.payload = payload;
        this.decodes = decodes;
    }

    /** Returns the bytes as they came; not a copy. */
    public byte[] payload() {
        return payload;
    }

    /** Returns how many bytes the payload has. */
    public int dataSize() {
        return payload.length;
    }

    /**
     * Returns the payload of a plugin that writes text.
     *
     * @throws IllegalStateException if it is not UTF-8, as that of {@code pgoutput} is not
     */
    public String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalStateException(
                    "the message at " + dataStart + " is not text in UTF-8; its plugin writes bytes: use payload()", e);
        }
    }

    /**
     * Returns where it stands in the write-ahead log. Of a physical stream that is the place of its first byte. Of a logical one it
     * is the change's own place, of a commit the end of the transaction, which is what to confirm; transactions come in the order of
     * their commits, so it goes back where the next one begins, and it is {@code 0/0} for messages that are at no place.
     */
    public Lsn dataStart() {
        return dataStart;
    }

    /** Returns up to where the server had got; of a logical stream the same as {@link #dataStart()}. */
    public Lsn walEnd() {
        return walEnd;
    }

    /** Returns when it was sent, by the server's clock, to the microsecond. */
    public Instant sendTime() {
        return ServerTime.instant(sent);
    }

    /** Returns the cursor that received it. */
    public ReplicationCursor cursor() {
        return cursor;
    }

    /** {@return where it stands and how long it is, and its text if the stream was begun with {@code decode}} */
    @Override
    public String toString() {
        return "ReplicationMessage[dataStart=" + dataStart + ", walEnd=" + walEnd + ", dataSize=" + payload.length
                + (decodes ? ", " + text() : "") + "]";
    }
}
