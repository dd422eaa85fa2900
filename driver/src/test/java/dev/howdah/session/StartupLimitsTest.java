package dev.howdah.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.auth.AuthSettings;
import dev.howdah.auth.Authenticator;
import dev.howdah.auth.ChannelBinding;
import dev.howdah.auth.Credentials;
import dev.howdah.auth.GssSettings;
import dev.howdah.auth.OAuthSettings;
import dev.howdah.auth.Peer;
import dev.howdah.error.AuthenticationException;
import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.ServerException;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.AuthenticationSASL;
import dev.howdah.message.AuthenticationSASLContinue;
import dev.howdah.message.BackendKeyData;
import dev.howdah.message.Bytes;
import dev.howdah.message.NegotiateProtocolVersion;
import dev.howdah.message.NoticeResponse;
import dev.howdah.message.ParameterStatus;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.StartupMessage;
import dev.howdah.message.TransactionStatus;
import dev.howdah.password.Secret;
import dev.howdah.wire.WireWriter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a server can do to a client that does not trust it yet, as bytes and without a socket. */
class StartupLimitsTest {
    private static final Set<String> ALL = Set.of("password", "md5", "gss", "sspi", "scram-sha-256", "oauth", "none");

    private final Session session = new Session(
            new SessionListener() {
                @Override
                public void notice(NoticeResponse notice) {
                    notices++;
                }

                @Override
                public void notification(int processId, String channel, String payload) {
                    throw new AssertionError("no notification is sent here");
                }
            },
            null);
    private final Startup startup;
    private int notices;

    StartupLimitsTest() {
        OAuthSettings oauth = new OAuthSettings(request -> Secret.of("token"), null, null, null, null);
        Credentials credentials = new Credentials(
                "alice",
                Secret.of("open sesame"),
                null,
                new AuthSettings(
                        ALL, ChannelBinding.PREFER, 4096, null, oauth, GssSettings.kerberos("postgres", false)),
                new Peer("localhost", false, true, null));
        startup = new Startup(
                new StartupMessage(StartupMessage.VERSION_3_0, Map.of("user", "alice")),
                new Authenticator(credentials));
        session.submit(startup);
        drain();
    }

    private void drain() {
        while (session.transmit()) {
            int waiting = session.outbound().remaining();
            session.sent(waiting);
        }
    }

    /** The server sends what is written. */
    private void hear(Consumer<WireWriter> message) {
        WireWriter writer = new WireWriter(64);
        message.accept(writer);
        byte[] bytes = writer.toByteArray();
        int at = 0;
        while (at < bytes.length) {
            var space = session.inbound();
            int count = Math.min(space.remaining(), bytes.length - at);
            space.put(bytes, at, count);
            at += count;
            session.received(count);
        }
        drain();
    }

    private static void notice(WireWriter out) {
        out.begin('N').int8('M').cstring("hello").int8(0).end();
    }

    @Test
    void noticesAreCountedUntilTheServerAcceptsUs() {
        for (int i = 0; i < 100; i++) {
            hear(StartupLimitsTest::notice);
        }
        assertThat(notices).isEqualTo(100);
        assertThatThrownBy(() -> hear(StartupLimitsTest::notice))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("100 notices");
        assertThat(Objects.requireNonNull(startup.failure()).getCause()).isInstanceOf(ProtocolException.class);
    }

