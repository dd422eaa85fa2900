package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.howdah.error.ConnectAttempt;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectStep;
import dev.howdah.error.ConnectStep.Kind;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a connection, or a connect that failed, tells of how it went. */
@ExtendWith(PostgresExtension.class)
@Timeout(60)
class ConnectReportIT {

    private static final List<Kind> PLAIN = List.of(Kind.SOCKET, Kind.AUTHENTICATION, Kind.SESSION);
    private static final List<Kind> WITH_TLS =
            List.of(Kind.TLS_SETUP, Kind.SOCKET, Kind.TLS, Kind.AUTHENTICATION, Kind.SESSION);

    private static List<Kind> steps(ConnectAttempt attempt) {
        return attempt.steps().stream().map(ConnectStep::kind).toList();
    }

    private static ConnectReport report(String dsn) {
        try (PgConnection db = Howdah.connect(dsn)) {
            return db.info().connectReport();
        }
    }

    private static List<ConnectAttempt> failing(String dsn) {
        return catchThrowableOfType(
                        ConnectFailedException.class, () -> Howdah.connect(dsn).close())
                .attempts();
    }

    /** A port where nobody listens. */
    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String several(TestDatabase db, int closed, String more) {
        PostgresServer server = db.server();
        return "host=127.0.0.1,127.0.0.1 port=" + closed + "," + server.port() + " dbname=" + db.name() + " user="
                + Roles.TRUST.name() + " " + more;
    }

    @Test
    void anAttemptHasItsStepsInOrderAndTheirTimesAddUp(TestDatabase db) {
        ConnectReport report = report(db.dsn(Roles.SCRAM) + " sslmode=disable");
        assertThat(report.attempts()).containsExactly(report.accepted());
        ConnectAttempt attempt = report.accepted();
        assertThat(attempt.isAccepted()).isTrue();
        assertThat(attempt.reason()).isNull();
        assertThat(attempt.failedStep()).isNull();
        assertThat(attempt.tls()).isFalse();
        assertThat(attempt.address()).isEqualTo("127.0.0.1");
        assertThat(attempt.port()).isEqualTo(db.server().port());
        assertThat(steps(attempt)).isEqualTo(PLAIN);
        assertThat(attempt.steps()).noneMatch(step -> step.time().isNegative());
        assertThat(attempt.time()).isPositive().isLessThanOrEqualTo(report.time());
    }

    @Test
    void tlsIsStepsOfItsOwnAndItsCertificateIsKept(TestDatabase db) {
        String root = " sslrootcert='" + db.server().certificates().ca() + "'";
        try (PgConnection plain = Howdah.connect(db.dsn(Roles.SCRAM) + " sslmode=disable");
                PgConnection required = Howdah.connect(db.dsn(Roles.SCRAM) + " sslmode=require");
                PgConnection authority = Howdah.connect(db.dsn(Roles.SCRAM) + " sslmode=require" + root);
                PgConnection full = Howdah.connect(db.dsn(Roles.SCRAM) + " sslmode=verify-full" + root)) {
            ConnectAttempt attempt = full.info().connectReport().accepted();
            assertThat(attempt.tls()).isTrue();
            assertThat(steps(attempt)).isEqualTo(WITH_TLS);
            assertThat(full.info().usedChannelBinding()).isTrue();
            assertThat(full.info().serverCertificate()).isNotNull();
            assertThat(full.info().serverVerification()).isEqualTo(ServerVerification.AUTHORITY_AND_HOST);
            assertThat(authority.info().serverVerification()).isEqualTo(ServerVerification.AUTHORITY);
            assertThat(required.info().serverVerification()).isEqualTo(ServerVerification.NONE);
            assertThat(required.info().serverCertificate())
                    .isEqualTo(full.info().serverCertificate());
            assertThat(plain.info().serverVerification()).isEqualTo(ServerVerification.NONE);
            assertThat(plain.info().serverCertificate()).isNull();
            assertThat(plain.info().usedChannelBinding()).isFalse();
        }
    }

    @Test
    void whatWasTriedBeforeIsThereAndWhy(TestDatabase db) throws IOException {
        int closed = closedPort();
        ConnectReport report = report(several(db, closed, "sslmode=disable"));
        assertThat(report.attempts()).hasSize(2);
        ConnectAttempt refused = report.attempts().getFirst();
        assertThat(refused.isAccepted()).isFalse();
        assertThat(refused.port()).isEqualTo(closed);
        assertThat(refused.reason()).contains("refused");
        assertThat(refused.failedStep()).isEqualTo(Kind.SOCKET);
        assertThat(refused.sqlState()).isNull();
        assertThat(steps(report.accepted())).isEqualTo(PLAIN);
        assertThat(report.attempts().stream()
                        .map(ConnectAttempt::time)
                        .reduce(Duration.ZERO, Duration::plus)
                        .compareTo(report.time()))
                .isLessThanOrEqualTo(0);
    }

    @Test
    void aUnixSocketIsAPathAndNeedsNoTls(TestDatabase db) {
        ConnectReport report = report(db.server().socketDsn(db.name(), Roles.SCRAM));
        ConnectAttempt attempt = report.accepted();
        assertThat(attempt.host()).isEqualTo(db.server().socketDirectory().toString());
        assertThat(attempt.address()).isEqualTo(db.server().socketFile().toString());
        assertThat(attempt.where()).endsWith("(Unix socket)");
        assertThat(steps(attempt)).isEqualTo(PLAIN);
    }

