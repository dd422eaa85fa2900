package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.replication.Change.Delete;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.LogicalMessage;
import dev.howdah.replication.Change.RowChange;
import dev.howdah.replication.Change.Truncate;
import dev.howdah.replication.Change.Update;
import dev.howdah.replication.PgOutputMessage.Begin;
import dev.howdah.replication.PgOutputMessage.Commit;
import dev.howdah.replication.PgOutputMessage.Origin;
import dev.howdah.replication.PgOutputMessage.RelationMessage;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Lsn;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** What pgoutput says of transactions and rows, on every version. */
@ExtendWith(PostgresExtension.class)
class PgOutputIT {

    /** Stored out of line, whatever it holds. */
    private static final String LONG = "repeat('x', 10000)";

    @ParameterizedTest
    @PostgresVersions
    void aTransactionComesWholeOnceItIsCommitted(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(
                database,
                "create table item (id int8 primary key, name text, price numeric); create publication p for table item")) {
            Instant before = Instant.now();
            slot.run("begin");
            long xid = slot.db().queryValue("select txid_current() & 4294967295", Long.class);
            slot.run(
                    "insert into item values (1, 'pen', 2.50), (2, null, 9)",
                    "update item set price = 3 where id = 1",
                    "delete from item where id = 2",
                    "commit");
            Lsn end = slot.db().queryValue("select pg_current_wal_insert_lsn()", Lsn.class);
            List<PgOutputMessage> messages = slot.read();
            assertThat(messages)
                    .extracting(Object::getClass)
                    .<Class<?>>map(kind -> kind)
                    .containsExactly(
                            Begin.class,
                            RelationMessage.class,
                            Insert.class,
                            Insert.class,
                            Update.class,
                            Delete.class,
                            Commit.class);
            Begin begin = (Begin) messages.getFirst();
            Commit commit = (Commit) messages.getLast();
            assertThat(begin.xid()).isEqualTo(xid);
            assertThat(begin.finalLsn()).isEqualTo(commit.commitLsn()).isLessThan(commit.endLsn());
            assertThat(commit.endLsn()).isLessThanOrEqualTo(end);
            assertThat(begin.commitTime())
                    .isEqualTo(commit.commitTime())
                    .isBetween(before.minus(Duration.ofMinutes(1)), before.plus(Duration.ofMinutes(1)));
            assertThat(messages).filteredOn(RowChange.class::isInstance).allSatisfy(message -> {
                assertThat(((RowChange) message).xid()).isZero();
                assertThat(((RowChange) message).relation()).isSameAs(((RelationMessage) messages.get(1)).relation());
            });
            Insert second = (Insert) messages.get(3);
            assertThat(second.newRow().kind()).isEqualTo(ChangedRow.Kind.NEW);
            assertThat(second.newRow().getLong("id")).isEqualTo(2);
            assertThat(second.newRow().state("name")).isEqualTo(ColumnState.NULL);
            assertThat(second.newRow().isNull("name")).isTrue();
            assertThat(second.newRow().get("name")).isNull();
            assertThat(second.newRow().getBigDecimal(2)).isEqualTo(new BigDecimal("9"));
            Update update = (Update) messages.get(4);
            assertThat(update.oldRow()).isNull();
            assertThat(update.filledRow()).isSameAs(update.newRow());
            assertThat(update.newRow().asMap())
                    .containsExactly(
                            Map.entry("id", 1L), Map.entry("name", "pen"), Map.entry("price", new BigDecimal("3")));
            assertThat(update.newRow()).hasToString("[id=1, name=pen, price=3]");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void theRelationTellsItsColumnsAndIdentity(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(database, """
                create schema "Odd ""Schema";
                create table "Odd ""Schema"."T\u00e4ble" (
                    id int, gone text, "Col \u4e16" varchar(7), cents numeric(10, 2), primary key (cents, id));
                alter table "Odd ""Schema"."T\u00e4ble" drop column gone;
                create table full_identity (id int, name text);
                alter table full_identity replica identity full;
                create table by_index (id int not null, name text not null);
                create unique index names on by_index (name);
                alter table by_index replica identity using index names;
                create table none (id int primary key);
                alter table none replica identity nothing;
                create publication p for all tables
                """)) {
            slot.run(
                    "insert into \"Odd \"\"Schema\".\"T\u00e4ble\" values (1, 'x', 1)",
                    "insert into full_identity values (1)",
                    "insert into by_index values (1, 'x')",
                    "insert into none values (1)");
            List<Relation> relations = slot.read(RelationMessage.class).stream()
                    .map(RelationMessage::relation)
                    .toList();
            Relation odd = relations.getFirst();
            assertThat(odd.schema()).isEqualTo("Odd \"Schema");
            assertThat(odd.name()).isEqualTo("T\u00e4ble");
            assertThat(odd).hasToString("Odd \"Schema.T\u00e4ble");
            assertThat(odd.oid())
                    .isEqualTo(slot.db()
                            .queryValue("select '\"Odd \"\"Schema\".\"T\u00e4ble\"'::regclass::oid", Long.class));
            assertThat(odd.columns())
                    .containsExactly(
                            new Relation.Column("id", 23, null, -1, true),
                            new Relation.Column("Col \u4e16", 1043, null, 7 + 4, false),
                            new Relation.Column("cents", 1700, null, (10 << 16) + 2 + 4, true));
            assertThat(relations)
                    .extracting(Relation::replicaIdentity)
                    .containsExactly(
                            ReplicaIdentity.DEFAULT,
                            ReplicaIdentity.FULL,
                            ReplicaIdentity.INDEX,
                            ReplicaIdentity.NOTHING);
            assertThat(relations.get(1).columns()).allMatch(Relation.Column::key);
            assertThat(relations.get(2).columns())
                    .extracting(Relation.Column::key)
                    .containsExactly(false, true);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void oldRowsHaveWhatTheReplicaIdentityHas(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(database, """
                create table by_key (a text, id int primary key, b text);
                create table whole (a text, id int, b text);
                alter table whole replica identity full;
                create table by_index (a text not null, id int, b text);
                create unique index a_index on by_index (a);
                alter table by_index replica identity using index a_index;
                create publication p for all tables
                """)) {
            for (String table : List.of("by_key", "whole", "by_index")) {
                slot.run(
                        "insert into " + table + " values ('a', 1, null)",
                        "update " + table + " set b = 'b'",
                        "update " + table + " set id = 2, a = 'c'",
                        "delete from " + table);
            }
            List<RowChange> changes = slot.read(RowChange.class);
            Update other = (Update) changes.get(1);
            assertThat(other.oldRow()).isNull();
            ChangedRow key = ((Update) changes.get(2)).oldRow();
            assertThat(key).isNotNull();
            assertThat(key.kind()).isEqualTo(ChangedRow.Kind.KEY);
            assertThat(key.asMap()).containsExactly(Map.entry("id", 1));
            assertThat(key).hasToString("[id=1]");
            assertThat(List.of(key.state(0), key.state(1), key.state(2)))
                    .containsExactly(ColumnState.ABSENT, ColumnState.VALUE, ColumnState.ABSENT);
            assertThatThrownBy(() -> key.getString("a"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Column 0 (a) of public.by_key")
                    .hasMessageContaining("replica identity");
            assertThatThrownBy(() -> key.isNull(2)).isInstanceOf(IllegalStateException.class);
            assertThat(((Delete) changes.get(3)).oldRow().asMap()).containsExactly(Map.entry("id", 2));
            Update whole = (Update) changes.get(5);
            assertThat(whole.oldRow()).isNotNull();
            assertThat(whole.oldRow().kind()).isEqualTo(ChangedRow.Kind.FULL);
            // NULL of a whole row is NULL.
            assertThat(whole.oldRow().state("b")).isEqualTo(ColumnState.NULL);
            assertThat(whole.oldRow()).hasToString("[a=a, id=1, b=null]");
            assertThat(((Delete) changes.get(7)).oldRow()).hasToString("[a=c, id=2, b=b]");
            Update byIndex = (Update) changes.get(10);
            assertThat(byIndex.oldRow()).hasToString("[a=a]");
            assertThat(((Delete) changes.get(11)).oldRow()).hasToString("[a=c]");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void unchangedValuesOutOfLineAreToldApart(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(database, """
                create table by_key (id int primary key, doc text, n int);
                create table whole (id int primary key, doc text, n int);
                alter table whole replica identity full;
                alter table by_key alter doc set storage external;
                alter table whole alter doc set storage external;
                create publication p for all tables
                """)) {
            for (String table : List.of("by_key", "whole")) {
                slot.run(
                        "insert into " + table + " values (1, " + LONG + ", 0)",
                        "update " + table + " set n = 1",
                        "update " + table + " set doc = 'short'",
                        "update " + table + " set n = 2");
            }
            List<RowChange> changes = slot.read(RowChange.class);
            ChangedRow row = ((Update) changes.get(1)).newRow();
            assertThat(row.state("doc")).isEqualTo(ColumnState.UNCHANGED);
            assertThat(row.asMap()).containsOnlyKeys("id", "n");
            assertThatThrownBy(() -> row.get("doc"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Column 1 (doc) of public.by_key is not known")
                    .hasMessageContaining("TOAST");
            assertThat(((Update) changes.get(1)).filledRow()).isSameAs(row);
            assertThat(((Update) changes.get(3)).newRow().getString("doc")).isEqualTo("short");
            Update whole = (Update) changes.get(5);
            assertThat(whole.newRow().state("doc")).isEqualTo(ColumnState.UNCHANGED);
            assertThat(whole.oldRow()).isNotNull();
            assertThat(whole.oldRow().getString("doc")).hasSize(10_000);
            assertThat(whole.filledRow().getString("doc")).isEqualTo("x".repeat(10_000));
            assertThat(whole.filledRow().getInt("n")).isEqualTo(1);
            assertThat(whole.filledRow().kind()).isEqualTo(ChangedRow.Kind.NEW);
            Update replaced = (Update) changes.get(6);
            assertThat(replaced.filledRow().getString("doc")).isEqualTo("short");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void anUnchangedKeyOutOfLineIsFilledFromTheOldKey(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(database, """
                create table t (key text primary key, n int);
                alter table t alter key set storage external;
                create publication p for all tables
                """)) {
            slot.run("insert into t values (repeat('k', 2200), 0)", "update t set n = 1");
            Update update = slot.read(Update.class).getFirst();
            assertThat(update.newRow().state("key")).isEqualTo(ColumnState.UNCHANGED);
            assertThat(update.oldRow()).isNotNull();
            assertThat(update.oldRow().kind()).isEqualTo(ChangedRow.Kind.KEY);
            assertThat(update.filledRow().getString("key")).isEqualTo("k".repeat(2200));
            assertThat(update.filledRow().getInt("n")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void truncateNamesItsTables(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(database, """
                create table a (id serial primary key);
                create table b (id int references a);
                create table c (id int);
                create publication p for all tables
                """)) {
            slot.run("truncate a, c restart identity cascade", "truncate b");
            List<Truncate> truncates = slot.read(Truncate.class);
            assertThat(truncates).hasSize(2);
            assertThat(truncates.getFirst().relations())
                    .extracting(Relation::name)
                    .containsExactlyInAnyOrder("a", "b", "c");
            assertThat(truncates.getFirst().cascade()).isTrue();
            assertThat(truncates.getFirst().restartIdentity()).isTrue();
            assertThat(truncates.getLast().relations())
                    .extracting(Relation::name)
                    .containsExactly("b");
            assertThat(truncates.getLast().cascade()).isFalse();
            assertThat(truncates.getLast().restartIdentity()).isFalse();
            assertThat(truncates.getLast().xid()).isZero();
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void eachRowHasTheTableAsItWasThen(TestDatabase database) {
        try (PgOutputSlot slot =
                PgOutputSlot.open(database, "create table t (id int, a text); create publication p for all tables")) {
            slot.run(
                    "begin; insert into t values (1, 'a'); alter table t add b int default 7;"
                            + " insert into t values (2, 'a', 8); alter table t drop a; alter table t rename b to c;"
                            + " insert into t values (3, 9); commit",
                    "analyze t",
                    "insert into t values (4, 10)",
                    "alter table t alter c type text",
                    "insert into t values (5, 'ten')");
            List<Insert> inserts = slot.read(Insert.class);
            assertThat(inserts)
                    .extracting(insert -> insert.newRow().toString())
                    .containsExactly("[id=1, a=a]", "[id=2, a=a, b=8]", "[id=3, c=9]", "[id=4, c=10]", "[id=5, c=ten]");
            assertThat(inserts.get(3).relation())
                    .as("told again, and the same")
                    .isSameAs(inserts.get(2).relation())
                    .isNotSameAs(inserts.get(4).relation());
            assertThat(inserts.get(3).newRow().get("c")).isEqualTo(10);
            assertThat(inserts.get(4).newRow().get("c")).isEqualTo("ten");
            assertThatThrownBy(() -> inserts.get(4).newRow().get("a"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("public.t has no column \"a\"; it has [id, c]");
            assertThatThrownBy(() -> inserts.get(4).newRow().get(2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> inserts.get(4).newRow().getInt("c"))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("Column 1 (c)");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void messagesOfProgramsCome(TestDatabase database) {
        try (PgOutputSlot slot =
                PgOutputSlot.open(database, "create table t (id int); create publication p for all tables")) {
            slot.run(
                    "begin; select pg_logical_emit_message(false, 'now', 'at once');"
                            + " select pg_logical_emit_message(true, 'with', 'rolled back'); rollback",
                    "begin; insert into t values (1); select pg_logical_emit_message(true, 'with', '\\x00ff'::bytea);"
                            + " select pg_logical_emit_message(true, '', ''); commit");
            List<PgOutputMessage> messages = slot.read("messages", "true").stream()
                    .filter(message -> !(message instanceof RelationMessage))
                    .toList();
            List<LogicalMessage> emitted = PgOutputSlot.of(LogicalMessage.class, messages);
            assertThat(emitted).hasSize(3);
            assertThat(emitted.getFirst().transactional()).isFalse();
            assertThat(emitted.getFirst().prefix()).isEqualTo("now");
            assertThat(emitted.getFirst().text()).isEqualTo("at once");
            assertThat(emitted.getFirst().lsn()).isGreaterThan(Lsn.ZERO);
            assertThat(messages.getFirst()).isSameAs(emitted.getFirst());
            assertThat(emitted.get(1).transactional()).isTrue();
            assertThat(emitted.get(1).content().isReadOnly()).isTrue();
            assertThat(emitted.get(1).content().remaining()).isEqualTo(2);
            assertThat(emitted.get(1).content().get(1)).isEqualTo((byte) 0xff);
            assertThat(emitted.get(1).content().get()).isZero();
            assertThat(emitted.get(1).content().position())
                    .as("of another buffer")
                    .isZero();
            assertThat(emitted.get(2).text()).isEmpty();
            assertThat(messages.indexOf(emitted.get(2))).isEqualTo(messages.size() - 2);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void theOriginOfATransactionIsTold(TestDatabase database) {
        String origin = "origin of " + database.name();
        database.execute("select pg_replication_origin_create('" + origin + "')");
        try (PgOutputSlot slot =
                PgOutputSlot.open(database, "create table t (id int); create publication p for all tables")) {
            slot.run(
                    "select pg_replication_origin_session_setup('" + origin + "')",
                    "begin; select pg_replication_origin_xact_setup('16/B374D848', now());"
                            + " insert into t values (1); commit",
                    "select pg_replication_origin_session_reset()",
                    "insert into t values (2)");
            List<PgOutputMessage> messages = slot.read();
            assertThat(messages).filteredOn(Origin.class::isInstance).hasSize(1);
            int begin = messages.indexOf(new Origin(Lsn.parse("16/B374D848"), origin)) - 1;
            assertThat(messages.get(begin)).isInstanceOf(Begin.class);
        } finally {
            database.execute("select pg_replication_origin_drop('" + origin + "')");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void partitionsComeAsThemselvesOrAsTheirRoot(TestDatabase database) {
        String tables = """
                create table root (id int primary key, name text) partition by range (id);
                create table part (name text, id int not null);
                alter table root attach partition part for values from (0) to (10);
                create publication leaves for table root;
                create publication p for table root with (publish_via_partition_root = true)
                """;
        try (PgOutputSlot slot = PgOutputSlot.open(database, tables)) {
            slot.run("insert into root values (1, 'x')");
            List<PgOutputMessage> messages = slot.read();
            Insert insert = PgOutputSlot.of(Insert.class, messages).getFirst();
            assertThat(insert.relation().name()).isEqualTo("root");
            assertThat(insert.newRow()).hasToString("[id=1, name=x]");
            slot.run("drop publication p; alter publication leaves rename to p");
            slot.run("insert into root values (2, 'y')");
            Insert leaf = slot.read(Insert.class).getFirst();
            assertThat(leaf.relation().name()).isEqualTo("part");
            assertThat(leaf.newRow()).hasToString("[name=y, id=2]");
        }
    }

    @ParameterizedTest
    @PostgresVersions(from = 15)
    void columnListsAndRowFiltersShapeWhatComes(TestDatabase database) {
        try (PgOutputSlot slot = PgOutputSlot.open(database, """
                create table listed (id int primary key, secret text, name text);
                create table filtered (id int primary key, n int);
                alter table filtered replica identity full;
                create publication p for table listed (id, name), table filtered where (n > 10)
                """)) {
            slot.run(
                    "insert into listed values (1, 's', 'x')",
                    "insert into filtered values (1, 5), (2, 50)",
                    "update filtered set n = 20 where id = 1",
                    "update filtered set n = 1 where id = 2");
            List<RowChange> changes = slot.read(RowChange.class);
            assertThat(changes)
                    .extracting(change -> change.getClass().getSimpleName() + " " + row(change))
                    .containsExactly(
                            "Insert [id=1, name=x]",
                            "Insert [id=2, n=50]",
                            "Insert [id=1, n=20]",
                            "Delete [id=2, n=50]");
        }
    }

    private static ChangedRow row(RowChange change) {
        return switch (change) {
            case Insert insert -> insert.newRow();
            case Update update -> update.newRow();
            case Delete delete -> delete.oldRow();
        };
    }

    @ParameterizedTest
    @PostgresVersions
    void generatedColumnsComeIfTheyArePublished(TestDatabase database) {
        boolean published = database.server().version() >= 18;
        try (PgOutputSlot slot = PgOutputSlot.open(
                database,
                "create table t (id int primary key, twice int generated always as (id * 2) stored, name text);"
                        + " create publication p for all tables"
                        + (published ? " with (publish_generated_columns = stored)" : ""))) {
            slot.run("insert into t (id, name) values (1, 'x')");
            assertThat(slot.read(Insert.class).getFirst().newRow())
                    .hasToString(published ? "[id=1, twice=2, name=x]" : "[id=1, name=x]");
        }
    }
}
