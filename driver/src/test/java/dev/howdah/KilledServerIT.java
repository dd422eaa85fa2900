package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.SqlState;
import dev.howdah.event.Termination;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server goes away: in the middle of a query, while nobody asks, in order and at once. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class KilledServerIT {

    private static void awaitRunning(PgConnection connection) {
        Await.until(Duration.ofSeconds(30), () -> connection.info().transactionStatus() == TransactionStatus.ACTIVE);
    }

    @Test
    void aServerThatIsKilledInTheMiddleOfAQueryIsALostConnection() {
        try (PostgresServer server = PostgresServer.start(18)) {
            for (String mode : List.of(" sslmode=disable", " sslmode=require")) {
                LeakCheck leaks = LeakCheck.start().sockets();
                try (PgConnection connection = Howdah.connect(server.dsn("postgres", Roles.TRUST) + mode)) {
                    BlockingQueue<Termination> ends = new LinkedBlockingQueue<>();
                    connection.addTerminationListener(ends::add);
                    CompletableFuture<Void> query = CompletableFuture.runAsync(
                            () -> connection.withTimeout(Duration.ofSeconds(60)).query("select pg_sleep(100)"));
                    awaitRunning(connection);
                    server.crash();
                    assertThatThrownBy(() -> query.get(30, TimeUnit.SECONDS))
                            .cause()
                            .isInstanceOfSatisfying(
                                    ConnectionLostException.class,
                                    e -> assertThat(e.delivery()).isEqualTo(Delivery.UNKNOWN));
                    assertThatThrownBy(() -> connection.query("select 1"))
                            .isInstanceOfSatisfying(
                                    ConnectionLostException.class,
                                    e -> assertThat(e.delivery()).isEqualTo(Delivery.NOT_SENT));
                    assertThat(connection.info().status()).isEqualTo(ConnectionStatus.LOST);
                    assertThatThrownBy(() -> Howdah.connect(server.dsn("postgres", Roles.TRUST) + mode))
                            .isInstanceOf(ConnectFailedException.class)
                            .hasMessageContaining("refused");
                    server.restart();
                    connection.close();
                    assertThat(ends).hasSize(1);
                    assertThat(ends.peek().cause()).isInstanceOf(ConnectionLostException.class);
                }
                leaks.verify();
            }
        }
    }

    @Test
    void aTransactionOnALostConnectionClosesQuietlyEnough() {
        try (PostgresServer server = PostgresServer.start(18);
                PgConnection connection = Howdah.connect(server.dsn("postgres", Roles.TRUST))) {
            assertThatThrownBy(() -> {
                        try (Transaction tx = connection.begin()) {
                            connection.execute("select 1");
                            server.crash();
                            connection.execute("select 2");
                            tx.commit();
                        }
                    })
                    .isInstanceOf(ConnectionLostException.class);
        }
    }

    @Test
    void theLastWordsOfAServerThatStopsReachWhoAsksNext() {
        try (PostgresServer server = PostgresServer.start(18);
                PgConnection connection = Howdah.connect(server.dsn("postgres", Roles.TRUST))) {
            server.stop();
            assertThatThrownBy(() -> connection.query("select 1"))
                    .isInstanceOfSatisfying(
                            ConnectionLostException.class,
                            e -> assertThat(e.lastWords().sqlState()).isEqualTo(SqlState.ADMIN_SHUTDOWN));
        }
    }

    @Test
    void aTerminatedBackendIsNoticedWithoutAQuery(TestDatabase db) throws Exception {
        for (String dsn : List.of(
                db.dsn(Roles.TRUST) + " sslmode=disable",
                db.dsn(Roles.TRUST) + " sslmode=require",
                db.server().socketDsn(db.name(), Roles.TRUST))) {
            LeakCheck leaks = LeakCheck.start().sockets();
            try (PgConnection connection = Howdah.connect(dsn)) {
                BlockingQueue<Termination> ends = new LinkedBlockingQueue<>();
                connection.addTerminationListener(ends::add);
                db.execute("select pg_terminate_backend(" + connection.info().backendPid() + ")");
                Termination end = ends.poll(30, TimeUnit.SECONDS);
                assertThat(end).isNotNull();
                assertThat(end.isClosed()).isFalse();
                assertThat(end.cause()).isInstanceOfSatisfying(ConnectionLostException.class, e -> {
                    assertThat(e.lastWords().sqlState()).isEqualTo(SqlState.ADMIN_SHUTDOWN);
                });
                assertThat(connection.isOpen()).isFalse();
            }
            leaks.verify();
        }
    }

    @Test
    void aTerminatedBackendInTheMiddleOfAQueryKeepsTheServersWords(TestDatabase db) {
        try (PgConnection connection = Howdah.connect(db.dsn(Roles.TRUST))) {
            int pid = connection.info().backendPid();
            CompletableFuture<Void> query = CompletableFuture.runAsync(() -> connection.query("select pg_sleep(60)"));
            awaitRunning(connection);
            db.execute("select pg_terminate_backend(" + pid + ")");
            assertThatThrownBy(() -> query.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            ConnectionLostException.class,
                            e -> assertThat(e.lastWords().sqlState()).isEqualTo(SqlState.ADMIN_SHUTDOWN));
        }
    }
}
