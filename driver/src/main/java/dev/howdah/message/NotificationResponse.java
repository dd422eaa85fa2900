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
        NotificationResponse message = new NotificationResponse(in.int32(), in.cstring(), in.cstring());
        in.finish("NotificationResponse");
        return message;
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
