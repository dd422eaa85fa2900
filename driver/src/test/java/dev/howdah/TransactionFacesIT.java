package dev.howdah;

import static dev.howdah.replication.InsertedIds.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.replication.ReplicatedTransaction;
import dev.howdah.replication.ReplicationCursor;
import dev.howdah.replication.ReplicationType;
import dev.howdah.replication.SlotOptions;
import dev.howdah.replication.TransactionStream;
import dev.howdah.replication.TransactionStreamOptions;
import dev.howdah.testkit.Await;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions of a slot on each face. */
class TransactionFacesIT extends ReplicationContract {

    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    @BeforeEach
    void makeTable() {
        admin.execute("create table faced (id int primary key); create publication faced for table faced");
    }

    @AfterEach
    void dropTable() {
        admin.execute("drop publication faced; drop table faced");
    }

    private TransactionStream stream() {
        ReplicationCursor cursor = cursor();
        cursor.createReplicationSlot(
                slot, ReplicationType.LOGICAL, "pgoutput", SlotOptions.DEFAULT.snapshot(SlotOptions.Snapshot.NOTHING));
        return TransactionStream.open(
                cursor, TransactionStreamOptions.slot(slot).publications("faced"));
    }

    private void insert(int from, int to) {
        for (int i = from; i <= to; i++) {
            admin.execute("insert into faced values (" + i + ")");
        }
    }

    /** A polling connection says nothing by itself. */
    private void awaitConfirmed(TransactionStream stream, Lsn place) {
        Await.until(place + " is confirmed", PATIENCE, () -> {
            assertThat(stream.next(Duration.ofMillis(20))).isNull();
            return confirmed().compareTo(place) >= 0;
        });
    }

    @Test
    void theyAreReadAndAcknowledgedInAnyOrder() {
        try (TransactionStream stream = stream()) {
            insert(1, 3);
            List<ReplicatedTransaction> read = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                ReplicatedTransaction next = Objects.requireNonNull(stream.next());
                assertThat(ids(next)).containsExactly(i);
                read.add(next);
            }
            Lsn last = read.get(2).endLsn();
            read.get(2).acknowledge();
            read.get(0).acknowledge();
            awaitConfirmed(stream, read.get(0).endLsn());
            assertThat(confirmed()).isLessThan(read.get(1).endLsn());

            read.get(1).acknowledge();
            awaitConfirmed(stream, last);
        }
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void aSubscriberGetsThemUnlessItIsPolled() throws Exception {
        TransactionStream stream = stream();
        if (place.face() == Place.Face.POLLING) {
            assertThatThrownBy(stream::publisher).isInstanceOf(IllegalStateException.class);
            stream.close();
            return;
        }
        List<Integer> ids = new CopyOnWriteArrayList<>();
        CollectingSubscriber<ReplicatedTransaction> subscriber = new CollectingSubscriber<>(transaction -> {
            ids.addAll(ids(transaction));
            transaction.acknowledge();
        });
        stream.publisher().subscribe(subscriber);
        insert(1, 2);
        subscriber.request(2);
        subscriber.next();
        ReplicatedTransaction second = subscriber.next();
        Await.until("it is confirmed", PATIENCE, () -> confirmed().compareTo(second.endLsn()) >= 0);
        assertThat(ids).containsExactly(1, 2);
        subscriber.cancel();
        Await.until("the stream is stopped", PATIENCE, () -> !stream.cursor().isStreaming());
    }
}
