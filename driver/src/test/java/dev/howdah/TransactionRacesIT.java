package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions that several threads end at once. */
class TransactionRacesIT extends DriverContract {

    @BeforeEach
    void emptyTable() {
        db.execute("drop table if exists kept; create table kept (x int)");
    }

    /** Runs a script that waits at first, and meanwhile lets other threads do something, one after the other, that wait for their turns. */
    private List<Future<Boolean>> behind(String script, Runnable... others) throws Exception {
        PgConnection holder = connect();
        holder.query("select pg_advisory_lock(4713)");
        String waits = "select count(*) > 0 from pg_locks where locktype = 'advisory' and not granted and pid = $1";
        int pid = db.info().backendPid();
        Duration patience = Duration.ofSeconds(PATIENCE_SECONDS);
        Future<List<Future<Boolean>>> waiting = elsewhere(() -> {
            Await.until("the script waits", patience, () -> holder.queryValue(waits, Boolean.class, pid));
            List<Future<Boolean>> futures = new ArrayList<>();
            for (Runnable other : others) {
                futures.add(elsewhereAndWaiting(() -> {
                    other.run();
                    return true;
                }));
            }
            holder.query("select pg_advisory_unlock(4713)");
            return futures;
        });
        db.script("select pg_advisory_lock(4713); select pg_advisory_unlock(4713); " + script);
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
}
