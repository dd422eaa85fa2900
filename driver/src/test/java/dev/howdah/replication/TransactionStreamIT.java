package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.ReplicationException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.RelationChanged;
import dev.howdah.replication.Change.RowChange;
import dev.howdah.replication.ReplicatedTransaction.Kind;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Transactions as a stream hands them out, and what it confirms of them. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class TransactionStreamIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TABLE =
            "create table t (id int primary key, doc text); create publication p for all tables";

    @ParameterizedTest
    @PostgresVersions
    void transactionsComeInTheOrderOfTheirCommitsWithTheirChanges(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run(
                    "insert into t values (1, 'one'), (2, 'two')",
                    "begin",
                    "update t set doc = 'II' where id = 2",
                    "delete from t where id = 1",
                    "truncate t",
                    "commit");
            TransactionStream stream = slot.stream();

            ReplicatedTransaction first = take(stream);
            List<Change> changes = first.toList();
            assertThat(first.kind()).isEqualTo(Kind.COMMITTED);
            assertThat(first.xid()).isPositive();
            assertThat(first.time()).isAfter(first.time().minusSeconds(60));
            assertThat(first.endLsn()).isGreaterThan(first.commitLsn());
            assertThat(changes).hasSize(3);
            assertThat(changes.getFirst()).isInstanceOfSatisfying(RelationChanged.class, news -> {
                assertThat(news.relation().name()).isEqualTo("t");
                assertThat(news.before()).isNull();
            });
            assertThat(ids(changes)).containsExactly(1, 2);
            ReplicatedTransaction second = take(stream);
            assertThat(second.toList())
                    .satisfiesExactly(
                            update -> assertThat(update).isInstanceOf(Change.Update.class),
                            delete -> assertThat(delete).isInstanceOf(Change.Delete.class),
                            truncate -> assertThat(truncate).isInstanceOf(Change.Truncate.class));
            assertThat(second.commitLsn()).isGreaterThan(first.commitLsn());
            assertThatThrownBy(second::iterator)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("once");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void onlyWhatIsAcknowledgedWithAllBeforeItIsConfirmed(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run("insert into t values (1)", "insert into t values (2)", "insert into t values (3)");
            TransactionStream stream = slot.stream();
            List<ReplicatedTransaction> taken = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ReplicatedTransaction next = take(stream);
                next.finish();
                taken.add(next);
            }
            Lsn before = slot.confirmed();

            taken.get(2).acknowledge();
            taken.get(1).acknowledge();
            assertThat(stream.confirmed()).isLessThanOrEqualTo(before);
            taken.getFirst().acknowledge();
            assertThat(stream.confirmed()).isGreaterThanOrEqualTo(taken.get(2).endLsn());
            slot.awaitConfirmed(taken.get(2).endLsn());
            stream.close();

            slot.run("insert into t values (4)");
            assertThat(ids(take(slot.again()).toList())).containsExactly(4);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whatWasNotAcknowledgedComesAgain(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run("insert into t values (1)", "insert into t values (2)", "insert into t values (3)");
            TransactionStream stream = slot.stream();
            ReplicatedTransaction first = take(stream);
            first.acknowledge();
            // What is acknowledged before its end has come counts when that comes.
            ReplicatedTransaction second = take(stream);
            take(stream).acknowledge();
            assertThat(stream.next(Duration.ofMillis(300))).isNull();
            assertThat(stream.confirmed()).isEqualTo(first.endLsn());
            stream.close();
            second.acknowledge();

            TransactionStream again = slot.again();
            assertThat(ids(take(again).toList())).containsExactly(2);
            assertThat(ids(take(again).toList())).containsExactly(3);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void keepalivesAreConfirmedBehindWhatIsAcknowledgedOnly(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(
                database, "create table t (id int); create table quiet (id int); create publication p for table t")) {
            slot.run("insert into t values (1)");
            TransactionStream stream = slot.stream();
            ReplicatedTransaction only = take(stream);
            only.finish();
            slot.run("insert into quiet select generate_series(1, 1000)");
            Lsn beyond = slot.currentLsn();
            Await.until("the server has read on", PATIENCE, () -> {
                assertThat(stream.next(Duration.ofMillis(50))).isNull();
                stream.cursor().sendFeedback(null, null, null, true, true);
                return stream.cursor().walEnd().compareTo(beyond) >= 0;
            });
            assertThat(stream.confirmed()).isLessThan(only.endLsn());

            only.acknowledge();

            assertThat(stream.confirmed()).isGreaterThanOrEqualTo(beyond);
            slot.awaitConfirmed(beyond);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void progressIsHandedOutWhereTheSinkStoresHowFarItGot(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(
                database, "create table t (id int); create table quiet (id int); create publication p for table t")) {
            TransactionStream stream = slot.stream(options -> options.progress(Duration.ofMillis(50)));
            slot.run("insert into quiet select generate_series(1, 1000)");
            Lsn beyond = slot.currentLsn();
            Lsn before = stream.confirmed();

            ReplicatedTransaction progress = take(stream);
            while (progress.endLsn().compareTo(beyond) < 0) {
                assertThat(progress.kind()).isEqualTo(Kind.PROGRESS);
                assertThat(progress.toList()).isEmpty();
                progress.acknowledge();
                before = progress.endLsn();
                progress = take(stream);
            }
            assertThat(stream.confirmed()).isGreaterThanOrEqualTo(before);
            assertThat(stream.confirmed()).isLessThan(beyond);
            progress.acknowledge();
            slot.awaitConfirmed(beyond);

            slot.run("insert into t values (7)");
            assertThat(ids(takePastProgress(stream).toList())).containsExactly(7);
            assertThat(stream.next(Duration.ofMillis(200)))
                    .as("no progress is told past what is not acknowledged")
                    .isNull();
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aTransactionThatStopsOnItsWayForLongerThanProgressIsDueIsNotTorn(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE);
                FaultyWire wire = FaultyWire.to(database.server());
                PgConnection db =
                        Howdah.connect(wire.dsn(database.name(), Roles.REPLICATION) + " replication=database")) {
            slot.run(FollowedSlot.many("t", 1, 2000));
            wire.toClient().stallAt(wire.toClient().passed() + 300_000);
            TransactionStream stream = TransactionStream.open(
                    db.cursor(ReplicationCursor::new),
                    TransactionStreamOptions.slot(slot.name()).publications("p").progress(Duration.ofMillis(50)));
            CompletableFuture<List<Integer>> read = CompletableFuture.supplyAsync(
                    () -> ids(takePastProgress(stream).toList()));
            Await.until("it has stopped", PATIENCE, () -> wire.toClient().stalled() > 0);
            long since = System.nanoTime();
            Await.until("progress was due several times", PATIENCE, () -> System.nanoTime() - since > 300_000_000L);
            assertThat(read).isNotDone();
            wire.toClient().resume();

            assertThat(read.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSize(2000);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whatIsNotReadOfATransactionIsPassedOver(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run("insert into t select generate_series(1, 1000)", "insert into t values (2000)");
            TransactionStream stream = slot.stream();
            ReplicatedTransaction large = take(stream);
            assertThat(large.iterator().next()).isInstanceOf(RelationChanged.class);
            assertThatThrownBy(large::endLsn)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not all been read");

            assertThat(ids(take(stream).toList())).containsExactly(2000);
            assertThat(large.endLsn()).isGreaterThan(large.commitLsn());
            assertThat(large.next()).isNull();
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aTransactionThatTheServerSendsWhileItRunsWaitsForItsEndAndOnDisk(TestDatabase database, @TempDir Path folder)
            throws IOException {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE);
                PgConnection other = Howdah.connect(database.dsn())) {
            TransactionStream stream = slot.stream(
                    options -> options.spoolMemory(64 << 10).spoolFolder(folder), "-c logical_decoding_work_mem=64kB");
            slot.run(
                    "begin",
                    FollowedSlot.many("t", 1, 1000),
                    "savepoint s",
                    FollowedSlot.many("t", 1001, 1000),
                    "rollback to s",
                    "savepoint s2",
                    FollowedSlot.many("t", 2001, 1000));
            other.script("begin; " + FollowedSlot.many("t", 5001, 1000) + "; rollback");
            other.script("insert into t values (9999, 'small')");

            ReplicatedTransaction small = take(stream);
            assertThat(ids(small.toList())).containsExactly(9999);
            small.acknowledge();
            assertThat(stream.spooledTransactions()).isEqualTo(1);
            assertThat(stream.spooledBytes()).isGreaterThan(300_000);
            slot.run("alter table t add more int default 5", "insert into t values (3001, 'x', 6)", "commit");

            ReplicatedTransaction large = take(stream);
            List<Change> changes = large.toList();
            assertThat(ids(changes))
                    .hasSize(2001)
                    .startsWith(1, 2)
                    .contains(1000, 2001)
                    .endsWith(3000, 3001);
            Insert last = (Insert) changes.getLast();
            assertThat(last.newRow().getInt("more")).isEqualTo(6);
            assertThat(changes.get(changes.size() - 2))
                    .isInstanceOfSatisfying(
                            RelationChanged.class,
                            news -> assertThat(Objects.requireNonNull(news.before())
                                            .columns())
                                    .hasSize(2));
            assertThat(stream.spooledTransactions()).isZero();
            assertThat(stream.spooledBytes()).isZero();
            large.acknowledge();
            slot.awaitConfirmed(large.endLsn());
        }
    }

    private static long files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aStreamThatIsClosedLeavesNoFiles(TestDatabase database, @TempDir Path folder) throws IOException {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            TransactionStream stream = slot.stream(
                    options -> options.spoolMemory(64 << 10).spoolFolder(folder), "-c logical_decoding_work_mem=64kB");
            slot.run("begin", FollowedSlot.many("t", 1, 1000));
            Await.until("it waits on disk", PATIENCE, () -> {
                assertThat(stream.next(Duration.ofMillis(50))).isNull();
                return stream.spooledBytes() > 0;
            });

            stream.close();

            assertThat(files(folder)).isZero();
            assertThat(stream.spooledBytes()).isZero();
            assertThat(stream.next()).isNull();
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aFolderThatCannotBeWrittenToIsNamed(TestDatabase database, @TempDir Path folder) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            TransactionStream stream = slot.stream(
                    options -> options.spoolMemory(64 << 10).spoolFolder(folder.resolve("missing")),
                    "-c logical_decoding_work_mem=64kB");
            slot.run("begin", FollowedSlot.many("t", 1, 1000), "commit");

            assertThatThrownBy(() -> stream.next(PATIENCE))
                    .isInstanceOfSatisfying(ReplicationException.class, failed -> {
                        assertThat(failed.reason()).isEqualTo(ReplicationException.Reason.SPOOL_FAILED);
                        assertThat(failed).hasMessageContaining("missing");
                    });
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void anInterruptWhileTransactionsGoToDiskEndsTheWaitAndNotTheStream(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            TransactionStream stream =
                    slot.stream(options -> options.spoolMemory(64 << 10), "-c logical_decoding_work_mem=64kB");
            slot.run("begin", FollowedSlot.many("t", 1, 3000), "commit");
            ReplicatedTransaction large = null;
            for (int i = 0; large == null; i++) {
                if (i % 2 == 0) {
                    Thread.currentThread().interrupt();
                }
                try {
                    large = stream.next(Duration.ofMillis(100));
                } catch (InterruptedWaitException e) {
                    assertThat(Thread.interrupted()).isTrue();
                }
            }
            Thread.interrupted();
            assertThat(ids(large.toList())).hasSize(3000);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void moreThanTheDiskMayHoldEndsTheStreamAndSaysSo(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            TransactionStream stream = slot.stream(
                    options -> options.spoolMemory(64 << 10).spoolDisk(100_000), "-c logical_decoding_work_mem=64kB");
            slot.run("begin", FollowedSlot.many("t", 1, 1000), "commit");

            assertThatThrownBy(() -> stream.next(PATIENCE))
                    .isInstanceOfSatisfying(ReplicationException.class, failed -> {
                        assertThat(failed.reason()).isEqualTo(ReplicationException.Reason.SPOOL_FULL);
                        assertThat(failed).hasMessageContaining("100000 bytes");
                    });
            assertThatThrownBy(stream::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has failed");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void messagesComeAloneOrInTheirTransaction(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run(
                    "select pg_logical_emit_message(false, 'alone', 'at once')",
                    "begin",
                    "insert into t values (1)",
                    "select pg_logical_emit_message(true, 'with', 'the rest')",
                    "commit");
            TransactionStream stream = slot.stream();

            ReplicatedTransaction alone = take(stream);
            assertThat(alone.kind()).isEqualTo(Kind.MESSAGE);
            assertThat(alone.toList())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Change.LogicalMessage.class,
                            message -> assertThat(message.text()).isEqualTo("at once"));
            ReplicatedTransaction whole = take(stream);
            assertThat(whole.toList().getLast())
                    .isInstanceOfSatisfying(
                            Change.LogicalMessage.class,
                            message -> assertThat(message.prefix()).isEqualTo("with"));
            alone.acknowledge();
            whole.acknowledge();
            slot.awaitConfirmed(whole.endLsn());
        }
    }

    @ParameterizedTest
    @PostgresVersions(from = 15)
    void preparedTransactionsComeInTwoPartsWhenAskedFor(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            assertThat(slot.isTwoPhase()).isFalse();
            TransactionStream stream = slot.stream(options -> options.twoPhase(true));
            assertThat(slot.isTwoPhase()).as("that is for good").isTrue();
            String gid = slot.name() + "_it's";
            String quoted = "'" + gid.replace("'", "''") + "'";
            slot.run("begin", "insert into t values (1)", "prepare transaction " + quoted);

            ReplicatedTransaction prepared = take(stream);
            assertThat(prepared.kind()).isEqualTo(Kind.PREPARED);
            assertThat(prepared.gid()).isEqualTo(gid);
            assertThat(ids(prepared.toList())).containsExactly(1);
            prepared.acknowledge();
            slot.run("commit prepared " + quoted);
            ReplicatedTransaction committed = take(stream);
            assertThat(committed.kind()).isEqualTo(Kind.COMMIT_PREPARED);
            assertThat(committed.gid()).isEqualTo(gid);
            assertThat(committed.xid()).isEqualTo(prepared.xid());
            assertThat(committed.toList()).isEmpty();
            committed.acknowledge();
            slot.awaitConfirmed(committed.endLsn());
            slot.run(
                    "begin",
                    "insert into t values (2)",
                    "prepare transaction " + quoted,
                    "rollback prepared " + quoted);
            assertThat(take(stream).kind()).isEqualTo(Kind.PREPARED);
            assertThat(take(stream).kind()).isEqualTo(Kind.ROLLBACK_PREPARED);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whatAServerDoesNotKnowIsRefusedBeforeAnythingIsSent(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            if (slot.version() < 16) {
                assertThatThrownBy(() -> slot.stream(options -> options.origin("none")))
                        .isInstanceOfSatisfying(
                                ServerException.class,
                                refused -> assertThat(refused.sqlState()).isEqualTo(SqlState.FEATURE_NOT_SUPPORTED));
            }
            assertThatThrownBy(() -> slot.stream(options -> options.publications()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("publication");
            slot.run("insert into t values (1)");
            assertThat(ids(take(slot.stream()).toList())).containsExactly(1);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void acknowledgingIsForOtherThreadsInAnyOrder(TestDatabase database) throws Exception {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLE)) {
            slot.run(Stream.iterate(1, i -> i + 1)
                    .limit(200)
                    .map(i -> "insert into t values (" + i + ")")
                    .toArray(String[]::new));
            TransactionStream stream = slot.stream();
            List<ReplicatedTransaction> taken = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ReplicatedTransaction next = take(stream);
                assertThat(ids(next.toList())).containsExactly(i + 1);
                taken.add(next);
            }
            Lsn last = taken.getLast().endLsn();
            Collections.shuffle(taken);

            List<Thread> threads = new ArrayList<>();
            for (int part = 0; part < 4; part++) {
                List<ReplicatedTransaction> own = taken.subList(part * 50, part * 50 + 50);
                threads.add(Thread.startVirtualThread(() -> own.forEach(ReplicatedTransaction::acknowledge)));
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(stream.confirmed()).isGreaterThanOrEqualTo(last);
            slot.awaitConfirmed(last);
        }
    }

    private static ReplicatedTransaction take(TransactionStream stream) {
        return Objects.requireNonNull(stream.next(PATIENCE), "a transaction that must come");
    }

    /** Progress may be told at any time before. */
    private static ReplicatedTransaction takePastProgress(TransactionStream stream) {
        ReplicatedTransaction next = take(stream);
        while (next.kind() == Kind.PROGRESS) {
            next.acknowledge();
            next = take(stream);
        }
        return next;
    }

    private static List<Integer> ids(List<Change> changes) {
        return changes.stream()
                .filter(RowChange.class::isInstance)
                .map(change -> change instanceof Insert insert ? insert.newRow().getInt("id") : -1)
                .toList();
    }
}
