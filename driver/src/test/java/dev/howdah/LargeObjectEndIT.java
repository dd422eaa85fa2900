package dev.howdah;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.PgException;
import dev.howdah.error.UndefinedObjectException;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a large object that is open ends, and what becomes of what was written when something fails. */
class LargeObjectEndIT extends DriverContract {

    private static final int CHUNK = 64 * 1024;

    @AfterEach
    void nothingIsLeft() {
        assertThat(db.largeObjects().list()).isEmpty();
    }

    private static void assertEnded(LargeObject object, String why) {
        assertThat(object.isOpen()).isFalse();
        List<Runnable> calls = List.of(
                () -> object.read(1),
                () -> object.write(new byte[1]),
                () -> object.seek(0),
                object::tell,
                object::size,
                () -> object.resize(0),
                object::flush);
        for (Runnable call : calls) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(String.valueOf(object.oid()))
                    .hasMessageContaining(why);
        }
        object.close();
        assertThat(object.isOpen()).isFalse();
        assertThatThrownBy(() -> object.read(1)).hasMessageContaining("has been closed");
    }

    @Test
    void withoutATransactionItSaysWhatToDo() {
        assertThatThrownBy(() -> db.createLargeObject())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("begin()")
                .hasMessageContaining("read(oid)");
        assertThatThrownBy(() -> db.largeObject(1, LargeObjectMode.READ)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void afterCommitAndRollback() {
        Transaction tx = db.begin();
        LargeObject committed = db.createLargeObject();
        tx.commit();
        assertEnded(committed, "committed");
        tx = db.begin();
        LargeObject rolledBack = db.largeObject(committed.oid(), LargeObjectMode.READ_WRITE);
        tx.rollback();
        assertEnded(rolledBack, "rolled back");
        committed.unlink();
    }

    @Test
    void aBeginInSqlIsATransactionToo() {
        db.execute("begin");
        LargeObject object = db.createLargeObject();
        object.write(new byte[3]);
        db.execute("commit");
        assertEnded(object, "committed");
        assertThat(db.largeObjects().size(object.oid())).isEqualTo(3);
        object.unlink();
    }

    @Test
    void withAutocommitOffOpeningBeginsATransaction() {
        db.setAutocommit(false);
        LargeObject object = db.createLargeObject();
        object.write("text".getBytes(UTF_8));
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        db.commit();
        assertEnded(object, "committed");
        assertThat(db.largeObjects().read(object.oid())).hasSize(4);
        object.unlink();
        db.rollback();
        assertThat(db.largeObjects().exists(object.oid())).isTrue();
        object.unlink();
        db.commit();
        db.setAutocommit(true);
    }

    @Test
    void whatWasKeptBackIsCommitted() {
        byte[] bytes = LargeObjectIT.random(3 * CHUNK + 17, 5);
        LargeObject object = db.inTransaction(tx -> {
            LargeObject made = db.createLargeObject();
            for (byte one : bytes) {
                made.write(new byte[] {one});
            }
            return made;
        });
        assertThat(db.largeObjects().read(object.oid())).isEqualTo(bytes);
        object.unlink();
    }

    @Test
    void whatWasKeptBackIsSeenByTheNextStatement() {
        try (Transaction tx = db.begin()) {
            LargeObject object = db.createLargeObject();
            object.write("kept back".getBytes(UTF_8));
            assertThat(db.queryOne("select lo_get($1::oid)", object.oid()).get(0, byte[].class))
                    .isEqualTo("kept back".getBytes(UTF_8));
            try (Pipeline pipeline = db.pipeline()) {
                assertThatThrownBy(() -> object.write(new byte[1])).hasMessageContaining("pipeline is open");
                assertThat(pipeline.query("select length(lo_get($1::oid))", object.oid())
                                .get()
                                .first()
                                .getInt(0))
                        .isEqualTo(9);
            }
            tx.rollback();
        }
    }

    @Test
    void whatIsOpenedBeforeASavepointSurvivesARollbackToIt() {
        try (Transaction tx = db.begin()) {
            LargeObject before = db.createLargeObject();
            before.write("before".getBytes(UTF_8));
            db.savepoint("s");
            before.write("lost".getBytes(UTF_8));
            LargeObject behind = db.createLargeObject();
            behind.write("behind".getBytes(UTF_8));
            db.rollbackTo("s");
            assertEnded(behind, "savepoint");
            assertThat(before.isOpen()).isTrue();
            assertThat(before.tell()).isEqualTo(10);
            before.seek(0);
            assertThat(before.read()).isEqualTo("before".getBytes(UTF_8));
            before.write("!".getBytes(UTF_8));
            db.release("s");
            before.write("!".getBytes(UTF_8));
            before.close();
            assertThat(db.largeObjects().read(before.oid())).isEqualTo("before!!".getBytes(UTF_8));
            tx.rollback();
        }
    }

    @Test
    void whatIsOpenedInANestedTransactionOutlivesItsCommitOnly() {
        try (Transaction tx = db.begin()) {
            Transaction inner = db.begin();
            LargeObject object = db.createLargeObject();
            inner.commit();
            object.write(new byte[] {1});
            inner = db.begin();
            LargeObject lost = db.createLargeObject();
            inner.rollback();
            assertThatThrownBy(() -> lost.write(new byte[] {1}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("savepoint");
            assertThat(object.size()).isEqualTo(1);
            tx.rollback();
        }
    }

    @Test
    void theNumberOfOneThatIsGoneIsNotTakenForThatOfTheNext() {
        try (Transaction tx = db.begin()) {
            db.execute("savepoint s");
            LargeObject gone = db.createLargeObject();
            gone.write("gone".getBytes(UTF_8));
            db.execute("rollback to savepoint s");
            LargeObject next = db.createLargeObject();
            next.write("next".getBytes(UTF_8));
            assertThatThrownBy(() -> gone.write("x".getBytes(UTF_8))).isInstanceOf(IllegalStateException.class);
            gone.close();
            assertThat(next.size()).isEqualTo(4);
            tx.rollback();
        }
    }

    @Test
    void aFailedStatementFailsTheTransactionForItToo() {
        try (Transaction tx = db.begin()) {
            LargeObject object = db.createLargeObject();
            assertThatThrownBy(() -> db.query("select 1 / 0")).isInstanceOf(PgException.class);
            assertThat(object.isOpen()).isTrue();
            assertThatThrownBy(() -> object.write(new byte[1])).isInstanceOf(FailedTransactionException.class);
            assertThatThrownBy(() -> object.read(1)).isInstanceOf(FailedTransactionException.class);
            assertThatThrownBy(object::size).isInstanceOf(FailedTransactionException.class);
            object.close();
            tx.rollback();
        }
    }

    /** Closes it on the server, so that whatever is done with it fails there. */
    private LargeObject broken() {
        LargeObject object = db.createLargeObject();
        db.query("select lo_close(0)");
        return object;
    }

    @Test
    void whatTheServerRefusesComesOutAtTheNextCallOnce() {
        try (Transaction tx = db.begin()) {
            LargeObject object = broken();
            object.write(new byte[3 * CHUNK]);
            assertThatThrownBy(() -> {
                        object.size();
                    })
                    .isInstanceOf(UndefinedObjectException.class)
                    .hasMessageContaining("lo_close");
            assertThatThrownBy(() -> object.size()).isInstanceOf(IllegalStateException.class);
            object.close();
            tx.rollback();
        }
    }

    @Test
    void whatTheServerRefusesComesOutAtCloseAndFlush() {
        try (Transaction tx = db.begin()) {
            LargeObject object = broken();
            object.write(new byte[10]);
            assertThatThrownBy(object::close).isInstanceOf(UndefinedObjectException.class);
            object.close();
            tx.rollback();
        }
        try (Transaction tx = db.begin()) {
            LargeObject object = broken();
            object.write(new byte[10]);
            assertThatThrownBy(object::flush).isInstanceOf(UndefinedObjectException.class);
            object.close();
            tx.rollback();
        }
    }

    @Test
    void whatTheServerRefusesFailsTheCommit() {
        Transaction tx = db.begin();
        LargeObject object = broken();
        object.write(new byte[CHUNK + 10]);
        assertThatThrownBy(tx::commit)
                .isInstanceOf(CommitRolledBackException.class)
                .hasCauseInstanceOf(UndefinedObjectException.class);
        assertThat(object.isOpen()).isFalse();
        assertThatThrownBy(object::close).isInstanceOf(UndefinedObjectException.class);
        object.close();
    }

    @Test
    void whatTheServerRefusesFailsTheStatementBehindIt() {
        try (Transaction tx = db.begin()) {
            LargeObject object = broken();
            object.write(new byte[10]);
            assertThatThrownBy(() -> db.query("select 1")).isInstanceOf(FailedTransactionException.class);
            assertThatThrownBy(() -> object.write(new byte[10])).isInstanceOf(UndefinedObjectException.class);
            tx.rollback();
        }
    }

    @Test
    void bytesWrittenInAFailedTransactionAreNotLostSilently() {
        try (Transaction tx = db.begin()) {
            LargeObject object = db.createLargeObject();
            object.write("good".getBytes(UTF_8));
            db.savepoint("s");
            assertThatThrownBy(() -> db.query("select 1 / 0")).isInstanceOf(PgException.class);
            assertThatThrownBy(() -> object.write("bad".getBytes(UTF_8)))
                    .isInstanceOf(FailedTransactionException.class);
            db.rollbackTo("s");
            object.seek(4);
            object.write("!".getBytes(UTF_8));
            object.close();
            assertThat(db.largeObjects().read(object.oid())).isEqualTo("good!".getBytes(UTF_8));
            tx.rollback();
        }
    }

    @Test
    void closedTwiceAndWithItsConnection() {
        PgConnection other = connect();
        expectLost(other);
        Transaction tx = other.begin();
        LargeObject object = other.createLargeObject();
        LargeObject closed = other.createLargeObject();
        closed.close();
        closed.close();
        other.close();
        assertThat(object.isOpen()).isFalse();
        object.close();
        assertThatThrownBy(() -> closed.read(1)).hasMessageContaining("has been closed");
        assertThat(tx.isOpen()).isTrue();
    }

    @Test
    void resetEndsIt() {
        db.begin();
        LargeObject object = db.createLargeObject();
        object.write(new byte[CHUNK * 2]);
        db.reset();
        assertEnded(object, "rolled back");
    }

    @Test
    void aTwoPhaseTransactionTakesWhatWasWritten() {
        assumePreparing();
        db.twoPhase().begin(Xid.of(1, "lo", "b"));
        LargeObject object = db.createLargeObject();
        object.write("prepared".getBytes(UTF_8));
        db.twoPhase().prepare();
        assertThat(object.isOpen()).isFalse();
        db.twoPhase().commit();
        assertEnded(object, "two-phase");
        assertThat(db.largeObjects().read(object.oid())).isEqualTo("prepared".getBytes(UTF_8));
        object.unlink();
    }

    private void assumePreparing() {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                db.queryValue("select current_setting('max_prepared_transactions')::int", Integer.class) > 0);
    }
}
