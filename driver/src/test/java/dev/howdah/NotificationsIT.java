package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.event.Notification;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Notifications come by themselves, all of them, in order, whatever else the connection is used for. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class NotificationsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static PgConnection connect(TestDatabase db) {
        return Howdah.connect(db.dsn(Roles.TRUST) + " sslmode=disable");
    }

    private static void assertPushed(PgConnection connection, TestDatabase db) throws InterruptedException {
        Heard heard = new Heard();
        connection.addListener("orders", heard);
        db.execute("notify orders, 'first'");
        heard.assertNext("first");
        connection.query("select 1");
        db.execute("notify orders, 'second'");
        heard.assertNext("second");
        connection.execute("notify orders, 'own'");
        Notification own = heard.next();
        assertThat(own).isEqualTo(new Notification(connection.info().backendPid(), "orders", "own"));
    }

    @ParameterizedTest
    @PostgresVersions
    void areHeardWithoutAskingWhileTheConnectionIsIdle(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            assertPushed(connection, db);
        }
    }

    @Test
    void areHeardOverTlsAndOverAUnixSocket(TestDatabase db) throws Exception {
        try (PgConnection connection = Howdah.connect(db.dsn(Roles.SCRAM) + " sslmode=require")) {
            assertPushed(connection, db);
        }
        try (PgConnection connection = Howdah.connect(db.server().socketDsn(db.name(), Roles.TRUST))) {
            assertPushed(connection, db);
        }
    }

    @Test
    void areHeardAfterQueriesOfVirtualThreads(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            Heard heard = new Heard();
            connection.addListener("c", heard);
            for (int i = 0; i < 20; i++) {
                assertThat(Thread.ofVirtual()
                                .start(() -> connection.query("select pg_sleep(0.005)"))
                                .join(PATIENCE))
                        .isTrue();
                db.execute("notify c, '" + i + "'");
                heard.assertNext(Integer.toString(i));
            }
        }
    }

    @Test
    void areHeardOnAConnectionThatAVirtualThreadMade(TestDatabase db) throws Exception {
        CompletableFuture<PgConnection> made = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            PgConnection connection = connect(db);
            connection.query("select 1");
            made.complete(connection);
        });
        try (PgConnection connection = made.get(30, TimeUnit.SECONDS)) {
            assertPushed(connection, db);
        }
    }

    @Test
    void tenThousandComeInOrder(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            Heard heard = new Heard();
            connection.addListener("many", heard);
            Notifications collected = connection.notifications();
            db.execute("do $$ begin for i in 1..10000 loop perform pg_notify('many', i::text); end loop; end $$");
            for (int i = 1; i <= 10_000; i++) {
                heard.assertNext(Integer.toString(i));
            }
            Await.until(PATIENCE, () -> collected.size() == 10_000);
            assertThat(collected.drain().getLast().payload()).isEqualTo("10000");
            assertThat(collected.dropped()).isZero();
        }
    }

    @Test
    void areHeardWhileAQueryRuns(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            Heard heard = new Heard();
            connection.addListener("c", heard);
            connection.execute("notify c, 'a'; notify c, 'b'");
            heard.assertNext("a");
            heard.assertNext("b");
        }
    }

    @Test
    void oneSentInATransactionComesAfterItsCommitAndNeverAfterItsRollback(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db);
                PgConnection sender = connect(db)) {
            Heard heard = new Heard();
            connection.addListener("c", heard);
            try (Transaction tx = sender.begin()) {
                sender.execute("notify c, 'rolled back'");
            }
            try (Transaction tx = sender.begin()) {
                sender.execute("notify c, 'committed'");
                tx.commit();
            }
            heard.assertNext("committed");
        }
    }

    @Test
    void aListenerThatIsAddedTwiceIsCalledTwiceAndRemovedOnceAtATime(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            Heard heard = new Heard();
            connection.addListener("c", heard);
            connection.addListener("c", heard);
            connection.execute("notify c, 'x'");
            heard.assertNext("x");
            heard.assertNext("x");
            connection.removeListener("c", heard);
            connection.execute("notify c, 'y'");
            heard.assertNext("y");
            assertThat(listening(connection)).containsExactly("c");
            connection.removeListener("c", heard);
            assertThat(listening(connection)).isEmpty();
            heard.assertNothingMore();
            connection.removeListener("c", heard);
        }
    }

    private static List<String> listening(PgConnection connection) {
        List<String> channels = new ArrayList<>();
        for (Row row : connection.query("select pg_listening_channels()")) {
            channels.add(row.getString(0));
        }
        return channels;
    }

    @Test
    void aListenerThatThrowsSilencesNobody(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            Heard heard = new Heard();
            connection.addListener("c", (on, notification) -> {
                throw new IllegalStateException("thrown on purpose by a test");
            });
            connection.addListener("c", (on, notification) -> {
                throw new AssertionError("thrown on purpose by a test");
            });
            connection.addListener("c", heard);
            connection.execute("notify c, '1'");
            db.execute("notify c, '2'");
            heard.assertNext("1");
            heard.assertNext("2");
        }
    }

    @Test
    void aListenerMayQueryTheConnectionAndAddAndRemoveListeners(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
            Heard later = new Heard();
            NotificationListener[] self = new NotificationListener[1];
            self[0] = (on, notification) -> {
                answers.add(on.queryValue("select $1::int + 1", Integer.class, 41));
                on.addListener("later", later);
                on.removeListener("c", self[0]);
                on.execute("notify later, 'now'");
            };
            connection.addListener("c", self[0]);
            db.execute("notify c");
            assertThat(answers.poll(30, TimeUnit.SECONDS)).isEqualTo(42);
            later.assertNext("now");
            assertThat(listening(connection)).containsExactly("later");
        }
    }

    @Test
    void pollWaitsAndWakesWhileOthersUseTheConnection(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            connection.execute("listen c");
            Notifications notifications = connection.notifications();
            assertThat(notifications.poll()).isNull();
            assertThat(notifications.poll(Duration.ofMillis(20))).isNull();
            CompletableFuture<Notification> polled =
                    CompletableFuture.supplyAsync(() -> notifications.poll(Duration.ofSeconds(60)));
            for (int i = 0; i < 50; i++) {
                assertThat(connection.queryValue("select $1::int", Integer.class, i))
                        .isEqualTo(i);
            }
            db.execute("notify c, 'woken'");
            assertThat(polled.get(30, TimeUnit.SECONDS).payload()).isEqualTo("woken");
        }
    }

    @Test
    void anInterruptedPollSaysSoAndHurtsNothing(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            connection.execute("listen c");
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread waiting = Thread.ofPlatform().start(() -> {
                try {
                    connection.notifications().poll(Duration.ofSeconds(60));
                } catch (RuntimeException e) {
                    thrown.complete(e);
                }
            });
            waiting.interrupt();
            assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedWaitException.class);
            db.execute("notify c, 'still'");
            assertThat(connection.notifications().poll(PATIENCE).payload()).isEqualTo("still");
        }
    }

    @Test
    void theIterableEndsWhenTheConnectionIsClosed(TestDatabase db) throws Exception {
        PgConnection connection = connect(db);
        connection.execute("listen c");
        BlockingQueue<String> taken = new LinkedBlockingQueue<>();
        Notifications notifications = connection.notifications();
        CompletableFuture<Void> loop = CompletableFuture.runAsync(() -> {
            for (Notification notification : notifications) {
                taken.add(notification.payload());
            }
        });
        db.execute("notify c, 'one'");
        assertThat(taken.poll(30, TimeUnit.SECONDS)).isEqualTo("one");
        connection.close();
        loop.get(30, TimeUnit.SECONDS);
    }

    @Test
    void whoPollsLearnsThatTheConnectionIsLost(TestDatabase db) {
        try (PgConnection connection = connect(db)) {
            connection.execute("listen c");
            CompletableFuture<Notification> polled = CompletableFuture.supplyAsync(
                    () -> connection.notifications().poll(Duration.ofSeconds(60)));
            db.execute("select pg_terminate_backend(" + connection.info().backendPid() + ")");
            assertThatThrownBy(() -> polled.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining("57P01");
        }
    }

    @Test
    void anyNameOfAChannelIsTakenAsItIs(TestDatabase db) throws Exception {
        try (PgConnection connection = connect(db)) {
            for (String name : List.of(
                    "weird \" name",
                    "Upper",
                    "a'b",
                    "x; drop table y",
                    "\\",
                    "\u00e9\ud83d\udc18",
                    "c".repeat(63),
                    "\u00e9".repeat(31))) {
                Heard heard = new Heard();
                connection.addListener(name, heard);
                assertThat(listening(connection)).containsExactly(name);
                connection.query("select pg_notify($1, 'x')", name);
                assertThat(heard.next().channel()).isEqualTo(name);
                connection.removeListener(name, heard);
                assertThat(listening(connection)).isEmpty();
            }
        }
    }

    @Test
    void namesThatTheServerWouldCutOrRefuseAreRefused(TestDatabase db) {
        try (PgConnection connection = connect(db)) {
            for (String name : List.of("c".repeat(64), "\u00e9".repeat(32), "", "a\0b")) {
                assertThatThrownBy(() -> connection.addListener(name, (on, notification) -> {}))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(listening(connection)).isEmpty();
            assertThat(connection.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
    }

    @Test
    void aResetMakesRoomForWhatComes(TestDatabase db) {
        try (PgConnection connection = connect(db)) {
            Notifications notifications = connection.notifications();
            connection.execute("listen big");
            sendLong(connection, 8_000);
            assertThat(notifications.size()).isEqualTo(8_000);
            connection.reset();
            assertThat(notifications.poll()).isNull();
            connection.execute("listen big");
            sendLong(connection, 500);
            assertThat(notifications.dropped()).isZero();
            assertThat(notifications.drain()).hasSize(500);
        }
    }

    /** Eight thousand of these are just below what is kept. */
    private static void sendLong(PgConnection connection, int count) {
        connection.execute(
                "select count(pg_notify('big', rpad(g::text, 7999, '.'))) from generate_series(1, " + count + ") g");
    }
}
