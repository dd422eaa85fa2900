package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import org.testng.annotations.AfterMethod;

/** A publisher keeps the rules of Reactive Streams, as their own test kit sees it; that runs on TestNG. */
class PublisherRulesIT {

    private static final long PATIENCE_MILLIS = 5_000;
    private static final long SILENCE_MILLIS = 100;
    private static final long POLL_MILLIS = 10;
    private static final int PAGE = 3;

    private static TestDatabase database;

    @BeforeAll
    static void makeDatabase() {
        database = Place.TCP_18.server().createDatabase();
    }

    @AfterAll
    static void dropDatabase() {
        database.close();
    }

    /** How long the kit waits for a signal, and for none; it looks for some errors now and then only. */
    static TestEnvironment environment() {
        return environment(POLL_MILLIS);
    }

    /** The same where an error takes a while: the kit looks for it once only, after so long. */
    static TestEnvironment environment(long errorMillis) {
        return new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS, errorMillis);
    }

    /** What the kit asks for, each time on a connection of its own. */
    public abstract static class Rules<T> extends FlowPublisherVerification<T> {

        final TrackedPublishers tracked = new TrackedPublishers();
        private final List<PgConnection> connections = new ArrayList<>();

        Rules() {
            this(environment());
        }

        Rules(TestEnvironment environment) {
            super(environment);
        }

        PgConnection connect() {
            return keep(Howdah.connect(Place.TCP_18.dsn(database, Roles.TRUST)));
        }

        /** Has it closed after the test. */
        PgConnection keep(PgConnection made) {
            connections.add(made);
            return made;
        }

        PgConnection closed() {
            PgConnection closed = connect();
            closed.close();
            return closed;
        }

        @AfterMethod
        public void closeConnections() {
            connections.forEach(PgConnection::close);
            connections.clear();
            tracked.awaitEnds();
        }
    }

    /** The rows of a query. */
    public abstract static class OfRows extends Rules<Long> {
        @Override
        public Flow.Publisher<Long> createFailedFlowPublisher() {
            return closed().publish("select 1::bigint", PAGE, Long.class);
        }
    }

    /** Each subscriber has the connection to itself. */
    public static final class OutsideATransaction extends OfRows {
        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            return tracked.track(
                    connect().publish("select generate_series(1, $1::bigint)", PAGE, Long.class, elements));
        }
    }

    /** Subscribers share a transaction, page by page. */
    public static final class InsideATransaction extends OfRows {
        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            PgConnection connection = connect();
            connection.begin();
            return tracked.track(
                    connection.publish("select generate_series(1, $1::bigint)", PAGE, Long.class, elements));
        }
    }

    /** The data of a COPY: each row is so long that it comes alone. */
    public static final class OfCopy extends Rules<ByteBuffer> {
        @Override
        public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
            return tracked.track(connect()
                    .publishCopy(
                            "copy (select repeat('x', 300000) from (select generate_series(1, $1::bigint)) g) to stdout",
                            elements));
        }

        @Override
        public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
            return closed().publishCopy("copy (select 1) to stdout");
        }
    }

    @Test
    void theDataOfACopyKeepTheRules() {
        assertThat(passed(OfCopy.class)).hasSizeGreaterThan(25);
    }

    @Test
    void outsideATransactionTheRulesAreKept() {
        assertThat(passed(OutsideATransaction.class)).hasSizeGreaterThan(25);
    }

    @Test
    void insideATransactionTheRulesAreKeptByManySubscribersToo() {
        assertThat(passed(InsideATransaction.class))
                .hasSizeGreaterThan(25)
                .anyMatch(name -> name.startsWith("optional_spec111_multicast"));
    }

    /** Runs the kit's tests; returns the names of those that passed. */
    static List<String> passed(Class<? extends FlowPublisherVerification<?>> rules) {
        TestNG kit = new TestNG(false);
        TestListenerAdapter results = new TestListenerAdapter();
        kit.setVerbose(0);
        kit.setTestClasses(new Class<?>[] {rules});
        kit.addListener(results);
        kit.run();
        assertThat(results.getConfigurationFailures()).isEmpty();
        assertThat(results.getFailedTests())
                .extracting(failed -> failed.getName() + ": " + failed.getThrowable())
                .isEmpty();
        return results.getPassedTests().stream().map(ITestResult::getName).toList();
    }
}
