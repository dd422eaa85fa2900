package dev.howdah.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.AuthenticationSASL;
import dev.howdah.message.BackendKeyData;
import dev.howdah.message.Bytes;
import dev.howdah.message.ErrorResponse;
import dev.howdah.message.Message;
import dev.howdah.message.NegotiateProtocolVersion;
import dev.howdah.message.NoticeResponse;
import dev.howdah.message.ParameterStatus;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.SASLInitialResponse;
import dev.howdah.message.SASLResponse;
import dev.howdah.message.StartupMessage;
import dev.howdah.message.TransactionStatus;
import dev.howdah.session.Session;
import dev.howdah.session.SessionListener;
import dev.howdah.session.Startup;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A handshake that ends after every byte of what the server says, without a socket. */
class HandshakeCutsTest {

    private static final int HEADER = 5;

    /** One login; what the server says is cut off after so many bytes. */
    private static final class Login {
        private final Session session = new Session(
                new SessionListener() {
                    @Override
                    public void notice(NoticeResponse notice) {
                        throw new AssertionError("no notice is sent here");
                    }

                    @Override
                    public void notification(int processId, String channel, String payload) {
                        throw new AssertionError("no notification is sent here");
                    }
                },
                null);
        private final Startup startup = new Startup(
                new StartupMessage(StartupMessage.VERSION_3_0 + 2, Map.of("user", "alice")),
                new Logins().authenticator());
        private final int allowed;
        private int said;

        Login(int allowed) {
            this.allowed = allowed;
            session.submit(startup);
            answer();
        }

        /** Says as much of a message as may be said. */
        private void hear(Message message) {
            WireWriter writer = new WireWriter(64);
            message.write(writer);
            byte[] bytes = writer.toByteArray();
            int count = Math.min(bytes.length, allowed - said);
            session.inbound().put(bytes, 0, count);
            session.received(count);
            said += count;
        }

        private boolean isCut() {
            return said == allowed;
        }

        /** Takes what the client has to say. */
        private byte[] answer() {
            session.transmit();
            ByteBuffer out = session.outbound();
            byte[] bytes = new byte[out.remaining()];
            out.get(bytes);
            session.sent(bytes.length);
            return bytes;
        }

        private WireReader answerBody() {
            byte[] bytes = answer();
            return new WireReader().over(bytes, HEADER, bytes.length - HEADER);
        }

        /** Says everything, or as much as may be said. */
        private void run() {
            ScriptedScramServer server = new ScriptedScramServer("open sesame", 1);
            hear(new NegotiateProtocolVersion(StartupMessage.VERSION_3_0, List.of()));
            hear(new AuthenticationSASL(List.of("SCRAM-SHA-256")));
            if (isCut()) {
                return;
            }
            hear(server.challenge(SASLInitialResponse.read(answerBody())));
            if (isCut()) {
                return;
            }
            hear(server.end(SASLResponse.read(answerBody())));
            hear(AuthenticationOk.INSTANCE);
            hear(new ParameterStatus("server_version", "18.1"));
            hear(new BackendKeyData(7, Bytes.copyOf(new byte[32])));
            hear(new ReadyForQuery(TransactionStatus.IDLE));
        }
    }

    private static int length() {
        Login whole = new Login(Integer.MAX_VALUE);
        whole.run();
        assertThat(whole.startup.isDone()).isTrue();
        assertThat(whole.startup.failure()).isNull();
        assertThat(whole.startup.result()).isEqualTo(StartupMessage.VERSION_3_0);
        assertThat(whole.session.isOpen()).isTrue();
        return whole.said;
    }

    @Test
    void anEndAfterEveryByteIsALostConnection() {
        int length = length();
        for (@Nullable IOException cause : new @Nullable IOException[] {null, new IOException("Connection reset")}) {
            for (int at = 0; at < length; at++) {
                Login login = new Login(at);
                login.run();
                assertThat(login.startup.isDone())
                        .as("before the end at %s", at)
                        .isFalse();
                login.session.endOfStream(cause);
                assertThat(login.startup.isDone()).isTrue();
                assertThat(login.startup.failure())
                        .as("cut at %s", at)
                        .isInstanceOfSatisfying(ConnectionLostException.class, e -> {
                            assertThat(e.lastWords()).isNull();
                            assertThat(e.getCause()).isSameAs(cause);
                        })
                        .hasMessageNotContaining("password");
                assertThat(login.session.isOpen()).isFalse();
            }
        }
    }

    @Test
    void anEndBehindTheServersLastWordsIsWhatTheServerSaid() {
        Login login = new Login(Integer.MAX_VALUE);
        login.hear(new ErrorResponse(Diagnostics.builder()
                .put('S', "FATAL")
                .put('C', "53300")
                .put('M', "sorry, too many clients already")
                .build()));
        login.session.endOfStream(new IOException("Connection reset"));
        assertThat(login.startup.failure())
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.sqlState()).isEqualTo(SqlState.TOO_MANY_CONNECTIONS));
    }
}
