package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.event.Notification;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterMethod;

/** The publisher of notifications keeps the rules of Reactive Streams, as their own test kit sees it. */
class NotificationPublisherRulesIT {

    /** The kit asks for more where it never takes as many. */
    private static final long MOST_SENT = 1_000;

    private static TestDatabase database;

    @BeforeAll
    static void makeDatabase() {
        database = Place.TCP_18.server().createDatabase();
    }

    @AfterAll
    static void dropDatabase() {
        database.close();
    }

    /**
     * A connection's notifications, sent when the first subscriber asks for any: by then all have subscribed. Behind as many as
     * are wanted the connection is closed, which completes.
     */
    private record Sending(PgConnection connection, long elements, AtomicBoolean begun)
            implements Flow.Publisher<Notification> {

        @Override
        public void subscribe(Flow.Subscriber<? super Notification> subscriber) {
            Flow.Publisher<Notification> publisher = connection.notifications().publisher();
            if (subscriber == null) {
                publisher.subscribe(null);
                return;
            }
            publisher.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscriber.onSubscribe(new Flow.Subscription() {
                        @Override
                        public void request(long n) {
                            subscription.request(n);
                            begin();
                        }

                        @Override
                        public void cancel() {
                            subscription.cancel();
                        }
                    });
                }

                @Override
                public void onNext(Notification notification) {
                    subscriber.onNext(notification);
                }

                @Override
                public void onError(Throwable failure) {
                    subscriber.onError(failure);
                }

                @Override
                public void onComplete() {
                    subscriber.onComplete();
                }
            });
            if (elements == 0) {
                begin();
            }
        }

        private void begin() {
            if (begun.compareAndSet(false, true)) {
                Thread.ofVirtual().start(this::send);
            }
        }

        private void send() {
            try {
                connection.query(
                        "select pg_notify('rules', i::text) from generate_series(1, $1) i",
                        Math.min(elements, MOST_SENT));
                if (elements <= MOST_SENT) {
                    connection.close();
                }
            } catch (PgException e) {
                // The test has ended meanwhile, and closed it.
                assertThat(e).isInstanceOfAny(QueryCanceledException.class, ConnectionClosedException.class);
            }
        }
    }

    /** What the kit asks for, each time on a connection of its own. */
    public static final class OfNotifications extends FlowPublisherVerification<Notification> {

        private final TrackedPublishers tracked = new TrackedPublishers();
        private final List<PgConnection> connections = new ArrayList<>();

        /** Made by TestNG. */
        public OfNotifications() {
            super(PublisherRulesIT.environment());
        }

        private PgConnection connect() {
            PgConnection made = Howdah.connect(Place.TCP_18.dsn(database, Roles.TRUST));
            connections.add(made);
            return made;
        }

        @Override
        public Flow.Publisher<Notification> createFlowPublisher(long elements) {
            PgConnection connection = connect();
            connection.execute("listen rules");
            return tracked.track(new Sending(connection, elements, new AtomicBoolean()));
        }

        /** Of a connection that has been lost. */
        @Override
        public Flow.Publisher<Notification> createFailedFlowPublisher() {
            PgConnection lost = connect();
            database.execute("select pg_terminate_backend(" + lost.info().backendPid() + ")");
            DriverContract.thrown(ConnectionLostException.class, () -> {
                while (true) {
                    lost.query("select 1");
                }
            });
            return lost.notifications().publisher();
        }

        @AfterMethod
        public void closeConnections() {
            connections.forEach(PgConnection::close);
            connections.clear();
            tracked.awaitEnds();
        }
    }

    @Test
    void theRulesAreKeptByManySubscribersToo() {
        assertThat(PublisherRulesIT.passed(OfNotifications.class))
                .hasSizeGreaterThan(25)
                .anyMatch(name -> name.startsWith("optional_spec111_multicast"));
    }
}
