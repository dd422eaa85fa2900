package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.replication.Change.Delete;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.LogicalMessage;
import dev.howdah.replication.Change.RowChange;
import dev.howdah.replication.Change.Truncate;
import dev.howdah.replication.Change.Update;
import dev.howdah.replication.PgOutputMessage.Begin;
import dev.howdah.replication.PgOutputMessage.BeginPrepare;
import dev.howdah.replication.PgOutputMessage.CommitPrepared;
import dev.howdah.replication.PgOutputMessage.Origin;
import dev.howdah.replication.PgOutputMessage.Prepare;
import dev.howdah.replication.PgOutputMessage.RelationMessage;
import dev.howdah.replication.PgOutputMessage.RollbackPrepared;
import dev.howdah.replication.PgOutputMessage.StreamAbort;
import dev.howdah.replication.PgOutputMessage.StreamCommit;
import dev.howdah.replication.PgOutputMessage.StreamPrepare;
import dev.howdah.replication.PgOutputMessage.StreamStart;
import dev.howdah.replication.PgOutputMessage.StreamStop;
import dev.howdah.replication.PgOutputMessage.TypeMessage;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Lsn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Transactions that are streamed while they run, and those that are prepared. */
@ExtendWith(PostgresExtension.class)
class PgOutputStreamingIT {

    /** The least that a server takes; then it streams. */
    private static final String LITTLE_MEMORY = "set logical_decoding_work_mem = '64kB'";

    private static final String TABLE =
            "create table t (id int primary key, doc text); create publication p for all tables";

    /** Adds rows enough to have the server stream. */
    private static String many(String table, int from) {
        return "insert into " + table + " select i, repeat('x', 500) from generate_series(" + from + ", " + (from + 299)
                + ") i";
    }

    private static PgOutputSlot open(TestDatabase database, String preparation, boolean twoPhase) {
        return PgOutputSlot.open(database, preparation, twoPhase).run(LITTLE_MEMORY);
    }

    private static long xid(PgConnection db) {
        return db.queryValue("select txid_current() & 4294967295", Long.class);
    }

