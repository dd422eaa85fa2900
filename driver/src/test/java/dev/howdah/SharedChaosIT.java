package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.DataException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.InvalidTransactionStateException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import dev.howdah.testkit.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All kinds of verbs from many threads on one connection. */
class SharedChaosIT extends Chaos<PgConnection> {

    @Override
    List<Deed<PgConnection>> deeds() {
        return List.of(
                this::asks,
                this::asks,
                this::asks,
                this::readsMuch,
                this::fails,
                this::isLate,
                this::isInterrupted,
                this::inserts,
                this::worksInATransaction,
                this::nests,
                this::pipelines,
                this::copiesIn,
                this::copiesOut,
                this::streams,
                this::batches,
                this::storesAnObject,
                this::readsByCursor,
                this::prepares);
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

    private void asks(PgConnection db, Random random) {
        int x = random.nextInt();
        assertThat(db.queryValue("select $1::int", Integer.class, x)).isEqualTo(x);
    }

    private void readsMuch(PgConnection db, Random random) {
        int from = random.nextInt(1_000_000);
        List<Integer> all = db.query("select generate_series($1::int, $2::int)", from, from + 999)
                .values(Integer.class);
        assertThat(all).isEqualTo(IntStream.range(from, from + 1000).boxed().toList());
    }

    private void fails(PgConnection db, Random random) {
        try {
            db.query("select $1::int / 0", random.nextInt());
            throw new AssertionError("a division by zero gave something");
        } catch (DataException e) {
            assertThat(e.sqlState().code()).isEqualTo("22012");
        }
    }

    private void isLate(PgConnection db, Random random) {
        Duration limit = Duration.ofMillis(1 + random.nextInt(10));
        try {
            db.withTimeout(limit).query("select pg_sleep(0.02)");
        } catch (QueryTimeoutException e) {
            assertThat(e.timeout()).isEqualTo(limit);
        }
    }

    private void isInterrupted(PgConnection db, Random random) {
        int x = random.nextInt();
        Thread.currentThread().interrupt();
        try {
            assertThat(db.queryValue("select $1::int from pg_sleep(0.001)", Integer.class, x))
                    .isEqualTo(x);
        } catch (InterruptedWaitException e) {
            assertThat(e.delivery()).isNotEqualTo(Delivery.COMPLETED);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private void inserts(PgConnection db, Random random) {
        int id = newId();
        db.execute("insert into chaos values ($1, $2)", id, "x".repeat(random.nextInt(100)));
        say(id, Told.COMMITTED);
    }

    private void worksInATransaction(PgConnection db, Random random) {
        int id = newId();
        say(id, Told.NOT);
        boolean commits = random.nextBoolean();
        try {
            db.inTransaction(tx -> {
                db.execute("insert into chaos values ($1, 'in a transaction')", id);
                assertThat(db.queryValue("select count(*) from chaos where id = $1", Long.class, id))
                        .isEqualTo(1);
                if (!commits) {
                    tx.rollback();
                }
                return null;
            });
        } catch (PgException e) {
            if (e.delivery() == Delivery.UNKNOWN) {
                say(id, Told.UNKNOWN);
            }
            throw e;
        }
        say(id, commits ? Told.COMMITTED : Told.NOT);
    }

    private void nests(PgConnection db, Random random) {
        int outer = newId();
        int inner = newId();
        try (Transaction tx = db.begin()) {
            db.execute("insert into chaos values ($1, 'outer')", outer);
            try (Transaction nested = db.begin()) {
                db.execute("insert into chaos values ($1, 'inner')", inner);
                nested.rollback();
                say(inner, Told.NOT);
            }
            tx.commit();
        }
        say(outer, Told.COMMITTED);
    }

    private void pipelines(PgConnection db, Random random) {
        int from = random.nextInt(1_000_000);
        List<PipelineAnswer<Integer>> answers = new ArrayList<>();
        try (Pipeline pipeline =
                db.pipeline(random.nextBoolean() ? PipelineMode.SYNC_EACH : PipelineMode.SHARED_SYNC)) {
            for (int i = 0; i < 150; i++) {
                answers.add(pipeline.queryValue("select $1::int", Integer.class, from + i));
            }
            for (int i = 0; i < 150; i++) {
                assertThat(answers.get(i).get()).isEqualTo(from + i);
            }
        }
    }

    private void copiesIn(PgConnection db, Random random) {
        int first = newId();
        int second = newId();
        byte[] rows = (first + "\tcopied\n" + second + "\tcopied\n").getBytes(StandardCharsets.UTF_8);
        assertThat(db.copyIn("copy chaos from stdin", new ByteArrayInputStream(rows)))
                .isEqualTo(2);
        say(first, Told.COMMITTED);
        say(second, Told.COMMITTED);
    }

    private void copiesOut(PgConnection db, Random random) {
        int from = random.nextInt(1_000_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        db.copyOut("copy (select generate_series(" + from + ", " + (from + 500) + ")) to stdout", out);
        assertThat(out.toString(StandardCharsets.UTF_8).lines().map(Integer::valueOf))
                .isEqualTo(IntStream.rangeClosed(from, from + 500).boxed().toList());
    }

    private void streams(PgConnection db, Random random) {
        int from = random.nextInt(1_000_000);
        int taken = random.nextInt(200);
        try (Stream<Row> rows = db.stream("select generate_series($1::int, $1::int + 300)", 50, from)) {
            Iterator<Row> each = rows.iterator();
            for (int i = 0; i < taken; i++) {
                assertThat(each.next().getInt(0)).isEqualTo(from + i);
            }
        }
    }

    private void batches(PgConnection db, Random random) {
        List<List<Object>> sets = new ArrayList<>();
        List<Integer> mine = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            mine.add(newId());
            sets.add(List.of(mine.getLast(), "batch"));
        }
        assertThat(db.executeMany("insert into chaos values ($1, $2)", sets).rowCount())
                .isEqualTo(20);
        mine.forEach(id -> say(id, Told.COMMITTED));
    }

    private void storesAnObject(PgConnection db, Random random) throws Exception {
        byte[] data = new byte[10_000];
        random.nextBytes(data);
        db.inTransaction(tx -> {
            LargeObject object = db.largeObjects().openNew();
            object.write(data);
            object.close();
            try (LargeObject again = db.largeObject(object.oid(), LargeObjectMode.READ)) {
                assertThat(again.read()).isEqualTo(data);
            }
            tx.rollback();
            return null;
        });
    }

    private void readsByCursor(PgConnection db, Random random) {
        int from = random.nextInt(1_000_000);
        db.inTransaction(tx -> {
            try (ServerCursor cursor = db.cursor("chaos_" + newId())) {
                cursor.execute("select generate_series($1::int, $1::int + 300)", from);
                assertThat(cursor.fetchMany(10)).hasSize(10);
                assertThat(cursor.fetchOne().getInt(0)).isEqualTo(from + 10);
            }
            return null;
        });
    }

    private void prepares(PgConnection db, Random random) {
        int x = random.nextInt(1_000_000);
        try (PreparedQuery query = db.prepare("select $1::int + 1")) {
            assertThat(query.queryValue(Integer.class, x)).isEqualTo(x + 1);
            assertThat(query.queryValue(Integer.class, x + 1)).isEqualTo(x + 2);
        }
    }

    @Test
    void undisturbed(TestDatabase database) throws Exception {
        disturbedBy(database, after(100, (db, random) -> {}), failure -> false);
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
