package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.ReadOnlyTransactionException;
import dev.howdah.error.SerializationFailureException;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions: what is kept, what is undone, and who waits. */
class TransactionIT extends DriverContract {

    @BeforeEach
    void emptyTable() {
        db.execute("drop table if exists kept; create table kept (x int primary key)");
    }

    private List<Integer> kept() {
        return db.query("select x from kept order by x").as(Integer.class);
    }

    private String show(String setting) {
        return db.query("show " + setting).one().getString(0);
    }

    @Test
    void whatIsCommittedStaysAndWhatIsRolledBackGoes() {
        try (Transaction tx = db.begin()) {
            db.execute("insert into kept values (1)");
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
            tx.commit();
            assertThat(tx.isOpen()).isFalse();
        }
        try (Transaction tx = db.begin()) {
            db.execute("insert into kept values (2)");
            tx.rollback();
        }
        try (Transaction tx = db.begin()) {
            db.execute("insert into kept values (3)");
            assertThat(tx.isNested()).isFalse();
        }
        assertThat(kept()).containsExactly(1);
    }

    @Test
    void anEndedTransactionCannotEndAgainExceptByClose() {
        Transaction tx = db.begin();
        tx.commit();
        assertThatThrownBy(tx::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(tx::rollback).isInstanceOf(IllegalStateException.class);
        tx.close();
    }

    @Test
    void transactionsInsideAreSavepoints() {
        try (Transaction outer = db.begin()) {
            db.execute("insert into kept values (1)");
            try (Transaction inner = db.begin()) {
                assertThat(inner.isNested()).isTrue();
                db.execute("insert into kept values (2)");
                try (Transaction innermost = db.begin()) {
                    db.execute("insert into kept values (3)");
                    innermost.commit();
                }
                inner.rollback();
            }
            try (Transaction inner = db.begin()) {
                db.execute("insert into kept values (4)");
                inner.commit();
            }
            outer.commit();
        }
        assertThat(kept()).containsExactly(1, 4);
    }

    @Test
    void anErrorInASavepointLeavesTheOuterTransactionUsable() {
        try (Transaction outer = db.begin()) {
            db.execute("insert into kept values (1)");
            try (Transaction inner = db.begin()) {
                assertThatThrownBy(() -> db.execute("insert into kept values (1)"))
                        .isInstanceOf(UniqueViolationException.class);
                assertThatThrownBy(inner::commit).isInstanceOf(FailedTransactionException.class);
            }
            db.execute("insert into kept values (2)");
            outer.commit();
        }
        assertThat(kept()).containsExactly(1, 2);
    }

    @Test
    void anOuterTransactionEndsThoseInside() {
        Transaction outer = db.begin();
        Transaction inner = db.begin();
        assertThatThrownBy(outer::commit)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inside");
        outer.rollback();
        assertThat(inner.isOpen()).isFalse();
        inner.close();
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void modesAreThoseOfTheTransactionAlone() {
        String isolation = show("default_transaction_isolation");
        try (Transaction tx = db.begin(Isolation.REPEATABLE_READ)) {
            assertThat(show("transaction_isolation")).isEqualTo("repeatable read");
            assertThat(show("transaction_read_only")).isEqualTo("off");
            tx.commit();
        }
        TransactionMode all =
                TransactionMode.of(Isolation.SERIALIZABLE).withReadOnly(true).withDeferrable(true);
        try (Transaction tx = db.begin(all)) {
            assertThat(show("transaction_isolation")).isEqualTo("serializable");
            assertThat(show("transaction_read_only")).isEqualTo("on");
            assertThat(show("transaction_deferrable")).isEqualTo("on");
            tx.commit();
        }
        try (Transaction tx = db.begin(Isolation.READ_UNCOMMITTED)) {
            assertThat(show("transaction_isolation")).isEqualTo("read uncommitted");
            tx.commit();
        }
        try (Transaction tx = db.begin()) {
            assertThat(show("transaction_isolation")).isEqualTo(isolation);
            assertThat(show("transaction_read_only")).isEqualTo("off");
            assertThat(show("transaction_deferrable")).isEqualTo("off");
            tx.commit();
        }
        assertThat(db.query("select name from pg_settings where source = 'session' and name not like 'client%'")
                        .values(String.class))
                .isEmpty();
    }

    @Test
    void writingInAReadOnlyTransactionIsRefused() {
        try (Transaction tx = db.begin(TransactionMode.DEFAULT.withReadOnly(true))) {
            assertThatThrownBy(() -> db.execute("insert into kept values (1)"))
                    .isInstanceOf(ReadOnlyTransactionException.class);
            tx.rollback();
        }
    }

    @Test
    void aSavepointTakesNoMode() {
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> db.begin(Isolation.SERIALIZABLE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("savepoint");
            tx.commit();
        }
    }

    @Test
    void beginInAFailedTransactionIsRefusedAndLeavesItAsItIs() {
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
            assertThatThrownBy(() -> db.begin()).isInstanceOf(FailedTransactionException.class);
            assertThat(tx.isOpen()).isTrue();
            tx.rollback();
        }
    }

    @Test
    void aCommitThatRolledBackThrowsHoweverItIsAsked() {
        try (Transaction tx = db.begin()) {
            db.execute("insert into kept values (1)");
            assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
            assertThatThrownBy(tx::commit).isInstanceOf(CommitRolledBackException.class);
            assertThat(tx.isOpen()).isFalse();
        }
        for (String commit :
                List.of("commit", " COMMIT ; ", "end", "commit and chain", "/* now /* all */ is */ -- done\n commit")) {
            db.execute("begin");
            assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
            CommitRolledBackException rolledBack = thrown(CommitRolledBackException.class, () -> db.execute(commit));
            assertThat(rolledBack.getCause()).as(commit).hasMessageContaining("22012");
            assertThat(db.info().errorMessage()).isEqualTo(rolledBack.getMessage());
            if (commit.contains("chain")) {
                db.execute("rollback");
            }
        }
        db.execute("begin");
        assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
        assertThatThrownBy(() -> db.query("commit")).isInstanceOf(CommitRolledBackException.class);
        assertThat(kept()).isEmpty();
    }

    @Test
    void aDeferredConstraintFailsTheCommit() {
        db.execute(
                "drop table if exists deferred_t; create table deferred_t (x int unique deferrable initially deferred)");
        try (Transaction tx = db.begin()) {
            db.execute("insert into deferred_t values (1), (1)");
            assertThatThrownBy(tx::commit).isInstanceOf(UniqueViolationException.class);
            assertThat(tx.isOpen()).isFalse();
        }
        assertThat(db.queryValue("select count(*) from deferred_t", Long.class)).isZero();
    }

    @Test
    void withAutocommitOffTheFirstStatementBeginsATransaction() {
        db.setAutocommit(false);
        assertThat(db.autocommit()).isFalse();
        db.commit();
        db.rollback();
        db.execute("insert into kept values (1)");
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        assertThatThrownBy(() -> db.setAutocommit(true)).isInstanceOf(IllegalStateException.class);
        db.rollback();
        db.execute("insert into kept values ($1)", 2);
        db.commit();
        db.executeMany("insert into kept values ($1)", List.of(List.of(3)));
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        db.commit();
        assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
        assertThatThrownBy(() -> db.query("select 1")).isInstanceOf(FailedTransactionException.class);
        assertThatThrownBy(() -> db.commit()).isInstanceOf(CommitRolledBackException.class);
        db.setAutocommit(true);
        assertThat(kept()).containsExactly(2, 3);
    }

    @Test
    void aTransactionWithAutocommitOffEndsItsOwnSavepointOnly() {
        db.setAutocommit(false);
        db.execute("insert into kept values (1)");
        try (Transaction tx = db.begin()) {
            assertThat(tx.isNested()).isTrue();
            db.execute("insert into kept values (2)");
            assertThatThrownBy(() -> db.commit()).isInstanceOf(IllegalStateException.class);
        }
        db.commit();
        try (Transaction tx = db.begin()) {
            assertThat(tx.isNested()).isFalse();
            db.execute("insert into kept values (3)");
            tx.commit();
        }
        db.setAutocommit(true);
        assertThat(kept()).containsExactly(1, 3);
    }

    @Test
    void whatTheBodyReturnsIsCommittedAndWhatItThrowsRollsBack() {
        assertThat(db.<String, RuntimeException>inTransaction(tx -> {
                    db.execute("insert into kept values (1)");
                    return "made";
                }))
                .isEqualTo("made");
        IOException own = new IOException("the body's own");
        assertThatThrownBy(() -> db.inTransaction(tx -> {
                    db.execute("insert into kept values (2)");
                    throw own;
                }))
                .isSameAs(own);
        db.<Void, RuntimeException>inTransaction(tx -> {
            db.execute("insert into kept values (3)");
            tx.rollback();
            return null;
        });
        assertThat(kept()).containsExactly(1);
    }

    @Test
    void aSerializationFailureIsTriedAgain() {
        db.execute("insert into kept values (10)");
        PgConnection rival = connect();
        AtomicInteger tries = new AtomicInteger();
        int seen = db.<Integer, RuntimeException>inTransaction(Isolation.REPEATABLE_READ, tx -> {
            int before = db.queryValue("select max(x) from kept", Integer.class);
            if (tries.incrementAndGet() <= 3) {
                rival.execute("update kept set x = x + 1");
            }
            db.execute("update kept set x = x + 100");
            return before;
        });
        assertThat(tries).hasValue(4);
        assertThat(seen).isEqualTo(13);
        assertThat(kept()).containsExactly(113);
    }

    @Test
    void itIsNotTriedForEver() {
        db.execute("insert into kept values (10)");
        PgConnection rival = connect();
        AtomicInteger tries = new AtomicInteger();
        SerializationFailureException last = thrown(
                SerializationFailureException.class,
                () -> db.<Integer, RuntimeException>inTransaction(Isolation.REPEATABLE_READ, tx -> {
                    tries.incrementAndGet();
                    db.query("select * from kept");
                    rival.execute("update kept set x = x + 1");
                    return (int) db.execute("update kept set x = 0").rowCount();
                }));
        assertThat(last.isSafeToRetry()).isTrue();
        assertThat(tries).hasValue(10);
        assertThat(kept()).containsExactly(20);
    }

    @Test
    void insideAnotherTransactionTheBodyIsASavepointAndNotRunAgain() {
        db.execute("insert into kept values (10)");
        PgConnection rival = connect();
        AtomicInteger tries = new AtomicInteger();
        try (Transaction outer = db.begin(Isolation.REPEATABLE_READ)) {
            db.query("select * from kept");
            rival.execute("update kept set x = x + 1");
            assertThatThrownBy(() -> db.<Long, RuntimeException>inTransaction(tx -> {
                        tries.incrementAndGet();
                        return db.execute("update kept set x = 0").rowCount();
                    }))
                    .isInstanceOf(SerializationFailureException.class);
            assertThat(tries).hasValue(1);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
            outer.rollback();
        }
        assertThat(kept()).containsExactly(11);
    }

    @Test
    void aDeadlockIsTriedAgain() throws Exception {
        db.execute("insert into kept values (10), (20)");
        database().execute("alter database " + database().name() + " set deadlock_timeout = '50ms'");
        PgConnection rival = connect();
        CountDownLatch bothHaveOne = new CountDownLatch(2);
        Future<Integer> other = elsewhere(() -> swap(rival, bothHaveOne, 20, 10));
        int tries = swap(db, bothHaveOne, 10, 20);
        assertThat(tries + result(other)).isGreaterThanOrEqualTo(3);
    }

    private static int swap(PgConnection connection, CountDownLatch bothHaveOne, int first, int second) {
        AtomicInteger tries = new AtomicInteger();
        return connection.<Integer, RuntimeException>inTransaction(tx -> {
            tries.incrementAndGet();
            connection.query("select 1 from kept where x = $1 for update", first);
            bothHaveOne.countDown();
            awaitQuietly(bothHaveOne);
            connection.query("select 1 from kept where x = $1 for update", second);
            return tries.get();
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void otherThreadsWaitForTheEndOfATransaction() throws Exception {
        Future<Long> other;
        try (Transaction tx = db.begin()) {
            db.execute("insert into kept values (1)");
            CountDownLatch started = new CountDownLatch(1);
            Thread[] thread = new Thread[1];
            other = elsewhere(() -> {
                thread[0] = Thread.currentThread();
                started.countDown();
                return db.queryValue(
                        "select count(*) from kept where pg_current_xact_id_if_assigned() is null", Long.class);
            });
            awaitQuietly(started);
            Await.until(
                    "the other thread waits",
                    Duration.ofSeconds(PATIENCE_SECONDS),
                    () -> thread[0].getState() == Thread.State.WAITING);
            db.execute("insert into kept values (2)");
            assertThat(other.isDone()).isFalse();
            tx.commit();
        }
        assertThat(result(other)).isEqualTo(2);
    }

    @Test
    void aTransactionMayBeEndedByAnotherThread() throws Exception {
        Transaction tx = db.begin();
        db.execute("insert into kept values (1)");
        result(elsewhere(() -> {
            tx.commit();
            return null;
        }));
        assertThat(tx.isOpen()).isFalse();
        assertThat(result(elsewhere(() -> db.queryValue("select count(*) from kept", Long.class))))
                .isEqualTo(1);
    }

    @Test
    void aCommitInSqlInsideATransactionIsReported() {
        for (String sql : List.of("commit", "rollback")) {
            Transaction tx = db.begin();
            db.execute(sql);
            assertThatThrownBy(tx::commit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("COMMIT");
            tx.close();
            Transaction next = db.begin();
            db.execute(sql);
            next.close();
        }
        try (Transaction tx = db.begin()) {
            assertThat(tx.isNested()).isFalse();
            tx.commit();
        }
    }

    @Test
    void aBeginInSqlMakesTheNextTransactionASavepoint() {
        db.execute("begin");
        db.execute("insert into kept values (1)");
        try (Transaction tx = db.begin()) {
            assertThat(tx.isNested()).isTrue();
            db.execute("insert into kept values (2)");
        }
        db.commit();
        assertThat(kept()).containsExactly(1);
    }

    @Test
    void closingTheConnectionRollsBack() {
        PgConnection other = connect();
        Transaction tx = other.begin();
        other.execute("insert into kept values (1)");
        other.close();
        expectLost(other);
        tx.close();
        Await.until(
                "the backend has gone",
                Duration.ofSeconds(PATIENCE_SECONDS),
                () -> activity(other, "state").equals("gone"));
        assertThat(kept()).isEmpty();
    }
}
