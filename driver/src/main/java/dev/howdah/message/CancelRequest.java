package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Asks, on a connection of its own, to cancel what another session is doing. Nothing answers.
 *
 * @param processId as BackendKeyData said
 * @param key as BackendKeyData said; not shown by toString or trace
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-CANCELREQUEST">CancelRequest</a>
 */
public record CancelRequest(int processId, Bytes key) implements FrontendMessage {

    /** The code that takes the place of a protocol version: 1234 and 5678. */
    public static final int CODE = 80877102;

    /** Checks the length of the key. */
    public CancelRequest {
        if (key.length() < BackendKeyData.MIN_KEY || key.length() > BackendKeyData.MAX_KEY) {
            throw new IllegalArgumentException("a key of " + key.length() + " bytes; it has " + BackendKeyData.MIN_KEY
                    + " to " + BackendKeyData.MAX_KEY);
        }
    }

    /** Makes the request that cancels what a session is doing. */
    public static CancelRequest of(BackendKeyData session) {
        return new CancelRequest(session.processId(), session.key());
    }

    /** Reads the body. */
    public static CancelRequest read(WireReader in) {
        FrontendMessage.code(in, CODE, "CancelRequest");
        BackendKeyData session = BackendKeyData.read(in);
        return of(session);
    }

    @Override
    public void write(WireWriter out) {
        out.begin().int32(CODE).int32(processId);
        key.write(out);
        out.end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("CancelRequest")
                .int16(CODE >>> 16)
                .int16(CODE)
                .int32(processId)
                .masked();
    }

    @Override
    public String toString() {
        return "CancelRequest[processId=" + processId + ", key=***]";
    }
}
