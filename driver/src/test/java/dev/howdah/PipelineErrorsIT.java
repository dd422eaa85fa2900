package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.ConversionException;
import dev.howdah.error.DataException;
import dev.howdah.error.Delivery;
import dev.howdah.error.ForeignKeyViolationException;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.PipelineAbortedException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SyntaxErrorException;
import dev.howdah.error.UnexpectedCopyException;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of each statement of a pipeline it is known what became of it, whatever went wrong. */
@Timeout(120)
class PipelineErrorsIT extends DriverContract {

    private static final String INSERT = "insert into kept values ($1)";
    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    @BeforeEach
    void table() {
        db.execute("create temp table kept (x int primary key)");
    }

    private List<Integer> kept() {
        return db.query("select x from kept order by x").values(Integer.class);
    }

    private static PipelineAbortedException aborted(PipelineAnswer<?> answer, Delivery delivery) {
        PipelineAbortedException aborted = thrown(PipelineAbortedException.class, answer::get);
        assertThat(aborted.delivery()).isEqualTo(delivery);
        assertThat(answer.outcome()).isEqualTo(PipelineOutcome.ABORTED);
        return aborted;
    }

    @Test
    void ranRefusedSkippedAndNeverSentAreToldApart() {
        try (Pipeline p = db.pipeline()) {
            var ran = p.execute(INSERT, 1);
            var refused = p.execute("select 1 / $1::int", 0);
            var skipped = p.execute(INSERT, 2);
            assertThatThrownBy(refused::get)
                    .isInstanceOfSatisfying(
                            DataException.class, e -> assertThat(e.delivery()).isEqualTo(Delivery.REFUSED))
                    .hasMessageContaining("since the last sync of the pipeline is undone (1 statement)");
            var late = p.execute(INSERT, 3);
            var sync = p.sync();
            assertThat(thrown(PipelineAbortedException.class, sync::get)).hasCause(refused(refused));
            assertThat(ran.get().rowCount()).isEqualTo(1);
            assertThat(ran.outcome()).isEqualTo(PipelineOutcome.UNDONE);
            assertThat(refused.outcome()).isEqualTo(PipelineOutcome.REFUSED);
            assertThat(skipped.outcome()).isEqualTo(PipelineOutcome.ABORTED);
            assertThat(aborted(late, Delivery.NOT_SENT)).hasCause(refused(refused));
            assertThat(aborted(late, Delivery.NOT_SENT).isSafeToRetry()).isFalse();
            var after = p.execute(INSERT, 4);
            p.sync().get();
            assertThat(after.outcome()).isEqualTo(PipelineOutcome.RAN);
        }
        assertThat(kept()).containsExactly(4);
    }

    private static Throwable refused(PipelineAnswer<?> answer) {
        return catchThrowable(answer::get);
    }

