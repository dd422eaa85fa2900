package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.howdah.testkit.Await;
import dev.howdah.testkit.LeakCheck;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every contract has: the places it holds at, a connection to a database there, and what must be true after each
 * test whatever it did: its connections are idle and answer, unless the test said that one is lost, and once they are
 * closed the server has nothing left of them.
 *
 * <p>One database serves all tests of a class at a place, so tables that are not temporary have names of their own.
 */
@ParameterizedClass
@MethodSource("dev.howdah.Place#chosen")
@ExtendWith(FaceExtension.class)
abstract class DriverContract {

    /** Waiting for something that must come; a test that runs into it has failed. */
    static final long PATIENCE_SECONDS = 60;

    private static TestDatabase shared;

    private final List<PgConnection> connections = new ArrayList<>();
    private final List<PgConnection> lost = new ArrayList<>();
    private LeakCheck leaks;

    @Parameter
    Place place;

    /** The connection that tests use; they run as its place's way of waiting demands. */
    PgConnection db;

    private Faced faced;

    @BeforeParameterizedClassInvocation
    static void makeDatabase(Place place) {
        shared = place.server().createDatabase();
    }

    @AfterParameterizedClassInvocation
    static void dropDatabase() {
        shared.close();
    }

    @BeforeEach
    final void open() {
        leaks = LeakCheck.start().sockets().backends(shared);
        faced = Faced.connect(face(), options());
        db = faced.db();
        connections.add(db);
    }

    /**
     * Returns whether the tests hear what the server says while nothing is under way. A polling connection hears that only
     * when it is polled, which {@link PollingIT} is about; so they run without one.
     */
    boolean hearsWhileIdle() {
        return false;
    }

    private Place.Face face() {
        return place.face() == Place.Face.POLLING && hearsWhileIdle() ? Place.Face.BLOCKING : place.face();
    }

    /** Runs a test where it has to run. */
    final void run(InvocationInterceptor.Invocation<Void> test) throws Throwable {
        faced.run(test::proceed);
    }

    @AfterEach
    final void everythingIsAsItWas() {
        try {
            for (PgConnection connection : connections) {
                if (lost.contains(connection)) {
                    assertThat(connection.isOpen()).isFalse();
                } else {
                    assertThat(connection.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
                    assertThat(connection.queryValue("select 1", Integer.class)).isEqualTo(1);
                }
            }
        } finally {
            connections.forEach(PgConnection::close);
            faced.close();
        }
        leaks.verify();
    }

    final TestDatabase database() {
        return shared;
    }

    final PgConnection connect() {
        return connect("");
    }

    /** Connects once more, with further keywords; checked and closed after the test. */
    final PgConnection connect(String more) {
        return connect(ConnectOptions.parse(dsn() + " " + more));
    }

    final PgConnection connect(ConnectOptions options) {
        PgConnection connection = Howdah.connect(Faced.with(place.face(), options));
        connections.add(connection);
        return connection;
    }

    final ConnectOptions options() {
        return ConnectOptions.parse(dsn());
    }

    /** The keyword/value text that connects to the database. */
    String dsn() {
        return place.dsn(shared, Roles.TRUST);
    }

    /** Says that a connection is not expected to survive the test. */
    final void expectLost(PgConnection connection) {
        lost.add(connection);
    }

    /**
     * What a server process is doing, as the server sees it; "starting" while it has not worked on a statement for 50 ms, for
     * it calls itself active before that can be cancelled.
     */
    final String activity(PgConnection connection, String column) {
        return activity(connection.info().backendPid(), column);
    }

    final String activity(int pid, String column) {
        List<List<String>> rows = database()
                .server()
                .execute("select case when state = 'active' and clock_timestamp() - query_start < interval '50 ms'"
                        + " then 'starting' else (" + column + ")::text end from pg_stat_activity where pid = " + pid);
        return rows.isEmpty() ? "gone" : String.valueOf(rows.getFirst().getFirst());
    }

    static <T extends Throwable> T thrown(Class<T> type, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(type);
        return type.cast(thrown);
    }

    /** Runs something on another thread. */
    static <T> Future<T> elsewhere(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    /** Runs something on another thread, and returns when that waits. */
    static <T> Future<T> elsewhereAndWaiting(Callable<T> work) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        Future<T> task = elsewhere(() -> {
            thread[0] = Thread.currentThread();
            started.countDown();
            return work.call();
        });
        assertThat(started.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        Await.until(
                "the other thread waits",
                Duration.ofSeconds(PATIENCE_SECONDS),
                () -> thread[0].getState() == Thread.State.WAITING);
        return task;
    }

    /** Waits until somebody has subscribed. */
    static void awaitSubscriber(SubmissionPublisher<?> publisher) {
        Await.until("somebody subscribes", Duration.ofSeconds(PATIENCE_SECONDS), publisher::hasSubscribers);
    }

    static <T> T result(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