    @Test
    void parametersAreCounted() {
        for (int i = 0; i < 1_000; i++) {
            hear(new ParameterStatus("p" + i, "x")::write);
        }
        assertThatThrownBy(() -> hear(new ParameterStatus("more", "x")::write)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aLongMessageIsRefusedByItsAnnouncement() {
        assertThatThrownBy(() -> hear(out -> out.int8('R').int32(64 * 1024 + 1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("65537");
    }

    @Test
    void longMessagesAreTakenFromAServerThatHasAcceptedUs() {
        hear(AuthenticationOk.INSTANCE::write);
        hear(new ReadyForQuery(TransactionStatus.IDLE)::write);
        assertThat(startup.isDone()).isTrue();
        hear(new ParameterStatus("long", "x".repeat(100_000))::write);
        assertThat(session.parameters()).containsKey("long");
    }

    @Test
    void readyIsNotBelievedBeforeTheAcceptance() {
        assertThatThrownBy(() -> hear(new ReadyForQuery(TransactionStatus.IDLE)::write))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("before it has accepted us");
    }

    @Test
    void nothingIsAskedAfterTheAcceptance() {
        hear(AuthenticationOk.INSTANCE::write);
        assertThatThrownBy(() -> hear(new AuthenticationSASL(List.of("SCRAM-SHA-256"))::write))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("after it has accepted us");
    }

    @Test
    void whatIsRefusedEndsTheStartup() {
        hear(new AuthenticationSASL(List.of("SCRAM-SHA-512"))::write);
        assertThat(startup.isDone()).isTrue();
        assertThat(startup.failure()).isInstanceOf(ConfigException.class);
        assertThat(Objects.requireNonNull(startup.failure()).delivery()).isEqualTo(Delivery.NOT_SENT);
    }

    @Test
    void anErrorAfterAnOAuthChallengeSaysWhatWasWrong() {
        hear(new AuthenticationSASL(List.of("OAUTHBEARER"))::write);
        hear(new AuthenticationSASLContinue(Bytes.utf8("{\"status\":\"invalid_token\",\"scope\":\"db\","
                + "\"openid-configuration\":\"https://i/.well-known/openid-configuration\"}"))::write);
        hear(out -> {
            out.begin('E');
            for (String field : List.of("SFATAL", "VFATAL", "C28000", "MOAuth bearer authentication failed")) {
                out.int8(field.charAt(0)).cstring(field.substring(1));
            }
            out.int8(0).end();
        });
        PgException failure = Objects.requireNonNull(startup.failure());
        assertThat(failure)
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("OAuth bearer authentication failed")
                .hasMessageContaining("invalid_token")
                .hasMessageContaining("scope \"db\"")
                .hasMessageContaining("https://i/.well-known/openid-configuration");
    }

    @Test
    void unknownKindsOfAuthenticationAreRefused() {
        assertThatThrownBy(() -> hear(out -> out.begin('R').int32(99).end()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("99");
    }

    @Test
    void whatIsSaidBeforeReadyHasALimitInAll() {
        byte[] key = new byte[256];
        assertFlooded(new BackendKeyData(1, Bytes.copyOf(key))::write);
    }

    @Test
    void theSameParameterOverAndOverIsNoWayAroundTheLimit() {
        hear(AuthenticationOk.INSTANCE::write);
        assertFlooded(new ParameterStatus("a", "b".repeat(1_000))::write);
    }

    /** Hears it until it is refused, which must be long before anybody runs out of memory or patience. */
    private void assertFlooded(Consumer<WireWriter> message) {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        hear(message);
                    }
                })
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("before it was ready")
                .hasMessageContaining("1048576");
    }

    @Test
    void aServerThatIsReadyMaySayAsMuchAsItLikes() {
        hear(AuthenticationOk.INSTANCE::write);
        hear(new ReadyForQuery(TransactionStatus.IDLE)::write);
        for (int i = 0; i < 2_000; i++) {
            hear(new ParameterStatus("a", "b".repeat(1_000))::write);
        }
        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void aVersionIsNegotiatedOnce() {
        hear(new NegotiateProtocolVersion(StartupMessage.VERSION_3_0, List.of())::write);
        assertThatThrownBy(() -> hear(new NegotiateProtocolVersion(StartupMessage.VERSION_3_0, List.of())::write))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void optionsThatWereNotAskedForAreNotRefusedByTheServer() {
        assertThatThrownBy(() -> hear(new NegotiateProtocolVersion(
                        StartupMessage.VERSION_3_0, Collections.nCopies(1_000, "_pq_.\u001b[2Jevil"))::write))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("not asked for")
                .hasMessageNotContaining("evil");
    }

    @Test
    void moreOptionsThanAMessageHoldsAreNotMadeRoomFor() {
        assertThatThrownBy(() -> hear(out -> out.begin('v')
                        .int32(StartupMessage.VERSION_3_0)
                        .int32(1_000_000)
                        .end()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("1000000");
    }

    @Test
    void aNewerVersionThanAskedForIsRefused() {
        assertThatThrownBy(() -> hear(new NegotiateProtocolVersion(StartupMessage.VERSION_3_0 + 2, List.of())::write))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("unasked");
    }

    @Test
    void aCancelKeyHas4To256Bytes() {
        hear(AuthenticationOk.INSTANCE::write);
        for (int length : new int[] {4, 32, 256}) {
            hear(out -> cancelKey(out, length));
            assertThat(Objects.requireNonNull(session.key()).key().length()).isEqualTo(length);
        }
        assertThatThrownBy(() -> hear(out -> cancelKey(out, 257)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("257");
    }

    @Test
    void aCancelKeyOfThreeBytesIsRefused() {
        assertThatThrownBy(() -> hear(out -> cancelKey(out, 3))).isInstanceOf(ProtocolException.class);
    }

    private static void cancelKey(WireWriter out, int length) {
        out.begin('K').int32(1);
        for (int i = 0; i < length; i++) {
            out.int8(i);
        }
        out.end();
    }

    private static void error(WireWriter out, String text) {
        out.begin('E');
        for (String field : List.of("SFATAL", "VFATAL", "C53300", "M" + text)) {
            out.int8(field.charAt(0)).cstring(field.substring(1));
        }
        out.int8(0).end();
    }

    @Test
    void anErrorIsTold() {
        hear(out -> error(out, "x".repeat(60_000)));
        assertThat(startup.failure()).isInstanceOf(ServerException.class);
    }

    @Test
    void anErrorTextWithoutEndIsRefusedByItsAnnouncement() {
        assertThatThrownBy(() -> hear(out -> error(out, "x".repeat(64 * 1024))))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("'E'");
    }

    @Test
    void anErrorOfWhichOnlyAPartArrivedIsNoError() {
        WireWriter writer = new WireWriter(64);
        error(writer, "sorry, too many clients already");
        byte[] whole = writer.toByteArray();
        hear(out -> {
            for (int i = 0; i < whole.length - 1; i++) {
                out.int8(whole[i]);
            }
        });
        assertThat(startup.isDone()).isFalse();
        session.endOfStream(null);
        assertThat(startup.failure())
                .isInstanceOf(ConnectionLostException.class)
                .isNotInstanceOf(ServerException.class);
        assertThat(session.key()).isNull();
    }

    @Test
    void mechanismsAreCounted() {
        assertThatThrownBy(() -> hear(new AuthenticationSASL(Collections.nCopies(33, "SCRAM-SHA-256"))::write))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("32");
    }

    @Test
    void aLongOAuthChallengeIsNotRead() {
        hear(new AuthenticationSASL(List.of("OAUTHBEARER"))::write);
        String challenge = "{\"status\":\"" + "x".repeat(8 * 1024) + "\"}";
        assertThatThrownBy(() -> hear(new AuthenticationSASLContinue(Bytes.utf8(challenge))::write))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("8192");
    }
}
