package dev.howdah.replication;

import static dev.howdah.replication.InsertedIds.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.HeldLock;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Result;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Streams whose connection is made new under them. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class StreamResetIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TABLE =
            "create table t (id int primary key, doc text); create publication p for all tables";

    @ParameterizedTest
    @PostgresVersions
    void theStreamEndsAndWhatWasAcknowledgedDoesNotComeAgain(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run("insert into t values (1)", "insert into t values (2)");
            TransactionStream stream = slot.stream();
            ReplicatedTransaction first = stream.next();
            assertThat(ids(first)).containsExactly(1);
            first.acknowledge();

            stream.cursor().connection().reset();

            assertThat(stream.cursor().isStreaming()).isFalse();
            assertThat(stream.cursor().connection().query("select 1").size()).isEqualTo(1);
            Await.until("the slot is free", PATIENCE, () -> !slot.isUsed());
            assertThat(ids(slot.again().next())).containsExactly(2);
        }
    }

    @Test
    void whoWaitsForAMessageIsToldAndNobodyWaitsForHim(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            ReplicationCursor cursor = slot.messages(options -> options);
            FutureTask<@Nullable ReplicationMessage> waits = new FutureTask<>(() -> cursor.readMessage(PATIENCE));
            Thread reader = Thread.ofPlatform().start(waits);
            FollowedSlot.awaitReading(reader);

            cursor.connection().reset();

            assertThat(waits).succeedsWithin(Duration.ofSeconds(20)).isNull();
            assertThatThrownBy(cursor::readMessage)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the connection was reset");
        }
    }

    @Test
    void inTheMiddleOfALargeTransactionItIsCancelled(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run(FollowedSlot.many("t", 1, 400_000));
            TransactionStream stream = slot.stream(options -> options.streaming(false));
            stream.next();

            stream.cursor().connection().reset();

            assertThat(stream.cursor().identifySystem().database()).isEqualTo(database.name());
            Await.until("the slot is free", PATIENCE, () -> !slot.isUsed());
        }
    }

    @Test
    void aStreamThatBeginsWhileTheResetWaitsForItsTurnEndsAsWell(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE);
                PgConnection holder = Howdah.connect(database.dsn());
                PgConnection db = Howdah.connect(database.dsn() + " replication=database")) {
            ReplicationCursor cursor = db.cursor(ReplicationCursor::new);
            HeldLock lock = HeldLock.by(holder);
            FutureTask<List<Result>> first = new FutureTask<>(() -> db.script(HeldLock.PASS));
            Thread.ofVirtual().start(first);
            lock.awaitWaiter();
            FutureTask<Boolean> second = new FutureTask<>(() -> {
                cursor.startReplication(slot.options());
                return true;
            });
            awaitTurn(Thread.ofVirtual().start(second));
            FutureTask<Boolean> third = new FutureTask<>(() -> {
                db.reset();
                return true;
            });
            awaitTurn(Thread.ofVirtual().start(third));

            lock.release();

            assertThat(first).succeedsWithin(PATIENCE);
            assertThat(third).succeedsWithin(PATIENCE);
            // The stream had not begun yet, or was ended.
            assertThat(second)
                    .satisfiesAnyOf(
                            begun -> assertThat(begun).succeedsWithin(PATIENCE),
                            refused -> assertThat(refused)
                                    .failsWithin(PATIENCE)
                                    .withThrowableOfType(ExecutionException.class)
                                    .havingCause()
                                    .isInstanceOf(IllegalStateException.class));
            assertThat(cursor.isStreaming()).isFalse();
            assertThat(db.query("select 1")).hasSize(1);
        }
    }

    private static void awaitTurn(Thread thread) {
        Await.until("it waits for its turn", PATIENCE, () -> thread.getState() == Thread.State.WAITING);
    }
}
