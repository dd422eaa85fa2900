package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.message.AuthenticationCleartextPassword;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.AuthenticationSASL;
import dev.howdah.message.AuthenticationSASLContinue;
import dev.howdah.message.BackendKeyData;
import dev.howdah.message.Bytes;
import dev.howdah.message.Message;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.TransactionStatus;
import dev.howdah.password.OAuthRequest;
import dev.howdah.password.Secret;
import dev.howdah.wire.WireWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Passwords and tokens are asked for at the right moments, over real sockets with scripted servers behind them. */
@Timeout(60)
class CredentialSuppliersTest {
    private static final String ISSUER = "https://login.example.com";
    private static final String URL = ISSUER + "/.well-known/openid-configuration";
    private static final Bytes REFUSAL =
            Bytes.utf8("{\"status\":\"invalid_token\",\"scope\":\"db\",\"openid-configuration\":\"" + URL + "\"}");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<ServerSocket> listening = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    /** The server's side of one connection. */
    private interface Script {
        void play(Talk talk) throws IOException;
    }

    /** One connection, seen from the server. */
    private record Talk(Socket socket, DataInputStream in, List<String> heard) {
        /** Reads a startup message. */
        void startup() throws IOException {
            in.skipNBytes(in.readInt() - Integer.BYTES);
        }

        /** Reads a password message of any kind. */
        void response() throws IOException {
            assertThat(in.readByte()).isEqualTo((byte) 'p');
            heard.add(new String(in.readNBytes(in.readInt() - Integer.BYTES), StandardCharsets.UTF_8));
        }

        void say(Message... messages) throws IOException {
            WireWriter writer = new WireWriter(64);
            for (Message message : messages) {
                message.write(writer);
            }
            socket.getOutputStream().write(writer.toByteArray());
        }

        void error(String code, String text) throws IOException {
            WireWriter writer = new WireWriter(64);
            writer.begin('E').int8('S').cstring("FATAL").int8('V').cstring("FATAL");
            writer.int8('C').cstring(code).int8('M').cstring(text).int8(0).end();
            socket.getOutputStream().write(writer.toByteArray());
        }

        /** Accepts the client and waits until it leaves. */
        void accept() throws IOException {
            say(
                    AuthenticationOk.INSTANCE,
                    new BackendKeyData(1, Bytes.utf8("key!")),
                    new ReadyForQuery(TransactionStatus.IDLE));
            in.readAllBytes();
        }
    }

    /** A server that plays one script for each connection; what clients answered is its outcome. */
    private Future<List<String>> serve(ServerSocket server, Script... scripts) {
        return threads.submit(() -> {
            List<String> heard = new ArrayList<>();
            for (Script script : scripts) {
                try (Socket socket = server.accept()) {
                    script.play(new Talk(socket, new DataInputStream(socket.getInputStream()), heard));
                }
            }
            return heard;
        });
    }

    private ServerSocket listen() throws IOException {
        ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        listening.add(server);
        return server;
    }

    @AfterEach
    void stop() throws IOException {
        for (ServerSocket server : listening) {
            server.close();
        }
        threads.shutdownNow();
    }

    private static ConnectOptionsBuilder to(ServerSocket... servers) {
        ConnectOptionsBuilder builder =
                ConnectOptions.builder(TestEnvironment.empty()).user("alice").sslMode(SslMode.DISABLE);
        for (ServerSocket server : servers) {
            builder.addHost("127.0.0.1", server.getLocalPort());
        }
        return builder;
    }

    private static void connect(ConnectOptions options) {
        try (PgConnection connection = Howdah.connect(options)) {
            assertThat(connection).isNotNull();
        }
    }

    private Secret rotating() {
        return Secret.of("password " + calls.incrementAndGet());
    }

    private static void askForPassword(Talk talk) throws IOException {
        talk.startup();
        talk.say(AuthenticationCleartextPassword.INSTANCE);
        talk.response();
    }

    @Test
    void thePasswordIsAskedForAtEachConnect() throws Exception {
        ServerSocket server = listen();
        Script script = talk -> {
            askForPassword(talk);
            talk.accept();
        };
        Future<List<String>> heard = serve(server, script, script);
        ConnectOptions options = to(server).password(this::rotating).build();
        connect(options);
        connect(options.toBuilder().applicationName("again").build());
        assertThat(heard.get(30, TimeUnit.SECONDS)).containsExactly("password 1\0", "password 2\0");
    }

