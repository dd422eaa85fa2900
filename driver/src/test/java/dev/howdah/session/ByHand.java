package dev.howdah.session;

import dev.howdah.auth.AuthSettings;
import dev.howdah.auth.Authenticator;
import dev.howdah.auth.ChannelBinding;
import dev.howdah.auth.Credentials;
import dev.howdah.auth.GssSettings;
import dev.howdah.auth.OAuthSettings;
import dev.howdah.auth.Peer;
import dev.howdah.error.Diagnostics;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.BackendKeyData;
import dev.howdah.message.Bytes;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.Message;
import dev.howdah.message.NoticeResponse;
import dev.howdah.message.NotificationResponse;
import dev.howdah.message.ParameterStatus;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.RowDescription;
import dev.howdah.message.StartupMessage;
import dev.howdah.message.TraceFormat;
import dev.howdah.message.TransactionStatus;
import dev.howdah.type.TypeRegistry;
import dev.howdah.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A session without a socket: the test takes what it sends out of its hands and puts the answer into them. */
final class ByHand implements SessionListener {

    static final ReadyForQuery IDLE = ReadyForQuery.of(TransactionStatus.IDLE);
    static final ReadyForQuery IN_TRANSACTION = ReadyForQuery.of(TransactionStatus.IN_TRANSACTION);
    static final int INT4 = 23;
    static final int TEXT = 25;

    final Session session = new Session(this, null);
    final StatementCache statements =
            new StatementCache(10, 1000, TypeRegistry.global().child());
    final List<NoticeResponse> notices = new ArrayList<>();
    final List<NotificationResponse> notifications = new ArrayList<>();
    private final TraceFormat format = new TraceFormat();

    /** A session whose server has accepted it. */
    static ByHand open() {
        ByHand hand = new ByHand();
        Startup startup = hand.startup();
        hand.session.submit(startup);
        hand.take();
        hand.give(AuthenticationOk.INSTANCE, new BackendKeyData(7, Bytes.copyOf(new byte[4])), IDLE);
        return hand;
    }

    Startup startup() {
        return startup(Set.of("none", "password", "md5", "scram-sha-256", "gss", "sspi"));
    }

    Startup startup(Set<String> allowedMethods) {
        AuthSettings settings = new AuthSettings(
                allowedMethods,
                ChannelBinding.PREFER,
                100_000,
                null,
                OAuthSettings.NONE,
                GssSettings.kerberos("postgres", false));
        return new Startup(
                new StartupMessage(StartupMessage.VERSION_3_0, Map.of("user", "u")),
                new Authenticator(
                        new Credentials("u", null, null, settings, new Peer("localhost", false, true, null))));
    }

    @Override
    public void notice(NoticeResponse notice) {
        notices.add(notice);
    }

    @Override
    public void notification(int processId, String channel, String payload) {
        notifications.add(new NotificationResponse(processId, channel, payload));
    }

    /** Takes all bytes that the session wants to send. */
    byte[] takeBytes() {
        WireWriter all = new WireWriter(64);
        while (session.transmit()) {
            ByteBuffer bytes = session.outbound();
            byte[] taken = new byte[bytes.remaining()];
            bytes.get(taken);
            session.sent(taken.length);
            all.bytes(taken);
        }
        return all.toByteArray();
    }

    /** Takes what the session wants to send, as a trace shows it: one message a line, without lengths. */
    List<String> take() {
        byte[] bytes = takeBytes();
        List<String> lines = new ArrayList<>();
        for (String line : format.frontend(bytes, 0, bytes.length)) {
            lines.add(line.replaceFirst("^F\t\\d+\t", ""));
        }
        return lines;
    }

    /** Gives the session messages, in one piece. */
    void give(Message... messages) {
        give(bytes(messages));
    }

    /** Gives the session bytes, in one piece if it has the space. */
    void give(byte[] bytes) {
        give(bytes, bytes.length);
    }

    /** Gives the session bytes, in pieces of at most {@code piece}. */
    void give(byte[] bytes, int piece) {
        int at = 0;
        while (at < bytes.length) {
            ByteBuffer space = session.inbound();
            int count = Math.min(piece, Math.min(space.remaining(), bytes.length - at));
            space.put(bytes, at, count);
            at += count;
            session.received(count);
        }
    }

    static byte[] bytes(Message... messages) {
        WireWriter writer = new WireWriter(64);
        for (Message message : messages) {
            message.write(writer);
        }
        return writer.toByteArray();
    }

    /** A message of any type with any body. */
    static byte[] raw(char type, byte... body) {
        return new WireWriter(16).begin(type).bytes(body).end().toByteArray();
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static RowDescription columns(int... typeOids) {
        List<RowDescription.Field> fields = new ArrayList<>();
        for (int oid : typeOids) {
            fields.add(new RowDescription.Field("c" + fields.size(), 0, 0, oid, -1, -1, 0));
        }
        return new RowDescription(fields);
    }

    static Diagnostics diagnostics(String severity, String code, String text) {
        return Diagnostics.builder()
                .put('S', severity)
                .put('V', severity)
                .put('C', code)
                .put('M', text)
                .build();
    }

    static ErrorResponse error(String code, String text) {
        return new ErrorResponse(diagnostics("ERROR", code, text));
    }

    static ErrorResponse fatal(String code, String text) {
        return new ErrorResponse(diagnostics("FATAL", code, text));
    }

    static NoticeResponse notice(String text) {
        return new NoticeResponse(diagnostics("NOTICE", "00000", text));
    }

    static ParameterStatus parameter(String name, String value) {
        return new ParameterStatus(name, value);
    }
}
