package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.CheckViolationException;
import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.PgException;
import dev.howdah.error.UniqueViolationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One statement with many sets of parameters. */
class ExecuteManyIT extends DriverContract {

    private static final String INSERT = "insert into many(id, name) values ($1, $2)";

    @BeforeEach
    void emptyTable() {
        db.execute("create temp table many (id int primary key check (id < 1000000), name text)");
    }

    private long count() {
        return db.queryValue("select count(*) from many", Long.class);
    }

    @Test
    void everySetIsCounted() {
        BatchResult made = db.executeMany(INSERT, List.of(List.of(1, "a"), List.of(2, "b"), List.of(3, "c")));
        assertThat(made.size()).isEqualTo(3);
        assertThat(made.rowCount()).isEqualTo(3);
        assertThat(made.rows().isEmpty()).isTrue();
        BatchResult changed = db.executeMany(
                "update many set name = 'x' where id >= $1", List.of(List.of(2), List.of(9), List.of(1)));
        assertThat(IntStream.range(0, 3).mapToLong(changed::rowCount)).containsExactly(2L, 0L, 3L);
        assertThat(changed.rowCount()).isEqualTo(5);
    }

    @Test
    void setsAreListsOrArraysAndHoldNulls() {
        db.executeMany(INSERT, List.of(List.of(1, "a"), new Object[] {2, null}, Arrays.asList(3, null)));
        assertThat(db.query("select name from many order by id").values(String.class))
                .containsExactly("a", null, null);
        assertThatThrownBy(() -> db.executeMany(INSERT, List.of("not a set")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("String");
        assertThat(count()).isEqualTo(3);
    }

    @Test
    void returningGivesTheRowsOfAllSetsInOrder() {
        BatchResult made = db.executeMany(
                INSERT + " returning id * 10 as tens, name", BatchSets.of(500, i -> List.of(i, "n" + i)));
        assertThat(made.rows().size()).isEqualTo(500);
        for (int i = 0; i < 500; i++) {
            assertThat(made.rows().get(i).getInt("tens")).isEqualTo(i * 10);
            assertThat(made.rows().get(i).getString("name")).isEqualTo("n" + i);
        }
    }

    @Test
    void theRowsOfEachSetAreKnown() {
        db.executeMany(INSERT, List.of(List.of(1, "a"), List.of(2, "b"), List.of(3, "c"), List.of(4, "d")));
        BatchResult gone = db.executeMany(
                "delete from many where id between $1 and $2 returning name",
                List.of(List.of(9, 9), List.of(2, 3), List.of(2, 3), List.of(1, 4)));
        assertThat(gone.rows(0).isEmpty()).isTrue();
        assertThat(gone.rows(1).values(String.class)).containsExactly("b", "c");
        assertThat(gone.rows(2).isEmpty()).isTrue();
        assertThat(gone.rows(3).values(String.class)).containsExactly("a", "d");
        assertThatThrownBy(() -> gone.rows(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(db.executeMany(INSERT, List.of(List.of(1, "a"))).rows(0).isEmpty())
                .isTrue();
    }

    @Test
    void noSetsAreNoError() {
        BatchResult none = db.executeMany(INSERT, List.of());
        assertThat(none.size()).isZero();
        assertThat(none.rowCount()).isZero();
        assertThat(none.rows().isEmpty()).isTrue();
        assertThatThrownBy(() -> db.executeMany("insert into nowhere values ($1)", List.of()))
                .hasMessageContaining("nowhere");
    }

    @Test
    void aStatementWithoutParametersTakesEmptySets() {
        BatchResult made = db.executeMany(
                "insert into many values (1, 'x') on conflict do nothing",
                List.of(List.of(), List.of(), new Object[0]));
        assertThat(IntStream.range(0, 3).mapToLong(made::rowCount)).containsExactly(1L, 0L, 0L);
    }

    @Test
    void aFailingSetIsNamedAndAllIsUndone() {
        db.execute("insert into many values (500000, 'in the way')");
        for (int failing : new int[] {0, 1, 777, 4_999}) {
            UniqueViolationException refused = thrown(
                    UniqueViolationException.class,
                    () -> db.executeMany(INSERT, BatchSets.of(5_000, i -> List.of(i == failing ? 500_000 : i, "x"))));
            assertThat(refused.batchSet()).isEqualTo(failing);
            assertThat(refused).hasMessageContaining("Set " + failing + " of the batch");
            assertThat(count()).isEqualTo(1);
        }
    }

    @Test
    void insideATransactionAFailingSetAbortsIt() {
        try (Transaction tx = db.begin()) {
            db.executeMany(INSERT, List.of(List.of(1, "a")));
            assertThatThrownBy(() -> db.executeMany(INSERT, List.of(List.of(2, "b"), List.of(1, "again"))))
                    .isInstanceOf(UniqueViolationException.class);
            assertThatThrownBy(() -> db.query("select 1")).isInstanceOf(FailedTransactionException.class);
            tx.rollback();
        }
        try (Transaction tx = db.begin()) {
            db.executeMany(INSERT, List.of(List.of(1, "a"), List.of(2, "b")));
            try (Transaction inner = db.begin()) {
                assertThatThrownBy(() -> db.executeMany(INSERT, List.of(List.of(3, "c"), List.of(1, "again"))))
                        .isInstanceOf(UniqueViolationException.class);
                inner.rollback();
            }
            tx.commit();
        }
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void aValueThatIsRefusedHereUndoesWhatWasSentBefore() {
        for (int failing : new int[] {0, 1, 9_999}) {
            ConversionException refused = thrown(
                    ConversionException.class,
                    () -> db.executeMany(
                            INSERT,
                            BatchSets.of(10_000, i -> List.of(i, i == failing ? new Object() : "n".repeat(50)))));
            assertThat(refused.batchSet()).isEqualTo(failing);
            assertThat(refused).hasMessageContaining("$2");
            assertThat(count()).isZero();
        }
    }

    @Test
    void aSetOfTheWrongSizeUndoesWhatWasSentBefore() {
        assertThatThrownBy(() -> db.executeMany(
                        INSERT, BatchSets.of(10_000, i -> i == 9_000 ? List.of(i) : List.of(i, "n".repeat(50)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Set 9000 of the batch (counted from 0): the statement takes 2 parameters, 1 was given");
        assertThat(count()).isZero();
    }

    @Test
    void insideATransactionAValueThatIsRefusedHereAbortsIt() {
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> db.executeMany(
                            INSERT, BatchSets.of(10_000, i -> List.of(i, i == 9_999 ? new Object() : "n".repeat(50)))))
                    .isInstanceOf(ConversionException.class);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
            tx.rollback();
        }
        assertThat(count()).isZero();
    }

    @Test
    void anIteratorThatThrowsUndoesWhatWasSentBeforeAndItsExceptionIsPassedOn() {
        for (int failing : new int[] {0, 1, 9_999}) {
            IllegalCallerException own = new IllegalCallerException("the iterator's own");
            assertThatThrownBy(() -> db.executeMany(INSERT, BatchSets.of(10_000, i -> {
                        if (i == failing) {
                            throw own;
                        }
                        return List.of(i, "n".repeat(50));
                    })))
                    .isSameAs(own);
            assertThat(count()).isZero();
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        }
        assertThatThrownBy(() -> db.executeMany(INSERT, () -> {
                    throw new IllegalCallerException("no iterator");
                }))
                .isInstanceOf(IllegalCallerException.class);
    }

    @Test
    void noSetIsBlamedForWhatTheIteratorThrows() {
        ConversionException own = new ConversionException("from elsewhere", Delivery.COMPLETED, null);
        assertThatThrownBy(() -> db.executeMany(INSERT, BatchSets.of(10, i -> {
                    if (i == 5) {
                        throw own;
                    }
                    return List.of(i, "n");
                })))
                .isSameAs(own)
                .hasMessage("from elsewhere");
        assertThat(count()).isZero();
    }

    @Test
    void anErrorThatTheIteratorThrowsIsPassedOnToo() {
        AssertionError own = new AssertionError("the iterator's own");
        assertThatThrownBy(() -> db.executeMany(INSERT, BatchSets.of(10_000, i -> {
                    if (i == 9_999) {
                        throw own;
                    }
                    return List.of(i, "n".repeat(50));
                })))
                .isSameAs(own);
        assertThat(count()).isZero();
    }

    @Test
    void anIteratorThatUsesTheConnectionIsToldSo() {
        assertThatThrownBy(() -> db.executeMany(
                        INSERT,
                        BatchSets.of(10, i -> List.of(i, db.query("select 1").toString()))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in the middle of an operation");
        assertThat(count()).isZero();
    }

    @Test
    void aHundredThousandSets() {
        int sets = place.amount(100_000, 20_000);
        BatchResult made = db.executeMany(INSERT, BatchSets.of(sets, i -> new Object[] {i, "name " + i}));
        assertThat(made.size()).isEqualTo(sets);
        assertThat(made.rowCount()).isEqualTo(sets);
        assertThat(db.queryValue("select sum(id) from many", Long.class)).isEqualTo((long) sets * (sets - 1) / 2);
    }

    @Test
    void wideAnswersDoNotBlockWideRequests() {
        int sets = place.amount(50_000, 5_000);
        String wide = "w".repeat(1_000);
        BatchResult echoed =
                db.executeMany("select $1::int as i, $2::text as t", BatchSets.of(sets, i -> List.of(i, wide)));
        assertThat(echoed.rowCount()).isEqualTo(sets);
        assertThat(echoed.rows().size()).isEqualTo(sets);
        assertThat(echoed.rows().get(sets - 1).getInt("i")).isEqualTo(sets - 1);
        assertThat(echoed.rows().get(sets / 2).getString("t")).isEqualTo(wide);
    }

    @Test
    void aSetLargerThanAPageTravels() {
        byte[] large = new byte[3_000_000];
        BatchResult echoed = db.executeMany("select length($1::bytea)", List.of(List.of(large), List.of(large)));
        assertThat(echoed.rows().values(Integer.class)).containsExactly(3_000_000, 3_000_000);
    }

    @Test
    void aCheckThatFailsAtTheEndUndoesAHundredPages() {
        PgException refused = thrown(
                CheckViolationException.class,
                () -> db.executeMany(
                        INSERT, BatchSets.of(20_000, i -> List.of(i == 19_999 ? 1_000_000 : i, "n".repeat(100)))));
        assertThat(refused.batchSet()).isEqualTo(19_999);
        assertThat(count()).isZero();
    }

    @Test
    void afterARefusalTheIteratorIsNotAskedForEver() {
        List<Integer> asked = new ArrayList<>();
        assertThatThrownBy(() -> db.executeMany(INSERT, BatchSets.of(5_000_000, i -> {
                    asked.add(i);
                    return List.of(1, "n".repeat(100));
                })))
                .isInstanceOf(UniqueViolationException.class);
        assertThat(asked.size()).isLessThan(5_000_000);
    }
}
