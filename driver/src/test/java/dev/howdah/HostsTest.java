package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.howdah.ScriptedServer.Script;
import dev.howdah.error.ConnectAttempt;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.SqlState;
import dev.howdah.message.AuthenticationOk;
import dev.howdah.message.BackendKeyData;
import dev.howdah.message.Bytes;
import dev.howdah.message.Message;
import dev.howdah.message.ParameterStatus;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.message.TransactionStatus;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.wire.WireWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a connect tries, in which order, when it moves on and when it stops; the servers are scripted. */
@Timeout(60)
class HostsTest {

    private final List<AutoCloseable> open = new ArrayList<>();
    private LeakCheck leaks = LeakCheck.start();

    @BeforeEach
    void look() {
        leaks = LeakCheck.start().sockets().threads(name -> name.startsWith("howdah"));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        leaks.verify();
    }

    private ScriptedServer server(Script script) {
        ScriptedServer server = new ScriptedServer(script);
        open.add(server);
        return server;
    }

    private static byte[] bytes(Message... messages) {
        WireWriter writer = new WireWriter(64);
        for (Message message : messages) {
            message.write(writer);
        }
        return writer.toByteArray();
    }

    private static final byte[] ACCEPTED = bytes(
            AuthenticationOk.INSTANCE,
            new BackendKeyData(1, Bytes.utf8("key!")),
            ReadyForQuery.of(TransactionStatus.IDLE));

    private static byte[] accepted(boolean standby) {
        return bytes(
                AuthenticationOk.INSTANCE,
                new ParameterStatus("in_hot_standby", standby ? "on" : "off"),
                new ParameterStatus("default_transaction_read_only", "off"),
                ReadyForQuery.of(TransactionStatus.IDLE));
    }

    private static Script says(byte[] answer) {
        return peer -> {
            peer.readUntyped();
            peer.say(answer);
            peer.waitForTheEnd();
        };
    }

    private static Script refuses(String code, String message) {
        return peer -> {
            peer.readUntyped();
            peer.refuse(code, message);
        };
    }

    private ScriptedServer accepting() {
        return server(says(ACCEPTED));
    }

    /** A port where nobody listens. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String dsn(String hosts, String ports, String more) {
        return "host=" + hosts + " port=" + ports + " user=app_user dbname=d sslmode=disable " + more;
    }

    /** All on 127.0.0.1, at these ports. */
    private static String at(String more, int... ports) {
        List<String> hosts = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        for (int port : ports) {
            hosts.add("127.0.0.1");
            numbers.add(Integer.toString(port));
        }
        return dsn(String.join(",", hosts), String.join(",", numbers), more);
    }

    private static int portOf(String dsn) {
        try (PgConnection connection = Howdah.connect(dsn)) {
            return connection.info().port();
        }
    }

    private static ConnectFailedException failure(String dsn) {
        ConnectFailedException failure = catchThrowableOfType(
                ConnectFailedException.class, () -> Howdah.connect(dsn).close());
        assertThat(failure).as("the failure to connect").isNotNull();
        assertThat(failure.delivery()).isEqualTo(Delivery.NOT_SENT);
        return failure;
    }

    @Test
    void theFirstHostThatAcceptsIsTakenAndThoseBehindItAreLeftAlone() {
        ScriptedServer first = accepting();
        ScriptedServer second = accepting();
        for (String order : List.of("", "load_balance_hosts=disable")) {
            for (int i = 0; i < 5; i++) {
                assertThat(portOf(at(order, freePort(), first.port(), second.port())))
                        .isEqualTo(first.port());
            }
        }
        assertThat(second.connections()).isZero();
    }

    @Test
    void randomBalanceReachesEveryHost() {
        List<ScriptedServer> servers = List.of(accepting(), accepting(), accepting());
        String dsn = at(
                "load_balance_hosts=random",
                servers.get(0).port(),
                servers.get(1).port(),
                servers.get(2).port());
        int connects = 0;
        while (servers.stream().anyMatch(server -> server.connections() == 0)) {
            portOf(dsn);
            assertThat(++connects).isLessThan(500);
        }
    }

    @Test
    void randomBalanceStillTriesAllUntilOneAccepts() {
        ScriptedServer good = accepting();
        for (int i = 0; i < 10; i++) {
            assertThat(portOf(at("load_balance_hosts=random", freePort(), good.port(), freePort())))
                    .isEqualTo(good.port());
        }
    }

    @Test
    void aServerThatDoesNotAcceptConnectionsNowIsPassedOver() {
        ScriptedServer starting = server(refuses("57P03", "the database system is starting up"));
        ScriptedServer good = accepting();
        assertThat(portOf(at("", starting.port(), good.port()))).isEqualTo(good.port());
        ConnectFailedException failure = failure(at("", starting.port(), starting.port()));
        assertThat(failure.attempts()).hasSize(2);
        assertThat(failure.sqlState()).isEqualTo(SqlState.CANNOT_CONNECT_NOW);
        assertThat(failure.isSafeToRetry()).isTrue();
    }

