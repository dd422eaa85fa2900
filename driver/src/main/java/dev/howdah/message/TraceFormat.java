package dev.howdah.message;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the conversation of one connection in text, as libpq's PQtrace does: for each message a line of direction (F
 * for the client, B for the server), length, name and fields, separated by tabs; a timestamp can be put before it. It
 * sees the messages in the order in which they travel. Not safe for several threads.
 *
 * <p>It differs from libpq 18 in this:
 *
 * <ul>
 *   <li>passwords, hashes of them, tokens, SASL and GSSAPI data and cancel keys are {@code ***};
 *   <li>AuthenticationOk is told, which libpq leaves out;
 *   <li>CancelRequest, GSSENCRequest and the messages of Kerberos, GSSAPI and SSPI are told in the same style, without
 *       having been held against libpq's own output: it traces no cancelling, and the one compared with was built without GSSAPI;
 *   <li>fields of an ErrorResponse or NoticeResponse that the driver does not know are left out, the others have
 *       PostgreSQL's order whatever theirs was, and severity and message are always there;
 *   <li>of AuthenticationMD5Password nothing but the name is told, and where libpq adds a line about a length that it
 *       misread (there and after long keys) there is none;
 *   <li>a message that cannot be read is told with the reason; that it is wrong is for the reader to say, not for the
 *       trace.
 * </ul>
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-control.html#LIBPQ-PQTRACE">PQtrace</a>
 */
public final class TraceFormat {

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
    private static final int INITIAL = 512;

    private final WireReader reader = new WireReader();
    private boolean started;
    private FrontendContext context = FrontendContext.NONE;

    /** Makes a format for a connection that begins. */
    public TraceFormat() {}

    /** Tells a message that the server sent, given its body in place. */
    public String backend(char type, byte[] array, int bodyOffset, int bodyLength) {
        int length = bodyLength + Integer.BYTES;
        try {
            BackendMessage message = BackendMessage.read(type, reader.over(array, bodyOffset, bodyLength));
            if (message instanceof AuthenticationMessage request) {
                context = FrontendContext.after(request);
            }
            return line('B', length, message);
        } catch (ProtocolException e) {
            return unreadable('B', length, e);
        }
    }

    /**
     * Tells the one byte by which the server answers SSLRequest and GSSENCRequest.
     *
     * @param gss true for the answer to GSSENCRequest
     */
    public String encryptionAnswer(boolean gss, char answer) {
        return "B\t1\t" + (gss ? "GSSENCResponse" : "SSLResponse") + "\t " + answer;
    }

    /**
     * Tells the messages that the client sends, given as they stand in its outbox, whole.
     *
     * @return a line for each
     * @throws ProtocolException if these are not whole messages, one after the other
     */
    public List<String> frontend(byte[] array, int offset, int length) {
        List<String> lines = new ArrayList<>();
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int header = started ? 1 : 0;
            if (end - at < header + Integer.BYTES) {
                throw new ProtocolException("the client's messages end within a header");
            }
            int announced = WireReader.int32At(array, at + header);
            if (announced < Integer.BYTES || announced > end - at - header) {
                throw new ProtocolException(
                        "a message of the client announces " + announced + " bytes; there are " + (end - at - header));
            }
            lines.add(frontend((char) (array[at] & 0xff), array, at + header + Integer.BYTES, announced));
            at += header + announced;
        }
        return lines;
    }

    private String frontend(char type, byte[] array, int bodyOffset, int length) {
        reader.over(array, bodyOffset, length - Integer.BYTES);
        try {
            FrontendMessage message =
                    started ? FrontendMessage.read(type, reader, context) : FrontendMessage.readStartup(reader);
            started |= message instanceof StartupMessage;
            return line('F', length, message);
        } catch (ProtocolException e) {
            return unreadable('F', length, e);
        }
    }

    /** Tells one message of the client, out of any conversation. */
    public static String line(FrontendMessage message) {
        return line('F', length(message, !isStartup(message)), message);
    }

    /** Tells one message of the server, out of any conversation. */
    public static String line(BackendMessage message) {
        return line('B', length(message, true), message);
    }

    /** Puts a timestamp, in microseconds and the zone's local time, before a line. */
    public static String stamped(Instant time, ZoneId zone, String line) {
        return TIMESTAMP.format(time.atZone(zone)) + "\t" + line;
    }

    private static String line(char direction, int length, Message message) {
        TraceLine fields = new TraceLine();
        message.trace(fields);
        return direction + "\t" + length + "\t" + fields;
    }

    private static String unreadable(char direction, int length, ProtocolException reason) {
        return direction + "\t" + length + "\tUnreadable\t \"" + reason.getMessage() + "\"";
    }

    private static boolean isStartup(FrontendMessage message) {
        return message instanceof StartupMessage
                || message instanceof CancelRequest
                || message instanceof SSLRequest
                || message instanceof GSSENCRequest;
    }

    private static int length(Message message, boolean hasType) {
        WireWriter out = new WireWriter(INITIAL);
        message.write(out);
        return out.position() - (hasType ? 1 : 0);
    }
}
