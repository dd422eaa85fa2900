package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.DataException;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Much of everything: neither side ever waits for the other to read, and memory is not without bounds. */
@Timeout(300)
class PipelineLimitsIT extends DriverContract {

    @Override
    boolean hearsWhileIdle() {
        return true;
    }

    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    @ParameterizedTest
    @EnumSource
    void aHundredThousandStatementsAreQueuedBeforeAnyAnswerIsTaken(PipelineMode mode) {
        int count = place.amount(100_000, 5_000);
        List<PipelineAnswer<Integer>> answers = new ArrayList<>(count);
        try (Pipeline p = db.pipeline(mode)) {
            for (int i = 0; i < count; i++) {
                answers.add(p.queryValue("select $1::int * 2", Integer.class, i));
            }
            p.sync();
            for (int i = 0; i < count; i++) {
                assertThat(answers.get(i).get()).isEqualTo(i * 2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAHundredThousandEachHasItsOwnOutcome(PipelineMode mode) {
        int count = place.amount(100_000, 3_000);
        List<PipelineAnswer<Integer>> answers = new ArrayList<>(count);
        int refused = 0;
        int skipped = 0;
        try (Pipeline p = db.pipeline(mode)) {
            for (int i = 0; i < count; i++) {
                answers.add(p.queryValue("select 100 / $1::int", Integer.class, i % 1_000 == 500 ? 0 : 100));
                if (i % 1_000 == 999) {
                    p.sync();
                }
            }
            p.sync();
            for (PipelineAnswer<Integer> answer : answers) {
                try {
                    assertThat(answer.get()).isEqualTo(1);
                } catch (DataException e) {
                    refused++;
                } catch (dev.howdah.error.PipelineAbortedException e) {
                    skipped++;
                }
            }
        }
        assertThat(refused).isEqualTo(count / 1_000);
        assertThat(skipped).isEqualTo(mode == PipelineMode.SYNC_EACH ? 0 : count / 1_000 * 499);
    }

    @ParameterizedTest
    @EnumSource
    void bothSidesFullIsNoDeadlock(PipelineMode mode) {
        int count = place.amount(1_000, 100);
        String wide = "w".repeat(100_000);
        try (Pipeline p = db.pipeline(mode)) {
            List<PipelineAnswer<String>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(p.queryValue("select $1::text || $2::int", String.class, wide, i));
            }
            p.sync();
            for (int i = 0; i < count; i++) {
                assertThat(answers.get(i).get())
                        .hasSize(100_000 + String.valueOf(i).length());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void largeAnswersTakenAsTheyComeAreNotReadAhead(PipelineMode mode) {
        int count = place.amount(400, 30);
        int window = 16;
        String query = "select repeat('r', 1000) from generate_series(1, $1::int)";
        ArrayDeque<PipelineAnswer<Rows>> waiting = new ArrayDeque<>();
        db.query(query, 1);
        int most = 0;
        try (Pipeline p = db.pipeline(mode)) {
            for (int i = 0; i < count || !waiting.isEmpty(); i++) {
                if (i < count) {
                    waiting.add(p.query(query, 1_000));
                }
                if (i >= window || i >= count) {
                    assertThat(waiting.remove().get()).hasSize(1_000);
                    most = Math.max(most, (int)
                            waiting.stream().filter(PipelineAnswer::isDone).count());
                }
            }
        }
        // What one wait reads: 16 buffers of the socket, of answers of a megabyte.
        assertThat(most).isLessThan(window / 2);
    }

    /** A thread that a callback has wait in a selector does not look as if it waited. */
    private boolean waitsInASelector(AtomicInteger queued) {
        return place.face() == Place.Face.CALLBACK && queued.get() > 0;
    }

    @Test
    void queueingWaitsWhenTheServerTakesNoMore() throws Exception {
        int count = place.amount(2_000, 500);
        String wide = "w".repeat(100_000);
        PgConnection holder = connect();
        holder.query("select pg_advisory_lock(4711)");
        AtomicInteger queued = new AtomicInteger();
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<Long> queueing = elsewhere(() -> {
            thread.set(Thread.currentThread());
            long sum = 0;
            try (Pipeline p = db.pipeline()) {
                p.query("select pg_advisory_xact_lock(4711)");
                List<PipelineAnswer<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    answers.add(p.queryValue("select length($1::text)", Integer.class, wide));
                    queued.incrementAndGet();
                }
                p.sync();
                for (PipelineAnswer<Integer> answer : answers) {
                    sum += answer.get();
                }
            }
            return sum;
        });
        Await.until(
                "the server waits for the lock and we for the server",
                PATIENCE,
                () -> activity(db, "wait_event_type").equals("Lock")
                        && (thread.get().getState() == Thread.State.WAITING || waitsInASelector(queued)));
        assertThat(queued.get()).isLessThan(count / 2);
        holder.query("select pg_advisory_unlock(4711)");
        assertThat(result(queueing)).isEqualTo(count * 100_000L);
    }

    @Test
    void whileNobodyTakesAnswersAListenerDoesNotMakeThemPileUp() {
        NotificationListener listener = (connection, notification) -> {};
        db.addListener("pile", listener);
        String query = "select repeat('r', 1000) from generate_series(1, $1::int)";
        db.query(query, 1);
        try (Pipeline p = db.pipeline(PipelineMode.SYNC_EACH)) {
            List<PipelineAnswer<Rows>> answers = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                answers.add(p.query(query, 1_000));
            }
            p.sync();
            Await.until(
                    "the loop has read one", PATIENCE, () -> answers.getFirst().isDone());
            assertThat(answers.stream().filter(PipelineAnswer::isDone)).hasSizeLessThan(30);
            for (PipelineAnswer<Rows> answer : answers) {
                assertThat(answer.get()).hasSize(1_000);
            }
        }
        db.removeListener("pile", listener);
    }
}
