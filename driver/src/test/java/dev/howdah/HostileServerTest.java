package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.ScriptedServer.Peer;
import dev.howdah.ScriptedServer.Script;
import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.SqlState;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.AuthenticationSASL;
import dev.howdah.message.AuthenticationSASLContinue;
import dev.howdah.message.AuthenticationSASLFinal;
import dev.howdah.message.Bytes;
import dev.howdah.message.Message;
import dev.howdah.message.ParameterStatus;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.TransactionStatus;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.wire.WireWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that lie, fall silent or are no PostgreSQL at all, on a real socket. */
@Timeout(60)
class HostileServerTest {

    private static final String PASSWORD = "scripted-secret-1";
    private static final String SALT = "c2FsdHNhbHRzYWx0c2FsdA==";

    private LeakCheck leaks;

    @BeforeEach
    void look() {
        leaks = LeakCheck.start().sockets();
    }

    @AfterEach
    void nothingIsLeft() {
        leaks.verify();
    }

    private static byte[] bytes(Message... messages) {
        WireWriter writer = new WireWriter(64);
        for (Message message : messages) {
            message.write(writer);
        }
        return writer.toByteArray();
    }

    private static final byte[] ACCEPTED = bytes(AuthenticationOk.INSTANCE, ReadyForQuery.of(TransactionStatus.IDLE));

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Script script, String options) {
        try (ScriptedServer server = new ScriptedServer(script)) {
            return assertThatThrownBy(() -> Howdah.connect(server.dsn(options)).close())
                    .isInstanceOf(ConnectFailedException.class)
                    .satisfies(e ->
                            assertThat(((ConnectFailedException) e).delivery()).isEqualTo(Delivery.NOT_SENT))
                    .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain(PASSWORD));
        }
    }

    @Test
    void plainTextBehindTheYesToTlsIsNeverTakenForTheServersWord() {
        Script script = peer -> {
            peer.readUntyped();
            peer.say("S".getBytes(StandardCharsets.US_ASCII), ACCEPTED);
            peer.waitForTheEnd();
        };
        assertRefused(script, "sslmode=require").hasMessageContaining("TLS");
        assertRefused(
                peer -> {
                    peer.readUntyped();
                    peer.say("N".getBytes(StandardCharsets.US_ASCII), ACCEPTED);
                    peer.waitForTheEnd();
                },
                "sslmode=require");
    }

    @Test
    void aServerWithoutTlsIsRefusedWhereTlsIsRequired() {
        assertRefused(
                        peer -> {
                            peer.readUntyped();
                            peer.say("N");
                            peer.waitForTheEnd();
                        },
                        "sslmode=require")
                .hasCauseInstanceOf(ConfigException.class)
                .hasMessageContaining("TLS is required");
    }

    @Test
    void anErrorInAnswerToTheRequestForTlsIsNotBelieved() {
        // Whoever answers has not proved who he is: his text must not reach the user as the server's.
        assertRefused(
                        peer -> {
                            peer.readUntyped();
                            peer.say("E\0\0\0\17SFATAL\0Mdo this\0\0");
                            peer.waitForTheEnd();
                        },
                        "sslmode=require")
                .hasMessageContaining("with an error")
                .hasMessageNotContaining("do this");
    }

    @Test
    void aWebServerIsNamedAsNoPostgres() {
        assertRefused(peer -> peer.say("HTTP/1.1 400 Bad Request\r\n\r\n"), "sslmode=require")
                .hasMessageContaining("is it an HTTP server?");
        assertRefused(peer -> peer.say("HTTP/1.1 400 Bad Request\r\n\r\n"), "sslmode=disable")
                .hasCauseInstanceOf(ProtocolException.class);
    }

    @Test
    void aServerThatClosesAtOnceIsSaidToHaveClosed() {
        assertRefused(peer -> {}, "sslmode=disable");
        assertRefused(peer -> {}, "sslmode=require");
        assertRefused(Peer::readUntyped, "sslmode=disable").hasMessageContaining("closed the connection");
        assertRefused(Peer::readUntyped, "sslmode=require").hasMessageContaining("closed the connection");
    }

    @Test
    void aSilentServerIsGivenUpAfterTheConnectTimeout() {
        for (String mode : List.of("disable", "prefer", "require")) {
            assertRefused(Peer::waitForTheEnd, "connect_timeout=2 sslmode=" + mode)
                    .hasMessageContaining("no answer");
        }
        // Half way through, too.
        assertRefused(
                        peer -> {
                            peer.readUntyped();
                            peer.say(bytes(AuthenticationOk.INSTANCE));
                            peer.waitForTheEnd();
                        },
                        "connect_timeout=2 sslmode=disable")
                .hasMessageContaining("no answer");
        assertRefused(
                        peer -> {
                            peer.readUntyped();
                            peer.say("S");
                            peer.waitForTheEnd();
                        },
                        "connect_timeout=2 sslmode=require")
                .hasMessageContaining("no answer");
    }

    @Test
    void aServerThatSpeaksAndNeverEndsIsGivenUpAfterTheConnectTimeout() {
        // One byte at a time, lest it is refused for saying too much.
        byte[] parameter = bytes(new ParameterStatus("a", "b".repeat(60_000)));
        assertRefused(
                        peer -> {
                            peer.readUntyped();
                            for (byte one : parameter) {
                                peer.say(new byte[] {one});
                                LockSupport.parkNanos(100_000);
                            }
                            peer.waitForTheEnd();
                        },
                        "connect_timeout=2 sslmode=disable")
                .hasMessageContaining("no answer");
    }

    @Test
    void aTlsHandshakeThatNeverBeginsIsCutShort() {
        // Records that TLS might pass over: warnings, and what is there for old middle boxes' sake.
        for (byte[] record : new byte[][] {
            {21, 3, 3, 0, 2, 1, 90}, {21, 3, 3, 0, 2, 1, 20}, {20, 3, 3, 0, 1, 1}, {22, 3, 3, 0, 0}, {23, 3, 3, 0, 0}
        }) {
            byte[] many = new byte[record.length * 1_000];
            for (int i = 0; i < many.length; i++) {
                many[i] = record[i % record.length];
            }
            assertRefused(
                            peer -> {
                                peer.readUntyped();
                                peer.say("S");
                                peer.waitForTheBeginning();
                                while (true) {
                                    peer.say(many);
                                }
                            },
                            "sslmode=require")
                    .hasMessageContaining("TLS failed");
        }
    }

    @Test
    void aServerThatNeverBecomesReadyIsRefusedWithoutATimeoutToo() {
        byte[] parameter = bytes(new ParameterStatus("a", "b".repeat(1_000)));
        assertRefused(
                        peer -> {
                            peer.readUntyped();
                            while (true) {
                                peer.say(parameter);
                            }
                        },
                        "sslmode=disable")
                .hasCauseInstanceOf(ProtocolException.class)
                .hasMessageContaining("before it was ready");
    }

    // SCRAM

    /** Plays the server's first two steps; returns the client's nonce. */
    private static void challenge(Peer peer, String iterations) throws IOException {
        peer.readUntyped();
        peer.say(bytes(new AuthenticationSASL(List.of("SCRAM-SHA-256"))));
        String first = new String(peer.read(), StandardCharsets.UTF_8);
        Matcher nonce = Pattern.compile("r=(.*)$").matcher(first);
        if (!nonce.find()) {
            throw new IOException("no nonce in the client's first message");
        }
        peer.say(bytes(new AuthenticationSASLContinue(
                Bytes.utf8("r=" + nonce.group(1) + "serverpart,s=" + SALT + ",i=" + iterations))));
    }

    private static final String WITH_PASSWORD = "sslmode=disable password=" + PASSWORD;

    @Test
    void aServerThatSkipsItsProofIsRefused() {
        assertRefused(
                        peer -> {
                            challenge(peer, "4096");
                            peer.read();
                            peer.say(ACCEPTED);
                            peer.waitForTheEnd();
                        },
                        WITH_PASSWORD)
                .hasCauseInstanceOf(ProtocolException.class)
                .hasMessageContaining("before it proved");
    }

    @Test
    void aServerThatAcceptsInTheMiddleOfScramIsRefused() {
        assertRefused(
                        peer -> {
                            peer.readUntyped();
                            peer.say(bytes(new AuthenticationSASL(List.of("SCRAM-SHA-256"))));
                            peer.read();
                            peer.say(ACCEPTED);
                            peer.waitForTheEnd();
                        },
                        WITH_PASSWORD)
                .hasCauseInstanceOf(ProtocolException.class);
    }

    @Test
    void aWrongServerSignatureIsRefused() {
        for (String end : List.of("v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "v=", "e=other-error", "", "x")) {
            assertRefused(
                            peer -> {
                                challenge(peer, "4096");
                                peer.read();
                                peer.say(bytes(new AuthenticationSASLFinal(Bytes.utf8(end))), ACCEPTED);
                                peer.waitForTheEnd();
                            },
                            WITH_PASSWORD)
                    .hasCauseInstanceOf(ProtocolException.class)
                    .hasMessageContaining("did not prove");
        }
    }

    @Test
    void hugeAndSenselessIterationCountsAreRefusedWithoutCounting() {
        for (String count : List.of("2147483647", "1000001", "0", "-5", "99999999999999", "x", "")) {
            assertRefused(
                            peer -> {
                                challenge(peer, count);
                                peer.waitForTheEnd();
                            },
                            WITH_PASSWORD)
                    .hasCauseInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void challengesThatMakeNoSenseAreRefused() {
        for (String challenge :
                List.of("", "r=", "r=other,s=" + SALT + ",i=4096", "m=ext,r=x,s=y,i=1", "\uFFFF", "r,s,i")) {
            assertRefused(
                            peer -> {
                                peer.readUntyped();
                                peer.say(bytes(new AuthenticationSASL(List.of("SCRAM-SHA-256"))));
                                peer.read();
                                peer.say(bytes(new AuthenticationSASLContinue(Bytes.utf8(challenge))));
                                peer.waitForTheEnd();
                            },
                            WITH_PASSWORD)
                    .hasCauseInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void mechanismsThatNobodyKnowsAreNamed() {
        assertRefused(
                        peer -> {
                            peer.readUntyped();
                            peer.say(bytes(new AuthenticationSASL(List.of("MAGIC", "SCRAM-SHA-1"))));
                            peer.waitForTheEnd();
                        },
                        WITH_PASSWORD)
                .hasMessageContaining("MAGIC");
    }

    @Test
    void anErrorOfWhichOnlyAPartArrivesIsNotTakenForOne() {
        WireWriter writer = new WireWriter(64);
        writer.begin('E').int8('S').cstring("FATAL").int8('V').cstring("FATAL");
        writer.int8('C').cstring("28P01").int8('M').cstring("password authentication failed");
        writer.int8(0).end();
        byte[] error = writer.toByteArray();
        for (int length = 1; length <= error.length; length++) {
            byte[] part = Arrays.copyOf(error, length);
            boolean whole = length == error.length;
            assertRefused(
                            peer -> {
                                challenge(peer, "4096");
                                peer.read();
                                peer.say(part);
                            },
                            WITH_PASSWORD)
                    .isInstanceOfSatisfying(ConnectFailedException.class, e -> {
                        assertThat(e.sqlState()).isEqualTo(whole ? SqlState.INVALID_PASSWORD : null);
                        assertThat(e.isSafeToRetry()).isEqualTo(!whole);
                        assertThat(e.getMessage()).contains(whole ? "authentication failed" : "closed the connection");
                    });
        }
    }
}
