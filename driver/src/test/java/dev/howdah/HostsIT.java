package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.howdah.error.ConnectAttempt;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several hosts: a primary, its standby, and what becomes of them. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostsIT {

    private final PostgresServer primary =
            PostgresServer.builder().version(SharedServers.defaultVersion()).start();
    private final PostgresServer standby = startStandby();
    private LeakCheck leaks = LeakCheck.start();

    private PostgresServer startStandby() {
        // Before the base backup, so that the standby has it from the start.
        primary.execute(
                "create role reads_only login password 'r'; alter role reads_only set default_transaction_read_only = on");
        primary.execute("create role nobody_more login password 'n' connection limit 0");
        return primary.standby().start();
    }

    @BeforeAll
    void meet() {
        standby.awaitReplay(primary.walPosition());
    }

    @AfterAll
    void stop() {
        try (primary) {
            standby.close();
        }
    }

    @BeforeEach
    void look() {
        leaks = LeakCheck.start().sockets().threads(name -> name.startsWith("howdah"));
    }

    @AfterEach
    void nothingIsLeft() {
        leaks.verify();
    }

    private static String dsn(List<PostgresServer> servers, String user, String more) {
        List<String> hosts = servers.stream().map(PostgresServer::host).toList();
        List<String> ports =
                servers.stream().map(server -> Integer.toString(server.port())).toList();
        return "host=" + String.join(",", hosts) + " port=" + String.join(",", ports) + " dbname=postgres user=" + user
                + " " + more;
    }

    private String dsn(String order, String more) {
        return dsn(servers(order), Roles.TRUST.name(), more);
    }

    /** The servers that the letters stand for. */
    private List<PostgresServer> servers(String order) {
        return order.chars()
                .mapToObj(letter -> letter == 'P' ? primary : standby)
                .toList();
    }

    private static int portOf(String dsn) {
        try (PgConnection connection = Howdah.connect(dsn)) {
            assertThat(connection.queryValue("select 1", Integer.class)).isEqualTo(1);
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

    @ParameterizedTest
    @CsvSource({
        "any,            PS, P", "any,            SP, S",
        "primary,        PS, P", "primary,        SP, P",
        "standby,        PS, S", "standby,        SP, S",
        "prefer-standby, PS, S", "prefer-standby, SP, S",
        "prefer-standby, PP, P", "prefer-standby, P, P",
        "read-write,     PS, P", "read-write,     SP, P",
        "read-only,      PS, S", "read-only,      SP, S",
    })
    void theFirstServerOfTheWantedKindIsTaken(String target, String order, char expected) {
        for (String mode : List.of("sslmode=disable", "sslmode=require")) {
            String dsn = dsn(order, mode + " target_session_attrs=" + target);
            assertThat(portOf(dsn)).isEqualTo(servers("" + expected).getFirst().port());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "primary,    S, the server is a standby",
        "read-write, S, the session would be read-only",
        "standby,    P, the server is no standby",
        "read-only,  P, the session would not be read-only",
    })
    void whereNoServerFitsEachIsNamedWithWhatItLacks(String target, String order, String objection) {
        String server = "127.0.0.1 port " + servers(order).getFirst().port() + ": " + objection;
        ConnectFailedException failure = failure(dsn(order + order, "sslmode=disable target_session_attrs=" + target));
        assertThat(failure.attempts()).hasSize(2);
        assertThat(failure).hasMessageContaining(server);
        assertThat(failure.sqlState()).isNull();
        assertThat(failure.isSafeToRetry()).isTrue();
    }

    @Test
    void aPrimaryWhoseSessionsAreReadOnlyByDefaultIsReadOnlyAndStillThePrimary() {
        String user = "reads_only";
        assertThat(portOf(dsn(List.of(primary, standby), user, "password=r target_session_attrs=read-only")))
                .isEqualTo(primary.port());
        assertThat(portOf(dsn(List.of(primary, standby), user, "password=r target_session_attrs=primary")))
                .isEqualTo(primary.port());
        assertThat(failure(dsn(List.of(primary, standby), user, "password=r target_session_attrs=read-write"))
                        .attempts())
                .extracting(ConnectAttempt::reason)
                .containsOnly("the session would be read-only");
        String options = "options='-c default_transaction_read_only=on' target_session_attrs=read-write";
        assertThat(failure(dsn("P", options))).hasMessageContaining("the session would be read-only");
    }

    @ParameterizedTest
    @PostgresVersions
    void aServerOfEachVersionSaysWhatItIs(TestDatabase db) {
        for (String target : List.of("any", "primary", "read-write", "prefer-standby")) {
            assertThat(portOf(db.dsn(Roles.TRUST) + " target_session_attrs=" + target))
                    .isEqualTo(db.server().port());
        }
        for (String target : List.of("standby", "read-only")) {
            assertThat(failure(db.dsn(Roles.TRUST) + " target_session_attrs=" + target))
                    .hasMessageContaining("127.0.0.1 port " + db.server().port());
        }
    }

    @Test
    void noSessionOfAServerThatDidNotFitCountsAsAbandoned() {
        try (TestDatabase db = primary.createDatabase()) {
            for (String mode : List.of("disable", "require")) {
                failure(db.dsn(Roles.TRUST) + " target_session_attrs=standby sslmode=" + mode);
            }
            String row = " from pg_stat_database where datname = '" + db.name() + "'";
            Await.until(
                    "the server has counted both sessions",
                    Duration.ofSeconds(30),
                    () -> primary.execute("select sessions" + row).equals(List.of(List.of("2"))));
            assertThat(primary.execute("select sessions_abandoned" + row)).isEqualTo(List.of(List.of("0")));
        }
    }

    @Test
    void primaryAndStandbySwappedTheSameTextFindsTheNewPrimary() {
        PostgresServer old = primary.standby().start();
        try (old) {
            old.promote();
            try (PostgresServer next = old.standby().start()) {
                for (String target : List.of("primary", "read-write")) {
                    assertThat(portOf(dsn(List.of(old, next), "app_trust", "target_session_attrs=" + target)))
                            .isEqualTo(old.port());
                }
                String dsn = dsn(List.of(old, next), "app_trust", "sslmode=disable target_session_attrs=primary");
                try (PgConnection connection = Howdah.connect(dsn)) {
                    next.awaitReplay(old.walPosition());
                    old.crash();
                    ConnectionLostException lost =
                            catchThrowableOfType(ConnectionLostException.class, () -> connection.execute("select 1"));
                    assertThat(lost).isNotNull();
                }
                assertThat(failure(dsn))
                        .hasMessageContaining("port " + old.port() + ": connection refused")
                        .hasMessageContaining("port " + next.port() + ": the server is a standby");
                assertThat(portOf(dsn.replace("=primary", "=prefer-standby"))).isEqualTo(next.port());
                next.promote();
                assertThat(portOf(dsn)).isEqualTo(next.port());
                assertThat(portOf(dsn.replace("=primary", "=read-write"))).isEqualTo(next.port());
                try (PgConnection connection = Howdah.connect(dsn)) {
                    connection.execute("create temporary table written (x int)");
                }
            }
        }
    }

    @Test
    void aWrongPasswordEndsTheSearch() {
        String dsn = dsn(List.of(primary, standby), Roles.SCRAM.name(), "password=wrong");
        ConnectFailedException failure = failure(dsn);
        assertThat(failure.attempts()).hasSize(1);
        assertThat(failure.sqlState()).isEqualTo(SqlState.of("28P01"));
        assertThat(failure)
                .hasMessageContaining("127.0.0.1 port " + primary.port())
                .hasMessageContaining("28P01");
        assertThat(failure.isSafeToRetry()).isFalse();
    }

    @Test
    void tooManyConnectionsEndTheSearchAsWithLibpq() {
        ConnectFailedException failure = failure(dsn(List.of(primary, standby), "nobody_more", "password=n"));
        assertThat(failure.attempts()).hasSize(1);
        assertThat(failure.sqlState()).isEqualTo(SqlState.of("53300"));
    }

    @Test
    void theOtherWayOfAllowAndPreferIsTriedWithTheSameHost() {
        for (Role role : List.of(Roles.TLS_ONLY, Roles.NO_TLS)) {
            String mode = role.equals(Roles.TLS_ONLY) ? "allow" : "prefer";
            String dsn = dsn(
                    List.of(primary, standby),
                    role.name(),
                    "sslmode=" + mode + " password='" + Objects.requireNonNull(role.password()) + "'");
            assertThat(portOf(dsn)).isEqualTo(primary.port());
        }
    }

    @Test
    void theCertificateIsComparedWithHostAndNotWithHostaddr() {
        String verify = " hostaddr=127.0.0.1 port=" + primary.port()
                + " dbname=postgres user=app_trust sslmode=verify-full sslrootcert='"
                + primary.certificates().ca() + "'";
        assertThat(portOf("host=localhost" + verify)).isEqualTo(primary.port());
        assertThat(portOf(verify)).isEqualTo(primary.port());
        assertThat(failure("host=db.example.com" + verify)).hasMessageContaining("db.example.com");
    }

    @Test
    void aCertificateThatDoesNotFitEndsTheSearch() {
        String verify = " hostaddr=127.0.0.1,127.0.0.1 port=" + primary.port()
                + " dbname=postgres user=app_trust sslmode=verify-full sslrootcert='"
                + primary.certificates().ca() + "'";
        ConnectFailedException failure = failure("host=db.example.com,localhost" + verify);
        assertThat(failure.attempts()).hasSize(1);
        assertThat(failure)
                .hasMessageContaining("db.example.com (127.0.0.1) port " + primary.port() + ": TLS failed: ");
        assertThat(portOf("host=localhost,db.example.com" + verify)).isEqualTo(primary.port());
    }

    @Test
    void socketFoldersMixWithAddresses() {
        String hosts = "host=" + standby.socketDirectory() + ",127.0.0.1 port=" + standby.port() + "," + primary.port()
                + " dbname=postgres user=app_trust ";
        try (PgConnection connection = Howdah.connect(hosts)) {
            assertThat(connection.info().host())
                    .isEqualTo(standby.socketDirectory().toString());
        }
        assertThat(portOf(hosts + "target_session_attrs=read-write")).isEqualTo(primary.port());
    }

    @Test
    void randomBalanceShufflesTheAddressesOfANameToo() {
        String name = TestNames.of("127.0.0.1", "::1");
        String dsn = "host=" + name + " port=" + primary.port() + " dbname=postgres user=app_trust ";
        Set<String> reached = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            reached.add(addressOf(dsn));
        }
        assertThat(reached).containsExactly("127.0.0.1");
        for (int i = 0; reached.size() < 2; i++) {
            assertThat(i).isLessThan(300);
            reached.add(addressOf(dsn + "load_balance_hosts=random"));
        }
        assertThat(reached).containsExactlyInAnyOrder("127.0.0.1", "::1");
    }

    private static String addressOf(String dsn) {
        try (PgConnection connection = Howdah.connect(dsn)) {
            return connection.queryValue("select host(inet_server_addr())", String.class);
        }
    }

    @Test
    void randomBalanceAmongPrimaryAndStandbyKeepsToTheTarget() {
        for (int i = 0; i < 10; i++) {
            assertThat(portOf(dsn("PS", "load_balance_hosts=random target_session_attrs=read-write")))
                    .isEqualTo(primary.port());
        }
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; ports.size() < 2; i++) {
            assertThat(i).isLessThan(300);
            ports.add(portOf(dsn("PS", "load_balance_hosts=random")));
        }
        assertThat(ports).containsExactlyInAnyOrder(primary.port(), standby.port());
    }
}
