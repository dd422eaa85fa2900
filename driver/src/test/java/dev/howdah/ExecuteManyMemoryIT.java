package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.UniqueViolationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a batch yields is handed over as it comes, and what stops a batch in its middle. */
class ExecuteManyMemoryIT extends DriverContract {

    private static final String INSERT = "insert into handed(id, name) values ($1, $2)";
    private static final int ENDLESS = Integer.MAX_VALUE;

    @BeforeEach
    void emptyTable() {
        db.execute("create temp table handed (id int primary key, name text)");
    }

    private long count() {
        return db.queryValue("select count(*) from handed", Long.class);
    }

    @ParameterizedTest
    @EnumSource
    void theConsumerGetsEverySetOnceAndInOrder(BatchMode mode) {
        int sets = place.amount(50_000, 9_000);
        List<Integer> tens = new ArrayList<>();
        AtomicLong seen = new AtomicLong();
        long total = db.executeMany(
                INSERT + " returning id * 10", BatchSets.of(sets, i -> List.of(i, "n" + i)), mode, (first, page) -> {
                    assertThat((long) first).isEqualTo(seen.get());
                    seen.addAndGet(page.size());
                    assertThat(page.rowCount()).isEqualTo(page.size());
                    assertThat(page.size()).isLessThan(9_000);
                    assertThat(page.rows(page.size() - 1).get(0).getInt(0)).isEqualTo((first + page.size() - 1) * 10);
                    tens.addAll(page.rows().values(Integer.class));
                });
        assertThat(total).isEqualTo(sets);
        assertThat(seen.get()).isEqualTo(sets);
        assertThat(tens).hasSize(sets);
        for (int i = 0; i < sets; i++) {
            assertThat(tens.get(i)).isEqualTo(i * 10);
        }
        assertThat(count()).isEqualTo(sets);
    }

    @Test
    void aConsumerOfNothingIsNotCalled() {
        BatchConsumer consumer = (first, page) -> {
            throw new AssertionError("called");
        };
        assertThat(db.executeMany(INSERT, List.of(), consumer)).isZero();
        assertThat(db.executeMany(INSERT, List.of(), BatchMode.ARRAYS, consumer))
                .isZero();
    }

    @Test
    void aSlowConsumerSlowsTheIteratorDown() {
        int sets = place.amount(30_000, 6_000);
        String wide = "w".repeat(10_000);
        AtomicLong asked = new AtomicLong();
        AtomicLong taken = new AtomicLong();
        AtomicLong most = new AtomicLong();
        AtomicLong largest = new AtomicLong();
        db.executeMany(
                "select $1::int, $2::text",
                BatchSets.of(sets, i -> {
                    asked.incrementAndGet();
                    most.accumulateAndGet(asked.get() - taken.get(), Math::max);
                    return List.of(i, wide);
                }),
                (first, page) -> {
                    taken.addAndGet(page.size());
                    largest.accumulateAndGet(page.rows().size(), Math::max);
                });
        assertThat(taken.get()).isEqualTo(sets);
        // A page is 256 KiB, and one read of the socket more.
        assertThat(largest.get()).isLessThan(60);
        // What the buffers of two sockets may hold between iterator and consumer, of 300 megabytes in all.
        assertThat(most.get()).isLessThan(4_000);
    }

    @Test
    void rowsOfOneSetThatAreMoreThanAPageComeInSeveral() {
        int rows = 300_000;
        List<String> pages = new ArrayList<>();
        AtomicLong got = new AtomicLong();
        long total = db.executeMany(
                "select g from generate_series(1, $1) g",
                List.of(List.of(3), List.of(rows), List.of(0), List.of(2)),
                (first, page) -> {
                    // 256 KiB of rows of 10 bytes, and one read of the socket more.
                    assertThat(page.rows().size()).isLessThan(rows / 4);
                    got.addAndGet(page.rows().size());
                    for (int i = 0; i < page.size(); i++) {
                        pages.add((first + i) + ":" + page.rowCount(i));
                    }
                });
        assertThat(total).isEqualTo(rows + 5L);
        assertThat(got.get()).isEqualTo(rows + 5L);
        assertThat(pages).containsExactly("0:3", "1:" + rows, "2:0", "3:2");
    }

