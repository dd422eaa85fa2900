package dev.howdah.message;

import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;

/**
 * Somebody sent a NOTIFY on a channel listened to.
 *
 * @param processId the process that serves the sender
 * @param channel its name
 * @param payload empty if there was none
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-NOTIFICATIONRESPONSE">NotificationResponse</a>
 */
public record NotificationResponse(int processId, String channel, String payload) implements BackendMessage {

    /** Reads the body. */
    public static NotificationResponse read(WireReader in) {
        return read(in, "");
    }

    /**
     * Reads the body.
     *
     * @param usual a channel that is likely, for it not to be made anew
     */
    public static NotificationResponse read(WireReader in, String usual) {
        int processId = in.int32();
        String channel = in.cstring(usual);
        String payload = in.cstring();
        in.finish("NotificationResponse");
        return new NotificationResponse(processId, channel, payload);
    }

    @Override
    public void write(WireWriter out) {
        out.begin('A').int32(processId).cstring(channel).cstring(payload).end();
    }

    @Override
    public void trace(TraceLine line) {
        line.name("NotificationResponse").int32(processId).text(channel).text(payload);
    }
}
