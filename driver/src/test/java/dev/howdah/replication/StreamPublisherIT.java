package dev.howdah.replication;

import static dev.howdah.replication.InsertedIds.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.CollectingSubscriber;
import dev.howdah.Howdah;
import dev.howdah.Polled;
import dev.howdah.PollingConnection;
import dev.howdah.WaitCallback;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Messages and transactions given to a subscriber. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class StreamPublisherIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TABLE =
            "create table t (id int primary key, doc text); create publication p for all tables";
    private static final int MANY = 400;
    /** So many of a hundred kilobytes that they fit into no buffer on the way. */
    private static final String EMIT_MANY =
            "select pg_logical_emit_message(false, 'many', repeat('x', 100000)) from generate_series(1, " + MANY + ")";

    private static void insert(FollowedSlot slot, int from, int to) {
        for (int i = from; i <= to; i++) {
            slot.run("insert into t values (" + i + ")");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void transactionsComeAsTheyAreAskedForAndAreReadAndAcknowledgedThere(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            TransactionStream stream = slot.stream();
            List<Integer> ids = new CopyOnWriteArrayList<>();
            CollectingSubscriber<ReplicatedTransaction> subscriber = new CollectingSubscriber<>(transaction -> {
                ids.addAll(ids(transaction));
                transaction.acknowledge();
            });
            stream.publisher().subscribe(subscriber);
            subscriber.request(2);
            insert(slot, 1, 4);

            subscriber.next();
            ReplicatedTransaction second = subscriber.next();
            slot.awaitConfirmed(second.endLsn());
            assertThat(ids).containsExactly(1, 2);
            subscriber.request(Long.MAX_VALUE);
            subscriber.next();
            ReplicatedTransaction fourth = subscriber.next();
            slot.awaitConfirmed(fourth.endLsn());
            assertThat(ids).containsExactly(1, 2, 3, 4);

            stream.close();
            subscriber.awaitEnd();
        }
    }

    @Test
    void aSubscriberThatAsksForLittleHoldsTheServerBack(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run(EMIT_MANY);
            ReplicationCursor cursor = slot.messages(options -> options.bufferSize(1024));
            CollectingSubscriber<ReplicationMessage> subscriber = CollectingSubscriber.of(cursor.publisher(), 2);

            subscriber.next();
            subscriber.next();
            slot.awaitBlocked(cursor);
            assertThat(cursor.messageCount()).isEqualTo(2);
            assertThat(subscriber.waiting()).isZero();

            subscriber.request(MANY - 2);
            for (int i = 2; i < MANY; i++) {
                subscriber.next();
            }
            subscriber.cancel();
            Await.until("the stream is stopped", PATIENCE, () -> !cursor.isStreaming());
        }
    }

    @Test
    void noTransactionIsReadThatIsNotAskedFor(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run(EMIT_MANY);
            TransactionStream stream = slot.stream();
            CollectingSubscriber<ReplicatedTransaction> subscriber = CollectingSubscriber.of(stream.publisher(), 2);

            subscriber.next();
            subscriber.next();
            slot.awaitBlocked(stream.cursor());
            assertThat(stream.cursor().messageCount()).isEqualTo(2);
            subscriber.cancel();
            Await.until(
                    "the stream is stopped", PATIENCE, () -> !stream.cursor().isStreaming());
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aCancelStopsTheStreamAndWhatWasNotAcknowledgedComesAgain(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            insert(slot, 1, 2);
            TransactionStream stream = slot.stream();
            CollectingSubscriber<ReplicatedTransaction> subscriber =
                    CollectingSubscriber.of(stream.publisher(), Long.MAX_VALUE);
            subscriber.next().acknowledge();
            subscriber.next();

            // It waits for the server now.
            subscriber.cancel();

            Await.until(
                    "the stream is stopped", PATIENCE, () -> !stream.cursor().isStreaming());
            Await.until("the slot is free", PATIENCE, () -> !slot.isUsed());
            assertThat(stream.cursor().identifySystem().database()).isEqualTo(database.name());
            assertThat(subscriber.hasEnded()).isFalse();
            assertThat(ids(slot.again().next())).containsExactly(2);
        }
    }

    @Test
    void whoCancelsAtOnceStopsTheStreamToo(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            ReplicationCursor cursor = slot.messages(options -> options);
            cursor.publisher().subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.cancel();
                }

                @Override
                public void onNext(ReplicationMessage item) {
                    throw new AssertionError("nothing was asked for");
                }

                @Override
                public void onError(Throwable failure) {
                    throw new AssertionError("it was cancelled", failure);
                }

                @Override
                public void onComplete() {
                    throw new AssertionError("it was cancelled");
                }
            });

            Await.until("the stream is stopped", PATIENCE, () -> !cursor.isStreaming());
        }
    }

    @Test
    void aSubscriberThatThrowsIsCancelled(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            insert(slot, 1, 1);
            TransactionStream stream = slot.stream();
            CollectingSubscriber<ReplicatedTransaction> subscriber = new CollectingSubscriber<>(transaction -> {
                throw new IllegalCallerException("the subscriber's own");
            });
            stream.publisher().subscribe(subscriber);
            subscriber.request(5);

            Await.until("the slot is free", PATIENCE, () -> !slot.isUsed());
            assertThat(subscriber.hasEnded()).isFalse();
            assertThat(ids(slot.again().next())).containsExactly(1);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aLossIsTheErrorWhetherSomethingIsAskedForOrNot(TestDatabase database) throws Exception {
        for (long demand : new long[] {0, 5}) {
            try (FollowedSlot slot = FollowedSlot.of(database, demand == 0 ? TABLE : "select 1")) {
                ReplicationCursor cursor = slot.messages(options -> options);
                CollectingSubscriber<ReplicationMessage> subscriber =
                        CollectingSubscriber.of(cursor.publisher(), demand);

                slot.terminate(cursor);

                assertThat(subscriber.error()).isInstanceOf(ConnectionLostException.class);
                assertThat(cursor.isStreaming()).isFalse();
                Throwable late = CollectingSubscriber.of(cursor.publisher(), 1).error();
                assertThat(late).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void whatHadComeIsGivenBeforeTheLossIsTold(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            insert(slot, 1, 1);
            ReplicationCursor cursor = slot.messages(options -> options);
            CollectingSubscriber<ReplicationMessage> subscriber = CollectingSubscriber.of(cursor.publisher(), 1);
            assertThat(subscriber.next().payload()[0]).isEqualTo((byte) 'B');
            // The server can be ended between two messages of a transaction.
            MessageQueue queue = cursor.requireStream().queue();
            Await.until("the rest has come", PATIENCE, () -> queue.size() >= 3);

            slot.terminate(cursor);
            Await.until("it is noticed", PATIENCE, () -> !cursor.connection().isOpen());

            assertThat(subscriber.hasEnded()).isFalse();
            subscriber.request(3);
            assertThat(List.of(subscriber.next(), subscriber.next(), subscriber.next()))
                    .extracting(message -> (char) message.payload()[0])
                    .containsExactly('R', 'I', 'C');
            assertThat(subscriber.error()).isInstanceOf(ConnectionLostException.class);
        }
    }

    @Test
    void aLossWhileChangesAreReadIsTheErrorAlthoughTheSubscriberThrew(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run(FollowedSlot.many("t", 1, 100_000));
            TransactionStream stream = slot.stream(options -> options.streaming(false));
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            CollectingSubscriber<ReplicatedTransaction> subscriber = new CollectingSubscriber<>(transaction -> {
                slot.awaitBlocked(stream.cursor());
                slot.terminate(stream.cursor());
                try {
                    transaction.toList();
                } catch (RuntimeException e) {
                    thrown.set(e);
                    throw e;
                }
            });
            stream.publisher().subscribe(subscriber);
            subscriber.request(1);

            assertThat(subscriber.error()).isInstanceOf(ConnectionLostException.class);
            assertThat(subscriber.error()).isSameAs(thrown.get());
        }
    }

    @Test
    void thereIsOneSubscriberOnly(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            TransactionStream stream = slot.stream();
            CollectingSubscriber<ReplicatedTransaction> first =
                    CollectingSubscriber.of(stream.publisher(), Long.MAX_VALUE);

            assertThat(CollectingSubscriber.of(stream.publisher(), 1).error())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("one only");
            assertThat(CollectingSubscriber.of(stream.cursor().publisher(), 1).error())
                    .isInstanceOf(IllegalStateException.class);

            insert(slot, 1, 1);
            first.next();
            first.cancel();
        }
    }

    @Test
    void whatSomebodyElseStopsCompletes(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            for (long demand : new long[] {0, 5}) {
                ReplicationCursor cursor = slot.messages(options -> options);
                CollectingSubscriber<ReplicationMessage> subscriber =
                        CollectingSubscriber.of(cursor.publisher(), demand);
                cursor.stopReplication();
                subscriber.awaitEnd();
            }
        }
    }

    @Test
    void theServerIsToldWhileTheSubscriberIsAtWork(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            insert(slot, 1, 2);
            TransactionStream stream = slot.stream();
            CountDownLatch leave = new CountDownLatch(1);
            List<ReplicatedTransaction> given = new ArrayList<>();
            CollectingSubscriber<ReplicatedTransaction> subscriber = new CollectingSubscriber<>(transaction -> {
                transaction.finish();
                given.add(transaction);
                if (given.size() == 2) {
                    given.getFirst().acknowledge();
                    slot.awaitConfirmed(given.getFirst().endLsn());
                    leave.countDown();
                }
            });
            stream.publisher().subscribe(subscriber);
            subscriber.request(2);
            leave.await();
            subscriber.cancel();
        }
    }

    @Test
    void aConnectionThatIsPolledHasNoPublisher(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE);
                PollingConnection db = Howdah.connectPolling(database.dsn() + " replication=database")) {
            WaitCallback.select().await(db);
            Polled<ReplicationCursor> begun = db.call(connection -> {
                ReplicationCursor cursor = connection.cursor(ReplicationCursor::new);
                cursor.startReplication(StreamOptions.slot(slot.name())
                        .option("proto_version", "1")
                        .option("publication_names", "p"));
                return cursor;
            });
            WaitCallback.select().await(db);
            assertThatThrownBy(() -> begun.result().publisher())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("polled");
        }
    }
}