    @Test
    void wideAnswersDoNotBlockWideRequestsWhoeverTakesThem() {
        int sets = place.amount(2_000, 300);
        String wide = "w".repeat(20_000);
        AtomicLong rows = new AtomicLong();
        db.executeMany(
                "select $2::text from generate_series(1, $1)",
                BatchSets.of(sets, i -> List.of(10, wide)),
                (first, page) -> rows.addAndGet(page.rows().size()));
        assertThat(rows.get()).isEqualTo(sets * 10L);
    }

    @ParameterizedTest
    @EnumSource
    void whatTheConsumerThrowsUndoesAllAndIsPassedOn(BatchMode mode) {
        for (int failing : new int[] {0, 4_999}) {
            IllegalCallerException own = new IllegalCallerException("the consumer's own");
            assertThatThrownBy(() ->
                            db.executeMany(INSERT, BatchSets.of(5_000, i -> List.of(i, "n")), mode, (first, page) -> {
                                if (first + page.size() > failing) {
                                    throw own;
                                }
                            }))
                    .isSameAs(own);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
            assertThat(count()).isZero();
        }
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> db.executeMany(INSERT, List.of(List.of(1, "a")), mode, (first, page) -> {
                        throw new AssertionError("the consumer's own");
                    }))
                    .isInstanceOf(AssertionError.class);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
            tx.rollback();
        }
    }

    @Test
    void aConsumerThatUsesTheConnectionIsToldSo() {
        assertThatThrownBy(() -> db.executeMany(
                        INSERT, List.of(List.of(1, "a")), (first, page) -> db.queryValue("select 1", Integer.class)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in the middle of an operation");
        assertThat(count()).isZero();
    }

    @Test
    void aFailureBehindPagesThatWereHandedOverUndoesThem() {
        AtomicLong taken = new AtomicLong();
        UniqueViolationException refused = thrown(
                UniqueViolationException.class,
                () -> db.executeMany(
                        INSERT,
                        BatchSets.of(20_000, i -> List.of(i == 19_999 ? 0 : i, "n")),
                        (first, page) -> taken.addAndGet(page.size())));
        assertThat(refused.batchSet()).isEqualTo(19_999);
        assertThat(taken.get()).isPositive();
        assertThat(count()).isZero();
        ConversionException here = thrown(
                ConversionException.class,
                () -> db.executeMany(
                        INSERT,
                        BatchSets.of(20_000, i -> List.of(i, i == 19_999 ? new Object() : "n")),
                        (first, page) -> taken.addAndGet(page.size())));
        assertThat(here.batchSet()).isEqualTo(19_999);
        assertThat(count()).isZero();
    }

    @Test
    void beforeTheFirstAnswerNoMoreThanAPageIsTaken() {
        AtomicLong asked = new AtomicLong();
        UniqueViolationException refused = thrown(
                UniqueViolationException.class,
                () -> db.executeMany(INSERT, BatchSets.of(ENDLESS, i -> {
                    asked.incrementAndGet();
                    return List.of(7, "n".repeat(1_000));
                })));
        assertThat(refused.batchSet()).isEqualTo(1);
        assertThat(asked.get()).isLessThan(200);
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutEndsABatchThatNeverWaits(BatchMode mode) {
        // The server is faster than this iterator, so no statement runs that a cancel request could hit.
        QueryTimeoutException late = thrown(
                QueryTimeoutException.class,
                () -> db.withTimeout(Duration.ofMillis(200))
                        .executeMany(INSERT, BatchSets.of(ENDLESS, i -> List.of(i, "n")), mode));
        assertThat(late.isSafeToRetry()).isFalse();
        assertThat(count()).isZero();
    }

    @Test
    void anInterruptEndsABatchInItsMiddle() {
        assertThatThrownBy(() -> db.executeMany(INSERT, BatchSets.of(ENDLESS, i -> {
                    if (i == 10_000) {
                        Thread.currentThread().interrupt();
                    }
                    return List.of(i, "n");
                })))
                .isInstanceOf(InterruptedWaitException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(count()).isZero();
    }

    @Test
    void aCancelThatComesWhileTheServerWaitsForMoreEndsTheBatch() {
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> db.executeMany(INSERT, BatchSets.of(ENDLESS, i -> {
                        if (i == 10_000) {
                            cancelElsewhere();
                        }
                        return List.of(i, "n");
                    })))
                    .isInstanceOf(QueryCanceledException.class);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
            tx.rollback();
        }
        assertThat(db.executeMany(INSERT, List.of(List.of(1, "a"))).rowCount()).isEqualTo(1);
    }

    private void cancelElsewhere() {
        try {
            assertThat(result(elsewhere(db::cancel))).isTrue();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
