package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Large objects when calls are cut short, bytes come and go in small pieces, or the server goes away. */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class LargeObjectLimitsIT {

    private static final int CHUNK = 64 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private LeakCheck leaks;
    private TestDatabase database;
    private FaultyWire wire;
    private PgConnection db;
    private PgConnection other;
    private long oid;

    @BeforeEach
    void connect(TestDatabase database) {
        this.database = database;
        leaks = LeakCheck.start().backends(database);
        wire = FaultyWire.to(database.server());
        db = Howdah.connect(wire.dsn(database.name(), Roles.TRUST) + " sslmode=disable");
        other = Howdah.connect(database.dsn(Roles.TRUST));
        oid = other.largeObjects().store(LargeObjectIT.random(3_000_000, 1));
    }

    @AfterEach
    void close() {
        if (db.isOpen()) {
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
            assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
        db.close();
        other.close();
        wire.close();
        leaks.verify();
    }

    /** Another session has written the first page and not ended its transaction: who writes it too has to wait. */
    private Transaction block() {
        Transaction blocking = other.begin();
        LargeObject held = other.largeObject(oid, LargeObjectMode.WRITE);
        held.write(new byte[10]);
        held.flush();
        return blocking;
    }

    private void awaitBlocked() {
        Await.until(
                "the server waits for the other session",
                PATIENCE,
                () -> !database.execute("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = '"
                                + database.name() + "'")
                        .isEmpty());
    }

    @Test
    void aTimeoutInTheMiddleOfWriting() {
        Transaction blocking = block();
        try (Transaction tx = db.begin()) {
            LargeObject object =
                    db.largeObjects().withTimeout(Duration.ofMillis(500)).open(oid, LargeObjectMode.WRITE);
            assertThatThrownBy(() -> object.write(new byte[4 << 20]))
                    .isInstanceOf(QueryTimeoutException.class)
                    .hasCauseInstanceOf(QueryCanceledException.class);
            assertThatThrownBy(() -> object.read(1)).isInstanceOf(FailedTransactionException.class);
            object.close();
            tx.rollback();
        }
        blocking.rollback();
    }

    @Test
    void aTimeoutInTheMiddleOfReading() {
        wire.toClient().chunk(20_000).delay(Duration.ofMillis(20));
        try (Transaction tx = db.begin()) {
            LargeObject object =
                    db.largeObjects().withTimeout(Duration.ofSeconds(1)).open(oid, LargeObjectMode.READ);
            assertThatThrownBy(() -> object.read(ByteBuffer.allocate(3_000_000)))
                    .isInstanceOf(QueryTimeoutException.class);
            assertThat(object.tell()).isLessThan(3_000_000);
            wire.toClient().chunk(1 << 20).delay(Duration.ZERO);
            object.close();
            tx.rollback();
        }
    }

    @Test
    void aStatementBehindWhatWaitsIsTimedOutWithIt() {
        Transaction blocking = block();
        try (Transaction tx = db.begin()) {
            LargeObject object = db.largeObject(oid, LargeObjectMode.WRITE);
            object.write(new byte[CHUNK]);
            awaitBlocked();
            assertThatThrownBy(() -> db.withTimeout(Duration.ofMillis(200)).query("select 1"))
                    .isInstanceOf(QueryTimeoutException.class);
            assertThatThrownBy(object::close).isInstanceOf(QueryCanceledException.class);
            tx.rollback();
        }
        blocking.rollback();
    }

    @Test
    void cancelHitsWhatIsWrittenBehind() throws Exception {
        Transaction blocking = block();
        try (Transaction tx = db.begin()) {
            LargeObject object = db.largeObject(oid, LargeObjectMode.WRITE);
            object.write(new byte[CHUNK]);
            awaitBlocked();
            FutureTask<Boolean> cancelled = new FutureTask<>(db::cancel);
            Thread.ofVirtual().start(cancelled);
            assertThat(cancelled.get(30, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(object::flush).isInstanceOf(QueryCanceledException.class);
            object.close();
            tx.rollback();
        }
        blocking.rollback();
    }

    @Test
    void anInterruptCutsACallShort() throws Exception {
        Transaction blocking = block();
        Throwable[] thrown = new Throwable[1];
        Thread thread = Thread.ofPlatform().start(() -> {
            try (Transaction tx = db.begin()) {
                LargeObject object = db.largeObject(oid, LargeObjectMode.WRITE);
                thrown[0] = catchThrowable(() -> {
                    object.write(new byte[CHUNK]);
                    object.flush();
                });
                object.close();
            }
        });
        awaitBlocked();
        thread.interrupt();
        thread.join();
        assertThat(thrown[0]).isInstanceOf(InterruptedWaitException.class);
        blocking.rollback();
    }

    @Test
    void theSameByteByByte() {
        wire.toServer().chunk(1);
        wire.toClient().chunk(1);
        byte[] bytes = LargeObjectIT.random(20_000, 9);
        long made = db.largeObjects().store(bytes);
        assertThat(db.largeObjects().read(made)).isEqualTo(bytes);
        try (Transaction tx = db.begin();
                LargeObject object = db.largeObject(made, LargeObjectMode.READ_WRITE)) {
            object.seek(10_000);
            object.write(new byte[] {1, 2, 3});
            assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
            object.seek(9_999);
            assertThat(object.read(5)).containsExactly(bytes[9_999], 1, 2, 3, bytes[10_003]);
            assertThat(object.size()).isEqualTo(20_000);
            tx.commit();
        }
    }

    @Test
    void inPiecesOfOddSizeWhileItIsReadAheadAndWrittenBehind() {
        wire.toServer().chunk(7_777);
        wire.toClient().chunk(5_555);
        byte[] bytes = other.largeObjects().read(oid);
        long copy;
        try (Transaction tx = db.begin();
                LargeObject from = db.largeObject(oid, LargeObjectMode.READ);
                LargeObject to = db.createLargeObject()) {
            copy = to.oid();
            for (byte[] piece = from.read(30_000); piece.length > 0; piece = from.read(30_000)) {
                to.write(piece);
            }
            to.close();
            tx.commit();
        }
        assertThat(other.largeObjects().read(copy)).isEqualTo(bytes);
    }

    @Test
    void aLostConnectionIsToldByTheNextCall() {
        Transaction tx = db.begin();
        LargeObject object = db.createLargeObject();
        LargeObject second = db.largeObject(oid, LargeObjectMode.READ);
        object.write(new byte[2 * CHUNK]);
        second.read(CHUNK);
        second.read(CHUNK);
        database.execute("select pg_terminate_backend(" + db.info().backendPid() + ")");
        Throwable first = catchThrowable(() -> {
            object.write(new byte[2 << 20]);
            object.flush();
        });
        assertThat(first).isInstanceOf(ConnectionLostException.class);
        assertThat(object.isOpen()).isFalse();
        assertThat(second.isOpen()).isFalse();
        assertThat(catchThrowable(second::close)).isNotSameAs(first);
        object.close();
        second.close();
        assertThat(tx.isOpen()).isTrue();
        tx.close();
    }

    @Test
    void cutsAtEveryPlaceOfATalkAreTold() {
        for (int cut = 1; cut < 400; cut += 13) {
            try (FaultyWire torn = FaultyWire.to(database.server())) {
                PgConnection lost = Howdah.connect(torn.dsn(database.name(), Roles.TRUST) + " sslmode=disable");
                Transaction tx = lost.begin();
                LargeObject object = lost.largeObject(oid, LargeObjectMode.READ_WRITE);
                torn.toServer().resetAt(torn.toServer().passed() + cut);
                Throwable thrown = catchThrowable(() -> {
                    object.write(new byte[100]);
                    object.seek(0);
                    assertThat(object.read(10)).hasSize(10);
                    object.close();
                    tx.commit();
                });
                assertThat(thrown).isInstanceOf(ConnectionLostException.class);
                object.close();
                lost.close();
            }
        }
        assertThat(Arrays.copyOf(other.largeObjects().read(oid), 10))
                .isEqualTo(Arrays.copyOf(LargeObjectIT.random(10, 1), 10));
    }

    @Test
    void anotherThreadsStatementWaitsForWhatIsUnderWay() throws Exception {
        db.execute("begin");
        LargeObject object = db.createLargeObject();
        byte[] bytes = LargeObjectIT.random(5_000_000, 2);
        CountDownLatch begun = new CountDownLatch(1);
        Future<Integer> counted = new FutureTask<>(() -> {
            int sum = 0;
            begun.countDown();
            for (int i = 0; i < 200; i++) {
                sum += db.queryValue("select 1", Integer.class);
            }
            return sum;
        });
        Thread.ofVirtual().start((FutureTask<Integer>) counted);
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        for (int at = 0; at < bytes.length; at += 10_000) {
            object.write(Arrays.copyOfRange(bytes, at, at + 10_000));
        }
        assertThat(counted.get(60, TimeUnit.SECONDS)).isEqualTo(200);
        object.seek(0);
        assertThat(object.read()).isEqualTo(bytes);
        db.execute("rollback");
    }
}
