package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.SqlState;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.event.Notification;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.Roles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that never wait: whoever polls them does. */
@Timeout(120)
class PollingIT extends DriverContract {

    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    private PollingConnection polled;

    @BeforeEach
    void connectPolling() {
        polled = Howdah.connectPolling(options());
        PollLoop.until(polled);
    }

    @AfterEach
    void closePolled() {
        polled.close();
    }

    private int pid() {
        return polled.info().backendPid();
    }

    private void assertUsable() {
        Polled<Rows> answer = polled.query("select 40 + $1::int", 2);
        PollLoop.until(polled);
        assertThat(answer.result().onlyValue(Integer.class)).isEqualTo(42);
        assertThat(polled.isExecuting()).isFalse();
    }

    private String state() {
        return activity(pid(), "state");
    }

    private void awaitState(String state) {
        Await.until("the server process is " + state, PATIENCE, () -> state().equals(state));
    }

    @Test
    void connectingNeverWaitsAndSaysWhatToWaitFor(@TempDir Path folder) {
        // The server's answers are held back, or they could be there before the first poll.
        try (FaultyWire wire = place.wire(folder)) {
            wire.toClient().stallAt(0);
            String dsn = place.dsn(wire, folder, database(), Roles.TRUST);
            try (PollingConnection other = Howdah.connectPolling(ConnectOptions.parse(dsn))) {
                assertThat(other.isExecuting()).isTrue();
                assertThat(other.isOpen()).isFalse();
                assertThatIllegalStateException().isThrownBy(other::cursor).withMessageContaining("poll()");
                assertThatIllegalStateException().isThrownBy(other::info).withMessageContaining("poll()");
                assertThat(other.cancel()).isFalse();
                PollState state = other.poll();
                while (state == PollState.WRITE) {
                    PollLoop.select(other, state);
                    state = other.poll();
                }
                assertThat(state).isEqualTo(PollState.READ);
                assertThat(other.poll()).isEqualTo(PollState.READ);
                wire.toClient().resume();
                PollLoop.until(other);
                assertThat(other.isExecuting()).isFalse();
                assertThat(other.isOpen()).isTrue();
                assertThat(other.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
            }
        }
    }

    @Test
    void aNameIsLookedUpWithoutWaiting() {
        if (place != Place.TCP_18) {
            return;
        }
        ConnectOptions named = options().toBuilder()
                .host("localhost", database().server().port())
                .build();
        boolean seen = false;
        // A look-up may be over before this thread gets to see that it is under way.
        for (int i = 0; i < 20 && !seen; i++) {
            try (PollingConnection other = Howdah.connectPolling(named)) {
                seen = other.channel() instanceof Pipe.SourceChannel;
                PollLoop.until(other);
                assertThat(other.isOpen()).isTrue();
            }
        }
        assertThat(seen).isTrue();
    }

    @Test
    void aCursorExecutesWhileItIsPolled() {
        PollingCursor cursor = polled.cursor();
        Polled<PollingCursor> begun =
                cursor.execute("select i, repeat('x', 1000) from generate_series(1, $1) i", 20_000);
        assertThat(begun.isDone()).isFalse();
        assertThat(polled.isExecuting()).isTrue();
        assertThatIllegalStateException().isThrownBy(cursor::fetchOne).withMessageContaining("executing");
        assertThatIllegalStateException().isThrownBy(begun::result).withMessageContaining("not ended");
        assertThatIllegalStateException().isThrownBy(polled::cursor).withMessageContaining("under way");
        assertThatIllegalStateException()
                .isThrownBy(() -> polled.query("select 1"))
                .withMessageContaining("under way");
        PollLoop.until(polled);
        assertThat(polled.isExecuting()).isFalse();
        assertThat(cursor.rowCount()).isEqualTo(20_000);
        assertThat(cursor.fetchOne().getInt(0)).isEqualTo(1);
        cursor.scroll(19_999, ScrollMode.ABSOLUTE);
        assertThat(cursor.fetchAll().one().getInt(0)).isEqualTo(20_000);
        assertThat(cursor.statusMessage()).isEqualTo("SELECT 20000");
    }

    @Test
    void aCursorThatIsClosedWhileItExecutesKeepsNothing() {
        PollingCursor cursor = polled.cursor();
        cursor.execute("select 1");
        cursor.close();
        assertThat(cursor.isClosed()).isTrue();
        PollLoop.until(polled);
        assertThatIllegalStateException().isThrownBy(cursor::fetchOne).withMessageContaining("closed");
        cursor.execute("select 1");
        thrown(IllegalStateException.class, () -> PollLoop.until(polled));
        assertUsable();
    }

    @Test
    void pollingTooEarlyDoesNoHarm() {
        Polled<Rows> sleeping = polled.query("select pg_sleep(60)");
        Await.until("the statement runs", PATIENCE, () -> {
            assertThat(polled.poll()).isIn(PollState.READ, PollState.WRITE);
            return state().equals("active");
        });
        for (int i = 0; i < 1_000; i++) {
            assertThat(polled.poll()).isEqualTo(PollState.READ);
        }
        assertThat(polled.cancel()).isTrue();
        thrown(QueryCanceledException.class, () -> PollLoop.until(polled));
        thrown(QueryCanceledException.class, sleeping::result);
        assertThat(polled.isExecuting()).isFalse();
        assertUsable();
    }

    @Test
    void aCancelledStatementDoesNotTakeTheNextWithIt() {
        for (int i = 0; i < place.amount(50, 5); i++) {
            // A request that comes before the server has begun to work on it is lost, so it ends by itself.
            polled.query("select pg_sleep($1)", i % 2 == 0 ? 0.3 : 0.001);
            assertThat(polled.poll()).isIn(PollState.READ, PollState.WRITE);
            polled.cancel();
            try {
                PollLoop.until(polled);
            } catch (QueryCanceledException e) {
                assertThat(e.sqlState()).isEqualTo(SqlState.QUERY_CANCELED);
            }
            assertUsable();
        }
    }

    @Test
    void failuresComeFromPollWithTheirClass() {
        polled.execute("create temporary table u (x int primary key); insert into u values (1)");
        PollLoop.until(polled);
        PollingCursor cursor = polled.cursor();
        cursor.execute("insert into u values ($1)", 1);
        UniqueViolationException refused = thrown(UniqueViolationException.class, () -> PollLoop.until(polled));
        assertThat(refused.diagnostics().constraintName()).isEqualTo("u_pkey");
        assertThat(polled.isExecuting()).isFalse();
        assertUsable();
    }

    @Test
    void whatTheCodeThrowsComesFromPoll() {
        polled.run(db -> {
            throw new IllegalArgumentException("on purpose");
        });
        assertThat(thrown(IllegalArgumentException.class, () -> PollLoop.until(polled)))
                .hasMessage("on purpose");
        polled.run(db -> {
            throw new AssertionError("on purpose");
        });
        assertThat(thrown(AssertionError.class, () -> PollLoop.until(polled))).hasMessage("on purpose");
        assertUsable();
    }

    @Test
    void transactionsAndServerCursorsGoOnFromCallToCall() {
        polled.execute("create temporary table t (x int)");
        PollLoop.until(polled);
        Polled<Transaction> begun = polled.call(PgConnection::begin);
        PollLoop.until(polled);
        polled.executeMany(
                "insert into t values ($1)",
                IntStream.range(0, 5_000).mapToObj(List::of).toList());
        PollLoop.until(polled);
        Polled<ServerCursor> opened = polled.call(db -> {
            ServerCursor rows = db.cursor("rows").fetchSize(100);
            rows.execute("select x from t order by x");
            return rows;
        });
        PollLoop.until(polled);
        int next = 0;
        while (true) {
            Polled<Rows> page = polled.call(db -> opened.result().fetchMany(700));
            PollLoop.until(polled);
            if (page.result().isEmpty()) {
                break;
            }
            for (Row row : page.result()) {
                assertThat(row.getInt(0)).isEqualTo(next++);
            }
        }
        assertThat(next).isEqualTo(5_000);
        polled.run(db -> opened.result().close());
        PollLoop.until(polled);
        polled.run(db -> begun.result().rollback());
        PollLoop.until(polled);
        Polled<Rows> left = polled.query("select count(*) from t");
        PollLoop.until(polled);
        assertThat(left.result().onlyValue(Long.class)).isZero();
    }

    @Test
    void bothDirectionsMayBeFull() {
        int sets = place.amount(20_000, 2_000);
        polled.execute("create temporary table wide (x int, y text)");
        PollLoop.until(polled);
        String text = "y".repeat(1_000);
        Polled<BatchResult> stored = polled.executeMany(
                "insert into wide values ($1, $2) returning x, y",
                IntStream.range(0, sets).mapToObj(i -> List.of(i, text)).toList());
        assertThat(PollLoop.until(polled)).contains(PollState.READ);
        assertThat(stored.result().rowCount()).isEqualTo(sets);
    }

    @Test
    void aStatementLongerThanTheBuffersIsSentBitByBit() {
        byte[] much = new byte[16 << 20];
        Polled<Rows> length = polled.query("select length($1::bytea)", (Object) much);
        List<PollState> states = PollLoop.until(polled);
        if (place == Place.TCP_18) {
            assertThat(states).contains(PollState.WRITE);
        }
        assertThat(length.result().onlyValue(Integer.class)).isEqualTo(much.length);
    }

    @Test
    void anIdleConnectionHearsWhenItIsPolled() throws InterruptedException {
        BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
        Notifications kept = polled.notifications();
        polled.run(db -> db.addListener("news", (connection, notification) -> heard.add(notification)));
        PollLoop.until(polled);
        db.query("select pg_notify('news', 'first')");
        PollLoop.select(polled, PollState.READ);
        assertThat(heard).isEmpty();
        assertThat(polled.poll()).isEqualTo(PollState.OK);
        assertThat(kept.poll().payload()).isEqualTo("first");
        assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS).payload()).isEqualTo("first");
        assertThatIllegalStateException()
                .isThrownBy(() -> kept.poll(Duration.ofSeconds(1)))
                .withMessageContaining("polled");
        polled.run(db -> db.removeListener("news", (connection, notification) -> {}));
        PollLoop.until(polled);
    }

    @Test
    void aTimeoutIsActedOnWhenItIsPolled() {
        polled.call(db -> db.withTimeout(Duration.ofSeconds(1)).query("select pg_sleep(60)"));
        assertThat(polled.poll()).isEqualTo(PollState.READ);
        assertThat(polled.nextDeadline()).isBetween(Duration.ZERO, Duration.ofSeconds(1));
        thrown(QueryTimeoutException.class, () -> PollLoop.until(polled));
        assertThat(polled.nextDeadline()).isNull();
        assertUsable();
    }

    @Test
    void aLossIsToldWithTheServersWordsWhetherIdleOrNot() {
        for (boolean busy : List.of(false, true)) {
            try (PollingConnection victim = Howdah.connectPolling(options())) {
                PollLoop.until(victim);
                if (busy) {
                    victim.query("select pg_sleep(60)");
                    victim.poll();
                }
                database()
                        .server()
                        .execute("select pg_terminate_backend(" + victim.info().backendPid() + ")");
                ConnectionLostException lost = thrown(ConnectionLostException.class, () -> {
                    for (int i = 0; i < 10; i++) {
                        PollLoop.select(victim, PollState.READ);
                        PollLoop.until(victim);
                    }
                });
                assertThat(lost.lastWords().sqlState()).isEqualTo(SqlState.ADMIN_SHUTDOWN);
                assertThat(victim.isOpen()).isFalse();
                assertThat(victim.isExecuting()).isFalse();
                thrown(ConnectionLostException.class, victim::poll);
                thrown(ConnectionLostException.class, () -> victim.query("select 1"));
            }
        }
    }

    @Test
    void closingEndsWhatIsUnderWay() {
        Polled<Rows> sleeping = polled.query("select pg_sleep(60)");
        Await.until("the statement runs", PATIENCE, () -> {
            assertThat(polled.poll()).isIn(PollState.READ, PollState.WRITE);
            return state().equals("active");
        });
        polled.close();
        assertThat(polled.isOpen()).isFalse();
        assertThat(polled.isExecuting()).isFalse();
        awaitState("gone");
        thrown(ConnectionClosedException.class, polled::poll);
        thrown(ConnectionClosedException.class, () -> polled.query("select 1"));
        assertThatIllegalStateException().isThrownBy(polled::channel);
        Await.until("the operation has ended", PATIENCE, sleeping::isDone);
        polled.close();
    }

    @Test
    void whoWillNotHaveUsIsToldByPoll() throws IOException {
        int unused;
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = once.getLocalPort();
        }
        for (String wrong : List.of(
                "host=127.0.0.1 port=" + unused,
                place == Place.TCP_18 ? "host=no-such-host.invalid" : "host=/no/such/folder",
                place.dsn(database(), Roles.TRUST) + " dbname=no_such_database")) {
            try (PollingConnection refused = Howdah.connectPolling(wrong + " user=nobody")) {
                ConnectFailedException why = thrown(ConnectFailedException.class, () -> PollLoop.until(refused));
                assertThat(refused.isExecuting()).isFalse();
                assertThat(thrown(ConnectFailedException.class, refused::poll)).isSameAs(why);
                thrown(ConnectFailedException.class, () -> refused.query("select 1"));
                assertThatIllegalStateException().isThrownBy(refused::channel);
            }
        }
    }

    @Test
    void connectingToWhoNeverAnswersCanBeGivenUp() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String dsn = "host=127.0.0.1 sslmode=disable user=x port=" + mute.getLocalPort();
            PollingConnection given = Howdah.connectPolling(dsn);
            assertThat(given.poll()).isIn(PollState.READ, PollState.WRITE);
            given.close();
            thrown(ConnectionClosedException.class, given::poll);

            PollingConnection late = Howdah.connectPolling(dsn + " connect_total_timeout=0.1");
            assertThat(late.nextDeadline()).isNotNull();
            thrown(ConnectFailedException.class, () -> PollLoop.until(late));
        }
    }

    @Test
    void oneThreadServesManyConnections() throws IOException {
        int count = place.amount(60, 10);
        List<PollingConnection> all = new ArrayList<>();
        List<Polled<Rows>> answers = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                all.add(Howdah.connectPolling(options()));
            }
            PollRing.drive(all);
            for (int i = 0; i < count; i++) {
                answers.add(all.get(i).query("select $1::int from pg_sleep(0.05)", i));
            }
            PollRing.drive(all);
            for (int i = 0; i < count; i++) {
                assertThat(answers.get(i).result().onlyValue(Integer.class)).isEqualTo(i);
            }
        } finally {
            all.forEach(PollingConnection::close);
        }
    }

    @Test
    void anInterruptOfTheWorkCancelsThoughNobodyPolls() throws Exception {
        Polled<Boolean> work = polled.call(db -> {
            Thread worker = Thread.currentThread();
            Future<Boolean> other = elsewhere(() -> {
                awaitState("active");
                worker.interrupt();
                return true;
            });
            assertThatThrownBy(() -> db.query("select pg_sleep(60)"))
                    .isInstanceOfSatisfying(
                            InterruptedWaitException.class,
                            e -> assertThat(e.getCause()).isInstanceOf(QueryCanceledException.class));
            return Thread.interrupted() && other.isDone();
        });
        PollLoop.until(polled);
        assertThat(work.result()).isTrue();
        assertUsable();
    }

    @Test
    void theReadyMadeLoopDrivesAConnectionAndAnInterruptCancels() {
        WaitCallback loop = WaitCallback.select();
        Polled<Rows> answer = polled.query("select 1");
        loop.await(polled);
        assertThat(answer.result()).hasSize(1);
        polled.query("select pg_sleep(60)");
        Thread.currentThread().interrupt();
        thrown(QueryCanceledException.class, () -> loop.await(polled));
        assertThat(Thread.interrupted()).isTrue();
        assertUsable();
    }
}
