package dev.howdah.replication;

import static dev.howdah.replication.InsertedIds.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams of a slot that one thread reads, others acknowledge, and others end, by all that ends a stream and several at once, while
 * somebody writes: nothing is left out, and what was acknowledged before an orderly end does not come again.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class StreamChaosIT {

    private static final int STREAMS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<End> ALL = List.of(End.values());
    private static final String TABLE =
            "create table t (id int primary key, doc text); create publication p for all tables";

    /** What is done to a stream. */
    private enum End {
        STOP(true),
        CLOSE(true),
        RESET(true),
        CLOSE_CONNECTION(true),
        /** Ends nothing. */
        INTERRUPT(true),
        /** May have ended it on the server before that has read what it was told. */
        CANCEL(false),
        TERMINATE(false);

        private final boolean orderly;

        End(boolean orderly) {
            this.orderly = orderly;
        }
    }

    private record Held(int id, ReplicatedTransaction transaction) {}

    private final Random random = new Random();
    /** Which transactions of this stream, and those before, somebody has begun to acknowledge, and which have been. */
    private final BitSet begun = new BitSet();

    private final BitSet acknowledged = new BitSet();
    private final AtomicInteger written = new AtomicInteger();
    /** For who looks into a failure. */
    private final ConcurrentLinkedQueue<String> story = new ConcurrentLinkedQueue<>();

    private FutureTask<Boolean> elsewhere(Runnable work) {
        FutureTask<Boolean> task = new FutureTask<>(work, true);
        (random.nextBoolean() ? Thread.ofVirtual() : Thread.ofPlatform()).start(task);
        return task;
    }

    private static void join(FutureTask<Boolean> task) {
        assertThat(task).succeedsWithin(PATIENCE);
    }

    private static void mark(BitSet what, int id) {
        synchronized (what) {
            what.set(id);
        }
    }

    private static int upTo(BitSet what) {
        synchronized (what) {
            return what.nextClearBit(1) - 1;
        }
    }

    /** What comes again counts when it is acknowledged again. */
    private static void forget(BitSet what, int from) {
        synchronized (what) {
            what.clear(from, what.size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void nothingIsLeftOutAndWhatWasAcknowledgedDoesNotComeAgain(int version) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (TestDatabase database = SharedServers.get(version).createDatabase();
                FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            FutureTask<Boolean> writer = elsewhere(() -> write(slot, over));
            int certain = 0;
            try {
                for (int i = 0; i < STREAMS; i++) {
                    Await.until("the slot is free", PATIENCE, () -> !slot.isUsed());
                    try (PgConnection db = Howdah.connect(database.dsn() + " replication=database")) {
                        certain = new Following(slot, db, certain).run();
                    }
                }
            } finally {
                over.set(true);
                join(writer);
            }
        }
        assertThat(upTo(acknowledged)).isGreaterThan(STREAMS);
    }

    private void write(FollowedSlot slot, AtomicBoolean over) {
        while (!over.get()) {
            slot.run("insert into t values (" + written.incrementAndGet() + ", 'written')");
            Await.until("it is read", PATIENCE, () -> over.get() || written.get() < upTo(begun) + 500);
        }
    }

    /** A stream from its beginning to its end. */
    private final class Following {
        private final FollowedSlot slot;
        private final PgConnection db;
        private final TransactionStream stream;
        /** Up to where the server has been told for certain that it was acknowledged. */
        private final int certain;

        private final List<End> ends = new ArrayList<>();
        private final List<FutureTask<Boolean>> acknowledging = new ArrayList<>();
        private final List<Held> held = new ArrayList<>();
        private volatile boolean enough;
        private int last;
        private int passedOver;

        Following(FollowedSlot slot, PgConnection db, int certain) {
            this.slot = slot;
            this.db = db;
            this.certain = certain;
            this.stream = TransactionStream.open(
                    db.cursor(ReplicationCursor::new),
                    TransactionStreamOptions.slot(slot.name()).publications("p"));
            for (int i = 0; i <= random.nextInt(2); i++) {
                ends.add(ALL.get(random.nextInt(ALL.size())));
            }
        }

        /** Returns up to where the server has been told. */
        int run() throws Exception {
            int goal = upTo(begun) + 1 + random.nextInt(30);
            FutureTask<Boolean> reading = new FutureTask<>(this::read, true);
            Thread reader = Thread.ofPlatform().start(reading);
            FutureTask<Boolean> disturbing = elsewhere(this::disturb);
            Await.until("it gets on", PATIENCE, () -> reading.isDone() || upTo(begun) >= goal);
            int told = upTo(acknowledged);
            List<FutureTask<Boolean>> ending = new ArrayList<>();
            ends.forEach(end -> ending.add(elsewhere(() -> end(end, reader))));
            ending.forEach(StreamChaosIT::join);
            enough = true;
            join(reading);
            join(disturbing);
            acknowledging.forEach(StreamChaosIT::join);
            if (stream.cursor().isStreaming()) {
                told = upTo(acknowledged);
                end(End.CLOSE, reader);
            }
            story.add(ends + " at " + told);
            return ends.stream().allMatch(end -> end.orderly) ? told : certain;
        }

        private void read() {
            while (!enough) {
                try {
                    ReplicatedTransaction next = stream.next(Duration.ofMillis(200));
                    if (next != null) {
                        read(next);
                    } else if (!stream.cursor().isStreaming()) {
                        return;
                    }
                } catch (InterruptedWaitException e) {
                    assertThat(ends).contains(End.INTERRUPT);
                    assertThat(Thread.interrupted()).isTrue();
                } catch (PgException | IllegalStateException e) {
                    assertThat(enough || ends.stream().anyMatch(end -> end != End.INTERRUPT))
                            .as("%s", e)
                            .isTrue();
                    story.add("reading: " + e.getMessage());
                    return;
                }
            }
        }

        private void read(ReplicatedTransaction transaction) {
            int id;
            try {
                id = ids(transaction).getFirst();
            } catch (InterruptedWaitException e) {
                // What was not read of it is passed over by the next call.
                passedOver++;
                throw e;
            }
            int most = (last == 0 ? upTo(begun) : last) + 1 + passedOver;
            assertThat(id).as("%s", story).isBetween(last == 0 ? certain + 1 : most, most);
            if (last == 0) {
                forget(begun, id);
                forget(acknowledged, id);
            }
            passedOver = 0;
            last = id;
            held.add(new Held(id, transaction));
            if (random.nextInt(4) == 0) {
                acknowledgeHeld();
            }
        }

        /** Acknowledges in another order, here or elsewhere. */
        private void acknowledgeHeld() {
            List<Held> all = List.copyOf(held).reversed();
            held.clear();
            Runnable work = () -> all.forEach(one -> {
                mark(begun, one.id);
                one.transaction.acknowledge();
                mark(acknowledged, one.id);
            });
            if (random.nextBoolean()) {
                work.run();
            } else {
                acknowledging.add(elsewhere(work));
            }
        }

        private void end(End end, Thread reader) {
            try {
                switch (end) {
                    case STOP -> stream.cursor().stopReplication();
                    case CLOSE -> stream.close();
                    case RESET -> db.reset();
                    case CLOSE_CONNECTION -> db.close();
                    case CANCEL -> db.cancel();
                    case INTERRUPT -> reader.interrupt();
                    case TERMINATE -> slot.terminate(stream.cursor());
                }
            } catch (ConnectionLostException | ConnectionClosedException e) {
                assertThat(ends).containsAnyOf(End.TERMINATE, End.CLOSE_CONNECTION);
                story.add(end + ": " + e.getMessage());
            }
        }

        /** What others try on the connection meanwhile: it may be refused. */
        private void disturb() {
            for (int i = 0; i < 5; i++) {
                try {
                    switch (random.nextInt(3)) {
                        case 0 -> db.query("select 1");
                        case 1 -> stream.cursor().sendFeedback(null, null, null, true, true);
                        default -> stream.cursor().identifySystem();
                    }
                } catch (PgException | IllegalStateException e) {
                    story.add("disturbing: " + e.getMessage());
                }
            }
        }
    }
}
