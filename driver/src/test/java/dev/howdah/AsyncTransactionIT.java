package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.DataException;
import dev.howdah.error.DeadlockException;
import dev.howdah.error.Delivery;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.SerializationFailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions of the asynchronous face: what belongs to them, what waits for them, how they end. */
@SuppressWarnings("FutureReturnValueIgnored") // what a stage tells is often told by the next one
class AsyncTransactionIT extends AsyncContract {

    private static final String REFUSED = "do $$ begin raise exception 'again' using errcode = '%s'; end $$";

    @BeforeEach
    void makeTable() throws Exception {
        got(async.execute("create temp table kept (x int)"));
    }

    private long count() throws Exception {
        return got(async.queryValue("select count(*) from kept", Long.class));
    }

    private static CompletableFuture<Result> insert(AsyncQueries place, int x) {
        return place.execute("insert into kept values ($1)", x);
    }

    @Test
    void itEndsWithACommitARollbackOrAClose() throws Exception {
        AsyncTransaction committed = got(async.begin());
        insert(committed, 1);
        got(committed.commit());
        assertThat(committed.isOpen()).isFalse();
        assertThat(count()).isEqualTo(1);
        AsyncTransaction rolledBack = got(async.begin(Isolation.SERIALIZABLE));
        assertThat(got(rolledBack.queryValue("show transaction_isolation", String.class)))
                .isEqualTo("serializable");
        insert(rolledBack, 2);
        got(rolledBack.rollback());
        assertThat(count()).isEqualTo(1);
        AsyncTransaction closed = got(async.begin());
        insert(closed, 3);
        got(closed.close());
        got(closed.close());
        assertThat(count()).isEqualTo(1);
        failure(IllegalStateException.class, closed.rollback());
        failure(IllegalStateException.class, closed.commit());
        failure(IllegalStateException.class, closed.query("select 1"));
        failure(IllegalStateException.class, closed.begin());
    }

