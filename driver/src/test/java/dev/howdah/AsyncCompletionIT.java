package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Where stages complete: in order, and nobody's code stops the connection; blocking code runs where it is meant to. */
@SuppressWarnings("FutureReturnValueIgnored") // what a stage tells is often told by the next one
class AsyncCompletionIT extends AsyncContract {

    @Test
    void whatDependsOnAStageMayWaitForLaterOnes() throws Exception {
        CompletableFuture<Void> release = occupy(async);
        CompletableFuture<Integer> first = async.queryValue("select 1", Integer.class);
        CompletableFuture<Integer> second = async.queryValue("select 2", Integer.class);
        CompletableFuture<Integer> third = async.queryValue("select 3", Integer.class);
        CompletableFuture<Integer> sum = first.thenApply(one -> one + third.join());
        CompletableFuture<Integer> all = second.thenApply(two -> {
            CompletableFuture<Integer> more = async.queryValue("select 10", Integer.class);
            CompletableFuture.allOf(third, more).join();
            return two + third.join() + more.join();
        });
        release.complete(null);
        assertThat(got(sum)).isEqualTo(4);
        assertThat(got(all)).isEqualTo(15);
    }

    @Test
    void whatDependsOnAStageRunsNeitherOnTheConnectionsThreadNorOnTheLoop() throws Exception {
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        Runnable note = () -> threads.add(Thread.currentThread().getName());
        String own = got(async.run(below -> Thread.currentThread().getName()));
        assertThat(own).isEqualTo("howdah-async");
        List<CompletableFuture<?>> noted = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Void> release = occupy(async);
            CompletableFuture<Rows> one = async.query("select 1");
            CompletableFuture<Rows> two = async.query("select 2");
            noted.add(one.thenRun(note));
            noted.add(CompletableFuture.allOf(one, two).thenRun(note));
            noted.add(one.thenCompose(rows -> async.query("select 3")).thenRun(note));
            noted.add(async.query("selec")
                    .whenComplete((rows, failure) -> note.run())
                    .handle((rows, failure) -> null));
            noted.add(CompletableFuture.completedFuture(1).thenCompose(x -> two).thenRun(note));
            release.complete(null);
        }
        got(CompletableFuture.allOf(noted.toArray(CompletableFuture<?>[]::new)));
        assertThat(threads).hasSize(250).doesNotContain(own, "howdah-loop");
    }

    @Test
    void codeThatNeverReturnsStopsNeitherTheConnectionNorOtherStages() throws Exception {
        CompletableFuture<Void> never = new CompletableFuture<>();
        // What has its result already would run the code here.
        CompletableFuture<Void> release = occupy(async);
        CompletableFuture<Void> stuck = async.query("select 1").thenAccept(rows -> never.join());
        release.complete(null);
        for (int i = 0; i < 20; i++) {
            assertYielded(async.queryValue("select $1::int", Integer.class, i).thenApply(x -> x))
                    .isEqualTo(i);
        }
        assertThat(stuck).isNotDone();
        never.complete(null);
        got(stuck);
    }

    @Test
    void stagesCompleteOnTheExecutorOfTheOptions() throws Exception {
        try (ExecutorService mine = Executors.newFixedThreadPool(2, work -> new Thread(work, "mine"))) {
            AsyncConnection connection =
                    connectAsync(options().toBuilder().callbackExecutor(mine).build());
            CompletableFuture<Void> release = occupy(connection);
            CompletableFuture<String> thread = connection
                    .query("select 1")
                    .thenApply(rows -> Thread.currentThread().getName());
            CompletableFuture<Integer> later = connection.queryValue("select 2", Integer.class);
            CompletableFuture<Integer> waited = connection
                    .query("select 1")
                    .thenApply(rows ->
                            connection.queryValue("select 3", Integer.class).join());
            release.complete(null);
            assertThat(got(thread)).isEqualTo("mine");
            assertThat(got(later)).isEqualTo(2);
            assertThat(got(waited)).isEqualTo(3);
            got(connection.close());
            expectEnd(connection);
        }
        AsyncConnection refusing = connectAsync(options().toBuilder()
                .callbackExecutor(work -> {
                    throw new RejectedExecutionException("full");
                })
                .build());
        assertYielded(refusing.queryValue("select 1", Integer.class).thenApply(x -> x + 1))
                .isEqualTo(2);
    }

    @Test
    void blockingCodeRunsAsOneOperation() throws Exception {
        CompletableFuture<Integer> both = async.run(below -> {
            int one = below.queryOne("select 1").getInt(0);
            return one + below.queryOne("select 2").getInt(0);
        });
        CompletableFuture<Integer> after = async.queryValue("select 3", Integer.class);
        assertThat(got(both)).isEqualTo(3);
        assertThat(both).isDone();
        assertThat(got(after)).isEqualTo(3);
        assertYielded(async.run(below -> null)).isNull();
        failure(AssertionError.class, async.run(below -> {
            throw new AssertionError("mine");
        }));
        failure(IOException.class, async.run(below -> sneaky(new IOException("checked"))));
        failure(StackOverflowError.class, async.run(AsyncCompletionIT::endless));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, X extends Throwable> T sneaky(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int endless(PgConnection below) {
        return 1 + endless(below);
    }

    @Test
    void whatAnOperationGivesToItsOwnConnectionRunsWithinIt() throws Exception {
        CompletableFuture<Integer> nested = async.run(below -> {
            int one = async.queryValue("select 1", Integer.class).join();
            int two = async.run(again -> again.queryValue("select 2", Integer.class))
                    .join();
            return one
                    + two
                    + async.inTransaction(tx -> tx.queryValue("select 4", Integer.class))
                            .join();
        });
        assertThat(got(nested)).isEqualTo(7);
        CompletableFuture<Integer> misplaced = async.inTransaction(tx ->
                tx.run(below -> async.queryValue("select 1", Integer.class).join()));
        assertThat(failure(IllegalStateException.class, misplaced)).hasMessageContaining("give it to the transaction");
    }

    @Test
    void longBlockingWorkHoldsUpItsConnectionOnly() throws Exception {
        AsyncConnection other = connectAsync(options());
        CompletableFuture<Void> release = occupy(async);
        CompletableFuture<Integer> waits = async.queryValue("select 1", Integer.class);
        assertThat(got(other.queryValue("select 2", Integer.class))).isEqualTo(2);
        assertThat(waits).isNotDone();
        release.complete(null);
        assertThat(got(waits)).isEqualTo(1);
    }

    @Test
    void itWaitsInItsOwnWayWhateverTheWaitCallback() throws Exception {
        AsyncConnection own = connectAsync(options().toBuilder()
                .waitCallback(connection -> {
                    throw new AssertionError("not here");
                })
                .build());
        assertThat(got(own.queryValue("select 1 from pg_sleep(0.01)", Integer.class)))
                .isEqualTo(1);
    }
}
