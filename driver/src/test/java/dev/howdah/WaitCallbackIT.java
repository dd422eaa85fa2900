package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.SyntaxErrorException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.Roles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that wait by a callback: they look as if it were not there. */
@Timeout(120)
class WaitCallbackIT extends DriverContract {

    /** Counts, and waits as it is told to. */
    private static final class Counting implements WaitCallback {
        private final AtomicInteger calls = new AtomicInteger();
        private volatile WaitCallback way = new PollLoop();

        @Override
        public void await(Pollable connection) {
            calls.incrementAndGet();
            way.await(connection);
        }
    }

    private final Counting callback = new Counting();

    private PgConnection connectWith(WaitCallback waits) {
        return connect(options().toBuilder().waitCallback(waits).build());
    }

    private void connectAndClose() {
        Howdah.connect(options().toBuilder().waitCallback(callback).build()).close();
    }

    /** Repeats something until the callback is called in it: a server may have answered before anybody waits for it. */
    private void untilCalled(Runnable action) {
        int before = callback.calls.get();
        Await.until("the callback is called", Duration.ofSeconds(PATIENCE_SECONDS), () -> {
            action.run();
            return callback.calls.get() > before;
        });
    }

    @Test
    void connectingAndEveryVerbWaitByIt() {
        untilCalled(this::connectAndClose);
        PgConnection waiting = connectWith(callback);
        waiting.execute("create temporary table t (x int, y text)");
        int sets = place.amount(20_000, 500);
        int before = callback.calls.get();
        assertThat(waiting.executeMany(
                                "insert into t values ($1, $2) returning *",
                                IntStream.range(0, sets)
                                        .mapToObj(i -> List.of(i, "y".repeat(500)))
                                        .toList())
                        .rowCount())
                .isEqualTo(sets);
        assertThat(callback.calls.get()).isGreaterThan(before);
        try (Transaction tx = waiting.begin();
                ServerCursor rows = waiting.cursor("rows").fetchSize(50)) {
            rows.execute("select x from t order by x");
            int next = 0;
            for (Row row : rows) {
                assertThat(row.getInt(0)).isEqualTo(next++);
            }
            assertThat(next).isEqualTo(sets);
            tx.commit();
        }
        thrown(SyntaxErrorException.class, () -> waiting.query("selec 1"));
        assertThat(waiting.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void whatItIsGivenSaysWhatToWaitFor() {
        AtomicReference<String> seen = new AtomicReference<>();
        PgConnection waiting = connectWith(connection -> {
            PollState state = connection.poll();
            seen.set(state + " " + connection.nextDeadline());
            assertThat(connection.channel().isOpen()).isTrue();
            new PollLoop().await(connection);
        });
        Await.until("it waits to read, without end", Duration.ofSeconds(PATIENCE_SECONDS), () -> {
            waiting.query("select pg_sleep(0.05)");
            return "READ null".equals(seen.get());
        });
        Await.until("it waits to read, for a day", Duration.ofSeconds(PATIENCE_SECONDS), () -> {
            waiting.withTimeout(Duration.ofDays(1)).query("select pg_sleep(0.05)");
            return seen.get().startsWith("READ PT23H59M");
        });
    }

    @Test
    void whatItThrowsIsThrownByTheCallAndTheConnectionStaysUsable() {
        PgConnection waiting = connectWith(callback);
        for (boolean inTransaction : List.of(false, true)) {
            RuntimeException planned = new UnsupportedOperationException("on purpose");
            Transaction tx = inTransaction ? waiting.begin() : null;
            callback.way = connection -> {
                throw planned;
            };
            assertThat(thrown(UnsupportedOperationException.class, () -> waiting.query("select pg_sleep(60)")))
                    .isSameAs(planned);
            callback.way = new PollLoop();
            if (tx != null) {
                tx.close();
            }
            assertThat(waiting.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
        callback.way = connection -> {
            throw new AssertionError("on purpose");
        };
        thrown(AssertionError.class, () -> waiting.query("select pg_sleep(60)"));
        callback.way = new PollLoop();
    }

    @Test
    void ifTheServerDoesNotObeyThenTheConnectionIsClosed() {
        if (place != Place.TCP_18) {
            return;
        }
        try (FaultyWire wire = FaultyWire.to(database().server())) {
            // What waits for a byte already stops at the next one.
            wire.toClient().chunk(1);
            PgConnection waiting =
                    Howdah.connect(ConnectOptions.parse(wire.dsn(database().name(), Roles.SCRAM)).toBuilder()
                            .waitCallback(callback)
                            .build());
            waiting.query("select 1");
            wire.toClient().stallAt(wire.toClient().passed());
            callback.way = connection -> {
                throw new IllegalArgumentException("on purpose");
            };
            thrown(IllegalArgumentException.class, () -> waiting.query("select 1"));
            assertThat(waiting.isOpen()).isFalse();
        }
    }

    @Test
    void whileConnectingWhatItThrowsEndsTheAttempt() {
        callback.way = connection -> {
            throw new IllegalArgumentException("on purpose");
        };
        thrown(IllegalArgumentException.class, () -> untilCalled(this::connectAndClose));
    }

    @Test
    void oneThatReturnsTooEarlyIsCalledAgain() {
        PgConnection waiting = connectWith(callback);
        callback.way = connection -> Thread.onSpinWait();
        Await.until("it is called again and again", Duration.ofSeconds(PATIENCE_SECONDS), () -> {
            int before = callback.calls.get();
            waiting.query("select pg_sleep(0.05)");
            return callback.calls.get() - before > 1;
        });
        callback.way = new PollLoop();
    }

    @Test
    void oneThatOnlyLooksNowAndThenSeesTheAnswer() {
        PgConnection waiting = connectWith(connection -> {
            while (connection.poll() != PollState.OK) {
                Thread.onSpinWait();
            }
        });
        assertThat(waiting.queryValue("select 1 from pg_sleep(0.05)", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void theConnectionCannotBeUsedWithinIt() {
        PgConnection waiting = connectWith(callback);
        callback.way = connection -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> waiting.query("select 2"))
                    .withMessageContaining("in the middle of an operation");
            new PollLoop().await(connection);
        };
        assertThat(waiting.queryValue("select 1", Integer.class)).isEqualTo(1);
        callback.way = connection -> {
            waiting.cancel();
            new PollLoop().await(connection);
        };
        thrown(QueryCanceledException.class, () -> waiting.query("select pg_sleep(60)"));
        callback.way = new PollLoop();
    }

    @Test
    void timeoutsAndInterruptsCancel() {
        for (WaitCallback way : List.of(new PollLoop(), WaitCallback.select())) {
            PgConnection waiting = connectWith(way);
            thrown(
                    QueryTimeoutException.class,
                    () -> waiting.withTimeout(Duration.ofMillis(100)).query("select pg_sleep(60)"));
            Thread.currentThread().interrupt();
            thrown(InterruptedWaitException.class, () -> waiting.query("select pg_sleep(60)"));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(waiting.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
    }

    @Test
    void aLossAndACloseEndTheWait() throws Exception {
        PgConnection victim = connectWith(new PollLoop());
        expectLost(victim);
        var lost = elsewhere(() -> thrown(ConnectionLostException.class, () -> victim.query("select pg_sleep(60)")));
        database()
                .server()
                .execute("select pg_terminate_backend(" + victim.info().backendPid() + ")");
        assertThat(result(lost).lastWords()).isNotNull();
    }

    @Test
    void connectTimeoutsHold() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            ConnectOptions options = ConnectOptions.parse(
                            "host=127.0.0.1 sslmode=disable user=x connect_total_timeout=0.5 port="
                                    + mute.getLocalPort())
                    .toBuilder()
                    .waitCallback(callback)
                    .build();
            thrown(ConnectFailedException.class, () -> Howdah.connect(options));
            assertThat(callback.calls).hasPositiveValue();
        }
    }

    @Test
    void thatOfTheProcessServesConnectionsThatAreOpenAlready() {
        if (place != Place.TCP_18) {
            return;
        }
        PgConnection own = connectWith(connection -> new PollLoop().await(connection));
        Thread test = Thread.currentThread();
        try {
            assertThat(Howdah.waitCallback()).isNull();
            // Others may use connections of this process meanwhile: for them it does what the driver does.
            Howdah.setWaitCallback(connection -> {
                if (Thread.currentThread() == test) {
                    callback.calls.incrementAndGet();
                }
                WaitCallback.select().await(connection);
            });
            untilCalled(() -> db.query("select pg_sleep(0.01)"));
            int before = callback.calls.get();
            assertThat(own.queryValue("select 1", Integer.class)).isEqualTo(1);
            assertThat(callback.calls).hasValue(before);
        } finally {
            Howdah.setWaitCallback(null);
        }
        int after = callback.calls.get();
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        assertThat(callback.calls).hasValue(after);
    }
}
