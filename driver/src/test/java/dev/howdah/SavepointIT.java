package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Savepoints by name: what they undo, where there are none, and how they live with transactions that are objects. */
class SavepointIT extends DriverContract {

    @BeforeEach
    void emptyTable() {
        db.execute("drop table if exists marked; create table marked (x int primary key)");
    }

    private List<Integer> marked() {
        return db.query("select x from marked order by x").as(Integer.class);
    }

    private void insert(int x) {
        db.execute("insert into marked values ($1)", x);
    }

    @Test
    void goingBackUndoesWhatCameLaterAndKeepsTheSavepoint() {
        try (Transaction tx = db.begin()) {
            insert(1);
            db.savepoint("before two");
            insert(2);
            db.rollbackTo("before two");
            insert(3);
            db.rollbackTo("before two");
            insert(4);
            db.release("before two");
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
            tx.commit();
        }
        assertThat(marked()).containsExactly(1, 4);
    }

    @Test
    void goingBackMendsAFailedTransaction() {
        try (Transaction tx = db.begin()) {
            insert(1);
            db.savepoint("s");
            assertThatThrownBy(() -> insert(1)).hasMessageContaining("23505");
            assertThatThrownBy(() -> db.savepoint("t")).isInstanceOf(FailedTransactionException.class);
            assertThatThrownBy(() -> db.release("s")).isInstanceOf(FailedTransactionException.class);
            db.rollbackTo("s");
            insert(2);
            tx.commit();
        }
        assertThat(marked()).containsExactly(1, 2);
    }

    @Test
    void aNameIsAnyTextOf63Bytes() {
        for (String name : List.of(
                "a\"; rollback; --",
                "'",
                "\\",
                "select",
                "S",
                " ",
                "$1",
                "x".repeat(63),
                "\u20ac".repeat(21),
                "\ud83d\udc18\n")) {
            try (Transaction tx = db.begin()) {
                db.savepoint(name);
                insert(1);
                db.rollbackTo(name);
                db.release(name);
                assertThat(db.info().transactionStatus()).as(name).isEqualTo(TransactionStatus.IN_TRANSACTION);
                assertThatThrownBy(() -> db.rollbackTo(name))
                        .isInstanceOfSatisfying(
                                ServerException.class,
                                e -> assertThat(e.sqlState()).isEqualTo(SqlState.INVALID_SAVEPOINT_SPECIFICATION));
                tx.rollback();
            }
        }
        assertThat(marked()).isEmpty();
    }

    @Test
    void aNameThatTheServerWouldCutIsRefusedBeforeItIsSent() {
        try (Transaction tx = db.begin()) {
            for (String name : List.of("x".repeat(64), "\u20ac".repeat(22))) {
                assertThatThrownBy(() -> db.savepoint(name))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("at most 63 bytes")
                        .hasMessageContaining(name);
                assertThatThrownBy(() -> db.rollbackTo(name)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> db.release(name)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> db.savepoint("")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> db.savepoint("a\0b")).isInstanceOf(IllegalArgumentException.class);
            insert(1);
            tx.commit();
        }
        assertThat(marked()).containsExactly(1);
    }

    @Test
    void outsideATransactionThereAreNone() {
        assertThatThrownBy(() -> db.savepoint("s"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("begin()")
                .hasMessageContaining("setAutocommit(false)");
        assertThatThrownBy(() -> db.rollbackTo("s")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> db.release("s")).isInstanceOf(IllegalStateException.class);
        db.setAutocommit(false);
        assertThatThrownBy(() -> db.rollbackTo("s")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> db.release("s")).isInstanceOf(IllegalStateException.class);
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        db.setAutocommit(true);
    }

    @Test
    void withAutocommitOffASavepointBeginsTheTransaction() {
        db.setSession(TransactionMode.of(Isolation.REPEATABLE_READ), false);
        db.savepoint("first");
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        assertThat(db.queryValue("show transaction_isolation", String.class)).isEqualTo("repeatable read");
        insert(1);
        db.rollbackTo("first");
        insert(2);
        db.commit();
        db.setSession(TransactionMode.DEFAULT, true);
        assertThat(marked()).containsExactly(2);
    }

    @Test
    void aTransactionThatBeganLaterEndsWhenItIsGoneBackBehindIt() {
        try (Transaction tx = db.begin()) {
            db.savepoint("s");
            Transaction inner = db.begin();
            insert(1);
            Transaction innermost = db.begin();
            insert(2);
            db.rollbackTo("s");
            assertThat(inner.isOpen()).isFalse();
            assertThatThrownBy(innermost::commit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("rollbackTo");
            assertThatThrownBy(inner::rollback).isInstanceOf(IllegalStateException.class);
            innermost.close();
            inner.close();
            insert(3);
            try (Transaction next = db.begin()) {
                insert(4);
                next.commit();
            }
            tx.commit();
        }
        assertThat(marked()).containsExactly(3, 4);
    }

    @Test
    void aTransactionThatBeganLaterEndsWhenTheSavepointIsReleasedAndItsWorkStays() {
        try (Transaction tx = db.begin()) {
            db.savepoint("s");
            Transaction inner = db.begin();
            insert(1);
            db.release("s");
            assertThatThrownBy(inner::commit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("release");
            inner.close();
            tx.commit();
        }
        assertThat(marked()).containsExactly(1);
    }

    @Test
    void aTransactionAroundTheSavepointGoesOn() {
        try (Transaction tx = db.begin();
                Transaction inner = db.begin()) {
            insert(1);
            db.savepoint("s");
            insert(2);
            db.rollbackTo("s");
            assertThat(inner.isOpen()).isTrue();
            inner.commit();
            tx.commit();
        }
        assertThat(marked()).containsExactly(1);
    }

    @Test
    void ofTwoSavepointsOfOneNameTheLaterCounts() {
        try (Transaction tx = db.begin()) {
            db.savepoint("s");
            insert(1);
            Transaction inner = db.begin();
            insert(2);
            db.savepoint("s");
            insert(3);
            db.rollbackTo("s");
            assertThat(inner.isOpen()).isTrue();
            db.release("s");
            assertThat(inner.isOpen()).isTrue();
            db.rollbackTo("s");
            assertThat(inner.isOpen()).isFalse();
            insert(4);
            tx.commit();
        }
        assertThat(marked()).containsExactly(4);
    }

    @Test
    void theSavepointsOfATransactionThatHasEndedAreForgotten() {
        try (Transaction tx = db.begin()) {
            Transaction inner = db.begin();
            db.savepoint("s");
            inner.commit();
            Transaction later = db.begin();
            db.execute("savepoint s");
            db.rollbackTo("s");
            assertThat(later.isOpen()).isTrue();
            later.commit();
            tx.rollback();
        }
        db.setAutocommit(false);
        db.savepoint("s");
        db.commit();
        db.setAutocommit(true);
        try (Transaction tx = db.begin()) {
            db.execute("savepoint s");
            db.rollbackTo("s");
            assertThat(tx.isOpen()).isTrue();
            insert(1);
            tx.commit();
        }
        assertThat(marked()).containsExactly(1);
    }

    @Test
    void savepointsSetInSqlAreKnownToo() {
        try (Transaction tx = db.begin()) {
            db.execute("savepoint in_sql");
            insert(1);
            db.rollbackTo("in_sql");
            db.release("in_sql");
            tx.commit();
        }
        assertThat(marked()).isEmpty();
    }
}
