package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.message.BackendMessage;
import dev.howdah.message.Query;
import dev.howdah.message.ReadyForQuery;
import dev.howdah.pump.CallLimits;
import dev.howdah.session.Exchange;
import dev.howdah.session.Outbox;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who has the turn meets something unexpected, or who waits for it does: everybody else gets an answer. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class TurnIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A connection whose parts a test can get at. */
    private static final class Open extends PgConnection {
        private final Core core;

        private Open(OpenedConnection opened) {
            super(opened);
            core = opened.core();
        }
    }

    private static Open connect(TestDatabase db) {
        return Howdah.connect(ConnectOptions.parse(db.dsn(Roles.TRUST) + " sslmode=disable"), Open::new);
    }

    /** A statement in whose answer code of a test runs, on the thread that has the turn. */
    private static final class Interjected extends Exchange<Boolean> {
        private final Runnable interjection;
        private boolean begun;

        Interjected(Runnable interjection) {
            this.interjection = interjection;
        }

        @Override
        protected boolean transmit(Outbox out) {
            new Query("select 1").write(out.writer());
            return true;
        }

        @Override
        protected boolean receive(BackendMessage message) {
            if (!begun) {
                begun = true;
                interjection.run();
            }
            return message instanceof ReadyForQuery;
        }

        @Override
        protected void row(byte[] bytes, int offset, int length) {}

        @Override
        protected String describe() {
            return "a test";
        }

        @Override
        protected Boolean value() {
            return true;
        }
    }

    /** Asks on a thread of its own, and returns when that waits for its turn. */
    private static Waiting waiting(Runnable call) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            call.run();
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = Thread.ofPlatform().start(task);
        Await.until("the thread waits", PATIENCE, () -> thread.getState() == Thread.State.WAITING);
        return new Waiting(thread, task);
    }

    private record Waiting(Thread thread, FutureTask<Boolean> outcome) {
        boolean interruptedAfterwards() throws Exception {
            return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void anUnexpectedExceptionInTheMiddleEndsTheConnectionAndWhoWaitsIsTold(TestDatabase db) {
        Open connection = connect(db);
        RuntimeException unexpected = new IllegalStateException("thrown on purpose by a test");
        List<Waiting> others = new ArrayList<>();
        Interjected exchange = new Interjected(() -> {
            for (int i = 0; i < 3; i++) {
                others.add(waiting(() -> connection.query("select 2")));
            }
            throw unexpected;
        });
        assertThatThrownBy(() -> connection.core.pump().run(exchange, CallLimits.NONE))
                .isSameAs(unexpected);
        assertThat(others)
                .hasSize(3)
                .allSatisfy(other -> assertThatThrownBy(other::interruptedAfterwards)
                        .cause()
                        .isInstanceOfSatisfying(
                                ConnectionLostException.class,
                                lost -> assertThat(lost.delivery()).isEqualTo(Delivery.NOT_SENT))
                        .hasRootCause(unexpected));
        assertThat(connection.isOpen()).isFalse();
        connection.close();
    }

    @Test
    void anInterruptEndsTheWaitForTheTurnAndNobodyElseNotices(TestDatabase db) throws Exception {
        try (Open connection = connect(db)) {
            List<Waiting> others = new ArrayList<>();
            Interjected exchange = new Interjected(() -> {
                for (int i = 0; i < 3; i++) {
                    others.add(waiting(() -> connection.execute("select 2")));
                }
                others.get(1).thread().interrupt();
                assertThatThrownBy(() -> others.get(1).interruptedAfterwards())
                        .cause()
                        .isInstanceOfSatisfying(
                                InterruptedWaitException.class,
                                e -> assertThat(e.delivery()).isEqualTo(Delivery.NOT_SENT));
            });
            assertThat(connection.core.pump().run(exchange, CallLimits.NONE)).isTrue();
            assertThat(others.get(0).interruptedAfterwards()).isFalse();
            assertThat(others.get(2).interruptedAfterwards()).isFalse();
            assertThat(connection.queryValue("select 3", Integer.class)).isEqualTo(3);
        }
    }

    @Test
    void aRollbackThatIsInterruptedWhileItWaitsForTheTurnWaitsOnAndKeepsTheInterrupt(TestDatabase db) throws Exception {
        try (Open connection = connect(db)) {
            Transaction tx = connection.begin();
            connection.execute("create table undone (x int)");
            List<Waiting> rollback = new ArrayList<>();
            Interjected exchange = new Interjected(() -> {
                rollback.add(waiting(tx::rollback));
                Thread waiter = rollback.getFirst().thread();
                waiter.interrupt();
                Await.until(
                        "it took the interrupt and waits again",
                        PATIENCE,
                        () -> !waiter.isInterrupted() && waiter.getState() == Thread.State.WAITING);
                assertThat(rollback.getFirst().outcome().isDone()).isFalse();
            });
            assertThat(connection.core.pump().run(exchange, CallLimits.NONE)).isTrue();
            assertThat(rollback.getFirst().interruptedAfterwards()).isTrue();
            assertThat(tx.isOpen()).isFalse();
            assertThat(connection.queryValue("select to_regclass('undone')::text", String.class))
                    .isNull();
        }
    }

    @Test
    void listenersCanComeAndGoAndTheConnectionIsHeardWhileIdleEachTime(TestDatabase db) throws Exception {
        try (Open connection = connect(db)) {
            for (int round = 0; round < 20; round++) {
                CountDownLatch heard = new CountDownLatch(1);
                NotificationListener listener = (on, notification) -> heard.countDown();
                connection.addListener("c", listener);
                db.execute("notify c");
                assertThat(heard.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                connection.removeListener("c", listener);
                assertThat(connection.query("select pg_listening_channels()")).isEmpty();
            }
        }
    }
}
