package dev.howdah;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.copy.CopyIn;
import dev.howdah.copy.CopyOut;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ends a COPY in its middle: time limits, cancels, interrupts, a reset, a close. */
class CopyLimitsIT extends DriverContract {

    private static final String IN = "copy limited from stdin";
    private static final String ENDLESS =
            "copy (select repeat('x', 1000) from (select generate_series(1, 100000000)) g) to stdout";

    @BeforeEach
    void table() {
        db.execute("create temp table limited (name text)");
    }

    private void assertNothingStored() {
        assertThat(db.queryValue("select count(*) from limited", Long.class)).isZero();
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    }

    /** Gives lines for ever; tells when the first has been asked for. */
    private static InputStream endless(CountDownLatch begun) {
        byte[] line = ("y".repeat(1_000) + "\n").getBytes(UTF_8);
        return new Pieces(() -> {
            begun.countDown();
            return line;
        });
    }

    private static OutputStream telling(CountDownLatch begun) {
        return new OutputStream() {
            @Override
            public void write(int one) {
                begun.countDown();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                begun.countDown();
            }
        };
    }

    @Test
    void aTimeoutEndsIt() {
        QueryTimeoutException in = thrown(
                QueryTimeoutException.class,
                () -> db.withTimeout(Duration.ofMillis(150)).copyIn(IN, endless(new CountDownLatch(1))));
        assertThat(in).hasMessageContaining("150 ms");
        assertThat(in.delivery()).isEqualTo(Delivery.REFUSED);
        assertNothingStored();
        QueryTimeoutException out = thrown(
                QueryTimeoutException.class,
                () -> db.withTimeout(Duration.ofMillis(150)).copyOut(ENDLESS, OutputStream.nullOutputStream()));
        assertThat(out).hasMessageContaining("150 ms");
        assertNothingStored();
    }

    @Test
    void aTimeoutCountsWhileNothingIsGiven() {
        Flow.Publisher<ByteBuffer> silent = subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        });
        assertThatThrownBy(() -> db.withTimeout(Duration.ofMillis(150)).copyIn(IN, silent))
                .isInstanceOf(QueryTimeoutException.class);
        assertNothingStored();
    }

    @Test
    void aTimeoutCountsWhileEmptyPiecesCome() {
        byte[] nothing = {};
        assertThatThrownBy(() -> db.withTimeout(Duration.ofMillis(150)).copyIn(IN, new Pieces(() -> nothing)))
                .isInstanceOf(QueryTimeoutException.class);
        assertNothingStored();
    }

    @Test
    void aTimeoutWhileTheServerWaitsForALock() throws Exception {
        db.execute("drop table limited; create table limited (name text)");
        try (PgConnection other = connect()) {
            try (Transaction tx = other.begin()) {
                other.execute("lock table limited");
                assertThatThrownBy(
                                () -> db.withTimeout(Duration.ofMillis(150)).copyIn(IN, endless(new CountDownLatch(1))))
                        .isInstanceOf(QueryTimeoutException.class);
                tx.rollback();
            }
            expectLost(other);
        }
        assertNothingStored();
        db.execute("drop table limited");
        db.execute("create temp table limited (name text)");
    }

    @Test
    void anotherThreadCancels() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        Future<Boolean> cancelled = elsewhere(() -> {
            in.await();
            return db.cancel();
        });
        assertThatThrownBy(() -> db.copyIn(IN, endless(in))).isInstanceOf(QueryCanceledException.class);
        assertThat(result(cancelled)).isTrue();
        assertNothingStored();
        CountDownLatch out = new CountDownLatch(1);
        Future<Boolean> cancelledToo = elsewhere(() -> {
            out.await();
            return db.cancel();
        });
        assertThatThrownBy(() -> db.copyOut(ENDLESS, telling(out))).isInstanceOf(QueryCanceledException.class);
        assertThat(result(cancelledToo)).isTrue();
        assertNothingStored();
    }

    /** Nothing is on its way to the server or back, and the server waits for us. */
    @Test
    void aCancelBetweenTwoRowsIsNotForgotten() throws Exception {
        try (CopyIn copy = db.copyIn("limited")) {
            copy.row("a");
            assertThat(result(elsewhere(db::cancel))).isTrue();
            assertThatThrownBy(copy::finish).isInstanceOf(QueryCanceledException.class);
        }
        assertNothingStored();
        try (CopyOut<Row> rows = db.copyOutQuery("select generate_series(1, 100000000)")) {
            var iterator = rows.iterator();
            assertThat(iterator.next().getInt(0)).isEqualTo(1);
            assertThat(result(elsewhere(db::cancel))).isTrue();
            assertThatThrownBy(() -> iterator.forEachRemaining(row -> {})).isInstanceOf(QueryCanceledException.class);
        }
        assertNothingStored();
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> db.copyIn(IN, endless(new CountDownLatch(1))))
                .isInstanceOf(InterruptedWaitException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertNothingStored();
        CountDownLatch begun = new CountDownLatch(1);
        Thread me = Thread.currentThread();
        Future<Boolean> interrupting = elsewhere(() -> {
            begun.await();
            me.interrupt();
            return true;
        });
        assertThatThrownBy(() -> db.copyIn(IN, endless(begun))).isInstanceOf(InterruptedWaitException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(result(interrupting)).isTrue();
        assertNothingStored();
    }

    @Test
    void aResetTakesTheConnection() throws Exception {
        CopyIn copy = db.copyIn("limited");
        copy.row("a");
        result(elsewhere(() -> {
            db.reset();
            return true;
        }));
        assertThatThrownBy(() -> copy.row("b"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reset");
        assertThatThrownBy(copy::finish).isInstanceOf(IllegalStateException.class);
        copy.close();
        db.execute("create temp table limited (name text)");
        assertNothingStored();
        try (CopyOut<Row> rows = db.copyOutQuery("select repeat('x', 100), generate_series(1, 100000000)")) {
            var iterator = rows.iterator();
            // Through several pieces of what the server sends.
            for (int i = 0; i < 5_000; i++) {
                iterator.next();
            }
            result(elsewhere(() -> {
                db.reset();
                return true;
            }));
            assertThatThrownBy(() -> iterator.forEachRemaining(row -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("reset");
        }
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void aCloseEndsIt() throws Exception {
        PgConnection closed = connect();
        expectLost(closed);
        closed.execute("create temp table limited (name text)");
        CopyIn copy = closed.copyIn("limited");
        copy.row("a");
        result(elsewhere(() -> {
            closed.close();
            return true;
        }));
        assertThatThrownBy(copy::finish).isInstanceOf(ConnectionClosedException.class);
        copy.close();
        assertNothingStored();
    }
}
