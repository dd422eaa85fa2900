package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.howdah.cli.Cli.Outcome;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@Timeout(60)
class PingIT {

    private static final String WRONG = "not the password";

    /** Every value of a JSON text by its path, such as attempts[0].steps[1].step; the sizes of arrays by attempts[]. */
    private static Map<String, String> parsed(String json) throws IOException {
        Map<String, String> values = new TreeMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            read(parser, "", values);
            assertThat(parser.nextToken()).isNull();
        }
        return values;
    }

    private static void read(JsonParser parser, String path, Map<String, String> values) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                read(parser, path.isEmpty() ? name : path + "." + name, values);
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            int size = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                read(parser, path + "[" + size++ + "]", values);
            }
            values.put(path + "[]", Integer.toString(size));
        } else {
            values.put(path, parser.getText());
        }
    }

    /** A port where nobody listens. */
    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String secondOf(TestDatabase db, Role role, int closed, String more) {
        return db.dsn(role) + " host=127.0.0.1,127.0.0.1 port=" + closed + ","
                + db.server().port() + " " + more;
    }

    private static Pattern step(String label, String remark) {
        return Pattern.compile("^  " + label + " +[0-9.]+ (µs|ms|s)" + remark, Pattern.MULTILINE);
    }

    @Test
    void namesServerTlsCertificateAuthenticationAndTimes(TestDatabase db) {
        String root = " sslmode=verify-full sslrootcert='"
                + db.server().certificates().ca() + "'";
        Outcome outcome = new Cli().run("ping", "--count", "3", "--dsn", db.dsn(Roles.SCRAM) + root);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out())
                .startsWith("127.0.0.1 port " + db.server().port() + " with TLS\n")
                .contains("PostgreSQL 18", "TLSv1.3", "SCRAM-SHA-256-PLUS, bound to the TLS connection")
                .contains("median", "3 times", "CN=localhost", "Howdah test root", "localhost, 127.0.0.1")
                .contains("its authority and its host", ", again in ")
                .doesNotContain("not taken", Roles.SCRAM.password());
        for (String label : new String[] {"tls setup", "socket", "tls", "authentication", "session"}) {
            assertThat(outcome.out()).containsPattern(step(label, "  again +[0-9.]+ "));
        }
    }

    @Test
    void saysHowMuchOfTheCertificateIsVerified(TestDatabase db) throws IOException {
        String dsn = db.dsn(Roles.SCRAM) + " sslmode=require ";
        assertThat(new Cli().run("ping", "--dsn", dsn).out()).contains("no; sslmode=verify-full would");
        Outcome outcome = new Cli()
                .run(
                        "ping",
                        "--json",
                        "--dsn",
                        dsn + "sslrootcert='" + db.server().certificates().ca() + "'");
        assertThat(parsed(outcome.out()))
                .containsEntry("certificate.verified", "authority")
                .containsEntry("certificate.subject", "CN=localhost")
                .containsEntry("certificate.names[0]", "localhost")
                .containsEntry("certificate.validNow", "true")
                .containsEntry("channelBinding", "true")
                .hasEntrySatisfying(
                        "certificate.sha256", hash -> assertThat(hash).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}"))
                .hasEntrySatisfying(
                        "certificate.validUntil", time -> assertThat(time).endsWith("Z"));
    }

    @Test
    void saysSoWhenThereIsNoTls(TestDatabase db) throws IOException {
        Outcome outcome = new Cli().run("ping", "--json", "--dsn", db.uri(Roles.SCRAM) + "?sslmode=disable");
        assertThat(outcome.out().lines()).hasSize(1);
        assertThat(parsed(outcome.out()))
                .containsEntry("connected", "true")
                .containsEntry("tls", "false")
                .containsEntry("tlsCipher", "null")
                .containsEntry("certificate", "null")
                .containsEntry("authentication", "SCRAM-SHA-256")
                .containsEntry("database", db.name())
                .containsEntry("user", Roles.SCRAM.name())
                .containsEntry("attempts[]", "1")
                .containsEntry("attempts[0].accepted", "true")
                .containsEntry("attempts[0].reason", "null")
                .containsEntry("attempts[0].steps[0].step", "socket")
                .containsEntry("attempts[0].steps[1].step", "authentication")
                .containsEntry("attempts[0].steps[2].step", "session")
                .containsEntry("again.connected", "true")
                .containsKeys("minMicros", "medianMicros", "connectMicros", "serverVersion", "again.connectMicros");
    }

    @Test
    void worksOverAUnixSocket(TestDatabase db) {
        Outcome outcome = new Cli().run("ping", "--dsn", db.server().socketDsn(db.name(), Roles.TRUST));
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out())
                .startsWith(
                        db.server().socketDirectory() + " port " + db.server().port() + " (Unix socket)\n")
                .contains("nothing asked (trust, peer or a certificate)", "again in")
                .containsPattern(step("socket", ""));
    }

    @Test
    void everyHostThatWasTriedIsThereAndWhyItWasNotTaken(TestDatabase db) throws IOException {
        int closed = closedPort();
        String dsn = secondOf(db, Roles.SCRAM, closed, "sslmode=disable");
        Outcome outcome = new Cli().run("ping", "--dsn", dsn);
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out())
                .startsWith("127.0.0.1 port " + closed + ", not taken\n")
                .containsPattern(step("socket", "  connection refused;"))
                .contains("\n127.0.0.1 port " + db.server().port() + "\n");

        assertThat(parsed(new Cli().run("ping", "--json", "--dsn", dsn).out()))
                .containsEntry("attempts[]", "2")
                .containsEntry("attempts[0].port", Integer.toString(closed))
                .containsEntry("attempts[0].accepted", "false")
                .containsEntry("attempts[0].failedStep", "socket")
                .containsEntry("attempts[1].accepted", "true")
                .containsEntry("again.attempts[]", "1");
    }

    @Test
    void aFailureIsExplainedStepByStep(TestDatabase db) throws IOException {
        int closed = closedPort();
        Role wrong = new Role(Roles.SCRAM.name(), WRONG);
        String dsn = secondOf(db, wrong, closed, "sslmode=disable");
        Outcome outcome = new Cli().run("ping", "--dsn", dsn);
        assertThat(outcome.code()).isEqualTo(ExitCode.NO_CONNECTION);
        assertThat(outcome.out())
                .contains("127.0.0.1 port " + closed + ", not taken\n")
                .containsPattern(step("authentication", "  FATAL: .*28P01"))
                .doesNotContain("session");
        assertThat(outcome.err()).startsWith("howdah: Could not connect").contains("28P01");
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.out() + outcome.err()).doesNotContain(WRONG);

        Outcome json = new Cli().run("ping", "--json", "--dsn", dsn);
        assertThat(json.code()).isEqualTo(ExitCode.NO_CONNECTION);
        assertThat(json.out().lines()).hasSize(1);
        assertThat(parsed(json.out()))
                .containsEntry("connected", "false")
                .containsEntry("sqlState", "28P01")
                .containsEntry("attempts[]", "2")
                .containsEntry("attempts[0].sqlState", "null")
                .containsEntry("attempts[1].sqlState", "28P01")
                .containsEntry("attempts[1].failedStep", "authentication")
                .containsKeys("error", "attempts[1].micros", "attempts[1].steps[0].micros");
        assertThat(json.out()).doesNotContain(WRONG);
    }

    @Test
    void onATerminalTheReasonIsNotSaidTwice(TestDatabase db) {
        String dsn = db.server().dsn("there_is_no_such", Roles.TRUST);
        Outcome outcome = new Cli().onATerminal().run("ping", "--color", "never", "--dsn", dsn);
        assertThat(outcome.code()).isEqualTo(ExitCode.NO_CONNECTION);
        assertThat(outcome.out()).contains("3D000");
        assertThat(outcome.err())
                .isEqualTo("howdah: could not connect; what was tried is above" + System.lineSeparator());
        assertThat(new Cli()
                        .onATerminal()
                        .run("ping", "--verbose", "--dsn", dsn)
                        .err())
                .contains("ConnectFailedException");
    }

    @Test
    void aServerCannotCommandTheTerminal() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.ofPlatform().daemon().start(() -> refuse(listener, "go \u001b[2Jaway\nnow"));
            Outcome outcome = new Cli()
                    .run(
                            "ping",
                            "--dsn",
                            "host=127.0.0.1 user=u dbname=d sslmode=disable port=" + listener.getLocalPort());
            server.join();
            assertThat(outcome.out()).contains("go \\x1b[2Jaway").doesNotContain("\u001b");
            assertThat(outcome.err()).doesNotContain("\u001b");
        }
    }

    /** Answers the first startup message with an error. */
    private static void refuse(ServerSocket listener, String message) {
        try (Socket client = listener.accept()) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            in.skipNBytes(in.readInt() - 4);
            byte[] fields = ("SFATAL\0VFATAL\0C53300\0M" + message + "\0\0").getBytes(StandardCharsets.UTF_8);
            byte[] answer = new byte[fields.length + 5];
            answer[0] = 'E';
            answer[3] = (byte) ((fields.length + 4) >> 8);
            answer[4] = (byte) (fields.length + 4);
            System.arraycopy(fields, 0, answer, 5, fields.length);
            client.getOutputStream().write(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
