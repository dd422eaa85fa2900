package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
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
        return new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS, POLL_MILLIS);
    }

    /** What the kit asks for, each time on a connection of its own. */
    public abstract static class Rules extends FlowPublisherVerification<Long> {

        final TrackedPublishers tracked = new TrackedPublishers();
        private final List<PgConnection> connections = new ArrayList<>();

        Rules() {
            super(environment());
        }

        PgConnection connect() {
            PgConnection made = Howdah.connect(Place.TCP_18.dsn(database, Roles.TRUST));
            connections.add(made);
            return made;
        }

        @Override
        public Flow.Publisher<Long> createFailedFlowPublisher() {
            PgConnection closed = connect();
            closed.close();
            return closed.publish("select 1::bigint", PAGE, Long.class);
        }

        @AfterMethod
        public void closeConnections() {
            connections.forEach(PgConnection::close);
            connections.clear();
            tracked.awaitEnds();
        }
    }

    /** Each subscriber has the connection to itself. */
    public static final class OutsideATransaction extends Rules {
        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            return tracked.track(
                    connect().publish("select generate_series(1, $1::bigint)", PAGE, Long.class, elements));
        }
    }

    /** Subscribers share a transaction, page by page. */
    public static final class InsideATransaction extends Rules {
        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            PgConnection connection = connect();
            connection.begin();
            return tracked.track(
                    connection.publish("select generate_series(1, $1::bigint)", PAGE, Long.class, elements));
        }
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
