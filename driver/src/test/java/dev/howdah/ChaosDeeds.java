package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.DataException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
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

/**
 * What users do on a blocking connection, one verb of each kind. Each looks at its answers, and says of each row that it inserts what it
 * was told.
 */
final class ChaosDeeds {

    private final ChaosRows rows;

    ChaosDeeds(ChaosRows rows) {
        this.rows = rows;
    }

    /** Returns all of them, each as often as it is to be done. */
    List<Chaos.Deed<PgConnection>> all() {
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
        int id = rows.newId();
        db.execute("insert into chaos values ($1, $2)", id, "x".repeat(random.nextInt(100)));
        rows.say(id, ChaosRows.Told.COMMITTED);
    }

    private void worksInATransaction(PgConnection db, Random random) {
        int id = rows.newId();
        rows.say(id, ChaosRows.Told.NOT);
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
                rows.say(id, ChaosRows.Told.UNKNOWN);
            }
            throw e;
        }
        rows.say(id, commits ? ChaosRows.Told.COMMITTED : ChaosRows.Told.NOT);
    }

    private void nests(PgConnection db, Random random) {
        int outer = rows.newId();
        int inner = rows.newId();
        try (Transaction tx = db.begin()) {
            db.execute("insert into chaos values ($1, 'outer')", outer);
            try (Transaction nested = db.begin()) {
                db.execute("insert into chaos values ($1, 'inner')", inner);
                nested.rollback();
                rows.say(inner, ChaosRows.Told.NOT);
            }
            tx.commit();
        }
        rows.say(outer, ChaosRows.Told.COMMITTED);
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
        int first = rows.newId();
        int second = rows.newId();
        byte[] lines = (first + "\tcopied\n" + second + "\tcopied\n").getBytes(StandardCharsets.UTF_8);
        assertThat(db.copyIn("copy chaos from stdin", new ByteArrayInputStream(lines)))
                .isEqualTo(2);
        rows.say(first, ChaosRows.Told.COMMITTED);
        rows.say(second, ChaosRows.Told.COMMITTED);
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
        try (Stream<Row> stream = db.stream("select generate_series($1::int, $1::int + 300)", 50, from)) {
            Iterator<Row> each = stream.iterator();
            for (int i = 0; i < taken; i++) {
                assertThat(each.next().getInt(0)).isEqualTo(from + i);
            }
        }
    }

    private void batches(PgConnection db, Random random) {
        List<List<Object>> sets = new ArrayList<>();
        List<Integer> mine = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            mine.add(rows.newId());
            sets.add(List.of(mine.getLast(), "batch"));
        }
        assertThat(db.executeMany("insert into chaos values ($1, $2)", sets).rowCount())
                .isEqualTo(20);
        mine.forEach(id -> rows.say(id, ChaosRows.Told.COMMITTED));
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
            try (ServerCursor cursor = db.cursor("chaos_" + rows.newId())) {
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
}
