package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Many threads on one connection, many connections on few threads, and ends at the wrong moment. */
@ExtendWith(PostgresExtension.class)
@Timeout(300)
class ThreadsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static PgConnection connect(TestDatabase db) {
        return Howdah.connect(db.dsn(Roles.TRUST) + " sslmode=disable");
    }

    /** Each thread asks for sums that only its own numbers give. */
    private static void share(PgConnection connection, ThreadFactory threads, int count, int each) throws Exception {
        try (ExecutorService executor = Executors.newThreadPerTaskExecutor(threads)) {
            List<Future<Long>> sums = new ArrayList<>();
            for (int thread = 0; thread < count; thread++) {
                long mine = 1_000_000L * thread;
                sums.add(executor.submit(() -> {
                    long sum = 0;
                    for (int i = 0; i < each; i++) {
                        if (i % 10 == 9) {
                            // Several rows, so that answers have more than one piece.
                            for (Row row :
                                    connection.query("select $1::bigint + g from generate_series(1, 3) g", mine)) {
                                sum += row.getLong(0) - mine - 2;
                            }
                        }
                        sum += connection.queryValue("select $1::bigint + $2::bigint", Long.class, mine, (long) i);
                    }
                    return sum;
                }));
            }
            for (int thread = 0; thread < count; thread++) {
                long expected = each * 1_000_000L * thread + each * (each - 1) / 2;
                assertThat(sums.get(thread).get(240, TimeUnit.SECONDS)).isEqualTo(expected);
            }
        }
    }

    @Test
    void fiftyPlatformThreadsOnOneConnectionEachGetTheirOwnAnswers(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            share(connection, Thread.ofPlatform().factory(), 50, 40);
        }
    }

    @Test
    void virtualThreadsOnOneConnectionEachGetTheirOwnAnswersAndPinNothing(TestDatabase db, @TempDir Path folder)
            throws Exception {
        // Loads the classes, those that are used while a recording is made, too.
        try (PinnedThreads ignored = new PinnedThreads();
                PgConnection connection = connect(db)) {
            share(connection, Thread.ofVirtual().factory(), 50, 5);
        }
        try (PinnedThreads pinned = new PinnedThreads()) {
            try (PgConnection connection = connect(db)) {
                share(connection, Thread.ofVirtual().factory(), 50, 40);
                share(connection, Thread.ofVirtual().factory(), 1000, 3);
            }
            assertThat(pinned.byUs(folder)).isEmpty();
        }
    }

    @Test
    void platformAndVirtualThreadsShareAConnectionThatIsListenedOn(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            List<String> heard = java.util.Collections.synchronizedList(new ArrayList<>());
            connection.addListener("mixed", (on, notification) -> heard.add(notification.payload()));
            CompletableFuture<Void> noise = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 100; i++) {
                    db.execute("notify mixed, '" + i + "'");
                }
            });
            try (ExecutorService both = Executors.newFixedThreadPool(2)) {
                Future<?> platform = both.submit(() -> {
                    share(connection, Thread.ofPlatform().factory(), 10, 60);
                    return null;
                });
                Future<?> virtual = both.submit(() -> {
                    share(connection, Thread.ofVirtual().factory(), 10, 60);
                    return null;
                });
                platform.get(120, TimeUnit.SECONDS);
                virtual.get(120, TimeUnit.SECONDS);
            }
            noise.get(60, TimeUnit.SECONDS);
            Await.until("all notifications have come", PATIENCE, () -> heard.size() == 100);
            for (int i = 0; i < 100; i++) {
                assertThat(heard.get(i)).isEqualTo(Integer.toString(i));
            }
            // And idle again: still heard.
            db.execute("notify mixed, 'last'");
            Await.until("the last one has come", PATIENCE, () -> heard.contains("last"));
        }
    }

    @Test
    void manyConnectsAndClosesLeakNothing(TestDatabase db) throws Exception {
        int connects = Integer.getInteger("howdah.test.connects", 2000);
        try (PgConnection first = connect(db)) {
            first.query("select 1");
        }
        LeakCheck leaks = LeakCheck.start()
                .sockets()
                .threads(name -> name.startsWith("howdah"))
                .backends(db);
        long start = System.nanoTime();
        ThreadFactory[] kinds = {
            Thread.ofPlatform().factory(), Thread.ofVirtual().factory()
        };
        for (ThreadFactory kind : kinds) {
            try (ExecutorService executor = Executors.newFixedThreadPool(4, kind)) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < connects / kinds.length; i++) {
                    boolean asks = i % 5 == 0;
                    boolean listens = i % 50 == 0;
                    all.add(executor.submit(() -> {
                        try (PgConnection connection = connect(db)) {
                            if (listens) {
                                connection.addListener("c", (on, notification) -> {});
                            }
                            if (asks) {
                                connection.query("select $1::int", 1);
                            }
                        }
                    }));
                }
                for (Future<?> one : all) {
                    one.get(250, TimeUnit.SECONDS);
                }
            }
        }
        System.getLogger(ThreadsIT.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        connects + " connects in " + Duration.ofNanos(System.nanoTime() - start));
        leaks.verify(PATIENCE);
    }

    @Test
    void closingWhileAQueryRunsEndsBoth(TestDatabase db) throws Exception {
        for (Thread.Builder kind : List.<Thread.Builder>of(Thread.ofPlatform(), Thread.ofVirtual())) {
            LeakCheck leaks = LeakCheck.start().sockets().backends(db);
            PgConnection connection = connect(db);
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            kind.start(() -> {
                try {
                    connection.query("select pg_sleep(60), 'long'");
                    ended.complete(new AssertionError("it was not ended"));
                } catch (RuntimeException | Error e) {
                    ended.complete(e);
                }
            });
            Await.until(
                    "the query runs",
                    PATIENCE,
                    () -> ended.isDone()
                            || !db.execute("select 1 from pg_stat_activity where state = 'active'"
                                            + " and query like '%long%' and pid <> pg_backend_pid()")
                                    .isEmpty());
            connection.close();
            assertThat(ended.get(30, TimeUnit.SECONDS))
                    .isInstanceOfAny(QueryCanceledException.class, ConnectionClosedException.class);
            assertThat(connection.isOpen()).isFalse();
            assertThat(connection.info().status()).isEqualTo(ConnectionStatus.CLOSED);
            assertThatThrownBy(() -> connection.query("select 1"))
                    .isInstanceOfSatisfying(
                            ConnectionClosedException.class,
                            e -> assertThat(e.delivery()).isEqualTo(Delivery.NOT_SENT));
            connection.close();
            leaks.verify();
        }
    }

    @Test
    void closingFromWithinAListenerWorks(TestDatabase db) {
        LeakCheck leaks = LeakCheck.start().sockets().backends(db);
        AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
        CompletableFuture<Boolean> terminated = new CompletableFuture<>();
        PgConnection connection = connect(db);
        connection.addTerminationListener(termination -> terminated.complete(termination.isClosed()));
        connection.addListener("bye", (on, notification) -> {
            try {
                on.close();
            } catch (RuntimeException e) {
                wrong.set(e);
            }
        });
        db.execute("notify bye");
        Await.until("it is closed", PATIENCE, () -> !connection.isOpen());
        assertThat(terminated.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
        assertThat(wrong.get()).isNull();
        connection.close();
        leaks.verify();
    }

    @Test
    void thoseWhoWaitForTheirTurnAreToldThatItIsClosed(TestDatabase db) throws Exception {
        PgConnection connection = connect(db);
        try (ExecutorService executor = Executors.newFixedThreadPool(5)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(executor.submit(() -> connection.query("select pg_sleep(60), 'queued'")));
            }
            Await.until("one runs", PATIENCE, () -> connection.info().transactionStatus() == TransactionStatus.ACTIVE);
            connection.close();
            for (Future<?> one : all) {
                assertThatThrownBy(() -> one.get(30, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOfAny(QueryCanceledException.class, ConnectionClosedException.class);
            }
        }
    }
}