    @ParameterizedTest
    @PostgresVersions
    void aLargeTransactionComesInBlocks(TestDatabase database) {
        try (PgOutputSlot slot = open(database, TABLE, false)) {
            slot.run("begin");
            long xid = xid(slot.db());
            slot.run(
                    many("t", 0),
                    "select pg_logical_emit_message(true, 'a', 'b')",
                    many("t", 300),
                    "truncate t",
                    "commit");
            List<PgOutputMessage> messages = slot.read("streaming", "true", "messages", "true");
            assertThat(messages.getFirst()).isEqualTo(new StreamStart(xid, true));
            assertThat(PgOutputSlot.of(StreamStart.class, messages)).hasSizeGreaterThan(1);
            assertThat(PgOutputSlot.of(StreamStart.class, messages).stream().skip(1))
                    .containsOnly(new StreamStart(xid, false));
            assertThat(PgOutputSlot.of(StreamStop.class, messages))
                    .hasSameSizeAs(PgOutputSlot.of(StreamStart.class, messages));
            assertThat(PgOutputSlot.of(Insert.class, messages)).hasSize(600).allMatch(insert -> insert.xid() == xid);
            assertThat(PgOutputSlot.of(LogicalMessage.class, messages))
                    .singleElement()
                    .matches(m -> m.xid() == xid);
            assertThat(PgOutputSlot.of(Truncate.class, messages))
                    .singleElement()
                    .matches(m -> m.xid() == xid);
            StreamCommit commit = (StreamCommit) messages.getLast();
            assertThat(commit.xid()).isEqualTo(xid);
            assertThat(commit.commitLsn()).isLessThan(commit.endLsn());
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void whatIsRolledBackInAStreamedTransactionIsTold(TestDatabase database) {
        try (PgOutputSlot slot = open(database, TABLE, false)) {
            slot.run("begin");
            long xid = xid(slot.db());
            slot.run(many("t", 0), "savepoint s", many("t", 300), "rollback to s; release s", many("t", 600), "commit");
            List<PgOutputMessage> messages = slot.read("streaming", "true");
            StreamAbort part = PgOutputSlot.of(StreamAbort.class, messages).getFirst();
            assertThat(part.xid()).isEqualTo(xid);
            assertThat(part.subxid()).isNotEqualTo(xid);
            assertThat(part.isWhole()).isFalse();
            assertThat(part.abortLsn()).isNull();
            Map<Long, List<Insert>> byXid = new HashMap<>();
            PgOutputSlot.of(Insert.class, messages)
                    .forEach(insert -> byXid.computeIfAbsent(insert.xid(), x -> new ArrayList<>())
                            .add(insert));
            assertThat(byXid.get(part.subxid())).hasSizeGreaterThan(100);
            assertThat(byXid.get(xid)).hasSize(600);
            assertThat(PgOutputSlot.of(StreamCommit.class, messages)).hasSize(1);
        }
    }

    @ParameterizedTest
    @PostgresVersions(from = 16)
    void withParallelStreamingAnAbortTellsWhereAndWhen(TestDatabase database) {
        try (PgOutputSlot slot = open(database, TABLE, false)) {
            slot.run("begin", many("t", 0), "savepoint s", many("t", 300), "rollback to s", many("t", 600), "commit");
            List<PgOutputMessage> messages = slot.read("streaming", "parallel");
            StreamAbort abort = PgOutputSlot.of(StreamAbort.class, messages).getFirst();
            StreamCommit commit = PgOutputSlot.of(StreamCommit.class, messages).getFirst();
            assertThat(abort.abortLsn()).isGreaterThan(Lsn.ZERO).isLessThan(commit.commitLsn());
            assertThat(abort.abortTime()).isBetween(commit.commitTime().minusSeconds(60), commit.commitTime());
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void blocksOfSeveralTransactionsAlternateAndEachHasItsOwnTables(TestDatabase database) {
        try (PgOutputSlot slot = open(
                        database,
                        "create table a (id int, doc text); create table b (id int, doc text);"
                                + " create publication p for all tables",
                        false);
                PgConnection other = Howdah.connect(database.dsn());
                PgConnection third = Howdah.connect(database.dsn())) {
            PgConnection one = slot.db();
            one.script("insert into a values (-1, 'x')");
            one.script("begin; alter table a add n int default 7");
            other.script("begin; alter table b rename doc to text");
            for (int i = 0; i < 3; i++) {
                one.script(many("a", 1000 * i));
                other.script(many("b", 1000 * i));
            }
            one.script("alter table a drop doc");
            one.script("insert into a select i, 9 from generate_series(5000, 7000) i");
            third.script("create table c (id int); insert into c values (1)");
            other.script("commit");
            third.script("insert into b values (-2, 'b')");
            one.script("commit");
            third.script("insert into a values (-3, 3); insert into b values (-4, 'b')");
            List<PgOutputMessage> messages = slot.read("streaming", "true");
            Map<String, Integer> seen = new TreeMap<>();
            PgOutputSlot.of(Insert.class, messages)
                    .forEach(insert -> seen.merge(
                            insert.relation().name() + insert.newRow().asMap().keySet(), 1, Integer::sum));
            assertThat(seen)
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "a[id, doc]", 1, "a[id, doc, n]", 900, "a[id, n]", 2002, "b[id, text]", 902, "c[id]", 1));
            List<Long> blocks = PgOutputSlot.of(StreamStart.class, messages).stream()
                    .map(StreamStart::xid)
                    .toList();
            assertThat(blocks.lastIndexOf(blocks.getFirst()))
                    .as("they alternate")
                    .isGreaterThan(2);
            assertThat(blocks.stream().distinct()).hasSize(2);
        }
    }

    /**
     * The server forgets what it told in a transaction when a part of it is rolled back; what another transaction told
     * meanwhile then stays.
     */
    @ParameterizedTest
    @PostgresVersions
    void aTableToldInARolledBackPartDoesNotCountAfterTheCommit(TestDatabase database) {
        try (PgOutputSlot slot = open(database, TABLE + "; create table u (id int, doc text)", false);
                PgConnection other = Howdah.connect(database.dsn())) {
            slot.run("begin", many("u", 0), "savepoint s", many("t", 0), many("t", 300), "rollback to s");
            // The part has given its lock back.
            other.script("alter table t add n int default 4");
            other.script("insert into t values (-1, 'x', 5)");
            slot.run(many("u", 300), many("u", 600), "commit");
            other.script("insert into t values (-2, 'y', 6)");
            List<PgOutputMessage> messages = slot.read("streaming", "true");
            List<Insert> last = PgOutputSlot.of(Insert.class, messages).stream()
                    .filter(insert -> insert.xid() == 0)
                    .toList();
            assertThat(last)
                    .extracting(insert -> insert.newRow().toString())
                    .containsExactly("[id=-1, doc=x, n=5]", "[id=-2, doc=y, n=6]");
            assertThat(PgOutputSlot.of(StreamCommit.class, messages)).hasSize(1);
        }
    }

    /** A publication may change while a transaction runs that has rows of its table. */
    @ParameterizedTest
    @PostgresVersions(from = 15)
    void aTableToldForAllMeanwhileIsNotReplacedAtTheCommit(TestDatabase database) {
        try (PgOutputSlot slot = open(
                        database,
                        "create table t (id int primary key, doc text); create table u (id int, doc text);"
                                + " create publication p for table t, u",
                        false);
                PgConnection other = Howdah.connect(database.dsn())) {
            slot.run("begin", many("t", 0), many("u", 0));
            other.script("alter publication p set table t (id), u");
            other.script("insert into t values (-1, 'x')");
            slot.run(many("u", 300), "commit");
            other.script("insert into t values (-2, 'y')");
            List<PgOutputMessage> messages = slot.read("streaming", "true");
            assertThat(PgOutputSlot.of(Insert.class, messages).stream()
                            .filter(insert -> insert.xid() == 0)
                            .map(insert -> insert.newRow().toString()))
                    .containsExactly("[id=-1]", "[id=-2]");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void withinABlockTypesAreTold(TestDatabase database) {
        try (PgOutputSlot slot = open(
                database,
                "create type mood as enum ('sad'); create table t (id int, doc text, mood mood);"
                        + " create publication p for all tables",
                false)) {
            slot.run("begin", many("t", 0), many("t", 300), "commit", "insert into t values (1, 'x', 'sad')");
            List<PgOutputMessage> messages = slot.read("streaming", "true");
            assertThat(PgOutputSlot.of(TypeMessage.class, messages).getFirst().xid())
                    .isNotZero();
            assertThat(PgOutputSlot.of(Insert.class, messages))
                    .allMatch(insert -> insert.relation().columns().get(2).toldType() != null);
            assertThat(PgOutputSlot.of(Insert.class, messages)
                            .getLast()
                            .newRow()
                            .getString("mood"))
                    .isEqualTo("sad");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void theOriginOfAStreamedTransactionIsTold(TestDatabase database) {
        String origin = "streamed origin of " + database.name();
        database.execute("select pg_replication_origin_create('" + origin + "')");
        try (PgOutputSlot slot = open(database, TABLE, false)) {
            slot.run(
                    "select pg_replication_origin_session_setup('" + origin + "')",
                    "begin",
                    "select pg_replication_origin_xact_setup('16/B374D848', now())",
                    many("t", 0),
                    many("t", 300),
                    "commit",
                    "select pg_replication_origin_session_reset()");
            List<PgOutputMessage> messages = slot.read("streaming", "true");
            assertThat(messages.get(1)).isEqualTo(new Origin(Lsn.ZERO, origin));
        } finally {
            database.execute("select pg_replication_origin_drop('" + origin + "')");
        }
    }

    @ParameterizedTest
    @PostgresVersions(from = 15)
    void preparedTransactionsComeWhenTheyArePrepared(TestDatabase database) {
        String gid = "gid '" + database.name();
        String quoted = "'" + gid.replace("'", "''") + "'";
        try (PgOutputSlot slot = PgOutputSlot.open(database, TABLE, true)) {
            slot.run("begin");
            long xid = xid(slot.db());
            slot.run("insert into t values (1, 'x')", "prepare transaction " + quoted, "commit prepared " + quoted);
            slot.run("begin", "insert into t values (2, 'y')", "prepare transaction " + quoted);
            slot.run("rollback prepared " + quoted);
            List<PgOutputMessage> messages = slot.read("two_phase", "true").stream()
                    .filter(message -> !(message instanceof RelationMessage))
                    .toList();
            BeginPrepare begin = (BeginPrepare) messages.getFirst();
            Prepare prepare = (Prepare) messages.get(2);
            CommitPrepared commit = (CommitPrepared) messages.get(3);
            assertThat(begin.xid()).isEqualTo(xid);
            assertThat(begin.gid()).isEqualTo(gid);
            assertThat(prepare)
                    .isEqualTo(new Prepare(begin.prepareLsn(), begin.endLsn(), begin.prepareTime(), xid, gid));
            assertThat(begin.prepareLsn()).isLessThan(begin.endLsn());
            assertThat(commit.xid()).isEqualTo(xid);
            assertThat(commit.gid()).isEqualTo(gid);
            assertThat(commit.commitLsn())
                    .isGreaterThanOrEqualTo(prepare.endLsn())
                    .isLessThan(commit.endLsn());
            assertThat(commit.commitTime()).isAfterOrEqualTo(prepare.prepareTime());
            Prepare second = (Prepare) messages.get(6);
            RollbackPrepared rollback = (RollbackPrepared) messages.get(7);
            assertThat(rollback.prepareEndLsn()).isEqualTo(second.endLsn()).isLessThan(rollback.rollbackEndLsn());
            assertThat(rollback.prepareTime()).isEqualTo(second.prepareTime());
            assertThat(rollback.rollbackTime()).isAfterOrEqualTo(second.prepareTime());
            assertThat(rollback.xid()).isEqualTo(second.xid());
            assertThat(rollback.gid()).isEqualTo(gid);
            assertThat(messages).hasSize(8);
        }
    }

    @ParameterizedTest
    @PostgresVersions(from = 15)
    void aStreamedTransactionMayBePrepared(TestDatabase database) {
        String gid = "streamed " + database.name();
        try (PgOutputSlot slot = open(database, TABLE, true)) {
            slot.run("begin");
            long xid = xid(slot.db());
            slot.run(many("t", 0), many("t", 300), "prepare transaction '" + gid + "'");
            slot.run("commit prepared '" + gid + "'", "insert into t values (-1, 'after')");
            List<PgOutputMessage> messages = slot.read("two_phase", "true", "streaming", "true");
            StreamPrepare prepare =
                    PgOutputSlot.of(StreamPrepare.class, messages).getFirst();
            assertThat(prepare.xid()).isEqualTo(xid);
            assertThat(prepare.gid()).isEqualTo(gid);
            assertThat(prepare.prepareLsn()).isLessThan(prepare.endLsn());
            assertThat(PgOutputSlot.of(CommitPrepared.class, messages)).hasSize(1);
            assertThat(PgOutputSlot.of(Insert.class, messages)).hasSize(601);
            assertThat(PgOutputSlot.of(Begin.class, messages)).hasSize(1);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void theOutcomeIsTheTable(TestDatabase database) {
        try (PgOutputSlot slot = open(database, TABLE, false)) {
            slot.run(
                    "begin",
                    many("t", 0),
                    "savepoint a",
                    many("t", 1000),
                    "savepoint b",
                    "delete from t where id < 50");
            slot.run("rollback to b", "update t set doc = 'new' where id between 100 and 199", "rollback to a");
            slot.run("update t set id = id + 5000 where id < 10", many("t", 2000), "release a", "commit");
            slot.run("begin", many("t", 9000), many("t", 9500), "rollback", "delete from t where id = 299");
            Map<Integer, String> replayed = replay(slot.read("streaming", "true"));
            Map<Integer, String> table = new TreeMap<>();
            slot.db().query("select id, doc from t").forEach(row -> table.put(row.getInt(0), row.getString(1)));
            assertThat(table).hasSize(599);
            assertThat(replayed).isEqualTo(table);
        }
    }

    /** Does what a subscriber does: sets changes of streamed transactions aside until it is told how they ended. */
    private static Map<Integer, String> replay(List<PgOutputMessage> messages) {
        Map<Integer, String> table = new TreeMap<>();
        Map<Long, List<RowChange>> open = new LinkedHashMap<>();
        long block = 0;
        for (PgOutputMessage message : messages) {
            switch (message) {
                case StreamStart start -> block = start.xid();
                case StreamStop stop -> block = 0;
                case RowChange change -> {
                    if (block == 0) {
                        apply(change, table);
                    } else {
                        open.computeIfAbsent(block, xid -> new ArrayList<>()).add(change);
                    }
                }
                case StreamAbort abort when abort.isWhole() -> open.remove(abort.xid());
                case StreamAbort abort -> open.get(abort.xid()).removeIf(change -> change.xid() == abort.subxid());
                case StreamCommit commit -> open.remove(commit.xid()).forEach(change -> apply(change, table));
                default -> {}
            }
        }
        assertThat(open).isEmpty();
        return table;
    }

    private static void apply(RowChange change, Map<Integer, String> table) {
        switch (change) {
            case Insert insert ->
                table.put(insert.newRow().getInt("id"), insert.newRow().getString("doc"));
            case Update update -> {
                ChangedRow row = update.newRow();
                ChangedRow old = update.oldRow() == null ? row : update.oldRow();
                String before = table.remove(old.getInt("id"));
                boolean unchanged = row.state("doc") == ColumnState.UNCHANGED;
                table.put(row.getInt("id"), unchanged ? before : row.getString("doc"));
            }
            case Delete delete -> table.remove(delete.oldRow().getInt("id"));
        }
    }
}
