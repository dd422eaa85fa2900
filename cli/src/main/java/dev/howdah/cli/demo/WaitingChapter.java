package dev.howdah.cli.demo;

import dev.howdah.PgConnection;
import dev.howdah.Pipeline;
import dev.howdah.PipelineAnswer;
import dev.howdah.cli.Timing;
import dev.howdah.error.InterruptedWaitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One thread for many connections, many threads for few, and statements sent without waiting. */
final class WaitingChapter implements Chapter {

    private static final String SELECT = "select $1::int";
    private static final int ROUNDS = 10;

    private static final int THREADS = 10_000;
    private static final int CONNECTIONS = 20;
    private static final int SHARERS = 1_000;
    private static final int EACH = 10;
    private static final int PIPELINED = 10_000;

    @Override
    public String name() {
        return "waiting";
    }

    @Override
    public String summary() {
        return "one thread for many connections, many threads for few, pipelines";
    }

    @Override
    public void tell(Stage stage) throws InterruptedException {
        try (PgConnection db = stage.connect()) {
            polled(stage);
            threads(stage);
            shared(stage, db);
            pipeline(stage, db);
        }
    }

    private static void polled(Stage stage) {
        int count = stage.manyConnections();
        stage.narrator().code("""
                        PollingConnection db = Howdah.connectPolling(dsn)      // %,d of them, on one selector
                        db.poll(); db.channel().register(selector, ...); ...
                        db.query("select $1::int", i)""".formatted(count));
        long start = System.nanoTime();
        try (PolledConnections connections =
                PolledConnections.connect(stage.server().dsn(), count)) {
            rate(stage, "connected", "connects", count, System.nanoTime() - start);
            start = System.nanoTime();
            connections.run("select $1::int from pg_sleep(0.5)");
            stage.narrator()
                    .got(
                            "waited",
                            String.format(Locale.ROOT, "%,d times half a second in %s", count, Timing.since(start)));
            stage.expectEqual(sumBelow(count), connections.sum(), "the sum of all answers");
            start = System.nanoTime();
            for (int i = 0; i < ROUNDS; i++) {
                connections.run(SELECT);
                stage.expectEqual(sumBelow(count), connections.sum(), "the sum of all answers");
            }
            rate(stage, "asked", "selects", ROUNDS * count, System.nanoTime() - start);
        }
        stage.narrator()
                .holds(String.format(
                        Locale.ROOT,
                        "one thread waited for %,d connections in one selector, and each got its own answers",
                        count));
    }

    private static void threads(Stage stage) throws InterruptedException {
        stage.narrator()
                .code("threads.submit(() -> connections.get(i % 20).queryOne(\"" + SELECT
                        + "\", Integer.class, i))      // 10,000 virtual threads");
        List<PgConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(stage.connect());
            }
            long start = System.nanoTime();
            long sum = inThreads(THREADS, i -> connections.get(i % CONNECTIONS).queryOne(SELECT, Integer.class, i));
            rate(stage, "20 connections", "selects", THREADS, System.nanoTime() - start);
            stage.expectEqual(sumBelow(THREADS), sum, "the sum of all answers");
        } finally {
            connections.forEach(PgConnection::close);
        }
        stage.narrator().holds("10,000 virtual threads were served by 20 connections");
    }

    private static void shared(Stage stage, PgConnection db) throws InterruptedException {
        stage.narrator()
                .code("threads.submit(() -> db.queryOne(\"" + SELECT
                        + "\", Integer.class, i))      // 1,000 virtual threads, 10 times each");
        long start = System.nanoTime();
        long sum = inThreads(SHARERS, thread -> {
            long own = 0;
            for (int i = 0; i < EACH; i++) {
                own += db.queryOne(SELECT, Integer.class, thread * EACH + i);
            }
            return own;
        });
        rate(stage, "one connection", "selects", SHARERS * EACH, System.nanoTime() - start);
        stage.expectEqual(sumBelow(SHARERS * EACH), sum, "the sum of all answers");
        stage.narrator().holds("1,000 threads shared a connection, pipelined, and each got its own answers");
    }

    private static void pipeline(Stage stage, PgConnection db) {
        stage.narrator().code("""
                        for (...) { sum += db.queryOne("%s", Integer.class, i); }      // one by one
                        try (Pipeline pipeline = db.pipeline()) {
                            for (...) { answers.add(pipeline.queryValue("%s", Integer.class, i)); } ...
                        }""".formatted(SELECT, SELECT));
        long start = System.nanoTime();
        long sum = 0;
        for (int i = 0; i < PIPELINED; i++) {
            sum += db.queryOne(SELECT, Integer.class, i);
        }
        long oneByOne = System.nanoTime() - start;
        rate(stage, "one by one", "selects", PIPELINED, oneByOne);
        stage.expectEqual(sumBelow(PIPELINED), sum, "the sum of all answers");

        start = System.nanoTime();
        sum = 0;
        try (Pipeline pipeline = db.pipeline()) {
            List<PipelineAnswer<@Nullable Integer>> answers = new ArrayList<>();
            for (int i = 0; i < PIPELINED; i++) {
                answers.add(pipeline.queryValue(SELECT, Integer.class, i));
            }
            pipeline.sync();
            for (PipelineAnswer<@Nullable Integer> answer : answers) {
                Integer value = answer.get();
                sum += value == null ? 0 : value;
            }
        }
        long pipelined = System.nanoTime() - start;
        rate(stage, "pipelined", "selects", PIPELINED, pipelined);
        stage.expectEqual(sumBelow(PIPELINED), sum, "the sum of all answers");
        stage.narrator()
                .got("that is", String.format(Locale.ROOT, "%.1f times as fast", (double) oneByOne / pipelined));
        stage.narrator().holds("both gave the same 10,000 answers");
    }

    private interface Work {
        long run(int thread);
    }

    /** Runs work on so many virtual threads, and adds up what it yields. */
    private static long inThreads(int count, Work work) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int thread = i;
                answers.add(threads.submit(() -> work.run(thread)));
            }
            long sum = 0;
            try {
                for (Future<Long> answer : answers) {
                    sum += answer.get();
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof InterruptedWaitException interrupted) {
                    throw interrupted;
                }
                throw new UnmetException("a thread failed: " + e.getCause());
            } finally {
                threads.shutdownNow();
            }
            return sum;
        }
    }

    private static void rate(Stage stage, String label, String what, int count, long nanos) {
        stage.narrator()
                .got(
                        label,
                        String.format(
                                Locale.ROOT,
                                "%,d %s in %s: %,d a second",
                                count,
                                what,
                                Timing.text(nanos),
                                Math.round(count / (nanos / 1e9))));
    }

    private static long sumBelow(int end) {
        return (long) end * (end - 1L) / 2;
    }
}
