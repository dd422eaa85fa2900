package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.ConversionException;
import dev.howdah.error.DataException;
import dev.howdah.error.Delivery;
import dev.howdah.error.ForeignKeyViolationException;
import dev.howdah.error.PipelineAbortedException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SyntaxErrorException;
import dev.howdah.error.UnexpectedCopyException;
import dev.howdah.error.UniqueViolationException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of each statement of a pipeline it is known what became of it, whatever went wrong. */
@Timeout(120)
class PipelineErrorsIT extends PipelineContract {

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
}
