package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.error.ProtocolException;
import dev.howdah.replication.Change.Delete;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.LogicalMessage;
import dev.howdah.replication.Change.RowChange;
import dev.howdah.replication.Change.Truncate;
import dev.howdah.replication.Change.Update;
import dev.howdah.replication.PgOutputMessage.Begin;
import dev.howdah.replication.PgOutputMessage.Commit;
import dev.howdah.replication.PgOutputMessage.CommitPrepared;
import dev.howdah.replication.PgOutputMessage.Prepare;
import dev.howdah.replication.PgOutputMessage.RelationMessage;
import dev.howdah.replication.PgOutputMessage.RollbackPrepared;
import dev.howdah.replication.PgOutputMessage.StreamCommit;
import dev.howdah.replication.PgOutputMessage.StreamStart;
import dev.howdah.replication.PgOutputMessage.StreamStop;
import dev.howdah.replication.PgOutputMessage.TypeMessage;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.BuiltinTypes;
import dev.howdah.type.Lsn;
import dev.howdah.type.Numeric;
import dev.howdah.type.TypeRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** What test_decoding and pgoutput tell of the same transactions is the same, as far as the former tells it. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class TestDecodingIT {

    private static final String TABLES = """
            create type mood as enum ('sad', 'it''s [fine]');
            create domain short as varchar(5);
            create table kinds (id int primary key, a smallint, b bigint, c real, d double precision, e numeric(30, 10),
                f boolean, g text, h varchar(20), i char(3), j "char", k bytea, l bit(3), m bit varying, n date,
                o time, p timetz, q timestamp, r timestamptz, s interval, t uuid, u jsonb, v inet, w int[],
                x varchar(10)[], y mood, z mood[], aa short, ab oid, ac point, ad int4range, ae text[]);
            create table doc (id int primary key, n int, body text);
            alter table doc alter column body set storage external;
            create table full_doc (id int not null, n int, body text);
            alter table full_doc alter column body set storage external;
            alter table full_doc replica identity full;
            create table pairs (a int, b text, c int, primary key (b, a));
            create table serial (id serial primary key, doc int references doc (id));
            create schema "Odd ""Schema.";
            create table "Odd ""Schema."."Table: INSERT:" (
                "id [integer]:" int primary key, "a ""b""\" text, "T\u00e4ble" text, "select" text, new_tuple int);
            create publication p for all tables
            """;

    private static final String[] WORK = {
        """
        insert into kinds values (1, -2, 9223372036854775807, 1.5e-10, 1e300, 12345678901234567890.0123456789,
            true, 'it''s "x"' || chr(10) || ' [integer]:1 \u4e16\u754c', 'v', 'ab', 'q', '\\x00ff27', '101', '1', '2026-03-01',
            '10:20:30.5', '10:20:30+02', '2026-03-01 10:20:30', '2026-03-01 10:20:30.123456+02', '1 day 02:03', \
        '123e4567-e89b-12d3-a456-426614174000', '{"a": "b''"}', '10.0.0.1/8', '{1,NULL}', '{"a b",c}', 'it''s [fine]',
            '{sad}', 'abc', 4294967295, '(1,2)', '[1,5)', '{"it''s","\\"",NULL}')
        """,
        "insert into kinds (id, c, d, e, f, g) values (2, 'NaN', '-Infinity', 'NaN', false, ''), (3, 0, 0, 0, null, 'null')",
        "insert into doc values (1, 1, repeat('x', 10000)), (2, 2, null), (3, 3, 'brief')",
        "update doc set n = 10 where id = 1",
        "update doc set id = 20 where id = 2",
        "update doc set body = repeat('y', 10000), id = 30 where id = 3",
        "delete from doc where id = 20",
        "insert into full_doc values (1, 1, repeat('x', 10000)), (2, 2, 'a')",
        "begin; update full_doc set n = 10 where id = 1; update full_doc set body = null where id = 2; commit",
        "delete from full_doc where id = 1",
        "insert into pairs values (1, 'b', 3); update pairs set c = 4; update pairs set a = 2; delete from pairs",
        "select pg_logical_emit_message(true, 'a, sz: 1 content:x', 'it''s' || chr(10) || 'text')",
        "select pg_logical_emit_message(false, 'p', '\\xff00fe'::bytea)",
        "insert into \"Odd \"\"Schema.\".\"Table: INSERT:\" values (1, 'x', null, 'z', 5)",
        "update \"Odd \"\"Schema.\".\"Table: INSERT:\" set \"id [integer]:\" = 2",
        "delete from \"Odd \"\"Schema.\".\"Table: INSERT:\"",
        "truncate kinds, \"Odd \"\"Schema.\".\"Table: INSERT:\"",
        "truncate serial restart identity",
        "truncate doc restart identity cascade",
        "alter table pairs add more int default 7; alter table pairs drop c; insert into pairs values (5, 'e')",
    };

    @ParameterizedTest
    @PostgresVersions
    void theSameIsToldAsByPgoutput(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(database, TABLES)) {
            PgConnection db = slot.db();
            create(db, database, false);
            slot.run(WORK);
            List<PgOutputMessage> wanted = slot.read("proto_version", "1", "messages", "true");
            List<PgOutputMessage> told = read(db, database, "include-timestamp", "on");
            drop(db, database);
            assertSame(without(told), without(wanted));
            assertThat(PgOutputSlot.of(RowChange.class, told)).hasSizeGreaterThan(20);
            assertKeys(PgOutputSlot.of(RelationMessage.class, told));
        }
    }

    private static void create(PgConnection db, TestDatabase database, boolean twoPhase) {
        db.query("select pg_create_logical_replication_slot($1, 'test_decoding', true, $2)", name(database), twoPhase);
    }

    private static void drop(PgConnection db, TestDatabase database) {
        db.query("select pg_drop_replication_slot($1)", name(database));
    }

    private static String name(TestDatabase database) {
        return "text_" + database.name();
    }

    private static List<PgOutputMessage> read(PgConnection db, TestDatabase database, String... options) {
        TestDecodingDecoder decoder = new TestDecodingDecoder(db.types());
        List<PgOutputMessage> messages = new ArrayList<>();
        String changes =
                "select lsn, data from pg_logical_slot_get_binary_changes($1, null, null, variadic $2::text[])";
        for (Row row : db.query(changes, name(database), List.of(options))) {
            Lsn lsn = Objects.requireNonNull(row.get("lsn", Lsn.class));
            byte[] data = Objects.requireNonNull(row.getBytes("data"));
            decoder.decode(new ReplicationMessage(null, lsn, lsn, 0, data, false), messages::add);
        }
        return messages;
    }

    /** Leaves out what the server tells of tables and types, which plugins do in their own ways, and transactions without changes. */
    private static List<PgOutputMessage> without(List<PgOutputMessage> messages) {
        List<PgOutputMessage> left = new ArrayList<>();
        for (PgOutputMessage message : messages) {
            if (message instanceof Commit && left.getLast() instanceof Begin) {
                left.removeLast();
            } else if (!(message instanceof RelationMessage || message instanceof TypeMessage)) {
                left.add(message);
            }
        }
        return left;
    }

    private static void assertSame(List<PgOutputMessage> told, List<PgOutputMessage> wanted) {
        for (int i = 0; i < Math.min(told.size(), wanted.size()); i++) {
            assertSame(told.get(i), wanted.get(i));
        }
        assertThat(told).hasSameSizeAs(wanted);
    }

    private static void assertSame(PgOutputMessage told, PgOutputMessage wanted) {
        assertThat(told).as(wanted.toString()).hasSameClassAs(wanted);
        switch (wanted) {
            case Begin begin -> assertThat(told).isEqualTo(new Begin(Lsn.ZERO, Instant.EPOCH, begin.xid()));
            case Commit commit ->
                assertThat(told).isEqualTo(new Commit(Lsn.ZERO, commit.endLsn(), commit.commitTime()));
            case LogicalMessage message -> assertThat(told).isEqualTo(message);
            case Truncate truncate -> {
                Truncate emptied = (Truncate) told;
                assertThat(emptied.relations())
                        .extracting(Relation::toString)
                        .containsExactlyInAnyOrderElementsOf(truncate.relations().stream()
                                .map(Relation::toString)
                                .toList());
                assertThat(emptied.cascade()).isEqualTo(truncate.cascade());
                assertThat(emptied.restartIdentity()).isEqualTo(truncate.restartIdentity());
            }
            case Insert insert -> assertSame(((Insert) told).newRow(), insert.newRow());
            case Update update -> {
                assertSame(((Update) told).oldRow(), update.oldRow());
                assertSame(((Update) told).newRow(), update.newRow());
                assertSame(((Update) told).filledRow(), update.filledRow());
            }
            case Delete delete -> assertSame(((Delete) told).oldRow(), delete.oldRow());
            default -> throw new AssertionError(wanted);
        }
    }

    private static void assertSame(@Nullable ChangedRow told, @Nullable ChangedRow wanted) {
        if (wanted == null || told == null) {
            assertThat(told).isSameAs(wanted);
            return;
        }
        assertThat(told.relation()).hasToString(wanted.relation().toString());
        assertThat(told.kind()).isEqualTo(wanted.kind());
        for (int i = 0; i < wanted.size(); i++) {
            Relation.Column column = wanted.relation().columns().get(i);
            String what = wanted.relation() + "." + column.name();
            assertThat(told.relation().columns().get(i).name()).as(what).isEqualTo(column.name());
            assertThat(told.state(i)).as(what).isEqualTo(wanted.state(i));
            if (column.toldType() == null) {
                assertThat(told.relation().columns().get(i).typeOid()).as(what).isEqualTo(column.typeOid());
            }
            if (wanted.state(i) == ColumnState.VALUE) {
                assertThat(told.getString(i)).as(what).isEqualTo(wanted.getString(i));
                if (column.toldType() == null) {
                    Class<?> asked = column.typeOid() == BuiltinTypes.NUMERIC ? Numeric.class : Object.class;
                    assertThat((Object) told.get(i, asked)).as(what).isEqualTo(wanted.get(i, asked));
                }
            }
        }
        assertThat(told.size()).isEqualTo(wanted.size());
    }

    /** Says that each table is told of as often as its rows show something new, and which columns are keys in the end. */
    private static void assertKeys(List<RelationMessage> told) {
        assertThat(told.stream()
                        .map(RelationMessage::relation)
                        .filter(relation -> relation.name().equals("pairs"))
                        .map(relation -> relation.columns().stream()
                                .map(column -> (column.key() ? "*" : "") + column.name())
                                .toList()))
                .containsExactly(List.of("a", "b", "c"), List.of("*a", "*b", "c"), List.of("*a", "*b", "more"));
        assertThat(told.stream()
                        .map(RelationMessage::relation)
                        .filter(relation -> relation.name().equals("full_doc"))
                        .map(Relation::replicaIdentity))
                .containsExactly(ReplicaIdentity.DEFAULT, ReplicaIdentity.FULL);
    }

    @ParameterizedTest
    @PostgresVersions
    void preparedTransactionsEndByTheirNames(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(
                database, "create table t (id int primary key); create publication p for all tables")) {
            PgConnection db = slot.db();
            create(db, database, true);
            String gid = "it's " + database.name();
            String literal = "'" + gid.replace("'", "''") + "'";
            Instant before = db.queryValue("select clock_timestamp()", Instant.class);
            slot.run("begin; insert into t values (1); prepare transaction " + literal, "commit prepared " + literal);
            slot.run("begin; insert into t values (2); prepare transaction " + literal, "rollback prepared " + literal);
            List<PgOutputMessage> told =
                    without(read(db, database, "include-timestamp", "on", "skip-empty-xacts", "on"));
            drop(db, database);
            assertThat(told)
                    .<Class<?>>extracting(Object::getClass)
                    .containsExactly(
                            Begin.class,
                            Insert.class,
                            Prepare.class,
                            CommitPrepared.class,
                            Begin.class,
                            Insert.class,
                            Prepare.class,
                            RollbackPrepared.class);
            Prepare prepare = (Prepare) told.get(2);
            CommitPrepared commit = (CommitPrepared) told.get(3);
            assertThat(prepare.gid()).isEqualTo(gid).isEqualTo(commit.gid());
            assertThat(prepare.xid()).isEqualTo(((Begin) told.getFirst()).xid()).isEqualTo(commit.xid());
            assertThat(prepare.prepareTime()).isAfterOrEqualTo(before).isBeforeOrEqualTo(commit.commitTime());
            assertThat(prepare.endLsn()).isLessThanOrEqualTo(commit.endLsn());
            RollbackPrepared rollback = (RollbackPrepared) told.getLast();
            assertThat(rollback.gid()).isEqualTo(gid);
            assertThat(rollback.rollbackEndLsn()).isGreaterThan(commit.endLsn());
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aStreamIsDecodedAndConfirmedByTheEndsOfItsTransactions(TestDatabase database) {
        database.execute(
                "create table t (id int primary key, name text, twice int generated always as (id * 2) stored)");
        ChangeDecoder decoder = new TestDecodingDecoder(TypeRegistry.global().child());
        List<PgOutputMessage> told = new ArrayList<>();
        try (LogicalReplicationConnection connection = LogicalReplicationConnection.connect(database.dsn())) {
            ReplicationCursor cursor = connection.cursor();
            cursor.createReplicationSlot(
                    name(database), ReplicationType.LOGICAL, "test_decoding", SlotOptions.DEFAULT.temporary(true));
            cursor.startReplication(name(database));
            database.execute("insert into t values (1, 'a')");
            Lsn end = Lsn.parse(Objects.requireNonNull(database.execute("select pg_current_wal_insert_lsn()")
                    .getFirst()
                    .getFirst()));
            while (told.isEmpty() || !(told.getLast() instanceof Commit)) {
                decoder.decode(Objects.requireNonNull(cursor.readMessage(Duration.ofSeconds(60))), told::add);
            }
            // Only then is it sure to be gone before the database is dropped: a server process ends at its leisure.
            cursor.dropReplicationSlot(name(database));
            Commit commit = (Commit) told.getLast();
            assertThat(commit.endLsn()).isGreaterThan(Lsn.ZERO).isLessThanOrEqualTo(end);
            assertThat(PgOutputSlot.of(Insert.class, told))
                    .extracting(insert -> insert.newRow().toString())
                    .containsExactly("[id=1, name=a, twice=2]");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void changesOfStreamedTransactionsAreRefusedForTheyAreNotTold(TestDatabase database) {
        try (PgOutputSlot slot =
                PgOutputSlot.open(database, "create table t (id int, doc text); create publication p for all tables")) {
            PgConnection db = slot.db();
            create(db, database, false);
            slot.run(
                    "set logical_decoding_work_mem = '64kB'",
                    "insert into t select i, repeat('x', 500) from generate_series(1, 1000) i");
            String changes = "select data from pg_logical_slot_peek_changes($1, null, null, variadic $2::text[])";
            List<String> texts = db.query(changes, name(database), List.of("stream-changes", "on")).stream()
                    .map(row -> Objects.requireNonNull(row.getString(0)))
                    .toList();
            drop(db, database);
            TestDecodingDecoder decoder = new TestDecodingDecoder(db.types());
            List<PgOutputMessage> told = new ArrayList<>();
            for (String text : texts) {
                if (text.startsWith("streaming change")) {
                    assertThatThrownBy(() -> decoder.decode(text, Lsn.ZERO, told::add))
                            .isInstanceOf(ProtocolException.class)
                            .hasMessageContaining("stream-changes");
                } else {
                    decoder.decode(text, Lsn.ZERO, told::add);
                }
            }
            StreamStart start = (StreamStart) told.getFirst();
            assertThat(start.firstSegment()).isTrue();
            assertThat(told.get(1)).isInstanceOf(StreamStop.class);
            assertThat(told.getLast()).isEqualTo(new StreamCommit(start.xid(), Lsn.ZERO, Lsn.ZERO, Instant.EPOCH));
        }
    }
}