    @Test
    void whatWasSentBehindAFailureIsSkippedByTheServer() {
        db.execute(INSERT, 0);
        db.query("select 1 / $1::int", 1);
        try (Pipeline p = db.pipeline()) {
            var refused = p.execute("select 1 / $1::int", 0);
            List<PipelineAnswer<Result>> skipped = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                skipped.add(p.execute(INSERT, i));
            }
            p.sync();
            assertThatThrownBy(refused::get).isInstanceOf(DataException.class);
            for (PipelineAnswer<Result> each : skipped) {
                assertThat(aborted(each, Delivery.REFUSED)).hasCause(refused(refused));
            }
        }
        assertThat(kept()).containsExactly(0);
    }

    @ParameterizedTest
    @EnumSource
    void aTextThatTheServerDoesNotParseIsRefusedInItsPlace(PipelineMode mode) {
        boolean each = mode == PipelineMode.SYNC_EACH;
        try (Pipeline p = db.pipeline(mode)) {
            var before = p.execute(INSERT, 1);
            var wrong = p.query("selec 1");
            var behind = p.execute(INSERT, 2);
            p.sync();
            var two = p.execute("select 1; select 2");
            p.sync();
            assertThatThrownBy(wrong::get).isInstanceOf(SyntaxErrorException.class);
            assertThatThrownBy(two::get)
                    .isInstanceOf(SyntaxErrorException.class)
                    .hasMessageContaining("multiple");
            assertThat(before.outcome()).isEqualTo(each ? PipelineOutcome.RAN : PipelineOutcome.UNDONE);
            assertThat(behind.outcome()).isEqualTo(each ? PipelineOutcome.RAN : PipelineOutcome.ABORTED);
        }
        assertThat(kept()).isEqualTo(each ? List.of(1, 2) : List.of());
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatCannotBeEncodedIsNeverSentAndUndoesItsSync(PipelineMode mode) {
        boolean each = mode == PipelineMode.SYNC_EACH;
        try (Pipeline p = db.pipeline(mode)) {
            p.execute(INSERT, 1);
            var unfit = p.execute(INSERT, "not a number at all");
            var count = p.execute(INSERT, 1, 2);
            var nul = p.query("select '\0'");
            var behind = p.execute(INSERT, 2);
            p.sync();
            var later = p.execute(INSERT, 3);
            p.sync();
            assertThat(thrown(ConversionException.class, unfit::get).delivery()).isEqualTo(Delivery.NOT_SENT);
            assertThat(unfit.outcome()).isEqualTo(PipelineOutcome.NOT_SENT);
            if (each) {
                assertThatThrownBy(count::get).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(nul::get).isInstanceOf(IllegalArgumentException.class);
                assertThat(behind.get().rowCount()).isEqualTo(1);
            } else {
                assertThat(aborted(count, Delivery.NOT_SENT)).hasCause(refused(unfit));
                aborted(behind, Delivery.NOT_SENT);
            }
            assertThat(later.get().rowCount()).isEqualTo(1);
        }
        assertThat(kept()).isEqualTo(each ? List.of(1, 2, 3) : List.of(3));
    }

    @ParameterizedTest
    @EnumSource
    void aBatchThatFailsSaysWhichSetItWas(PipelineMode mode) {
        try (Pipeline p = db.pipeline(mode)) {
            p.execute(INSERT, 100);
            p.sync();
            var refused = p.executeMany(INSERT, List.of(List.of(1), List.of(2), List.of(1), List.of(3)));
            p.sync();
            var unfit = p.executeMany(INSERT, List.of(List.of(1), List.of(new Object()), List.of(3)));
            p.sync();
            var own = p.executeMany(INSERT, failing(5_000));
            p.sync();
            var good = p.executeMany(INSERT, List.of(List.of(7), List.of(8)));
            p.sync();
            assertThat(thrown(UniqueViolationException.class, refused::get).batchSet())
                    .isEqualTo(2);
            assertThat(thrown(ConversionException.class, unfit::get).batchSet()).isEqualTo(1);
            assertThatThrownBy(own::get).isInstanceOf(IllegalCallerException.class);
            assertThat(own.outcome()).isEqualTo(PipelineOutcome.REFUSED);
            assertThat(good.get().rowCount()).isEqualTo(2);
        }
        assertThat(kept()).containsExactly(7, 8, 100);
    }

    private static Iterable<List<Object>> failing(int at) {
        return () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public List<Object> next() {
                if (next == at) {
                    throw new IllegalCallerException("the iterator's own");
                }
                return List.of(1_000 + next++);
            }
        };
    }

    @Test
    void aSyncThatFailsItselfUndoesWhatRan() {
        db.execute("create temp table parent (id int primary key)");
        db.execute("create temp table child (id int references parent deferrable initially deferred)");
        try (Pipeline p = db.pipeline()) {
            var orphan = p.execute("insert into child values (1)");
            var sync = p.sync();
            var next = p.execute(INSERT, 1);
            p.sync();
            assertThat(orphan.get().rowCount()).isEqualTo(1);
            assertThatThrownBy(sync::get).isInstanceOf(ForeignKeyViolationException.class);
            assertThat(orphan.outcome()).isEqualTo(PipelineOutcome.UNDONE);
            assertThat(next.get().rowCount()).isEqualTo(1);
        }
        try (Pipeline p = db.pipeline(PipelineMode.SYNC_EACH)) {
            var orphan = p.execute("insert into child values (1)");
            assertThatThrownBy(orphan::get).isInstanceOf(ForeignKeyViolationException.class);
        }
        assertThatThrownBy(() -> {
                    try (Pipeline p = db.pipeline()) {
                        p.execute("insert into child values (1)");
                        p.sync();
                    }
                })
                .isInstanceOf(ForeignKeyViolationException.class);
        assertThat(db.queryValue("select count(*) from child", Long.class)).isZero();
    }

    @Test
    void whatACommitOfItsOwnMadeLastIsNotUndone() {
        try (Pipeline p = db.pipeline()) {
            p.execute("begin");
            var committed = p.execute(INSERT, 1);
            p.execute("commit");
            var undone = p.execute(INSERT, 2);
            var refused = p.execute(INSERT, 1);
            p.sync();
            assertThatThrownBy(refused::get).isInstanceOf(UniqueViolationException.class);
            assertThat(catchThrowable(() -> p.sync().get())).isNull();
            assertThat(committed.outcome()).isEqualTo(PipelineOutcome.RAN);
            assertThat(undone.outcome()).isEqualTo(PipelineOutcome.UNDONE);
        }
        assertThat(kept()).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource
    void aCommitThatComesBackAsARollbackThrows(PipelineMode mode) {
        try (Pipeline p = db.pipeline(mode)) {
            p.execute("begin");
            var bad = p.execute("select 1 / $1::int", 0);
            p.sync();
            var commit = p.execute("commit");
            p.sync();
            assertThatThrownBy(bad::get).isInstanceOf(DataException.class);
            assertThatThrownBy(commit::get)
                    .isInstanceOf(CommitRolledBackException.class)
                    .hasCause(refused(bad));
        }
    }

    @Test
    void aFailureThatNobodyTookIsThrownByTheClose() {
        assertThatThrownBy(() -> {
                    try (Pipeline p = db.pipeline(PipelineMode.SYNC_EACH)) {
                        p.execute("select 1 / $1::int", 0);
                        p.execute(INSERT, 1);
                        p.execute(INSERT, 1);
                    }
                })
                .isInstanceOf(DataException.class)
                .satisfies(e ->
                        assertThat(e.getSuppressed()).hasSize(1).hasOnlyElementsOfType(UniqueViolationException.class));
        IllegalCallerException own = new IllegalCallerException("the block's own");
        assertThatThrownBy(() -> {
                    try (Pipeline p = db.pipeline()) {
                        p.execute("select 1 / $1::int", 0);
                        throw own;
                    }
                })
                .isSameAs(own)
                .satisfies(e -> assertThat(e.getSuppressed()).hasOnlyElementsOfType(DataException.class));
        assertThatThrownBy(() -> {
                    try (Pipeline p = db.pipeline()) {
                        p.execute("select 1 / $1::int", 0).get();
                    }
                })
                .isInstanceOf(DataException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
        assertThat(kept()).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource
    void aCopyIsRefusedAndThePipelineGoesOn(PipelineMode mode) {
        boolean each = mode == PipelineMode.SYNC_EACH;
        try (Pipeline p = db.pipeline(mode)) {
            var in = p.execute("/* in */ copy kept from stdin");
            var behind = p.execute(INSERT, 1);
            p.sync();
            var out = p.execute("copy (select g, repeat('x', 1000) from generate_series(1, 5000) g) to stdout");
            var beside = p.execute(INSERT, 2);
            p.sync();
            var many = p.executeMany("copy kept from stdin", List.of(List.of(), List.of()));
            p.sync();
            var after = p.execute(INSERT, 3);
            p.sync();
            assertThat(thrown(UnexpectedCopyException.class, in::get).direction())
                    .isEqualTo(UnexpectedCopyException.Direction.IN);
            assertThat(behind.outcome()).isEqualTo(each ? PipelineOutcome.RAN : PipelineOutcome.ABORTED);
            assertThat(thrown(UnexpectedCopyException.class, out::get).direction())
                    .isEqualTo(UnexpectedCopyException.Direction.OUT);
            assertThat(beside.get().rowCount()).isEqualTo(1);
            assertThatThrownBy(many::get).isInstanceOf(UnexpectedCopyException.class);
            assertThat(after.get().rowCount()).isEqualTo(1);
        }
        assertThat(kept()).isEqualTo(each ? List.of(1, 2, 3) : List.of(2, 3));
    }

    @ParameterizedTest
    @EnumSource
    void statementsDroppedByThePipelineItselfArePreparedAnew(PipelineMode mode) {
        db.queryValue("select 40 + $1::int", Integer.class, 0);
        try (Pipeline p = db.pipeline(mode)) {
            var one = p.queryValue("select 40 + $1::int", Integer.class, 1);
            p.execute("deallocate all");
            var two = p.queryValue("select 40 + $1::int", Integer.class, 2);
            p.sync();
            p.execute("discard all");
            p.sync();
            var three = p.queryValue("select 40 + $1::int", Integer.class, 3);
            assertThat(three.get()).isEqualTo(43);
            assertThat(one.get()).isEqualTo(41);
            assertThat(two.get()).isEqualTo(42);
        }
    }

    @Test
    void statementsDroppedBehindItsBackAreRefusedInTheirSyncAndPreparedAnewAfterIt() {
        db.queryValue("select 40 + $1::int", Integer.class, 0);
        db.execute("do $$ begin execute 'deallocate all'; end $$");
        try (Pipeline p = db.pipeline()) {
            var stale = p.queryValue("select 40 + $1::int", Integer.class, 1);
            var skipped = p.queryValue("select 40 + $1::int", Integer.class, 2);
            p.sync();
            assertThat(thrown(ServerException.class, stale::get)).hasMessageContaining("26000");
            aborted(skipped, Delivery.REFUSED);
            assertThat(p.queryValue("select 40 + $1::int", Integer.class, 3).get())
                    .isEqualTo(43);
        }
    }

    @Test
    void withASyncEachWhatIsStaleIsRunOnceMoreInOrder() {
        db.execute("create temp table grown (x int)");
        db.query("select * from grown");
        db.queryValue("select 40 + $1::int", Integer.class, 0);
        db.execute("do $$ begin execute 'deallocate all'; end $$");
        try (Pipeline p = db.pipeline(PipelineMode.SYNC_EACH)) {
            List<PipelineAnswer<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(p.queryValue("select 40 + $1::int", Integer.class, i));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(answers.get(i).get()).isEqualTo(40 + i);
            }
        }
        db.query("select * from grown");
        db.execute("alter table grown add column y text default 'new'");
        db.execute("insert into grown values (1)");
        try (Pipeline p = db.pipeline(PipelineMode.SYNC_EACH)) {
            var first = p.queryOne("select * from grown");
            var second = p.queryOne("select * from grown");
            assertThat(second.get().getString("y")).isEqualTo("new");
            assertThat(first.get().getString("y")).isEqualTo("new");
        }
        db.query("select * from grown");
        db.execute("alter table grown add column z int default 3");
        try (Pipeline p = db.pipeline()) {
            var stale = p.queryOne("select * from grown");
            p.sync();
            assertThatThrownBy(stale::get).isInstanceOf(ServerException.class);
            assertThat(p.queryOne("select * from grown").get().getInt("z")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutCancelsWhatRuns(PipelineMode mode) {
        boolean each = mode == PipelineMode.SYNC_EACH;
        // An unknown statement waits for what is before it to be described.
        db.query("select pg_sleep($1)", 0.0);
        db.queryValue("select 1", Integer.class);
        try (Pipeline p = db.pipeline(mode)) {
            var slow = p.query("select pg_sleep($1)", 60.0);
            var behind = p.queryValue("select 1", Integer.class);
            p.sync();
            QueryTimeoutException late = thrown(QueryTimeoutException.class, () -> slow.get(Duration.ofMillis(200)));
            assertThat(late.delivery()).isEqualTo(Delivery.REFUSED);
            assertThat(slow.outcome()).isEqualTo(PipelineOutcome.REFUSED);
            if (each) {
                assertThat(behind.get()).isEqualTo(1);
            } else {
                assertThat(aborted(behind, Delivery.REFUSED)).hasCauseInstanceOf(QueryCanceledException.class);
            }
            assertThat(p.queryValue("select 2", Integer.class).get()).isEqualTo(2);
        }
        try (Pipeline p = db.pipeline(mode)) {
            var slow = p.query("select pg_sleep($1)", 60.0);
            var behind = p.queryValue("select 1", Integer.class);
            Throwable late = catchThrowable(() -> behind.get(Duration.ofMillis(200)));
            assertThatThrownBy(slow::get).isInstanceOf(QueryCanceledException.class);
            if (each) {
                // It may have come together with the end of what was cancelled.
                assertThat(late)
                        .satisfiesAnyOf(
                                none -> assertThat(none).isNull(),
                                e -> assertThat(((QueryTimeoutException) e).delivery())
                                        .isEqualTo(Delivery.UNKNOWN));
                assertThat(behind.get()).isEqualTo(1);
            } else {
                assertThat(late)
                        .isInstanceOfSatisfying(
                                QueryTimeoutException.class,
                                e -> assertThat(e.delivery()).isEqualTo(Delivery.REFUSED));
            }
        }
    }

    @Test
    void theConnectionsQueryTimeoutCountsForEachWaitTheCloseIncluded() {
        PgConnection limited = connect(
                options().toBuilder().queryTimeout(Duration.ofMillis(300)).build());
        assertThatThrownBy(() -> {
                    try (Pipeline p = limited.pipeline()) {
                        p.query("select pg_sleep(60)");
                    }
                })
                .isInstanceOf(QueryTimeoutException.class);
        assertThat(limited.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptCancelsWhatRuns(PipelineMode mode) throws Exception {
        try (Pipeline p = db.pipeline(mode)) {
            var slow = p.query("select pg_sleep(60)");
            Thread waiting = Thread.currentThread();
            Future<Boolean> other = elsewhere(() -> {
                Await.until("it runs", PATIENCE, () -> activity(db, "state").equals("active"));
                waiting.interrupt();
                return true;
            });
            assertThatThrownBy(slow::get).isInstanceOf(InterruptedWaitException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(result(other)).isTrue();
            p.sync();
            assertThat(p.queryValue("select 1", Integer.class).get()).isEqualTo(1);
        }
    }

    @Test
    void aCancelFromAnotherThreadHitsWhatRunsAlsoWhileNobodyWaits() {
        try (Pipeline p = db.pipeline(PipelineMode.SYNC_EACH)) {
            assertThat(db.cancel()).isFalse();
            p.queryValue("select 1", Integer.class).get();
            assertThat(db.cancel()).isFalse();
            db.types();
            var known = p.query("select pg_sleep($1)", 0.0);
            known.get();
            var slow = p.query("select pg_sleep($1)", 60.0);
            var behind = p.queryValue("select 1", Integer.class);
            p.sync();
            Await.until(
                    "it runs", PATIENCE, () -> activity(db, "state || query").contains("activeselect pg_sleep"));
            assertThat(db.cancel()).isTrue();
            assertThat(behind.get()).isEqualTo(1);
            assertThatThrownBy(slow::get).isInstanceOf(QueryCanceledException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLostConnectionSaysOfEachWhetherItWasSent(PipelineMode mode) {
        PgConnection doomed = connect();
        expectLost(doomed);
        doomed.query("select pg_sleep($1)", 0.0);
        doomed.queryValue("select 1", Integer.class);
        Pipeline p = doomed.pipeline(mode);
        var answered = p.queryValue("select 1", Integer.class);
        assertThat(answered.get()).isEqualTo(1);
        var running = p.query("select pg_sleep($1)", 60.0);
        var behind = p.queryValue("select 1", Integer.class);
        var sync = p.sync();
        Await.until(
                "it runs", PATIENCE, () -> activity(doomed, "state || query").contains("activeselect pg_sleep"));
        database()
                .server()
                .execute("select pg_terminate_backend(" + doomed.info().backendPid() + ")");
        ConnectionLostException lost = thrown(ConnectionLostException.class, running::get);
        assertThat(lost.delivery()).isEqualTo(Delivery.UNKNOWN);
        assertThat(lost.lastWords().sqlState().code()).isEqualTo("57P01");
        assertThat(thrown(ConnectionLostException.class, behind::get).delivery())
                .isEqualTo(Delivery.UNKNOWN);
        assertThat(thrown(PgException.class, sync::get).delivery()).isEqualTo(Delivery.UNKNOWN);
        var queued = p.queryValue("select 1", Integer.class);
        assertThat(answered.outcome())
                .isEqualTo(mode == PipelineMode.SYNC_EACH ? PipelineOutcome.RAN : PipelineOutcome.UNKNOWN);
        assertThat(thrown(PgException.class, queued::get).delivery()).isEqualTo(Delivery.NOT_SENT);
        assertThat(queued.outcome()).isEqualTo(PipelineOutcome.NOT_SENT);
        p.close();
        assertThatThrownBy(() -> p.query("select 1")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLossThatNobodyNoticedIsThrownByTheClose() {
        PgConnection doomed = connect();
        expectLost(doomed);
        assertThatThrownBy(() -> {
                    try (Pipeline p = doomed.pipeline()) {
                        p.execute("select 1").get();
                        p.execute("select 2");
                        database()
                                .server()
                                .execute("select pg_terminate_backend("
                                        + doomed.info().backendPid() + ")");
                        Await.until(
                                "it is gone",
                                PATIENCE,
                                () -> activity(doomed, "1").equals("gone"));
                    }
                })
                .isInstanceOf(ConnectionLostException.class);
    }

    @ParameterizedTest
    @EnumSource
    void closingTheConnectionEndsAPipelineThatSomebodyWaitsFor(PipelineMode mode) throws Exception {
        PgConnection other = connect();
        expectLost(other);
        Pipeline p = other.pipeline(mode);
        var slow = p.query("select pg_sleep(60)");
        var behind = p.query("select pg_sleep(0)");
        Future<Boolean> closing = elsewhere(() -> {
            Await.until("it runs", PATIENCE, () -> activity(other, "state").equals("active"));
            other.close();
            return true;
        });
        assertThatThrownBy(slow::get).isInstanceOf(QueryCanceledException.class);
        assertThat(result(closing)).isTrue();
        Throwable failure = catchThrowable(behind::get);
        if (mode == PipelineMode.SHARED_SYNC) {
            assertThat(failure).isInstanceOf(PipelineAbortedException.class);
        } else if (failure != null) {
            assertThat(failure).isInstanceOf(ConnectionClosedException.class);
        }
        catchThrowable(p::close);
    }

    @Test
    void closingTheConnectionInItsMiddleGivesEverybodyAnAnswer() {
        PgConnection other = connect();
        expectLost(other);
        other.query("select pg_sleep($1)", 0.0);
        Pipeline p = other.pipeline();
        var slow = p.query("select pg_sleep($1)", 60.0);
        p.sync();
        var queued = p.query("select 1");
        other.close();
        assertThat(thrown(ConnectionClosedException.class, slow::get).delivery())
                .isEqualTo(Delivery.UNKNOWN);
        assertThat(thrown(ConnectionClosedException.class, queued::get).delivery())
                .isEqualTo(Delivery.NOT_SENT);
        p.close();
    }

    @Test
    void aResetTakesTheConnectionFromAPipeline() throws Exception {
        Pipeline p = db.pipeline();
        var ran = p.execute("select 1");
        ran.get();
        var sent = p.execute("select 2");
        p.sync();
        var queued = p.execute("select 3");
        result(elsewhere(() -> {
            db.reset();
            return true;
        }));
        assertThat(sent.get().rowCount()).isEqualTo(1);
        assertThatThrownBy(() -> p.query("select 4"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reset");
        assertThatThrownBy(queued::get).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(p::close).isInstanceOf(IllegalStateException.class);
        assertThat(queued.outcome()).isEqualTo(PipelineOutcome.NOT_SENT);
    }

    @Test
    void aCodecThatUsesTheConnectionIsToldSo() {
        try (Pipeline p = db.pipeline()) {
            var own = p.executeMany(INSERT, () -> new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public Object next() {
                    return List.of(db.queryValue("select 1", Integer.class));
                }
            });
            assertThatThrownBy(own::get)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in the middle of an operation");
        }
        assertThat(kept()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aBatchWithoutEndIsEndedByATimeout(PipelineMode mode) {
        try (Pipeline p = db.pipeline(mode)) {
            var endless = p.executeMany(INSERT, BatchSets.of(Integer.MAX_VALUE, i -> List.of(i)));
            assertThatThrownBy(() -> endless.get(Duration.ofMillis(300))).isInstanceOf(QueryTimeoutException.class);
            p.sync();
            assertThat(p.queryValue("select 1", Integer.class).get()).isEqualTo(1);
        }
        assertThat(kept()).isEmpty();
    }
}
