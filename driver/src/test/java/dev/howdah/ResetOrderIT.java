package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for its turn on a connection behind a reset. */
class ResetOrderIT extends DriverContract {

    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    private final AtomicReference<Transaction> transaction = new AtomicReference<>();

    @BeforeEach
    void emptyTable() {
        db.execute("drop table if exists left_behind; create table left_behind (x int)");
    }

    /** Lets a statement of a transaction take its time, a reset wait for that, and some work of another thread for the reset. */
    private <T> Future<T> behindAReset(Callable<?> begin, Callable<T> work) throws Exception {
        HeldLock lock = HeldLock.by(connect());
        Future<List<Result>> statement = elsewhere(() -> {
            begin.call();
            db.execute("insert into left_behind values (1)");
            return db.script(HeldLock.PASS);
        });
        lock.awaitWaiter();
        Future<Boolean> reset = elsewhereAndWaiting(() -> {
            db.reset();
            return true;
        });
        Future<T> last = elsewhereAndWaiting(work);
        lock.release();
        assertThat(result(statement)).hasSize(2);
        assertThat(result(reset)).isTrue();
        return last;
    }

    private static void assertRefused(Future<?> work) {
        assertThat(work)
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(IllegalStateException.class)
                .withMessageContaining("the connection was reset");
    }

    private Object begin() {
        transaction.set(db.begin());
        return transaction.get();
    }

    private void assertNothingLeft() {
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        assertThat(db.queryValue("select count(*) from left_behind", Long.class))
                .isZero();
        try (Transaction next = db.begin()) {
            db.execute("insert into left_behind values (2)");
            next.commit();
        }
        assertThat(db.query("select x from left_behind").values(Integer.class)).containsExactly(2);
    }

    @Test
    void aCommitDoesNotSayThatWhatWasRolledBackHasBeenCommitted() throws Exception {
        Future<Boolean> commit = behindAReset(this::begin, () -> {
            transaction.get().commit();
            return true;
        });

        assertRefused(commit);
        assertThat(transaction.get().isOpen()).isFalse();
        assertNothingLeft();
    }

    @Test
    void aRollbackIsRefusedAndAClosedTransactionIsClosed() throws Exception {
        Future<Boolean> rollback = behindAReset(this::begin, () -> {
            transaction.get().rollback();
            return true;
        });
        assertRefused(rollback);
        Future<Boolean> close = behindAReset(this::begin, () -> {
            transaction.get().close();
            return true;
        });
        assertThat(close).succeedsWithin(PATIENCE);
        assertNothingLeft();
    }

    @Test
    void aTwoPhaseTransactionIsNeitherCommittedNorPrepared() throws Exception {
        Xid xid = Xid.of(6, "behind " + place, "");
        Callable<Boolean> begin = () -> {
            db.twoPhase().begin(xid);
            return true;
        };
        Future<Boolean> commit = behindAReset(begin, () -> {
            db.twoPhase().commit();
            return true;
        });
        assertRefused(commit);
        Future<Boolean> prepare = behindAReset(begin, () -> {
            db.twoPhase().prepare();
            return true;
        });
        assertRefused(prepare);
        assertNothingLeft();
        assertThat(db.twoPhase().recover())
                .extracting(PreparedTransaction::xid)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .doesNotContain(xid);
    }

    @Test
    void workThatIsResetMidwayRunsNothingOutsideOfItsTransactionAndFails() {
        assertThatThrownBy(() -> db.inTransaction(tx -> {
                    db.execute("insert into left_behind values (1)");
                    resetElsewhere();
                    for (ThrowingCallable more : List.<ThrowingCallable>of(
                            () -> db.execute("insert into left_behind values (2)"),
                            () -> db.script("insert into left_behind values (3)"),
                            () -> db.executeMany("insert into left_behind values ($1)", List.of(List.of(4))),
                            () -> db.inTransaction(inner -> db.execute("insert into left_behind values (5)")),
                            () -> db.copyIn("left_behind").from(List.of(List.of(6))),
                            () -> db.cursor("late").execute("select 7"),
                            () -> db.largeObjects().openNew(),
                            db::pipeline)) {
                        assertThatThrownBy(more)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("the connection was reset");
                    }
                    return true;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the connection was reset");

        assertNothingLeft();
    }

    @Test
    void workThatResetsTheConnectionItselfGoesOnAndFails() {
        assertThatThrownBy(() -> db.inTransaction(tx -> {
                    resetElsewhere();
                    db.reset();
                    return db.queryValue("select 7", Integer.class);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the connection was reset");

        assertNothingLeft();
    }

    private void resetElsewhere() throws Exception {
        assertThat(result(elsewhere(() -> {
                    db.reset();
                    return true;
                })))
                .isTrue();
    }

    @Test
    void whatBelongsToNoTransactionRunsWhenTheResetIsDone() throws Exception {
        Future<Integer> query = behindAReset(this::begin, () -> db.queryValue("select 7", Integer.class));

        assertThat(result(query)).isEqualTo(7);
        assertNothingLeft();
    }
}
