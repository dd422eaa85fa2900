package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Timeouts, interrupts and cancel requests: they end what they are meant for, and nothing else. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class CancelIT {

    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static PgConnection connect(TestDatabase db) {
        return Howdah.connect(db.dsn(Roles.TRUST));
    }

    private static void assertUsable(PgConnection db) {
        assertThat(db.queryValue("select 40 + $1::int", Integer.class, 2)).isEqualTo(42);
    }

    private static void awaitRunning(TestDatabase db, String text) {
        Await.until(
                "the server runs it",
                PATIENCE,
                () -> !db.execute("select 1 from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()"
                                + " and query like '%" + text + "%'")
                        .isEmpty());
    }

    @Test
    void aTimeoutCancelsTheStatementAndLeavesTheConnectionUsable(TestDatabase db) {
        for (String mode : List.of(" sslmode=disable", " sslmode=require")) {
            try (PgConnection connection = Howdah.connect(db.dsn(Roles.SCRAM) + mode)) {
                assertThatThrownBy(() -> connection.withTimeout(SOON).query("select pg_sleep(60)"))
                        .isInstanceOfSatisfying(QueryTimeoutException.class, e -> {
                            assertThat(e.timeout()).isEqualTo(SOON);
                            assertThat(e.delivery()).isEqualTo(Delivery.REFUSED);
                        })
                        .hasCauseInstanceOf(QueryCanceledException.class);
                assertUsable(connection);
            }
        }
    }

    /** A request that finds the server not at work yet is lost; so is one that a program on the server catches. */
    @Test
    void theServerIsAskedAgainUntilItObeys(TestDatabase db) {
        String stubborn = """
                do $$ begin
                    begin perform pg_sleep(60); exception when query_canceled then perform pg_sleep(60); end;
                end $$
                """;
        try (PgConnection connection = connect(db)) {
            assertThatThrownBy(() -> connection.withTimeout(SOON).execute(stubborn))
                    .isInstanceOf(QueryTimeoutException.class);
            assertUsable(connection);
        }
    }

    @Test
    void theTimeoutOfAConnectionHoldsForEveryCall(TestDatabase db) {
        ConnectOptions options = ConnectOptions.builder()
                .host(db.server().host(), db.server().port())
                .dbname(db.name())
                .user(Roles.TRUST.name())
                .queryTimeout(SOON)
                .build();
        try (PgConnection connection = Howdah.connect(options)) {
            assertThatThrownBy(() -> connection.execute("select pg_sleep(60)"))
                    .isInstanceOf(QueryTimeoutException.class);
            assertThatThrownBy(
                            () -> connection.executeMany("select pg_sleep($1)", List.of(List.of(60.0), List.of(1.0))))
                    .isInstanceOf(QueryTimeoutException.class);
            assertUsable(connection);
        }
    }

    private static void assertEndsOn(ThreadFactory threads, PgConnection connection) throws Exception {
        FutureTask<Throwable> thrown = new FutureTask<>(
                () -> catchThrowable(() -> connection.withTimeout(SOON).query("select generate_series(1, 30000000)")));
        threads.newThread(thrown).start();
        assertThat(thrown.get(60, TimeUnit.SECONDS)).isInstanceOf(QueryTimeoutException.class);
        assertUsable(connection);
    }

    @Test
    void aTimeoutEndsAQueryWhoseRowsKeepComing(TestDatabase db) throws Exception {
        for (String mode : List.of(" sslmode=disable", " sslmode=require")) {
            try (PgConnection connection = Howdah.connect(db.dsn(Roles.TRUST) + mode)) {
                assertEndsOn(Thread.ofPlatform().factory(), connection);
                assertEndsOn(Thread.ofVirtual().factory(), connection);
            }
        }
    }

    @Test
    void aTimeoutWhileWaitingForTheTurnSendsNothing(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            CompletableFuture<Void> other =
                    CompletableFuture.runAsync(() -> connection.query("select pg_sleep(2), 'holder'"));
            awaitRunning(db, "holder");
            assertThatThrownBy(() -> connection.withTimeout(SOON).query("select 1"))
                    .isInstanceOfSatisfying(
                            QueryTimeoutException.class,
                            e -> assertThat(e.delivery()).isEqualTo(Delivery.NOT_SENT));
            other.get(30, TimeUnit.SECONDS);
            assertUsable(connection);
        }
    }

    /** Runs something that is to be interrupted; says how it ended and whether the thread's flag was set afterwards. */
    private static final class Interrupted {
        private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        private final AtomicBoolean flag = new AtomicBoolean();
        private final Thread thread;

        Interrupted(Thread.Builder builder, Runnable work) {
            thread = builder.start(() -> {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    thrown.set(e);
                } finally {
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
        }

        void interrupt() throws InterruptedException {
            thread.interrupt();
            assertThat(thread.join(PATIENCE)).isTrue();
        }
    }

    private static final List<Thread.Builder> KINDS = List.of(Thread.ofPlatform(), Thread.ofVirtual());

    @Test
    void anInterruptCancelsTheStatementAndLeavesTheConnectionUsable(TestDatabase db) throws Exception {
        for (Thread.Builder kind : KINDS) {
            try (PgConnection connection = connect(db)) {
                Interrupted query = new Interrupted(kind, () -> connection.query("select pg_sleep(60), 'napping'"));
                awaitRunning(db, "napping");
                query.interrupt();
                assertThat(query.thrown.get())
                        .isInstanceOf(InterruptedWaitException.class)
                        .hasCauseInstanceOf(QueryCanceledException.class);
                assertThat(query.flag).isTrue();
                assertUsable(connection);
            }
        }
    }

    @Test
    void aThreadThatIsInterruptedAlreadySendsNothing(TestDatabase db) throws Exception {
        for (Thread.Builder kind : KINDS) {
            try (PgConnection connection = connect(db)) {
                Interrupted query = new Interrupted(kind, () -> {
                    Thread.currentThread().interrupt();
                    connection.execute("create table never_made (x int)");
                });
                assertThat(query.thread.join(PATIENCE)).isTrue();
                assertThat(query.thrown.get())
                        .isInstanceOfSatisfying(
                                InterruptedWaitException.class,
                                e -> assertThat(e.delivery()).isEqualTo(Delivery.NOT_SENT));
                assertThat(query.flag).isTrue();
                assertUsable(connection);
                assertThat(connection.queryValue("select to_regclass('never_made')::text", String.class))
                        .isNull();
            }
        }
    }

    @Test
    void anInterruptWhileConnectingEndsTheAttempt(TestDatabase db) throws Exception {
        LeakCheck leaks = LeakCheck.start().sockets();
        for (Thread.Builder kind : KINDS) {
            try (FaultyWire wire = FaultyWire.to(db.server())) {
                wire.blackHole(true);
                Interrupted connecting = new Interrupted(kind, () -> Howdah.connect(wire.dsn(db.name(), Roles.TRUST)));
                Await.until(PATIENCE, () -> wire.connections() > 0);
                connecting.interrupt();
                assertThat(connecting.thrown.get()).isInstanceOf(InterruptedWaitException.class);
                assertThat(connecting.flag).isTrue();
            }
        }
        leaks.verify();
    }

    @Test
    void closingATransactionRollsBackAlsoAfterAnInterrupt(TestDatabase db) throws Exception {
        for (Thread.Builder kind : KINDS) {
            try (PgConnection connection = connect(db)) {
                connection.execute("drop table if exists kept; create table kept (x int)");
                Interrupted work = new Interrupted(kind, () -> {
                    try (Transaction tx = connection.begin()) {
                        connection.execute("insert into kept values (1)");
                        connection.query("select pg_sleep(60), 'in a transaction'");
                        tx.commit();
                    }
                });
                awaitRunning(db, "in a transaction");
                work.interrupt();
                assertThat(work.thrown.get()).isInstanceOf(InterruptedWaitException.class);
                assertThat(work.flag).isTrue();
                assertThat(connection.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
                assertThat(connection.queryValue("select count(*) from kept", Long.class))
                        .isZero();
            }
        }
    }

    @Test
    void anotherThreadCancels(TestDatabase db) throws Exception {
        for (String mode : List.of(" sslmode=disable", " sslmode=require")) {
            try (PgConnection connection = Howdah.connect(db.dsn(Roles.TRUST) + mode)) {
                assertThat(connection.cancel()).isFalse();
                CompletableFuture<Void> query =
                        CompletableFuture.runAsync(() -> connection.query("select pg_sleep(60), 'to be cancelled'"));
                awaitRunning(db, "to be cancelled");
                assertThat(connection.cancel()).isTrue();
                assertThatThrownBy(() -> query.get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(QueryCanceledException.class);
                assertUsable(connection);
            }
        }
    }

    /**
     * A cancel races with the end of a short statement. Once cancel() has returned, what is run next must be out of its
     * reach. (That a statement waits for a cancel that has not returned is tested at the gate itself.)
     */
    @Test
    void aLateCancelNeverHitsTheNextStatement(TestDatabase db) throws Exception {
        int rounds = Integer.getInteger("howdah.test.cancels", 2000);
        try (PgConnection connection = connect(db);
                var executor = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < rounds; round++) {
                CountDownLatch start = new CountDownLatch(1);
                Future<Boolean> cancelled = executor.submit(() -> {
                    start.await();
                    return connection.cancel();
                });
                start.countDown();
                try {
                    connection.query("select 1 /* may be cancelled */");
                } catch (QueryCanceledException e) {
                    assertThat(cancelled.get()).isTrue();
                }
                cancelled.get(30, TimeUnit.SECONDS);
                assertThat(connection.queryValue("select $1::int", Integer.class, round))
                        .isEqualTo(round);
            }
        }
    }

    @Test
    void aCancelRequestOfATlsConnectionTravelsByTls() throws Exception {
        try (PostgresServer server = PostgresServer.builder()
                .hba("hostssl all all all scram-sha-256", "hostnossl all all all reject")
                .start()) {
            try (Listening wire = new Listening(server);
                    PgConnection connection = Howdah.connect("host=127.0.0.1 port=" + wire.port()
                            + " user=" + Roles.SCRAM.name() + " dbname=postgres sslmode=require password='"
                            + Roles.SCRAM.password().replace("\\", "\\\\").replace("'", "\\'") + "'")) {
                CompletableFuture<Void> query =
                        CompletableFuture.runAsync(() -> connection.query("select pg_sleep(60)"));
                Await.until(PATIENCE, () -> connection.cancel());
                assertThatThrownBy(() -> query.get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(QueryCanceledException.class);
                assertThat(wire.firstBytes()).hasSizeGreaterThan(1).allSatisfy(first -> {
                    // All that a connection says in clear is that it wants TLS.
                    assertThat(first).isEqualTo(new byte[] {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f});
                });
            }
        }
    }

    @Test
    void aTimeLimitThatPassesBetweenTwoStepsEndsTheOperation(TestDatabase db) {
        try (FaultyWire wire = FaultyWire.to(db.server());
                PgConnection connection = Howdah.connect(wire.dsn(db.name(), Roles.SCRAM) + " sslmode=disable")) {
            wire.toClient().delay(Duration.ofMillis(400));
            // The request finds the server idle: it has described the statement, and been told nothing else.
            assertThatThrownBy(
                            () -> connection.withTimeout(Duration.ofMillis(100)).query("select pg_sleep(60)"))
                    .isInstanceOfSatisfying(
                            QueryTimeoutException.class,
                            late -> assertThat(late.delivery()).isEqualTo(Delivery.REFUSED));
            wire.toClient().clear();
            assertUsable(connection);
        }
    }

    @Test
    void theTurnIsGivenInOrderAlsoWhenSomeoneWhoWaitsGoes(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            CountDownLatch done = new CountDownLatch(20);
            AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
            ThreadFactory threads = Thread.ofVirtual().factory();
            for (int i = 0; i < 20; i++) {
                boolean interrupted = i % 3 == 0;
                threads.newThread(() -> {
                            try {
                                if (interrupted) {
                                    Thread.currentThread().interrupt();
                                }
                                connection.query("select pg_sleep(0.01)");
                            } catch (InterruptedWaitException e) {
                                if (!interrupted) {
                                    wrong.set(e);
                                }
                            } catch (PgException e) {
                                wrong.set(e);
                            } finally {
                                done.countDown();
                            }
                        })
                        .start();
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(wrong.get()).isNull();
            assertUsable(connection);
        }
    }
}
