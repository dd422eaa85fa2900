package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.DataException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.testkit.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All kinds of verbs given to one asynchronous connection by many threads. */
class AsyncChaosIT extends Chaos<AsyncConnection> {

    @Override
    List<Deed<AsyncConnection>> deeds() {
        return List.of(
                this::asks,
                this::asks,
                this::asks,
                this::readsMuch,
                this::fails,
                this::isLate,
                this::cancelsAStage,
                this::cancelsAStage,
                this::inserts,
                this::worksInATransaction,
                this::worksInATransaction,
                this::cancelsATransaction,
                this::nests,
                this::copiesIn,
                this::copiesOut,
                this::publishes,
                this::leavesAPublisher,
                this::batches,
                this::storesAnObject,
                this::prepares);
    }

    @Override
    AsyncConnection connect(TestDatabase database) throws Exception {
        return got(Howdah.connectAsync(database.dsn()));
    }

    @Override
    void assertUsable(AsyncConnection db) throws Exception {
        assertThat(got(db.queryValue("select 1", Integer.class)).intValue()).isEqualTo(1);
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    }

    @Override
    void close(AsyncConnection db) throws Exception {
        got(db.close());
    }

    /** Waits for what a stage yields; what it fails with is thrown as it is. */
    private static <T> T got(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private void asks(AsyncConnection db, Random random) throws Exception {
        int x = random.nextInt();
        assertThat(got(db.queryValue("select $1::int", Integer.class, x)).intValue())
                .isEqualTo(x);
    }

    private void readsMuch(AsyncConnection db, Random random) throws Exception {
        int from = random.nextInt(1_000_000);
        assertThat(got(db.query("select generate_series($1::int, $2::int)", from, from + 999))
                        .values(Integer.class))
                .isEqualTo(IntStream.range(from, from + 1000).boxed().toList());
    }

    private void fails(AsyncConnection db, Random random) throws Exception {
        try {
            got(db.query("select $1::int / 0", random.nextInt()));
            throw new AssertionError("a division by zero gave something");
        } catch (DataException e) {
            assertThat(e.sqlState().code()).isEqualTo("22012");
        }
    }

    private void isLate(AsyncConnection db, Random random) throws Exception {
        Duration limit = Duration.ofMillis(1 + random.nextInt(10));
        try {
            got(db.withTimeout(limit).query("select pg_sleep(0.02)"));
        } catch (QueryTimeoutException e) {
            assertThat(e.timeout()).isEqualTo(limit);
        }
    }

    private void cancelsAStage(AsyncConnection db, Random random) throws Exception {
        int x = random.nextInt();
        CompletableFuture<Integer> stage = db.queryValue("select $1::int from pg_sleep(0.002)", Integer.class, x);
        if (random.nextBoolean()) {
            got(db.queryValue("select 1", Integer.class));
        }
        if (stage.cancel(true)) {
            assertThat(stage.isCancelled()).isTrue();
        } else {
            assertThat(got(stage).intValue()).isEqualTo(x);
        }
    }

    private void inserts(AsyncConnection db, Random random) throws Exception {
        int id = rows.newId();
        got(db.execute("insert into chaos values ($1, $2)", id, "x".repeat(random.nextInt(100))));
        rows.say(id, ChaosRows.Told.COMMITTED);
    }

    private CompletableFuture<Boolean> work(AsyncConnection db, int id, boolean commits) {
        return db.inTransaction(tx -> tx.execute("insert into chaos values ($1, 'in a transaction')", id)
                .thenCompose(done -> tx.queryValue("select count(*) from chaos where id = $1", Long.class, id))
                .thenCompose(count -> {
                    assertThat(count.longValue()).isEqualTo(1);
                    return commits
                            ? CompletableFuture.completedFuture(true)
                            : tx.rollback().thenApply(done -> false);
                }));
    }

    private void worksInATransaction(AsyncConnection db, Random random) throws Exception {
        int id = rows.newId();
        rows.say(id, ChaosRows.Told.NOT);
        boolean commits = random.nextBoolean();
        try {
            got(work(db, id, commits));
        } catch (PgException e) {
            if (e.delivery() == Delivery.UNKNOWN) {
                rows.say(id, ChaosRows.Told.UNKNOWN);
            }
            throw e;
        }
        rows.say(id, commits ? ChaosRows.Told.COMMITTED : ChaosRows.Told.NOT);
    }

    private void cancelsATransaction(AsyncConnection db, Random random) throws Exception {
        int id = rows.newId();
        CompletableFuture<Boolean> work = work(db, id, true);
        for (int i = random.nextInt(4); i > 0; i--) {
            got(db.queryValue("select 1", Integer.class));
        }
        if (!work.cancel(true)) {
            try {
                got(work);
                rows.say(id, ChaosRows.Told.COMMITTED);
            } catch (CancellationException e) {
                throw new AssertionError("it was not cancelled", e);
            }
        }
    }

    private void nests(AsyncConnection db, Random random) throws Exception {
        int outer = rows.newId();
        int inner = rows.newId();
        got(db.inTransaction(tx -> tx.execute("insert into chaos values ($1, 'outer')", outer)
                .thenCompose(done -> tx.begin())
                .thenCompose(nested -> nested.execute("insert into chaos values ($1, 'inner')", inner)
                        .thenCompose(done -> nested.rollback()))));
        rows.say(outer, ChaosRows.Told.COMMITTED);
        rows.say(inner, ChaosRows.Told.NOT);
    }

    private void copiesIn(AsyncConnection db, Random random) throws Exception {
        int first = rows.newId();
        int second = rows.newId();
        byte[] lines = (first + "\tcopied\n" + second + "\tcopied\n").getBytes(StandardCharsets.UTF_8);
        assertThat(got(db.copyIn("copy chaos from stdin", new ByteArrayInputStream(lines)))
                        .longValue())
                .isEqualTo(2);
        rows.say(first, ChaosRows.Told.COMMITTED);
        rows.say(second, ChaosRows.Told.COMMITTED);
    }

    private void copiesOut(AsyncConnection db, Random random) throws Exception {
        int from = random.nextInt(1_000_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        got(db.copyOut("copy (select generate_series(" + from + ", " + (from + 500) + ")) to stdout", out));
        assertThat(out.toString(StandardCharsets.UTF_8).lines().map(Integer::valueOf))
                .isEqualTo(IntStream.rangeClosed(from, from + 500).boxed().toList());
    }

    private void publishes(AsyncConnection db, Random random) throws Exception {
        int from = random.nextInt(1_000_000);
        CollectingSubscriber<Integer> all = CollectingSubscriber.of(
                db.publish("select generate_series($1::int, $1::int + 300)", 50, Integer.class, from), Long.MAX_VALUE);
        List<Integer> numbers = taken(all);
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(from, from + 300).boxed().toList());
    }

    private static List<Integer> taken(CollectingSubscriber<Integer> all) throws Exception {
        try {
            all.awaitEnd();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
        List<Integer> numbers = new ArrayList<>();
        while (all.waiting() > 0) {
            numbers.add(all.next());
        }
        return numbers;
    }

    private void leavesAPublisher(AsyncConnection db, Random random) throws Exception {
        int from = random.nextInt(1_000_000);
        CollectingSubscriber<Integer> some = CollectingSubscriber.of(
                db.publish("select generate_series($1::int, $1::int + 300)", 50, Integer.class, from),
                1 + random.nextInt(100));
        some.cancel();
        asks(db, random);
    }

    private void batches(AsyncConnection db, Random random) throws Exception {
        List<List<Object>> sets = new ArrayList<>();
        List<Integer> mine = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            mine.add(rows.newId());
            sets.add(List.of(mine.getLast(), "batch"));
        }
        assertThat(got(db.executeMany("insert into chaos values ($1, $2)", sets))
                        .rowCount())
                .isEqualTo(20);
        mine.forEach(id -> rows.say(id, ChaosRows.Told.COMMITTED));
    }

    private void storesAnObject(AsyncConnection db, Random random) throws Exception {
        byte[] data = new byte[10_000];
        random.nextBytes(data);
        byte[] read = got(db.inTransaction(tx -> tx.largeObjects()
                .inTransaction(objects -> {
                    try (var object = objects.openNew()) {
                        object.write(data);
                        object.seek(0);
                        return object.read();
                    }
                })
                .thenCompose(bytes -> tx.rollback().thenApply(done -> bytes))));
        assertThat(read).isEqualTo(data);
    }

    private void prepares(AsyncConnection db, Random random) throws Exception {
        int x = random.nextInt(1_000_000);
        AsyncPreparedQuery query = got(db.prepare("select $1::int + 1"));
        assertThat(got(query.queryValue(Integer.class, x)).intValue()).isEqualTo(x + 1);
        query.close();
    }

    @Test
    void whileSomebodyCancels(TestDatabase database) throws Exception {
        disturbedBy(
                database,
                after(1, (db, random) -> got(db.cancel())),
                failure -> failure instanceof QueryCanceledException);
    }

    @Test
    void whileSomebodyResets(TestDatabase database) throws Exception {
        disturbedBy(
                database,
                after(10, (db, random) -> got(db.reset())),
                failure -> failure instanceof IllegalStateException);
        assertThat(disturbed()).isPositive();
    }

    @Test
    void untilSomebodyClosesIt(TestDatabase database) throws Exception {
        endedBy(database, (db, random) -> got(db.close(Duration.ofMillis(1 + random.nextInt(20)))));
    }

    @Test
    void untilSomebodyCutsIt(TestDatabase database) throws Exception {
        endedBy(database, (db, random) -> got(db.closeNow()));
    }

    @Test
    void untilTheServerEndsIt(TestDatabase database) throws Exception {
        endedBy(
                database,
                (db, random) -> database.execute(
                        "select pg_terminate_backend(" + db.info().backendPid() + ")"));
    }
}
