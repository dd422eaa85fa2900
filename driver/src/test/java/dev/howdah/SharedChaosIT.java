package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.InvalidTransactionStateException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.testkit.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All kinds of verbs from many threads on one connection. */
class SharedChaosIT extends Chaos<PgConnection> {

    private final ChaosDeeds deeds = new ChaosDeeds(rows);

    @Override
    List<Deed<PgConnection>> deeds() {
        return deeds.all();
    }

    @Override
    PgConnection connect(TestDatabase database) {
        return Howdah.connect(database.dsn());
    }

    @Override
    void assertUsable(PgConnection db) {
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Override
    void close(PgConnection db) {
        db.close();
    }

    @Test
    void whileSomebodyCancels(TestDatabase database) throws Exception {
        disturbedBy(
                database, after(1, (db, random) -> db.cancel()), failure -> failure instanceof QueryCanceledException);
    }

    @Test
    void whileSomebodyResets(TestDatabase database) throws Exception {
        disturbedBy(
                database,
                after(10, (db, random) -> db.reset()),
                failure -> failure instanceof IllegalStateException
                        || failure instanceof InvalidTransactionStateException);
        assertThat(disturbed()).isPositive();
    }

    @Test
    void untilSomebodyClosesIt(TestDatabase database) throws Exception {
        endedBy(database, (db, random) -> db.close());
    }

    @Test
    void untilTheServerEndsIt(TestDatabase database) throws Exception {
        endedBy(
                database,
                (db, random) -> database.execute(
                        "select pg_terminate_backend(" + db.info().backendPid() + ")"));
    }
}
