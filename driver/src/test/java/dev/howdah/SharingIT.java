package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.Roles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many threads on one connection: their requests are pipelined, each gets its own answer, and nobody notices the others. */
@Timeout(120)
class SharingIT extends DriverContract {

    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    private PgConnection shared() {
        // Where somebody else waits for the test's own connection, that is not shared.
        return Howdah.connect(options());
    }

    private static <T> List<Future<T>> onThreads(int count, IntFunction<Callable<T>> work) {
        List<Future<T>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(elsewhere(work.apply(i)));
        }
        return all;
    }

    /** Waits until the server has worked on something for so long that nothing more is sent behind it. */
    private void awaitActive(PgConnection connection, String text) {
        Await.until(
                "the server runs it",
                PATIENCE,
                () -> activity(connection, "state || ' ' || query").startsWith("active " + text));
    }

    @Test
    void eachOfManyThreadsGetsItsOwnAnswer() throws Exception {
        try (PgConnection connection = shared()) {
            int threads = place.amount(1_000, 100);
            List<Future<Integer>> all = onThreads(threads, id -> () -> {
                for (int i = 0; i < 20; i++) {
                    int expected = id * 1_000 + i;
                    assertThat(connection.queryValue("select $1::int", Integer.class, expected))
                            .isEqualTo(expected);
                    if (i % 7 == 3) {
                        assertThat(thrown(ServerException.class, () -> connection.query("select 1 / $1::int", 0))
                                        .sqlState())
                                .isEqualTo(SqlState.DIVISION_BY_ZERO);
                    }
                }
                return id;
            });
            for (int id = 0; id < threads; id++) {
                assertThat(result(all.get(id))).isEqualTo(id);
            }
        }
    }

    @Test
    void requestsAreSentBeforeThoseAheadHaveBeenAnswered(@TempDir Path folder) throws Exception {
        Path trace = folder.resolve("trace");
        try (PgConnection connection =
                Howdah.connect(options().toBuilder().trace(trace).build())) {
            for (Future<Integer> one : onThreads(200, id -> () -> {
                for (int i = 0; i < 10; i++) {
                    connection.queryValue("select $1::int", Integer.class, id);
                }
                return id;
            })) {
                result(one);
            }
        }
        assertThat(mostSyncsInARow(trace)).isGreaterThan(1);
    }

    private static int mostSyncsInARow(Path trace) throws IOException {
        int most = 0;
        int row = 0;
        for (String line : Files.readAllLines(trace)) {
            String[] parts = line.split("\t");
            if (parts.length > 3 && parts[1].equals("F") && parts[3].equals("Sync")) {
                row++;
                most = Math.max(most, row);
            } else if (parts.length > 1 && parts[1].equals("B")) {
                row = 0;
            }
        }
        return most;
    }

    @Test
    void transactionsOfOthersAreNeverSeenHalfDone() throws Exception {
        try (PgConnection connection = shared()) {
            connection.execute("create temporary table pair (x int)");
            List<Future<Boolean>> all = onThreads(40, id -> () -> {
                for (int i = 0; i < 10; i++) {
                    if (id % 4 == 0) {
                        try (Transaction tx = connection.begin()) {
                            connection.execute("insert into pair values ($1)", id);
                            connection.execute("insert into pair values ($1)", id);
                            if (i % 2 == 0) {
                                tx.commit();
                            }
                        }
                    } else {
                        assertThat(connection.queryValue("select count(*) % 2 from pair", Long.class))
                                .isZero();
                    }
                }
                return true;
            });
            for (Future<Boolean> one : all) {
                assertThat(result(one)).isTrue();
            }
            assertThat(connection.queryValue("select count(*) from pair", Long.class))
                    .isEqualTo(100);
        }
    }

    @Test
    void whoWaitsBehindALongOneIsWithdrawnInTime() throws Exception {
        try (PgConnection connection = shared()) {
            connection.query("select 1");
            Future<Rows> sleeping = elsewhere(() -> connection.query("select pg_sleep(60)"));
            awaitActive(connection, "select pg_sleep");
            QueryTimeoutException late = result(elsewhere(() -> thrown(
                    QueryTimeoutException.class,
                    () -> connection.withTimeout(Duration.ofMillis(100)).query("select 1"))));
            assertThat(late.delivery()).isEqualTo(Delivery.NOT_SENT);
            InterruptedWaitException interrupted = result(elsewhere(() -> {
                Thread.currentThread().interrupt();
                return thrown(InterruptedWaitException.class, () -> connection.query("select 1"));
            }));
            assertThat(interrupted.delivery()).isEqualTo(Delivery.NOT_SENT);
            Future<Integer> waiting = elsewhere(() -> connection.queryValue("select 2", Integer.class));
            assertThat(connection.cancel()).isTrue();
            assertThat(thrown(Exception.class, () -> result(sleeping)))
                    .hasCauseInstanceOf(QueryCanceledException.class);
            assertThat(result(waiting)).isEqualTo(2);
        }
    }

    /** Its answers come so late that a time limit passes where the test wants it. */
    private PgConnection late(FaultyWire wire) {
        return Howdah.connect(wire.dsn(database().name(), Roles.SCRAM) + " sslmode=disable");
    }

    @Test
    void aTimeLimitThatPassesBetweenTwoStepsEndsTheOperation() throws Exception {
        if (place != Place.TCP_18) {
            return;
        }
        try (FaultyWire wire = FaultyWire.to(database().server());
                PgConnection connection = late(wire)) {
            wire.toClient().delay(Duration.ofMillis(400));
            // The request finds the server idle: it has described the statement, and been told nothing else.
            QueryTimeoutException late = result(elsewhere(() -> thrown(
                    QueryTimeoutException.class,
                    () -> connection.withTimeout(Duration.ofMillis(100)).query("select pg_sleep(60)"))));
            wire.toClient().clear();
            assertThat(late.delivery()).isEqualTo(Delivery.REFUSED);
            assertThat(connection.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
    }

    @Test
    void whatHasBeenDoneIsNotSaidToBeRefused() throws Exception {
        if (place != Place.TCP_18) {
            return;
        }
        db.execute("create type pair_done as (a int, b text)");
        try (FaultyWire wire = FaultyWire.to(database().server());
                PgConnection connection = late(wire)) {
            connection.execute("create temporary table done (x int)");
            wire.toClient().delay(Duration.ofMillis(300));
            // The limit passes while the insert's answer is on its way; behind that the row's type is asked for.
            boolean refused = result(elsewhere(() -> {
                try {
                    connection
                            .withTimeout(Duration.ofMillis(450))
                            .query("insert into done values (1) returning row(1, row(2, 'two')::pair_done)");
                    return false;
                } catch (QueryTimeoutException e) {
                    assertThat(e.delivery()).isEqualTo(Delivery.REFUSED);
                    return true;
                }
            }));
            wire.toClient().clear();
            assertThat(connection.queryValue("select count(*)::int from done", Integer.class))
                    .isEqualTo(refused ? 0 : 1);
        } finally {
            db.execute("drop type pair_done");
        }
    }

    @Test
    void aTimeoutCancelsItsOwnStatementAndNoOther() throws Exception {
        try (PgConnection connection = shared()) {
            List<Future<Boolean>> all = onThreads(place.amount(60, 20), id -> () -> {
                for (int i = 0; i < 5; i++) {
                    if (id % 10 == 0) {
                        thrown(
                                QueryTimeoutException.class,
                                () -> connection
                                        .withTimeout(Duration.ofMillis(20))
                                        .query("select pg_sleep(30)"));
                    } else {
                        assertThat(connection.queryValue("select $1::int from pg_sleep(0.001)", Integer.class, id))
                                .isEqualTo(id);
                    }
                }
                return true;
            });
            for (Future<Boolean> one : all) {
                assertThat(result(one)).isTrue();
            }
        }
    }

    @Test
    void aCancelHitsOneStatementAndWhatItHitsByMistakeIsRunAgain() throws Exception {
        try (PgConnection connection = shared()) {
            AtomicInteger cancelled = new AtomicInteger();
            AtomicBoolean done = new AtomicBoolean();
            Future<Integer> canceller = elsewhere(() -> {
                int asked = 0;
                while (!done.get()) {
                    asked += connection.cancel() ? 1 : 0;
                }
                return asked;
            });
            for (Future<Boolean> one : onThreads(30, id -> () -> {
                for (int i = 0; i < 20; i++) {
                    try {
                        assertThat(connection.queryValue("select $1::int from pg_sleep(0.001)", Integer.class, id))
                                .isEqualTo(id);
                    } catch (QueryCanceledException e) {
                        cancelled.incrementAndGet();
                    }
                }
                return true;
            })) {
                assertThat(result(one)).isTrue();
            }
            done.set(true);
            assertThat(cancelled.get()).isLessThanOrEqualTo(result(canceller));
        }
    }

    @Test
    void aLossIsToldToAllAndACloseEndsAll() throws Exception {
        for (boolean closed : List.of(false, true)) {
            PgConnection connection = shared();
            connection.query("select 1");
            List<Future<Rows>> all = onThreads(20, id -> () -> connection.query("select pg_sleep(60)"));
            awaitActive(connection, "select pg_sleep");
            if (closed) {
                connection.close();
            } else {
                database()
                        .server()
                        .execute("select pg_terminate_backend("
                                + connection.info().backendPid() + ")");
            }
            for (Future<Rows> one : all) {
                assertThat(thrown(Exception.class, () -> result(one))).hasCauseInstanceOf(PgException.class);
            }
            assertThat(connection.isOpen()).isFalse();
            connection.close();
        }
    }

    @Test
    void sharersAndOthersTakeTurns() throws Exception {
        try (PgConnection connection = shared()) {
            List<Future<Boolean>> all = onThreads(60, id -> () -> {
                for (int i = 0; i < 10; i++) {
                    switch (id % 4) {
                        case 0 ->
                            assertThat(connection
                                            .execute("select " + id + "; select 1")
                                            .rows()
                                            .size())
                                    .isEqualTo(1);
                        case 1 -> {
                            try (var rows = connection.stream("select generate_series(1, 20)", 3)) {
                                assertThat(rows.count()).isEqualTo(20);
                            }
                        }
                        default ->
                            assertThat(connection.queryValue("select $1::int", Integer.class, id))
                                    .isEqualTo(id);
                    }
                }
                return true;
            });
            for (Future<Boolean> one : all) {
                assertThat(result(one)).isTrue();
            }
        }
    }

    @Test
    void resultsLongerThanAllBuffersAreShared() throws Exception {
        try (PgConnection connection = shared()) {
            String much = "m".repeat(place.amount(3_000_000, 300_000));
            for (Future<Boolean> one : onThreads(20, id -> () -> {
                String answer =
                        connection.queryValue("select $1 || $2::text", String.class, much, Integer.toString(id));
                assertThat(answer).hasSize(much.length() + Integer.toString(id).length());
                return true;
            })) {
                assertThat(result(one)).isTrue();
            }
        }
    }
}
