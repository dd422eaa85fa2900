package dev.howdah.cli.demo;

import dev.howdah.ConnectReport;
import dev.howdah.ConnectionInfo;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.ServerVerification;
import dev.howdah.cli.Embedded;
import dev.howdah.cli.Timing;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectStep;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.cert.X509Certificate;
import java.util.Objects;

/** A password that never leaves the program, over a wire that nobody reads. */
final class ConnectChapter implements Chapter {

    private static final String WRONG = "not the password";

    @Override
    public String name() {
        return "connect";
    }

    @Override
    public String summary() {
        return "SCRAM-SHA-256-PLUS over TLS, the server's certificate checked";
    }

    @Override
    public void tell(Stage stage) {
        Narrator narrator = stage.narrator();
        Embedded server = stage.server();
        narrator.code("Howdah.connect(\"host=127.0.0.1 port=" + server.server().port() + " user=" + Roles.SCRAM.name()
                + " password=*** sslmode=verify-full channel_binding=require ...\")");
        long start = System.nanoTime();
        try (PgConnection db = stage.connect()) {
            narrator.got("connected in", Timing.since(start));
            describe(stage, db);
        }
        long again = System.nanoTime();
        try (PgConnection db = stage.connect()) {
            narrator.got("again, in", Timing.since(again) + " (the first time also loads the program)");
            stage.expectEqual(true, db.isOpen(), "the second connection's being open");
        }
        triesSeveral(stage);
        refuses(stage);
    }

    private static void describe(Stage stage, PgConnection db) {
        Narrator narrator = stage.narrator();
        ConnectionInfo info = db.info();
        narrator.got("server", "PostgreSQL " + info.serverVersionText());
        narrator.got("tls", info.sslAttribute("protocol") + ", " + info.sslAttribute("cipher"));
        X509Certificate certificate = Objects.requireNonNull(info.serverCertificate());
        narrator.got(
                "certificate",
                certificate.getSubjectX500Principal().getName() + ", issued by "
                        + certificate.getIssuerX500Principal().getName() + ", until "
                        + certificate.getNotAfter().toInstant());
        narrator.got("authentication", String.valueOf(info.authenticationMethod()));
        narrator.got("protocol", info.protocolVersion() / 10_000 + "." + info.protocolVersion() % 10_000);
        stage.expectEqual(
                ServerVerification.AUTHORITY_AND_HOST, info.serverVerification(), "what was verified of the server");
        stage.expectEqual("SCRAM-SHA-256-PLUS", info.authenticationMethod(), "the authentication");
        Row seen = db.queryOne("select version, cipher from pg_stat_ssl where ssl and pid = $1", info.backendPid());
        stage.expectEqual(info.sslAttribute("protocol"), seen.getString("version"), "the server's view of TLS");
        stage.expectEqual(info.sslAttribute("cipher"), seen.getString("cipher"), "the server's view of the cipher");
        stage.expect(info.usedPassword() && info.sslInUse(), "the server sees the same TLS session (pg_stat_ssl)");
    }

    private static void triesSeveral(Stage stage) {
        Narrator narrator = stage.narrator();
        int port = stage.server().server().port();
        int closed = closedPort();
        narrator.say("with two hosts, of which the first does not answer:");
        narrator.code("Howdah.connect(\"host=127.0.0.1,127.0.0.1 port=" + closed + "," + port
                + " ...\").info().connectReport()");
        try (PgConnection db =
                Howdah.connect(stage.server().dsn() + " host=127.0.0.1,127.0.0.1 port=" + closed + "," + port)) {
            ConnectReport report = db.info().connectReport();
            narrator.got(report.attempts());
            stage.expectEqual(2, report.attempts().size(), "the number of hosts tried");
            stage.expectEqual(
                    ConnectStep.Kind.SOCKET, report.attempts().getFirst().failedStep(), "the step that failed");
            stage.expectEqual(port, report.accepted().port(), "the port of the server taken");
            stage.expect(
                    report.time().compareTo(report.accepted().time()) > 0,
                    "each host, why it was not taken, and the time of each step (howdah ping prints the same)");
        }
    }

    /** A port where nobody listens. */
    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free", e);
        }
    }

    private static void refuses(Stage stage) {
        Narrator narrator = stage.narrator();
        Embedded server = stage.server();
        narrator.say("with a wrong password:");
        String wrong = server.database().dsn(new Role(Roles.SCRAM.name(), WRONG))
                + Embedded.verified(server.server().certificates().ca().toString());
        ConnectFailedException refused = stage.expectThrown(ConnectFailedException.class, () -> Howdah.connect(wrong));
        narrator.got("refused", String.valueOf(refused.getMessage()));
        stage.expectEqual(SqlState.INVALID_PASSWORD, refused.sqlState(), "the SQLSTATE");
        stage.expect(!refused.toString().contains(WRONG), "the password is not in the message");

        narrator.say("when the certificate is of another authority:");
        String stranger = server.database().dsn(Roles.SCRAM)
                + Embedded.verified(server.server().certificates().otherCa().toString());
        ConnectFailedException distrusted =
                stage.expectThrown(ConnectFailedException.class, () -> Howdah.connect(stranger));
        narrator.got("refused", String.valueOf(distrusted.getMessage()));
        stage.expectEqual(ConnectStep.Kind.TLS, distrusted.attempts().getLast().failedStep(), "the step that failed");
        stage.expect(distrusted.sqlState() == null, "the password was not even asked for");
    }
}
