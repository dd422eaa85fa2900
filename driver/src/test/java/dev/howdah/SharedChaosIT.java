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
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Many threads that do all kinds of things on one connection, while others cancel, interrupt and reset: each gets its own answers, what was
 * said to be committed is there, and what was said not to be is not.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class SharedChaosIT {

    private static final int THREADS = 24;
    private static final int ROUNDS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What the one who inserted a row was told of its transaction. */
    private enum Told {
        COMMITTED,
        NOT,
        UNKNOWN
    }

    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, Told> told = new ConcurrentHashMap<>();
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong disturbed = new AtomicLong();

    /** Something that a user does, and looks at what comes of it. */
    private interface Deed {
        void run(PgConnection db, Random random) throws Exception;
    }

    private final List<Deed> deeds = List.of(
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

    @BeforeEach
    void makeTable(TestDatabase database) {
        database.execute("create table chaos (id int primary key, doc text)");
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
        told.put(id, Told.COMMITTED);
    }

    private void worksInATransaction(PgConnection db, Random random) {
        int id = newId();
        told.put(id, Told.NOT);
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
                told.put(id, Told.UNKNOWN);
            }
            throw e;
        }
        told.put(id, commits ? Told.COMMITTED : Told.NOT);
    }

    private void nests(PgConnection db, Random random) {
        int outer = newId();
        int inner = newId();
        try (Transaction tx = db.begin()) {
            db.execute("insert into chaos values ($1, 'outer')", outer);
            try (Transaction nested = db.begin()) {
                db.execute("insert into chaos values ($1, 'inner')", inner);
                nested.rollback();
                told.put(inner, Told.NOT);
            }
            tx.commit();
        }
        told.put(outer, Told.COMMITTED);
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
        told.put(first, Told.COMMITTED);
        told.put(second, Told.COMMITTED);
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
        mine.forEach(id -> told.put(id, Told.COMMITTED));
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

    private int newId() {
        int id = ids.incrementAndGet();
        told.put(id, Told.UNKNOWN);
        return id;
    }

    /** Does things on many threads while somebody disturbs, until all are done. */
    private void run(TestDatabase database, Disturber disturber) throws Exception {
        long seed = new Random().nextLong();
        try (PgConnection db = Howdah.connect(database.dsn())) {
            List<FutureTask<Boolean>> all = new ArrayList<>();
            AtomicBoolean over = new AtomicBoolean();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed + i);
                FutureTask<Boolean> task = new FutureTask<>(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        attempt(db, random, disturber);
                    }
                    return true;
                });
                all.add(task);
                (i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform()).start(task);
            }
            FutureTask<Boolean> disturbs = new FutureTask<>(() -> {
                while (!over.get()) {
                    disturber.disturb(db);
                }
                return true;
            });
            Thread.ofVirtual().start(disturbs);
            for (FutureTask<Boolean> task : all) {
                assertThat(task.get(100, TimeUnit.SECONDS)).as("seed " + seed).isTrue();
            }
            over.set(true);
            assertThat(disturbs.get(60, TimeUnit.SECONDS)).isTrue();
            if (!(disturber instanceof Ending)) {
                assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
                assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
            }
        }
        compare(database, seed);
    }

    private void attempt(PgConnection db, Random random, Disturber disturber) throws Exception {
        Deed deed = deeds.get(random.nextInt(deeds.size()));
        attempts.incrementAndGet();
        try {
            deed.run(db, random);
        } catch (PgException | IllegalStateException e) {
            if (!disturber.explains(e)) {
                throw e;
            }
            disturbed.incrementAndGet();
        }
    }

    /** Waits until so many things more have been begun, or all is over. */
    private void awaitAttempts(int more) {
        long goal = Math.min(attempts.get() + more, THREADS * ROUNDS);
        Await.until("things are done", PATIENCE, () -> attempts.get() >= goal);
    }

    private void compare(TestDatabase database, long seed) {
        try (PgConnection db = Howdah.connect(database.dsn())) {
            Map<Integer, String> there = new HashMap<>();
            db.query("select id, doc from chaos").forEach(row -> there.put(row.getInt(0), row.getString(1)));
            told.forEach((id, said) -> {
                if (said != Told.UNKNOWN) {
                    assertThat(there.containsKey(id))
                            .as("%d (%s) is there, seed %d, told %s", id, there.get(id), seed, said)
                            .isEqualTo(said == Told.COMMITTED);
                }
            });
        }
    }

    /** Who disturbs, and which failures come of it. */
    private interface Disturber {
        void disturb(PgConnection db) throws Exception;

        boolean explains(RuntimeException failure);
    }

    @Test
    void undisturbed(TestDatabase database) throws Exception {
        run(database, new Disturber() {
            @Override
            public void disturb(PgConnection db) throws Exception {
                awaitAttempts(100);
            }

            @Override
            public boolean explains(RuntimeException failure) {
                return false;
            }
        });
    }

    @Test
    void whileSomebodyCancels(TestDatabase database) throws Exception {
        run(database, new Disturber() {
            @Override
            public void disturb(PgConnection db) throws Exception {
                awaitAttempts(1);
                db.cancel();
            }

            @Override
            public boolean explains(RuntimeException failure) {
                return failure instanceof QueryCanceledException;
            }
        });
    }

    @Test
    void whileSomebodyResets(TestDatabase database) throws Exception {
        run(database, new Disturber() {
            @Override
            public void disturb(PgConnection db) throws Exception {
                awaitAttempts(10);
                db.reset();
            }

            @Override
            public boolean explains(RuntimeException failure) {
                return failure instanceof IllegalStateException || failure instanceof InvalidTransactionStateException;
            }
        });
        assertThat(disturbed).hasPositiveValue();
    }

    /** Something that ends the connection once, when some have been at work. */
    private final class Ending implements Disturber {
        private final Deed ending;
        private final AtomicBoolean ended = new AtomicBoolean();

        Ending(Deed ending) {
            this.ending = ending;
        }

        @Override
        public void disturb(PgConnection db) throws Exception {
            awaitAttempts(200);
            if (ended.compareAndSet(false, true)) {
                ending.run(db, new Random());
            }
        }

        @Override
        public boolean explains(RuntimeException failure) {
            return ended.get();
        }
    }

    @Test
    void untilSomebodyClosesIt(TestDatabase database) throws Exception {
        run(database, new Ending((db, random) -> db.close()));
        assertThat(disturbed).hasPositiveValue();
    }

    @Test
    void untilTheServerEndsIt(TestDatabase database) throws Exception {
        run(
                database,
                new Ending((db, random) -> database.execute(
                        "select pg_terminate_backend(" + db.info().backendPid() + ")")));
        assertThat(disturbed).hasPositiveValue();
    }
}
