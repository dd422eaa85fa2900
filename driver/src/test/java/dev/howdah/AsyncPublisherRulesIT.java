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
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterMethod;

/** The publishers of an asynchronous connection keep the rules of Reactive Streams, as their own test kit sees it. */
@SuppressWarnings("FutureReturnValueIgnored") // what a stage tells is often told by the next one
class AsyncPublisherRulesIT {

    private static final int PAGE = 3;
    private static final String SERIES = "select generate_series(1, $1::bigint)";

    private static TestDatabase database;

    @BeforeAll
    static void makeDatabase() {
        database = Place.TCP_18.server().createDatabase();
    }

    @AfterAll
    static void dropDatabase() {
        database.close();
    }

    /** What the kit asks for, each time on a connection of its own. */
    public abstract static class Rules<T> extends FlowPublisherVerification<T> {

        final TrackedPublishers tracked = new TrackedPublishers();
        private final List<AsyncConnection> connections = new ArrayList<>();

        Rules() {
            super(PublisherRulesIT.environment());
        }

        AsyncConnection connect() {
            AsyncConnection made =
                    Howdah.connectAsync(Place.TCP_18.dsn(database, Roles.TRUST)).join();
            connections.add(made);
            return made;
        }

        AsyncConnection closed() {
            AsyncConnection closed = connect();
            closed.close().join();
            return closed;
        }

        @AfterMethod
        public void closeConnections() {
            connections.forEach(connection -> connection.closeNow().join());
            connections.clear();
            tracked.awaitEnds();
        }
    }

    /** Each subscriber has the connection to itself. */
    public static final class OfAConnection extends Rules<Long> {
        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            return tracked.track(connect().publish(SERIES, PAGE, Long.class, elements));
        }

        @Override
        public Flow.Publisher<Long> createFailedFlowPublisher() {
            return closed().publish(SERIES, PAGE, Long.class, 1);
        }
    }

    /** Subscribers share a transaction, page by page. */
    public static final class OfATransaction extends Rules<Long> {
        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            return tracked.track(connect().begin().join().publish(SERIES, PAGE, Long.class, elements));
        }

        @Override
        public Flow.Publisher<Long> createFailedFlowPublisher() {
            AsyncConnection connection = connect();
            AsyncTransaction ended = connection.begin().join();
            connection.closeNow().join();
            return ended.publish(SERIES, PAGE, Long.class, 1);
        }
    }

    /** A statement that has been prepared. */
    public static final class OfAPreparedQuery extends Rules<Row> {
        @Override
        public Flow.Publisher<Row> createFlowPublisher(long elements) {
            return tracked.track(connect().prepare(SERIES).join().publish(PAGE, elements));
        }

        @Override
        public Flow.Publisher<Row> createFailedFlowPublisher() {
            AsyncConnection connection = connect();
            AsyncPreparedQuery query = connection.prepare("select 1").join();
            connection.closeNow().join();
            return query.publish(PAGE);
        }
    }

    @Test
    void aConnectionsPublisherKeepsTheRules() {
        assertThat(PublisherRulesIT.passed(OfAConnection.class)).hasSizeGreaterThan(25);
    }

    @Test
    void aTransactionsPublisherKeepsTheRulesWithManySubscribersToo() {
        assertThat(PublisherRulesIT.passed(OfATransaction.class))
                .hasSizeGreaterThan(25)
                .anyMatch(name -> name.startsWith("optional_spec111_multicast"));
    }

    @Test
    void aPreparedQuerysPublisherKeepsTheRules() {
        assertThat(PublisherRulesIT.passed(OfAPreparedQuery.class)).hasSizeGreaterThan(25);
    }
}
