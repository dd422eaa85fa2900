package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.event.Termination;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How asynchronous connections begin and end: everybody who waits gets an answer. */
@SuppressWarnings("FutureReturnValueIgnored") // what a stage tells is often told by the next one
class AsyncEndIT extends AsyncContract {

    @Test
    void closeLetsWhatIsThereRunAndTakesNothingNew() throws Exception {
        CompletableFuture<Void> release = occupy(async);
        List<CompletableFuture<Integer>> queued = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            queued.add(async.queryValue("select $1::int", Integer.class, i));
        }
        CompletableFuture<Void> closed = async.close();
        CompletableFuture<Boolean> last =
                closed.thenApply(nothing -> queued.stream().allMatch(CompletableFuture::isDone));
        assertThat(async.isOpen()).isFalse();
        assertThat(failure(ConnectionClosedException.class, async.query("select 1"))
                        .delivery())
                .isEqualTo(Delivery.NOT_SENT);
        failure(ConnectionClosedException.class, async.begin());
        assertThat(async.close()).isNotDone();
        assertThat(closed.copy().cancel(true)).isTrue();
        assertThat(closed).isNotDone();
        release.complete(null);
        assertYielded(last).isEqualTo(true);
        for (int i = 0; i < queued.size(); i++) {
            assertThat(got(queued.get(i))).isEqualTo(i);
        }
        got(async.close());
        got(async.closeNow());
        failure(ConnectionClosedException.class, async.query("select 1"));
        failure(ConnectionClosedException.class, async.run(below -> 1));
        assertThat(async.notices()).isEmpty();
        expectEnd(async);
    }

    @Test
    void whatDoesNotEndInTimeIsCancelledAndWhatWaitsFails() throws Exception {
        String sql = "select pg_sleep(600)";
        CompletableFuture<Rows> sleeps = async.query(sql);
        CompletableFuture<Rows> waits = async.query("select 'never sent'");
        awaitActive(async, sql);
        CompletableFuture<Void> closed = async.close(Duration.ofMillis(100));
        assertYielded(closed.thenApply(nothing -> sleeps.isDone() && waits.isDone()))
                .isEqualTo(true);
        failure(QueryCanceledException.class, sleeps);
        assertThat(failure(ConnectionClosedException.class, waits).delivery()).isEqualTo(Delivery.NOT_SENT);
        expectEnd(async);
    }

    /** What ends while the connection is cut off, and what expires then, is answered before the close as well. */
    @Test
    void theCloseIsTheLastToBeTold() throws Exception {
        for (int i = 0; i < place.amount(100, 20); i++) {
            AsyncConnection connection = got(Howdah.connectAsync(options()));
            List<CompletableFuture<?>> stages = new ArrayList<>();
            for (int j = 0; j < 10; j++) {
                stages.add(connection.queryValue("select $1::int", Integer.class, j));
            }
            got(stages.getFirst());
            CompletableFuture<Boolean> last =
                    connection.closeNow().thenApply(nothing -> stages.stream().allMatch(CompletableFuture::isDone));
            assertYielded(last).isEqualTo(true);
        }
    }

    @Test
    void closeNowWaitsForNothing() throws Exception {
        String sql = "select pg_sleep(600)";
        CompletableFuture<Rows> sleeps = async.query(sql);
        CompletableFuture<Rows> waits = async.query("select 'never sent'");
        awaitActive(async, sql);
        CompletableFuture<Void> orderly = async.close(Duration.ofDays(1_000_000));
        assertThat(orderly).isNotDone();
        got(async.closeNow());
        got(orderly);
        failure(PgException.class, sleeps);
        failure(ConnectionClosedException.class, waits);
        expectEnd(async);
    }

    @Test
    void codeThatDoesNotReturnIsAnsweredForAndLeftAlone() throws Exception {
        CompletableFuture<Void> never = new CompletableFuture<>();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Integer> stuck = async.run(below -> {
            begun.complete(null);
            while (!never.isDone()) {
                try {
                    never.get();
                } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                    assertThat(e).isNotNull();
                }
            }
            return 1;
        });
        CompletableFuture<Rows> waits = async.query("select 1");
        got(begun);
        got(async.closeNow());
        assertThat(failure(ConnectionClosedException.class, stuck).delivery()).isEqualTo(Delivery.UNKNOWN);
        failure(ConnectionClosedException.class, waits);
        never.complete(null);
        expectEnd(async);
    }

    @Test
    void codeThatDependsOnAStageMayCloseTheConnection() throws Exception {
        CompletableFuture<Void> release = occupy(async);
        CompletableFuture<Integer> closes = async.query("select 1").thenApply(rows -> {
            async.close().join();
            return 1;
        });
        CompletableFuture<Integer> behind = async.queryValue("select 2", Integer.class);
        release.complete(null);
        assertThat(got(closes)).isEqualTo(1);
        behind.handle((value, failure) -> value).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        expectEnd(async);
        AsyncConnection within = connectAsync(options());
        CompletableFuture<Integer> last = within.run(below -> {
            below.close();
            return 3;
        });
        CompletableFuture<Rows> after = within.query("select 1");
        assertThat(got(last)).isEqualTo(3);
        failure(ConnectionClosedException.class, after);
        expectEnd(within);
        AsyncConnection own = connectAsync(options());
        CompletableFuture<Boolean> asked = own.run(below -> own.close().isDone());
        assertThat(got(asked)).isFalse();
        got(own.close());
        expectEnd(own);
    }

    @Test
    void whatWaitsWhenTheConnectionIsLostWasNotSent() throws Exception {
        CompletableFuture<Termination> told = new CompletableFuture<>();
        async.addTerminationListener(told::complete);
        AsyncTransaction tx = got(async.begin());
        CompletableFuture<Rows> outside = async.query("select 'outside'");
        String sql = "select pg_sleep(600)";
        CompletableFuture<Rows> ran = tx.query(sql);
        CompletableFuture<Rows> waited = tx.query("select 1");
        CompletableFuture<Void> commit = tx.commit();
        awaitActive(async, sql);
        database()
                .server()
                .execute("select pg_terminate_backend(" + async.info().backendPid() + ")");
        assertThat(failure(ConnectionLostException.class, ran).lastWords()).isNotNull();
        for (CompletableFuture<?> stage : List.of(waited, outside, commit)) {
            ConnectionLostException lost = failure(ConnectionLostException.class, stage);
            assertThat(lost.delivery()).isEqualTo(Delivery.NOT_SENT);
            assertThat(lost.lastWords()).isNotNull();
        }
        assertThat(got(told).isClosed()).isFalse();
        assertThat(failure(ConnectionLostException.class, async.query("select 1"))
                        .delivery())
                .isEqualTo(Delivery.NOT_SENT);
        assertThat(async.isOpen()).isFalse();
        got(tx.close());
        got(async.close());
        expectEnd(async);
    }

    @Test
    void aLossWhileIdleIsToldToListenersAndWhoComesNext() throws Exception {
        CompletableFuture<Termination> told = new CompletableFuture<>();
        async.addTerminationListener(told::complete);
        CompletableFuture<AsyncTransaction> begun = new CompletableFuture<>();
        CompletableFuture<Object> work = async.inTransaction(tx -> {
            begun.complete(tx);
            return new CompletableFuture<>();
        });
        got(begun);
        database()
                .server()
                .execute("select pg_terminate_backend(" + async.info().backendPid() + ")");
        got(told);
        failure(ConnectionLostException.class, work);
        failure(ConnectionLostException.class, async.query("select 1"));
        expectEnd(async);
    }

    @Test
    void connectingFailsInTheStage() throws Exception {
        String dsn = place.dsn(database(), Roles.TRUST);
        assertThat(failure(ConfigException.class, Howdah.connectAsync("nonsense=1")))
                .hasMessageContaining("nonsense");
        failure(ConnectFailedException.class, Howdah.connectAsync(dsn + " dbname=no_such_database"));
        failure(ConnectFailedException.class, Howdah.connectAsync("host=no-such-host.invalid user=x dbname=x"));
        int unused;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        failure(ConnectFailedException.class, Howdah.connectAsync("host=127.0.0.1 user=x dbname=x port=" + unused));
        failure(
                ConnectFailedException.class,
                Howdah.connectAsync(place.dsn(database(), Roles.SCRAM) + " password=wrong"));
        assertThatThrownBy(() -> Howdah.connectAsync((String) null)).isInstanceOf(NullPointerException.class);
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        ConnectOptions failing = ConnectOptions.parse("host=127.0.0.1 user=x dbname=x port=" + unused).toBuilder()
                .callbackExecutor(work -> {
                    threads.add("mine");
                    work.run();
                })
                .build();
        failure(ConnectFailedException.class, Howdah.connectAsync(failing));
        assertThat(threads).isNotEmpty();
    }

    @Test
    void cancellingAConnectAbandonsIt() throws Exception {
        try (ServerSocket silent = new ServerSocket()) {
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            silent.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            CompletableFuture<AsyncConnection> connecting =
                    Howdah.connectAsync("host=127.0.0.1 user=x dbname=x sslmode=disable port=" + silent.getLocalPort());
            try (Socket accepted = silent.accept()) {
                accepted.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
                assertThat(connecting.cancel(true)).isTrue();
                assertThat(connecting).isCancelled();
                accepted.getInputStream().readAllBytes();
            }
        }
        for (int i = 0; i < 20; i++) {
            CompletableFuture<AsyncConnection> racing = Howdah.connectAsync(options());
            for (int spins = 0; spins < i * 20_000; spins++) {
                Thread.onSpinWait();
            }
            if (!racing.cancel(true)) {
                got(got(racing).close());
            }
        }
        CompletableFuture<AsyncConnection> unwanted = Howdah.connectAsync(options());
        if (!unwanted.completeExceptionally(new CompletionException(null))) {
            got(got(unwanted).close());
        }
    }

    @Test
    void whoSubscribesWhileTheConnectionIsClosedIsTold() throws Exception {
        for (int i = 0; i < place.amount(300, 20); i++) {
            AsyncConnection connection = got(Howdah.connectAsync(options()));
            AsyncTransaction transaction = got(connection.begin());
            CompletableFuture<Void> closing = connection.closeNow();
            if (i % 2 == 0) {
                got(closing);
            }
            CollectingSubscriber<Long> subscriber =
                    CollectingSubscriber.of(transaction.publish("select 1::bigint", 10, Long.class), 0);
            assertThat(subscriber.error()).isInstanceOf(PgException.class);
            got(closing);
        }
    }

    @Test
    void manyConnectionsShareOneLoop() throws Exception {
        manyConnections(place.amount(50, 10), options());
    }

    /** The server that the other tests share takes fewer. */
    @Test
    void twoHundredConnectionsShareOneLoop() throws Exception {
        if (place != Place.TCP_18) {
            return;
        }
        try (PostgresServer server = PostgresServer.builder()
                        .config("max_connections", "220")
                        .start();
                TestDatabase wide = server.createDatabase()) {
            manyConnections(200, ConnectOptions.parse(place.dsn(wide, Roles.TRUST)));
        }
    }

    private static void manyConnections(int count, ConnectOptions options) throws Exception {
        List<CompletableFuture<AsyncConnection>> connecting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connecting.add(Howdah.connectAsync(options));
        }
        List<AsyncConnection> made = new ArrayList<>();
        for (CompletableFuture<AsyncConnection> one : connecting) {
            made.add(got(one));
        }
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < count; i++) {
                answers.add(made.get(i).queryValue("select $1::int", Integer.class, i));
            }
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(got(answers.get(i))).isEqualTo(i % count);
        }
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter("howdah-loop"::equals))
                .hasSize(1);
        for (AsyncConnection connection : made) {
            got(connection.close());
        }
        assertThat(made).noneMatch(AsyncConnection::isOpen);
    }
}
