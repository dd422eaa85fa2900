package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.ConnectionLostException;
import dev.howdah.replication.ReplicatedTransaction;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationMessage;
import dev.howdah.replication.StreamOptions;
import dev.howdah.replication.TransactionStream;
import dev.howdah.replication.TransactionStreamOptions;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testng.annotations.AfterMethod;

/** The publishers of replication streams keep the rules of Reactive Streams, as their own test kit sees it. */
class ReplicationPublisherRulesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The kit asks for more where it never takes as many. */
    private static final long MOST_SENT = 1_000;

    /** An error is told when the stream has been stopped. */
    private static final long ERROR_MILLIS = 2_000;

    private static final String SLOT =
            "publisher_rules_" + ProcessHandle.current().pid();

    private static TestDatabase database;

    /** Nothing of it is ever confirmed, so that it comes in each stream. */
    @BeforeAll
    static void makeSlot() {
        database = Place.TCP_18.server().createDatabase();
        database.execute("create publication p for all tables");
        database.execute("select pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
        database.execute(
                "select pg_logical_emit_message(false, 'rules', i::text) from generate_series(1, " + MOST_SENT + ") i");
    }

    @AfterAll
    static void dropSlot() {
        awaitFree();
        database.execute("select pg_drop_replication_slot('" + SLOT + "')");
        database.close();
    }

    private static void awaitFree() {
        String active = "select from pg_replication_slots where active and slot_name = '" + SLOT + "'";
        Await.until("the slot is free", PATIENCE, () -> database.execute(active).isEmpty());
    }

    /** A stream whose connection is closed behind as many items as are wanted, which completes: the kit makes a hundred of them. */
    private record Ending<T>(Flow.Publisher<T> publisher, ReplicationCursor cursor, long elements)
            implements Flow.Publisher<T> {

        @Override
        public void subscribe(Flow.Subscriber<? super T> subscriber) {
            if (subscriber == null) {
                publisher.subscribe(null);
                return;
            }
            if (elements == 0) {
                cursor.connection().close();
            }
            AtomicLong given = new AtomicLong();
            publisher.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscriber.onSubscribe(subscription);
                }

                @Override
                public void onNext(T item) {
                    if (given.incrementAndGet() == elements) {
                        cursor.connection().close();
                    }
                    subscriber.onNext(item);
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
        }
    }

    /** What the kit asks for, each time on a connection of its own. */
    public abstract static class OfReplication<T> extends PublisherRulesIT.Rules<T> {

        OfReplication() {
            super(PublisherRulesIT.environment(ERROR_MILLIS));
        }

        abstract ReplicationCursor begin(ReplicationCursor cursor);

        abstract Flow.Publisher<T> publisher(ReplicationCursor cursor);

        private ReplicationCursor cursor() {
            PgConnection connection = keep(Howdah.connect(database.dsn() + " replication=database"));
            return begin(connection.cursor(ReplicationCursor::new));
        }

        @Override
        public Flow.Publisher<T> createFlowPublisher(long elements) {
            ReplicationCursor cursor = cursor();
            return tracked.track(new Ending<>(publisher(cursor), cursor, elements));
        }

        /** Of a connection that has been lost. */
        @Override
        public Flow.Publisher<T> createFailedFlowPublisher() {
            ReplicationCursor cursor = cursor();
            database.execute(
                    "select pg_terminate_backend(" + cursor.connection().info().backendPid() + ")");
            DriverContract.thrown(ConnectionLostException.class, () -> {
                while (true) {
                    cursor.readMessage(PATIENCE);
                }
            });
            return publisher(cursor);
        }

        /** Lets the next stream have the slot. */
        @AfterMethod(dependsOnMethods = "closeConnections")
        public void slotIsFree() {
            awaitFree();
        }
    }

    /** Messages as they come. */
    public static final class OfMessages extends OfReplication<ReplicationMessage> {
        @Override
        ReplicationCursor begin(ReplicationCursor cursor) {
            cursor.startReplication(StreamOptions.slot(SLOT)
                    .idleAdvance(false)
                    .option("proto_version", "1")
                    .option("publication_names", "p")
                    .option("messages", "true"));
            return cursor;
        }

        @Override
        Flow.Publisher<ReplicationMessage> publisher(ReplicationCursor cursor) {
            return cursor.publisher();
        }
    }

    /** Transactions: messages that stand alone are some. */
    public static final class OfTransactions extends OfReplication<ReplicatedTransaction> {
        private TransactionStream stream;

        @Override
        ReplicationCursor begin(ReplicationCursor cursor) {
            stream = TransactionStream.open(
                    cursor, TransactionStreamOptions.slot(SLOT).publications("p"));
            return cursor;
        }

        @Override
        Flow.Publisher<ReplicatedTransaction> publisher(ReplicationCursor cursor) {
            return stream.publisher();
        }
    }

    @Test
    void messagesKeepTheRules() {
        assertThat(PublisherRulesIT.passed(OfMessages.class)).hasSizeGreaterThan(25);
    }

    @Test
    void transactionsKeepTheRules() {
        assertThat(PublisherRulesIT.passed(OfTransactions.class)).hasSizeGreaterThan(25);
    }
}
