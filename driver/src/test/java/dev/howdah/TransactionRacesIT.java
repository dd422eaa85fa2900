package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions that are ended at once by several threads, or from within. */
class TransactionRacesIT extends DriverContract {

    @BeforeEach
    void emptyTable() {
        db.execute("drop table if exists kept; create table kept (x int)");
    }

    /** Runs a script that waits at first, and meanwhile lets other threads do something, one after the other, that wait for their turns. */
    private List<Future<Boolean>> behind(String script, Runnable... others) throws Exception {
        HeldLock lock = HeldLock.by(connect());
        Future<List<Future<Boolean>>> waiting = elsewhere(() -> {
            lock.awaitWaiter();
            List<Future<Boolean>> futures = new ArrayList<>();
            for (Runnable other : others) {
                futures.add(elsewhereAndWaiting(() -> {
                    other.run();
                    return true;
                }));
            }
            lock.release();
            return futures;
        });
        db.script(HeldLock.PASS + "; " + script);
        return result(waiting);
    }

    private static void assertEnded(Future<Boolean> end) {
        assertThat(end)
                .failsWithin(Duration.ofSeconds(PATIENCE_SECONDS))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(IllegalStateException.class)
                .withMessageContaining("ended");
    }

    @Test
    void aCommitThatWaitsWhileAStatementRollsBackDoesNotSayThatItHasCommitted() throws Exception {
        Transaction tx = db.begin();
        db.execute("insert into kept values (1)");
        Future<Boolean> commit = behind("rollback", tx::commit).getFirst();

        assertEnded(commit);
        assertThat(tx.isOpen()).isFalse();
        assertThat(db.queryValue("select count(*) from kept", Long.class)).isZero();
    }

    @Test
    void ofTwoThreadsThatEndATransactionInDifferentWaysTheSecondIsRefused() throws Exception {
        Transaction tx = db.begin();
        db.execute("insert into kept values (1)");
        List<Future<Boolean>> ends = behind("select 1", tx::rollback, tx::commit, tx::close);

        assertThat(result(ends.get(0))).isTrue();
        assertEnded(ends.get(1));
        assertThat(result(ends.get(2))).isTrue();
        assertThat(db.queryValue("select count(*) from kept", Long.class)).isZero();
        try (Transaction next = db.begin()) {
            assertThat(next.isNested()).isFalse();
            db.execute("insert into kept values (2)");
            next.commit();
        }
        assertThat(db.query("select * from kept").values(Integer.class)).containsExactly(2);
    }

    @Test
    void workWhoseTransactionEndsWithTheOneAroundItFails() {
        assertThatThrownBy(() -> db.inTransaction(tx -> db.inTransaction(inner -> {
                    db.execute("insert into kept values (1)");
                    tx.rollback();
                    return true;
                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("one around it has ended");
        assertThat(db.queryValue("select count(*) from kept", Long.class)).isZero();
    }

    @Test
    void aCursorOutsideOfATransactionIsRefusedThoughAnotherThreadHasOne() throws Exception {
        Future<Boolean> opens;
        try (Transaction tx = db.begin()) {
            opens = elsewhereAndWaiting(() -> {
                db.cursor("c").execute("select 1");
                return true;
            });
            tx.commit();
        }
        assertThat(opens)
                .failsWithin(Duration.ofSeconds(PATIENCE_SECONDS))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(IllegalStateException.class)
                .withMessageContaining("would be gone at once");
    }
}