    @Test
    void whatIsGivenToTheConnectionWaitsUntilItHasEnded() throws Exception {
        AsyncTransaction tx = got(async.begin());
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Boolean> outside = async.query("select 1").thenApply(rows -> order.add("outside"));
        CompletableFuture<AsyncTransaction> second = async.begin();
        got(insert(tx, 1).thenApply(done -> order.add("inside")));
        got(tx.query("select 1").thenApply(done -> order.add("inside")));
        assertThat(outside).isNotDone();
        assertThat(second).isNotDone();
        assertThat(async.pending()).isEqualTo(2);
        tx.commit();
        got(outside);
        assertThat(order).containsExactly("inside", "inside", "outside");
        AsyncTransaction next = got(second);
        assertThat(next.isNested()).isFalse();
        got(next.close());
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void whatWasGivenToItBeforeItsEndRunsAndWhatComesLaterIsRefused() throws Exception {
        CompletableFuture<Void> release = occupy(async);
        CompletableFuture<AsyncTransaction> begun = async.begin();
        release.complete(null);
        AsyncTransaction tx = got(begun);
        CompletableFuture<Void> work = new CompletableFuture<>();
        tx.run(db -> work.join());
        CompletableFuture<Result> before = insert(tx, 1);
        CompletableFuture<Void> commit = tx.commit();
        CompletableFuture<Result> after = insert(tx, 2);
        work.complete(null);
        got(before);
        got(commit);
        assertThat(failure(IllegalStateException.class, after)).hasMessageContaining("has ended");
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void oneInsideIsASavepointAndWhatIsGivenToTheOuterOneWaits() throws Exception {
        AsyncTransaction outer = got(async.begin());
        insert(outer, 1);
        AsyncTransaction inner = got(outer.begin());
        assertThat(inner.isNested()).isTrue();
        CompletableFuture<Long> waits = outer.queryValue("select count(*) from kept", Long.class);
        got(insert(inner, 2));
        failure(DataException.class, inner.query("select 1/0"));
        assertThat(waits).isNotDone();
        got(inner.rollback());
        assertThat(got(waits)).isEqualTo(1);
        AsyncTransaction another = got(outer.begin());
        CompletableFuture<Void> outerCommit = outer.commit();
        insert(another, 3);
        got(another.commit());
        got(outerCommit);
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void aRollbackOfTheOuterOneEndsThoseInside() throws Exception {
        AsyncTransaction outer = got(async.begin());
        AsyncTransaction inner = got(outer.begin());
        AsyncTransaction innermost = got(inner.begin());
        CompletableFuture<Rows> waitsForever = inner.query("select 1");
        CompletableFuture<Result> runs = insert(innermost, 1);
        got(outer.rollback());
        got(runs);
        failure(IllegalStateException.class, waitsForever);
        assertThat(inner.isOpen()).isFalse();
        assertThat(innermost.isOpen()).isFalse();
        assertThat(count()).isZero();
        AsyncTransaction again = got(async.begin());
        got(again.savepoint("here"));
        AsyncTransaction lost = got(again.begin());
        got(again.rollbackTo("here"));
        assertThat(lost.isOpen()).isFalse();
        got(insert(again, 4));
        got(again.release("here"));
        got(again.commit());
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void workIsCommittedWhenItsStageCompletes() throws Exception {
        CompletableFuture<Integer> work = async.inTransaction(
                Isolation.REPEATABLE_READ,
                tx -> insert(tx, 1)
                        .thenCompose(done ->
                                tx.inTransaction(inner -> insert(inner, 2).thenApply(more -> 42))));
        assertThat(got(work)).isEqualTo(42);
        assertThat(count()).isEqualTo(2);
        assertYielded(async.inTransaction(tx -> insert(tx, 3).thenCompose(done -> tx.commit())))
                .isNull();
        assertThat(count()).isEqualTo(3);
    }

    @Test
    void workIsRolledBackWhenItFailsInWhateverWay() throws Exception {
        failure(
                DataException.class,
                async.inTransaction(tx -> insert(tx, 1).thenCompose(done -> tx.query("select 1/0"))));
        AssertionError mine = new AssertionError("mine");
        assertThat(failure(AssertionError.class, async.inTransaction(tx -> {
                    insert(tx, 2);
                    throw mine;
                })))
                .isSameAs(mine);
        assertThat(failure(IllegalStateException.class, async.<Object>inTransaction(tx -> null)))
                .hasMessageContaining("null");
        failure(CancellationException.class, async.inTransaction(tx -> {
            CompletableFuture<Object> stage = new CompletableFuture<>();
            stage.cancel(false);
            return stage;
        }));
        assertThat(failure(
                        CommitRolledBackException.class,
                        async.inTransaction(tx -> insert(tx, 3)
                                .thenCompose(done -> tx.query("select 1/0"))
                                .exceptionally(swallowed -> null))))
                .hasCauseInstanceOf(DataException.class);
        failure(
                IllegalStateException.class,
                async.inTransaction(tx -> tx.begin().thenApply(forgotten -> 1)));
        assertThat(failure(
                        DataException.class,
                        async.inTransaction(tx -> tx.inTransaction(inner -> inner.query("select 1/0"))
                                .thenApply(rows -> 1))))
                .isNotNull();
        assertThat(count()).isZero();
    }

    @Test
    void workThatTheServerRefusesIsRunAgain() throws Exception {
        for (String code : List.of("40001", "40P01")) {
            AtomicInteger tries = new AtomicInteger();
            CompletableFuture<Integer> work = async.inTransaction(tx -> insert(tx, 1)
                    .thenCompose(done -> tries.incrementAndGet() < 3
                            ? tx.execute(REFUSED.formatted(code)).thenApply(never -> 0)
                            : CompletableFuture.completedFuture(tries.get())));
            assertThat(got(work)).isEqualTo(3);
        }
        assertThat(count()).isEqualTo(2);
        AtomicInteger swallowed = new AtomicInteger();
        got(async.inTransaction(tx -> swallowed.incrementAndGet() == 1
                ? tx.execute(REFUSED.formatted("40001")).exceptionally(kept -> null)
                : CompletableFuture.completedFuture(null)));
        assertThat(swallowed).hasValue(2);
        AtomicInteger late = new AtomicInteger();
        got(async.inTransaction(tx -> late.incrementAndGet() == 1
                ? tx.execute(REFUSED.formatted("40001"))
                        .exceptionally(kept -> null)
                        .thenCompose(done -> tx.query("select 1"))
                : CompletableFuture.completedFuture(null)));
        assertThat(late).hasValue(2);
    }

    @Test
    void itIsNotRunAgainForEver() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        failure(SerializationFailureException.class, async.inTransaction(tx -> {
            tries.incrementAndGet();
            return tx.execute(REFUSED.formatted("40001"));
        }));
        assertThat(tries).hasValue(10);
        AtomicInteger other = new AtomicInteger();
        failure(FailedTransactionException.class, async.inTransaction(tx -> {
            other.incrementAndGet();
            return tx.query("select 1/0").handle((rows, failure) -> 1).thenCompose(one -> tx.query("select 1"));
        }));
        assertThat(other).hasValue(1);
        AsyncTransaction outer = got(async.begin());
        AtomicInteger nested = new AtomicInteger();
        failure(DeadlockException.class, outer.inTransaction(tx -> {
            nested.incrementAndGet();
            return tx.execute(REFUSED.formatted("40P01"));
        }));
        assertThat(nested).hasValue(1);
        got(outer.query("select 1"));
        got(outer.commit());
    }

    @Test
    void cancellingWorkCancelsWhatRunsInItAndRollsBack() throws Exception {
        CompletableFuture<Object> mine = new CompletableFuture<>();
        CompletableFuture<AsyncTransaction> begun = new CompletableFuture<>();
        String sql = "select pg_sleep(600)";
        CompletableFuture<Object> work = async.inTransaction(tx -> {
            begun.complete(tx);
            insert(tx, 1);
            tx.query(sql);
            tx.query("select 'never sent'");
            return mine;
        });
        awaitActive(async, sql);
        assertThat(work.cancel(true)).isTrue();
        assertThat(work).isCancelled();
        assertThat(mine).isCancelled();
        assertThat(count()).isZero();
        assertThat(got(begun).isOpen()).isFalse();
        CompletableFuture<Void> release = occupy(async);
        CompletableFuture<Integer> waiting =
                async.inTransaction(tx -> insert(tx, 2).thenApply(done -> 2));
        waiting.cancel(true);
        release.complete(null);
        assertThat(count()).isZero();
    }

    @Test
    void aTransactionThatNobodyWantsAnyMoreIsRolledBack() throws Exception {
        CompletableFuture<Void> release = occupy(async);
        CompletableFuture<AsyncTransaction> dropped = async.begin();
        CompletableFuture<Integer> after = async.queryValue("select 1", Integer.class);
        dropped.cancel(true);
        release.complete(null);
        assertThat(got(after)).isEqualTo(1);
        for (int i = 0; i < 50; i++) {
            CompletableFuture<AsyncTransaction> racing = async.begin();
            Thread.onSpinWait();
            if (!racing.cancel(true) && !racing.isCancelled()) {
                got(racing.thenCompose(AsyncTransaction::close));
            }
            assertThat(got(async.queryValue("select $1::int", Integer.class, i)))
                    .isEqualTo(i);
        }
        assertThat(async.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void aForgottenOneHoldsUpTheConnectionUntilAResetOrItsEnd() throws Exception {
        AsyncTransaction forgotten = got(async.begin());
        insert(forgotten, 1);
        CompletableFuture<Rows> waits = async.query("select 1");
        QueryTimeoutException expired = failure(
                QueryTimeoutException.class,
                async.withTimeout(Duration.ofMillis(50)).query("select 2"));
        assertThat(expired.delivery()).isEqualTo(Delivery.NOT_SENT);
        assertThat(expired.timeout()).isEqualTo(Duration.ofMillis(50));
        assertThat(waits).isNotDone();
        got(async.reset());
        assertThat(got(waits)).isNotNull();
        AsyncConnection other = connectAsync(options());
        got(other.begin());
        CompletableFuture<Integer> behind = other.queryValue("select 3", Integer.class);
        got(other.close());
        expectEnd(other);
        assertThat(got(behind)).isEqualTo(3);
        makeTable();
    }

    @Test
    void workWhoseStageNeverCompletesIsAnsweredWhenTheConnectionEnds() throws Exception {
        CompletableFuture<AsyncTransaction> begun = new CompletableFuture<>();
        CompletableFuture<Object> work = async.inTransaction(tx -> {
            begun.complete(tx);
            return new CompletableFuture<>();
        });
        AsyncTransaction tx = got(begun);
        got(async.close());
        expectEnd(async);
        failure(ConnectionClosedException.class, work);
        failure(ConnectionClosedException.class, tx.query("select 1"));
        failure(ConnectionClosedException.class, tx.commit());
        got(tx.close());
        assertThat(tx.isOpen()).isFalse();
        failure(ConnectionClosedException.class, async.inTransaction(never -> never.query("select 1")));
    }

    @Test
    void aCommitIsNotCutShort() throws Exception {
        PgConnection holder = connect();
        holder.query("select pg_advisory_lock(1108)");
        AsyncTransaction tx = got(async.begin());
        got(tx.execute("create temp table slow (x int); create function pg_temp.wait() returns trigger language plpgsql"
                + " as $$ begin perform pg_advisory_xact_lock(1108); return null; end $$;"
                + " create constraint trigger wait after insert on slow deferrable initially deferred"
                + " for each row execute function pg_temp.wait(); insert into slow values (1)"));
        CompletableFuture<Void> commit = tx.commit();
        awaitActive(async, "COMMIT");
        commit.cancel(true);
        holder.query("select pg_advisory_unlock(1108)");
        assertThat(got(async.queryValue("select count(*) from slow", Long.class)))
                .isEqualTo(1);
    }

    @Test
    void twoPhaseTransactionsRunByBlockingCode() throws Exception {
        got(async.execute("begin"));
        got(insert(async, 1));
        got(async.rollback());
        assertThat(count()).isZero();
        got(async.run(db -> {
            db.twoPhase().begin(Xid.of(1, "async", place.name()));
            return null;
        }));
        got(insert(async, 2));
        failure(IllegalStateException.class, async.begin());
        got(async.run(db -> {
            db.twoPhase().rollback();
            return null;
        }));
        assertThat(count()).isZero();
    }
}
