package dev.howdah.replication;

import static dev.howdah.replication.InsertedIds.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ProtocolException;
import dev.howdah.replication.Change.Delete;
import dev.howdah.replication.Change.Insert;
import dev.howdah.replication.Change.LogicalMessage;
import dev.howdah.replication.Change.RelationChanged;
import dev.howdah.replication.Change.Truncate;
import dev.howdah.replication.Change.Update;
import dev.howdah.replication.ReplicatedTransaction.Kind;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.TestDatabase;
import dev.howdah.type.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** A stream of transactions over a plugin that writes text. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class OutputPluginStreamIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TABLES = """
            create table t (id int primary key, doc text, amount numeric);
            create table whole (id int, doc text);
            alter table whole replica identity full;
            create table "Odd ""Table." ("the id" int primary key);
            create publication p for all tables
            """;

    private static final String[] WORK = {
        "insert into t values (1, 'it''s', 2.50), (2, null, null)",
        "begin; update t set doc = 'two' where id = 2; update t set id = 3 where id = 1; delete from t where id = 2; commit",
        "begin; insert into whole values (1, 'a'); savepoint s; insert into whole values (2, 'gone'); rollback to s;"
                + " insert into t values (4, 'd', 4); commit",
        "update whole set doc = 'b'; delete from whole",
        "begin; insert into t values (5, 'gone', 5); rollback",
        "select pg_logical_emit_message(false, 'alone', 'at once')",
        "begin; select pg_logical_emit_message(true, 'with', 'the others'); insert into \"Odd \"\"Table.\" values (7); commit",
        "truncate t, whole",
        "alter table whole add more int; insert into whole values (3, 'c', 8)",
    };

    /** What both plugins tell of a transaction. */
    private record Told(Kind kind, long xid, Lsn endLsn, Instant time, List<String> changes) {}

    @ParameterizedTest
    @PostgresVersions
    void theSameTransactionsComeAsOfPgoutput(TestDatabase database) {
        try (FollowedSlot binary = FollowedSlot.of(database, TABLES);
                FollowedSlot text = FollowedSlot.of(database, "select 1", OutputPlugin.TEST_DECODING, false)) {
            text.run(WORK);

            List<Told> told = told(text.stream());
            List<Told> wanted = told(binary.stream());

            assertThat(told).containsExactlyElementsOf(wanted);
            assertThat(told).extracting(Told::kind).contains(Kind.MESSAGE);
            assertThat(told)
                    .filteredOn(each -> each.kind() == Kind.COMMITTED)
                    .hasSize(7)
                    .allSatisfy(each -> assertThat(each.time()).isAfter(Instant.EPOCH));
        }
    }

    /** Returns what comes up to the change of a table's columns. */
    private static List<Told> told(TransactionStream stream) {
        List<Told> all = new ArrayList<>();
        do {
            ReplicatedTransaction next = take(stream);
            List<String> changes = next.toList().stream()
                    .filter(change -> !(change instanceof RelationChanged))
                    .map(OutputPluginStreamIT::text)
                    .toList();
            Instant time = next.kind() == Kind.MESSAGE ? Instant.EPOCH : next.time();
            all.add(new Told(next.kind(), next.xid(), next.endLsn(), time, changes));
        } while (!all.getLast().changes().contains("insert public.whole [id=3, doc=c, more=8]"));
        return all;
    }

    private static String text(Change change) {
        return switch (change) {
            case Insert insert -> "insert " + insert.relation() + " " + insert.newRow();
            case Update update -> "update " + update.relation() + " " + update.newRow() + " of " + update.oldRow();
            case Delete delete -> "delete " + delete.relation() + " " + delete.oldRow();
            case Truncate truncate ->
                "truncate "
                        + truncate.relations().stream()
                                .map(Relation::toString)
                                .sorted()
                                .toList();
            case LogicalMessage message -> "message " + message.prefix() + " " + message.lsn();
            case RelationChanged news -> throw new AssertionError("told of by each in its own way: " + news);
        };
    }

    @ParameterizedTest
    @PostgresVersions
    void whatIsAcknowledgedDoesNotComeAgainAndTheRestDoes(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLES, OutputPlugin.TEST_DECODING, false)) {
            slot.run(
                    "insert into t values (1)",
                    "insert into t values (2)",
                    "insert into t values (3)",
                    "insert into t values (4)");
            TransactionStream stream = slot.stream();
            List<ReplicatedTransaction> taken = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                taken.add(take(stream));
                assertThat(ids(taken.get(i))).containsExactly(i + 1);
            }
            taken.get(3).acknowledge();
            taken.get(1).acknowledge();
            assertThat(stream.confirmed()).isLessThan(taken.getFirst().endLsn());
            taken.getFirst().acknowledge();
            slot.awaitConfirmed(taken.get(1).endLsn());
            assertThat(stream.confirmed()).isEqualTo(taken.get(1).endLsn());
            stream.close();

            TransactionStream again = slot.again();
            assertThat(ids(take(again))).containsExactly(3);
            assertThat(ids(take(again))).containsExactly(4);
            again.close();

            TransactionStream further =
                    slot.stream(options -> options.startLsn(taken.get(2).endLsn()));
            assertThat(ids(take(further))).containsExactly(4);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aPreparedTransactionOfATwoPhaseSlotIsRefusedAndNothingOfItConfirmed(TestDatabase database) {
        try (FollowedSlot slot = FollowedSlot.of(database, TABLES, OutputPlugin.TEST_DECODING, true)) {
            slot.run("insert into t values (1)");
            slot.run("begin; insert into t values (2); prepare transaction '" + slot.name() + "'");
            Lsn prepareEnd = slot.currentLsn();
            try {
                TransactionStream stream = slot.stream();
                ReplicatedTransaction first = take(stream);
                assertThat(ids(first)).containsExactly(1);
                first.acknowledge();

                assertThatThrownBy(() -> {
                            ReplicatedTransaction prepared = take(stream);
                            assertThat(ids(prepared)).containsExactly(2);
                        })
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining("prepared transactions can be followed with pgoutput only");
                assertThatThrownBy(stream::next)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("pgoutput only");
                assertThat(stream.confirmed()).isLessThan(prepareEnd);
            } finally {
                slot.run("rollback prepared '" + slot.name() + "'");
            }
        }
    }

    private static ReplicatedTransaction take(TransactionStream stream) {
        return Objects.requireNonNull(stream.next(PATIENCE), "a transaction that must come");
    }
}