    @Test
    void thePasswordIsAskedForAtEachHost() throws Exception {
        ServerSocket starting = listen();
        ServerSocket ready = listen();
        Future<List<String>> first = serve(starting, talk -> {
            askForPassword(talk);
            talk.error("57P03", "the database system is starting up");
        });
        Future<List<String>> second = serve(ready, talk -> {
            askForPassword(talk);
            talk.accept();
        });
        connect(to(starting, ready).password(this::rotating).build());
        assertThat(first.get(30, TimeUnit.SECONDS)).containsExactly("password 1\0");
        assertThat(second.get(30, TimeUnit.SECONDS)).containsExactly("password 2\0");
    }

    @Test
    void whatAServerSaysAfterItWasRefusedHidesNothingAndNoOtherHostIsTried() throws Exception {
        ServerSocket trusting = listen();
        ServerSocket other = listen();
        Future<List<String>> heard = serve(trusting, talk -> {
            talk.startup();
            talk.accept();
        });
        ConnectOptions options =
                to(trusting, other).option("require_auth", "!none").build();
        assertThatThrownBy(() -> connect(options))
                .isInstanceOfSatisfying(ConnectFailedException.class, e -> {
                    assertThat(e.attempts()).hasSize(1);
                    assertThat(e.getCause()).isInstanceOf(ConfigException.class);
                })
                .hasMessageContaining("require_auth");
        assertThat(heard.get(30, TimeUnit.SECONDS)).isEmpty();
    }

    private static void askForToken(Talk talk) throws IOException {
        talk.startup();
        talk.say(new AuthenticationSASL(List.of("OAUTHBEARER")));
        talk.response();
    }

    private static void refuseToken(Talk talk) throws IOException {
        askForToken(talk);
        talk.say(new AuthenticationSASLContinue(REFUSAL));
        talk.response();
        talk.error("28000", "OAuth bearer authentication failed for user \"alice\"");
    }

    private static String auth(String value) {
        String message = "n,,\u0001auth=" + value + "\u0001\u0001";
        return "OAUTHBEARER\0\0\0\0" + (char) message.length() + message;
    }

    @Test
    void withoutATokenTheServerIsAskedAndThenConnectedToWithOne() throws Exception {
        ServerSocket server = listen();
        Future<List<String>> heard = serve(server, CredentialSuppliersTest::refuseToken, talk -> {
            askForToken(talk);
            talk.accept();
        });
        List<OAuthRequest> requests = new ArrayList<>();
        connect(to(server)
                .option("oauth_issuer", ISSUER)
                .oauthToken(request -> {
                    requests.add(request);
                    return request.discoveryUrl() == null ? null : Secret.of("fresh");
                })
                .build());
        assertThat(heard.get(30, TimeUnit.SECONDS)).containsExactly(auth(""), "\u0001", auth("Bearer fresh"));
        assertThat(requests).extracting(OAuthRequest::discoveryUrl).containsExactly(null, URL);
        assertThat(requests).extracting(OAuthRequest::scope).containsExactly(null, "db");
    }

    private ConnectFailedException refused(ServerSocket server, @Nullable String token) {
        ConnectOptions options = to(server)
                .option("oauth_issuer", ISSUER)
                .oauthToken(request -> {
                    calls.incrementAndGet();
                    return token == null ? null : Secret.of(token);
                })
                .build();
        List<ConnectFailedException> failures = new ArrayList<>();
        assertThatThrownBy(() -> connect(options)).isInstanceOfSatisfying(ConnectFailedException.class, failures::add);
        return failures.get(0);
    }

    @Test
    void aTokenThatIsRefusedIsNotTriedTwice() throws Exception {
        ServerSocket server = listen();
        Future<List<String>> heard = serve(server, CredentialSuppliersTest::refuseToken);
        ConnectFailedException failure = refused(server, "stale");
        assertThat(heard.get(30, TimeUnit.SECONDS)).containsExactly(auth("Bearer stale"), "\u0001");
        assertThat(failure.attempts()).hasSize(1);
        assertThat(failure)
                .hasMessageContaining("invalid_token")
                .hasMessageContaining(URL)
                .hasMessageNotContaining("stale");
        assertThat(calls).hasValue(1);
    }

    @Test
    void aSourceWithoutATokenAtAllIsAskedTwiceAndNoMore() throws Exception {
        ServerSocket server = listen();
        Future<List<String>> heard = serve(server, CredentialSuppliersTest::refuseToken);
        ConnectFailedException failure = refused(server, null);
        assertThat(heard.get(30, TimeUnit.SECONDS)).containsExactly(auth(""), "\u0001");
        assertThat(failure.getCause()).isInstanceOf(ConfigException.class).hasMessageContaining(URL);
        assertThat(calls).hasValue(2);
    }
}