    /** psql of libpq 15 does the same with each of them. */
    @ParameterizedTest
    @ValueSource(strings = {"28P01", "28000", "3D000", "53300", "57P01", "42501"})
    void aServerThatRefusesUsEndsTheSearch(String code) {
        ScriptedServer refusing = server(refuses(code, "no"));
        ScriptedServer other = accepting();
        int nobody = freePort();
        ConnectFailedException failure = failure(at("", nobody, refusing.port(), other.port()));
        assertThat(other.connections()).isZero();
        assertThat(failure.attempts()).hasSize(2);
        assertThat(failure.sqlState()).isEqualTo(SqlState.of(code));
        assertThat(failure)
                .hasMessageContaining("127.0.0.1 port " + nobody + ": connection refused")
                .hasMessageContaining("127.0.0.1 port " + refusing.port() + ": ")
                .hasMessageContaining(code);
    }

    @Test
    void aConnectionThatBreaksOrMakesNoSenseLeadsToTheNextHost() {
        List<Script> broken = List.of(
                peer -> {},
                peer -> peer.readUntyped(),
                peer -> {
                    peer.readUntyped();
                    peer.say(new byte[] {'R', 0, 0});
                },
                peer -> {
                    peer.readUntyped();
                    peer.say("HTTP/1.1 400 Bad Request\r\n\r\n");
                });
        ScriptedServer good = accepting();
        for (Script script : broken) {
            assertThat(portOf(at("", server(script).port(), good.port()))).isEqualTo(good.port());
        }
    }

    @Test
    void eachAttemptHasItsOwnTime() {
        ScriptedServer silent = server(ScriptedServer.Peer::waitForTheEnd);
        ScriptedServer good = accepting();
        assertThat(portOf(at("connect_timeout=2", silent.port(), good.port()))).isEqualTo(good.port());
    }

    @Test
    void theLimitForAllHostsEndsTheSearchAndNamesWhoWasTried() {
        ScriptedServer silent = server(ScriptedServer.Peer::waitForTheEnd);
        ScriptedServer other = server(ScriptedServer.Peer::waitForTheEnd);
        ScriptedServer never = accepting();
        String dsn = at("connect_timeout=2 connect_total_timeout=2.5", silent.port(), other.port(), never.port());
        ConnectFailedException failure = failure(dsn);
        assertThat(never.connections()).isZero();
        assertThat(failure)
                .hasMessageContaining("port " + silent.port() + ": no answer within 2 s")
                .hasMessageContaining("port " + other.port() + ": no connection within 2.5 s in all");
    }

    @Test
    void theLimitForAllHostsHoldsAlsoWhereNamesAreLookedUpSlowly() {
        ScriptedServer never = accepting();
        for (String slow :
                List.of(TestNames.of(() -> await(300)), TestNames.of(() -> await(300), "127.0.0.1", "127.0.0.1"))) {
            ConnectFailedException failure =
                    failure(dsn(slow + ",127.0.0.1", never.port() + "," + never.port(), "connect_total_timeout=0.2"));
            assertThat(never.connections()).isZero();
            assertThat(failure.attempts()).hasSize(1);
            assertThat(failure).hasMessageContaining(slow).hasMessageContaining("0.2 s in all");
        }
    }