    @Test
    void aServerOfTheWrongKindIsAnAttemptThatFailed(TestDatabase db) {
        ConnectReport report = report(db.dsn(Roles.TRUST) + " sslmode=disable target_session_attrs=prefer-standby");
        assertThat(report.attempts()).hasSize(2);
        assertThat(report.attempts().getFirst().reason()).isEqualTo("the server is no standby");
        assertThat(report.attempts().getFirst().failedStep()).isEqualTo(Kind.SERVER_CHECK);
        assertThat(steps(report.accepted())).isEqualTo(PLAIN);
    }

    @Test
    void aWrongPasswordFailsInTheAuthenticationWithItsCode(TestDatabase db) {
        List<ConnectAttempt> attempts =
                failing(db.dsn(new Role(Roles.SCRAM.name(), "not the password")) + " sslmode=require");
        assertThat(attempts).hasSize(1);
        ConnectAttempt attempt = attempts.getFirst();
        assertThat(attempt.failedStep()).isEqualTo(Kind.AUTHENTICATION);
        assertThat(attempt.sqlState()).isEqualTo(SqlState.INVALID_PASSWORD);
        assertThat(attempt.tls()).isTrue();
        assertThat(steps(attempt)).isEqualTo(WITH_TLS.subList(0, 4));
        assertThat(attempts.toString()).doesNotContain("not the password");
    }

    @Test
    void aMissingDatabaseFailsAfterTheServerHasAcceptedUs(TestDatabase db) {
        List<ConnectAttempt> attempts = failing(db.server().dsn("there_is_no_such", Roles.SCRAM) + " sslmode=disable");
        assertThat(attempts.getFirst().failedStep()).isEqualTo(Kind.SESSION);
        assertThat(attempts.getFirst().sqlState()).isEqualTo(SqlState.INVALID_CATALOG_NAME);
    }

    @Test
    void aCertificateThatIsNotTrustedFailsInTheHandshake(TestDatabase db) {
        List<ConnectAttempt> attempts = failing(db.dsn(Roles.SCRAM) + " sslmode=verify-full sslrootcert='"
                + db.server().certificates().otherCa() + "'");
        assertThat(attempts.getFirst().failedStep()).isEqualTo(Kind.TLS);
        assertThat(attempts.getFirst().tls()).isTrue();
        assertThat(attempts.getFirst().sqlState()).isNull();
    }

    @Test
    void aRootCertificateThatIsNotThereFailsBeforeTheServerIsTouched(TestDatabase db) {
        List<ConnectAttempt> attempts =
                failing(db.dsn(Roles.SCRAM) + " sslmode=verify-full sslrootcert=/there/is/no/such.crt");
        assertThat(attempts.getFirst().failedStep()).isEqualTo(Kind.TLS_SETUP);
        assertThat(steps(attempts.getFirst())).doesNotContain(Kind.SOCKET);
    }

    @Test
    void noSecretIsInIt(TestDatabase db) {
        for (Role role : List.of(Roles.PASSWORD, Roles.MD5, Roles.SCRAM)) {
            assertThat(report(db.dsn(role)).toString())
                    .contains("AUTHENTICATION")
                    .doesNotContain(role.password());
            List<ConnectAttempt> attempts = failing(db.server().dsn("there_is_no_such", role));
            assertThat(attempts.toString()).contains("3D000").doesNotContain(role.password());
        }
    }

    @Test
    void onlyANameIsLookedUpAndOnlyOnce(TestDatabase db) {
        String dsn = db.dsn(Roles.TRUST).replace("host=127.0.0.1", "host=localhost") + " sslmode=disable";
        List<ConnectAttempt> attempts = report(dsn).attempts();
        assertThat(steps(attempts.getFirst())).startsWith(Kind.NAME_LOOKUP, Kind.SOCKET);
        assertThat(attempts.subList(1, attempts.size()))
                .allSatisfy(attempt -> assertThat(steps(attempt)).doesNotContain(Kind.NAME_LOOKUP));
    }

    @Test
    void aNameThatIsNotKnownFailsInTheLookUp() {
        List<ConnectAttempt> attempts = failing("host=no-such-host.invalid user=u dbname=d sslmode=disable");
        assertThat(attempts).hasSize(1);
        assertThat(attempts.getFirst().failedStep()).isEqualTo(Kind.NAME_LOOKUP);
        assertThat(attempts.getFirst().address()).isNull();
    }

    @Test
    void theWaysWithAndWithoutTlsAreAttemptsOfTheirOwn(TestDatabase db) {
        ConnectReport report = report(db.dsn(Roles.NO_TLS) + " sslmode=prefer");
        assertThat(report.attempts()).extracting(ConnectAttempt::tls).containsExactly(true, false);
        assertThat(report.attempts().getFirst().sqlState()).isEqualTo(SqlState.INVALID_AUTHORIZATION_SPECIFICATION);
        assertThat(report.attempts().getFirst().failedStep()).isEqualTo(Kind.AUTHENTICATION);
        assertThat(steps(report.accepted())).isEqualTo(PLAIN);
    }
}
