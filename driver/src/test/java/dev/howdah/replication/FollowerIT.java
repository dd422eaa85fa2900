package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.ConnectionLostException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.ReplicationException;
import dev.howdah.replication.ReplicatedTransaction.Kind;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Followers from their first snapshot to their end. */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class FollowerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** Applies changes of the table t to a map, and keeps what it has heard. */
    private static class Copy implements ChangeSink {
        final ConcurrentSkipListMap<Integer, String> rows = new ConcurrentSkipListMap<>();
        final List<FollowerEvent> events = new CopyOnWriteArrayList<>();
        final AtomicReference<@Nullable ResumeToken> stored = new AtomicReference<>();
        final List<Kind> kinds = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger snapshots = new AtomicInteger();

        @Override
        public void snapshotBegins() {
            rows.clear();
            snapshots.incrementAndGet();
        }

        @Override
        public void snapshotRow(ChangedRow row) {
            rows.put(row.getInt("id"), String.valueOf(row.getString("doc")));
        }

        @Override
        public void snapshotEnds(ResumeToken token) {
            stored.set(token);
        }

        @Override
        public void transaction(ReplicatedTransaction transaction) throws Exception {
            for (Change change : transaction) {
                apply(change);
            }
            stored.set(transaction.token());
            // One that is cut off comes again.
            kinds.add(transaction.kind());
            transaction.acknowledge();
        }

        long committed() {
            synchronized (kinds) {
                return kinds.stream().filter(Kind.COMMITTED::equals).count();
            }
        }

        private void apply(Change change) {
            switch (change) {
                case Change.Insert insert -> snapshotRow(insert.newRow());
                case Change.Update update -> snapshotRow(update.newRow());
                case Change.Delete delete -> rows.remove(delete.oldRow().getInt("id"));
                case Change.Truncate truncate -> rows.clear();
                case Change.LogicalMessage message -> rows.put(-1, message.text());
                case Change.RelationChanged news -> {}
            }
        }

        @Override
        public void event(FollowerEvent event) {
            events.add(event);
        }
    }

    /** The same, which begins where it stands. */
    private static final class Resumable extends Copy implements ResumableSink {
        @Override
        public @Nullable ResumeToken position() {
            return stored.get();
        }
    }

    private static String slot() {
        return "follower_" + ProcessHandle.current().pid() + "_" + NUMBERS.incrementAndGet();
    }

    private static FollowerOptions options(String slot) {
        return FollowerOptions.of(slot, "p")
                .createPublication("t")
                .createSlot(SlotOptions.DEFAULT)
                .pauses(Duration.ofMillis(50), Duration.ofMillis(500))
                .transactions(stream -> stream.progress(Duration.ofMillis(100)));
    }

    private static void drop(TestDatabase database, String slot) {
        String there = "select count(*) from pg_replication_slots where slot_name = '" + slot + "' and not active";
        database.execute("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '" + slot
                + "' and active");
        Await.until(
                "the slot is free",
                PATIENCE,
                () -> !"0".equals(database.execute(there).getFirst().getFirst()));
        database.execute("select pg_drop_replication_slot('" + slot + "')");
    }

    private static Map<Integer, String> source(PgConnection db) {
        Map<Integer, String> rows = new TreeMap<>();
        db.query("select id, doc from t").forEach(row -> rows.put(row.getInt(0), String.valueOf(row.getString(1))));
        return rows;
    }

    private static void awaitEqual(PgConnection db, Copy copy, Follower follower) {
        Map<Integer, String> expected = source(db);
        Await.until("the copy equals the source", PATIENCE, () -> {
            assertThat(follower.failure()).isNull();
            return copy.rows.equals(expected);
        });
    }

    @ParameterizedTest
    @PostgresVersions
    void aSnapshotAndTheChangesBehindItMeet(TestDatabase database) throws Exception {
        String slot = slot();
        try (PgConnection db = Howdah.connect(database.dsn())) {
            db.script("create type mood as enum ('sad', 'glad');"
                    + " create table t (id int primary key, doc text, how mood default 'glad', twice int generated always"
                    + " as (id * 2) stored); insert into t select i, 'row ' || i from generate_series(1, 5000) i");
            AtomicBoolean streaming = new AtomicBoolean();
            Thread writer = Thread.startVirtualThread(() -> {
                try (PgConnection other = Howdah.connect(database.dsn())) {
                    // Until the stream has begun, so that the snapshot is taken in the middle of it.
                    for (int i = 0; i < 300 || !streaming.get(); i++) {
                        other.query("insert into t values ($1, $2)", 10_000 + i, "new " + i);
                        other.query("update t set doc = $2 where id = $1", 1 + i * 7 % 5000, "changed " + i);
                        other.query("delete from t where id = $1", 5000 - i * 3 % 5000);
                    }
                }
            });
            Copy copy = new Copy();
            try (Follower follower =
                    Follower.start(database.dsn(), options(slot).snapshot(2), copy)) {
                try {
                    Await.until("it streams", PATIENCE, () -> follower.status().streaming());
                } finally {
                    streaming.set(true);
                }
                writer.join();
                awaitEqual(db, copy, follower);
                assertThat(copy.snapshots).hasValue(1);
                assertThat(copy.events)
                        .hasAtLeastOneElementOfType(FollowerEvent.SnapshotBegun.class)
                        .hasAtLeastOneElementOfType(FollowerEvent.TableCopied.class)
                        .hasAtLeastOneElementOfType(FollowerEvent.Streaming.class);
                FollowerStatus status = follower.status();
                assertThat(status.streaming()).isTrue();
                assertThat(status.transactions()).isPositive();
                assertThat(status.changes()).isGreaterThanOrEqualTo(status.transactions());
                assertThat(status.streams()).isEqualTo(1);
                assertThat(status.unacknowledged()).isZero();
                assertThat(status.lag()).isZero();
                assertThat(follower.status().transactionsPerSecond(status)).isNotNegative();
            }
            // What lasts is one slot, and no publication was made twice.
            assertThat(db.queryValue(
                            "select count(*) from pg_replication_slots where database = current_database()",
                            Long.class))
                    .isEqualTo(1);
            try (Follower again = Follower.start(database.dsn(), options(slot).snapshot(2), copy)) {
                db.execute("insert into t values (20000, 'later')");
                awaitEqual(db, copy, again);
                assertThat(copy.snapshots).hasValue(1);
            }
        } finally {
            drop(database, slot);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aStreamThatIsLostIsBegunAgainWhereTheSinkStands(TestDatabase database) {
        String slot = slot();
        try (PgConnection db = Howdah.connect(database.dsn())) {
            db.execute("create table t (id int primary key, doc text)");
            Resumable copy = new Resumable();
            try (Follower follower = Follower.start(database.dsn(), options(slot), copy)) {
                for (int round = 0; round < 5; round++) {
                    Await.until("it streams", PATIENCE, () -> follower.status().streaming());
                    for (int i = 0; i < 20; i++) {
                        db.query("insert into t values ($1, 'x')", round * 100 + i);
                    }
                    db.query(
                            "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1",
                            slot);
                    int streams = round + 2;
                    db.query("insert into t values ($1, 'y')", round * 100 + 50);
                    Await.until(
                            "it streams again",
                            PATIENCE,
                            () -> follower.status().streams() >= streams);
                }
                awaitEqual(db, copy, follower);
                assertThat(copy.events).hasAtLeastOneElementOfType(FollowerEvent.Interrupted.class);
                // The last row is there a moment before its transaction has been counted.
                Await.until("all are counted", PATIENCE, () -> copy.committed() >= 105);
                assertThat(copy.committed()).as("each transaction once").isEqualTo(105);
            }
        } finally {
            drop(database, slot);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aSlotThatSomebodyElseHasMovedOnIsAnErrorAndNotAGap(TestDatabase database) throws Exception {
        String slot = slot();
        try (PgConnection db = Howdah.connect(database.dsn())) {
            db.execute("create table t (id int primary key, doc text)");
            Resumable copy = new Resumable();
            try (Follower follower = Follower.start(database.dsn(), options(slot), copy)) {
                Await.until("it streams", PATIENCE, () -> follower.status().streaming());
                db.execute("insert into t values (1, 'one')");
                awaitEqual(db, copy, follower);
            }
            db.execute("insert into t values (2, 'lost')");
            db.query("select pg_replication_slot_advance($1, pg_current_wal_lsn())", slot);
            assertThat(ended(Follower.start(database.dsn(), options(slot), copy)))
                    .isEqualTo(ReplicationException.Reason.CHANGES_LOST);
            ResumeToken token = Objects.requireNonNull(copy.stored.get());
            copy.stored.set(new ResumeToken("1", token.timeline(), slot, token.lsn()));
            assertThat(ended(Follower.start(database.dsn(), options(slot), copy)))
                    .isEqualTo(ReplicationException.Reason.OTHER_SYSTEM);
            copy.stored.set(new ResumeToken(
                    token.systemId(), token.timeline(), slot, token.lsn().plus(1L << 40)));
            assertThat(ended(Follower.start(database.dsn(), options(slot), copy)))
                    .isEqualTo(ReplicationException.Reason.SERVER_BEHIND);
            copy.stored.set(new ResumeToken(token.systemId(), token.timeline() + 1, slot, token.lsn()));
            assertThat(ended(Follower.start(database.dsn(), options(slot), copy)))
                    .as("another server has been promoted, and the sink followed it")
                    .isEqualTo(ReplicationException.Reason.SERVER_BEHIND);
            copy.stored.set(token);
            drop(database, slot);
            assertThat(ended(Follower.start(database.dsn(), options(slot), copy)))
                    .isEqualTo(ReplicationException.Reason.SLOT_MISSING);
            assertThat(ended(Follower.start(database.dsn(), FollowerOptions.of(slot, "nobody's"), copy)))
                    .isEqualTo(ReplicationException.Reason.PUBLICATION_MISSING);
            db.query("select pg_create_logical_replication_slot($1, 'test_decoding')", slot);
            assertThat(ended(Follower.start(database.dsn(), options(slot), copy)))
                    .isEqualTo(ReplicationException.Reason.SLOT_UNFIT);
        } finally {
            drop(database, slot);
        }
    }

    private static ReplicationException.@Nullable Reason ended(Follower follower) throws InterruptedException {
        assertThat(follower.await(PATIENCE)).isTrue();
        return follower.failure() instanceof ReplicationException failed ? failed.reason() : null;
    }

    @ParameterizedTest
    @PostgresVersions
    void aPublicationThatWouldBreakTheWritersIsNotMade(TestDatabase database) throws Exception {
        String slot = slot();
        try (PgConnection db = Howdah.connect(database.dsn())) {
            db.script("create table t (id int, doc text); insert into t values (1, 'one')");

            Follower refused = Follower.start(database.dsn(), options(slot), new Copy());

            assertThat(ended(refused)).isEqualTo(ReplicationException.Reason.NOT_READY);
            assertThat(refused.failure())
                    .hasMessageContaining("\"t\"")
                    .hasMessageContaining("What to do: add a primary key");
            assertThat(db.execute("update t set doc = 'two'").rowCount()).isEqualTo(1);
            assertThat(db.queryValue("select count(*) from pg_publication", Long.class))
                    .isZero();
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whatStandsInTheWayIsSaid(TestDatabase database) throws Exception {
        String slot = slot();
        try (PgConnection db = Howdah.connect(database.dsn())) {
            db.script("create table t (id int primary key, doc text); create publication p for table t");
            Copy copy = new Copy();

            Follower refused = Follower.start(database.dsn(Roles.TRUST), options(slot), copy);

            assertThat(ended(refused)).isEqualTo(ReplicationException.Reason.NOT_READY);
            assertThat(refused.failure()).hasMessageContaining("REPLICATION");
            assertThat(copy.events).hasAtLeastOneElementOfType(FollowerEvent.Checked.class);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whatTheSinkThrowsEndsTheFollowerAndConfirmsNothing(TestDatabase database) throws Exception {
        String slot = slot();
        try (PgConnection db = Howdah.connect(database.dsn())) {
            db.execute("create table t (id int primary key, doc text)");
            Copy broken = new Copy() {
                @Override
                public void transaction(ReplicatedTransaction transaction) throws Exception {
                    throw new IOException("disk full");
                }
            };
            Follower follower = Follower.start(database.dsn(), options(slot), broken);
            Await.until("it streams", PATIENCE, () -> follower.status().streaming());
            db.execute("insert into t values (1, 'one')");
            assertThat(follower.await(PATIENCE)).isTrue();
            assertThat(follower.failure()).isInstanceOf(IOException.class);
            follower.close();

            Copy copy = new Copy();
            try (Follower again = Follower.start(database.dsn(), options(slot), copy)) {
                awaitEqual(db, copy, again);
            }
        } finally {
            drop(database, slot);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aSinkThatLosesItsOwnConnectionEndsTheFollowerToo(TestDatabase database) throws Exception {
        String slot = slot();
        PgException own = new ConnectionLostException("the target is gone", null, Delivery.UNKNOWN, null);
        try (PgConnection db = Howdah.connect(database.dsn())) {
            db.script("create table t (id int primary key, doc text); insert into t values (1, 'one')");
            Copy noRows = new Copy() {
                @Override
                public void snapshotRow(ChangedRow row) {
                    throw own;
                }
            };
            Follower copying = Follower.start(database.dsn(), options(slot).snapshot(1), noRows);
            assertThat(copying.await(PATIENCE)).isTrue();
            assertThat(copying.failure()).isSameAs(own);

            Copy noChanges = new Copy() {
                @Override
                public void transaction(ReplicatedTransaction transaction) {
                    throw own;
                }
            };
            Follower streaming = Follower.start(database.dsn(), options(slot), noChanges);
            Await.until("it streams", PATIENCE, () -> streaming.status().streaming());
            db.execute("insert into t values (2, 'two')");
            assertThat(streaming.await(PATIENCE)).isTrue();
            assertThat(streaming.failure()).isSameAs(own);
        } finally {
            drop(database, slot);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aSnapshotWhoseSinkFailsLeavesNoSlot(TestDatabase database) throws Exception {
        String slot = slot();
        try (PgConnection db = Howdah.connect(database.dsn())) {
            db.script("create table t (id int primary key, doc text); insert into t select generate_series(1, 1000)");
            Copy broken = new Copy() {
                @Override
                public void snapshotRow(ChangedRow row) {
                    throw new IllegalStateException("cannot take it");
                }
            };
            Follower follower = Follower.start(database.dsn(), options(slot).snapshot(2), broken);
            assertThat(follower.await(PATIENCE)).isTrue();
            assertThat(follower.failure()).hasMessage("cannot take it");
            Await.until(
                    "nothing is left",
                    PATIENCE,
                    () -> db.queryValue(
                                    "select count(*) from pg_replication_slots where database = current_database()",
                                    Long.class)
                            == 0);
        }
    }
}