    private static void await(int milliseconds) {
        try {
            assertThat(new CountDownLatch(1).await(milliseconds, TimeUnit.MILLISECONDS))
                    .isFalse();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aNameThatIsNotKnownLeadsToTheNextHost() {
        ScriptedServer good = accepting();
        String unknown = TestNames.of();
        assertThat(portOf(dsn(unknown + ",127.0.0.1", "7," + good.port(), ""))).isEqualTo(good.port());
        // A name of its own: the JDK remembers for a while that one is unknown, and forgets why.
        String another = TestNames.of();
        ConnectFailedException failure = failure(dsn(another + ",127.0.0.1", "7," + freePort(), ""));
        assertThat(failure.attempts()).hasSize(2);
        assertThat(failure)
                .hasMessageContaining(another + " port 7: the name cannot be looked up: Name or service not known")
                .hasMessageContaining("127.0.0.1 port");
    }

    @Test
    void allAddressesOfANameAreTriedInTheirOrder() {
        ScriptedServer good = accepting();
        String name = TestNames.of("::1", "127.0.0.1");
        try (PgConnection connection = Howdah.connect(dsn(name, "" + good.port(), ""))) {
            assertThat(connection.info().host()).isEqualTo(name);
        }
        int nobody = freePort();
        ConnectFailedException failure = failure(dsn(name, "" + nobody, ""));
        assertThat(failure.attempts())
                .extracting(ConnectAttempt::where)
                .containsExactly(name + " (0:0:0:0:0:0:0:1) port " + nobody, name + " (127.0.0.1) port " + nobody);
    }

    @Test
    void hostaddrIsUsedInPlaceOfALookUp() {
        ScriptedServer good = accepting();
        String name = TestNames.of(() -> {
            throw new IllegalStateException("looked up");
        });
        try (PgConnection connection = Howdah.connect(dsn(name, "" + good.port(), "hostaddr=127.0.0.1"))) {
            assertThat(connection.info().host()).isEqualTo(name);
        }
        String without = "port=" + good.port() + " user=u dbname=d sslmode=disable";
        assertThat(portOf("hostaddr=127.0.0.1 " + without)).isEqualTo(good.port());
    }

    @Test
    void socketsAndAddressesMix(@TempDir Path folder) {
        ScriptedServer good = accepting();
        String hosts = folder + ",127.0.0.1";
        assertThat(portOf(dsn(hosts, "" + good.port(), ""))).isEqualTo(good.port());
        int nobody = freePort();
        assertThat(failure(dsn(hosts, "" + nobody, "")))
                .hasMessageContaining(folder + " port " + nobody + " (Unix socket): No such file")
                .hasMessageContaining("127.0.0.1 port " + nobody + ": connection refused");
    }

    @Test
    void aServerOfTheWrongKindIsToldGoodbye() throws InterruptedException {
        BlockingQueue<Integer> said = new LinkedBlockingQueue<>();
        ScriptedServer standby = server(peer -> {
            peer.readUntyped();
            peer.say(accepted(true));
            said.add(peer.readType());
        });
        ScriptedServer primary = server(says(accepted(false)));
        assertThat(portOf(at("target_session_attrs=primary", standby.port(), primary.port())))
                .isEqualTo(primary.port());
        assertThat(said.poll(30, TimeUnit.SECONDS)).isEqualTo((int) 'X');
    }

    @Test
    void preferStandbyGoesBackOnlyToThoseThatWereNoStandby() {
        ScriptedServer broken = server(ScriptedServer.Peer::readUntyped);
        ScriptedServer primary = server(says(accepted(false)));
        String dsn = at("target_session_attrs=prefer-standby", broken.port(), primary.port());
        assertThat(portOf(dsn)).isEqualTo(primary.port());
        assertThat(broken.connections()).isEqualTo(1);
        ConnectFailedException failure = failure(at("target_session_attrs=prefer-standby", broken.port(), freePort()));
        assertThat(failure.attempts()).hasSize(2);
    }

    @Test
    void aServerThatDoesNotSayWhatItIsIsAsked() {
        ScriptedServer old = server(peer -> {
            peer.readUntyped();
            peer.say(ACCEPTED);
            assertThat(peer.readType()).isEqualTo('Q');
            WireWriter answer = new WireWriter(64);
            answer.begin('T').int16(2);
            for (String column : List.of("case", "current_setting")) {
                answer.cstring(column)
                        .int32(0)
                        .int16(0)
                        .int32(25)
                        .int16(-1)
                        .int32(-1)
                        .int16(0);
            }
            answer.end().begin('D').int16(2);
            for (String value : List.of("on", "off")) {
                answer.int32(value.length()).bytes(value.getBytes(StandardCharsets.UTF_8));
            }
            answer.end().begin('C').cstring("SELECT 1").end();
            peer.say(answer.toByteArray(), bytes(ReadyForQuery.of(TransactionStatus.IDLE)));
            peer.waitForTheEnd();
        });
        assertThat(portOf(at("target_session_attrs=standby", old.port()))).isEqualTo(old.port());
        assertThat(failure(at("target_session_attrs=read-write", old.port())))
                .hasMessageContaining("the session would be read-only");
    }

    @Test
    void theFallbackFromTlsStaysWithTheHost() {
        ScriptedServer noTls = server(peer -> {
            peer.readUntyped();
            peer.say("N");
            peer.readUntyped();
            peer.say(ACCEPTED);
            peer.waitForTheEnd();
        });
        ScriptedServer other = accepting();
        String dsn = at("", noTls.port(), other.port()).replace("sslmode=disable", "sslmode=prefer");
        assertThat(portOf(dsn)).isEqualTo(noTls.port());
        assertThat(other.connections()).isZero();
    }

    @Test
    void anAddressOfAFamilyThatThisMachineLacksLeadsToTheNextHost() throws Exception {
        ScriptedServer good = accepting();
        String dsn = dsn("a,b", "" + good.port(), "hostaddr=::1,127.0.0.1");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = Objects.requireNonNull(System.getProperty(
                "surefire.test.class.path", Objects.requireNonNull(System.getProperty("java.class.path"))));
        Process child = new ProcessBuilder(
                        java, "-Djava.net.preferIPv4Stack=true", "-cp", classes, OneConnect.class.getName(), dsn)
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said.strip()).isEqualTo("connected to b");
    }

    /** A program that connects and says to whom. */
    static final class OneConnect {
        private OneConnect() {}

        /** Connects. */
        public static void main(String[] args) {
            try (PgConnection connection = Howdah.connect(args[0])) {
                System.out.println("connected to " + connection.info().host());
            }
        }
    }
}
