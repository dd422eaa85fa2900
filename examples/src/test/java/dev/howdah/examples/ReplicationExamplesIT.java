package dev.howdah.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.Await;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the examples of replication against an old server and a new one. */
@ParameterizedClass
@ValueSource(ints = {14, 18})
class ReplicationExamplesIT {

    @Parameter
    int version;

    private TestDatabase database;

    @BeforeEach
    void makeDatabase() {
        database = SharedServers.get(version).createDatabase();
    }

    @AfterEach
    void nothingIsLeft() {
        try {
            assertThat(database.execute("select relname from pg_class where relnamespace = 'public'::regnamespace"))
                    .isEmpty();
            // A temporary slot goes a moment after its connection.
            Await.until(
                    "no slot is left",
                    Duration.ofSeconds(30),
                    () -> database.execute(
                                    "select slot_name from pg_replication_slots where slot_name like 'howdah\\_%'"
                                            + " and (database = current_database() or database is null)")
                            .isEmpty());
        } finally {
            database.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots"
                    + " where database = current_database() and not active");
            database.close();
        }
    }

    @Test
    void theQuickStartPrintsChanges() throws Exception {
        assertThat(run(ReplicationQuickStart::main, Roles.REPLICATION))
                .containsExactly(
                        "BEGIN",
                        "table public.quick_item: INSERT: id[integer]:1 name[text]:'pen'",
                        "table public.quick_item: INSERT: id[integer]:2 name[text]:'ink'",
                        "COMMIT",
                        "BEGIN",
                        "table public.quick_item: UPDATE: id[integer]:2 name[text]:'red ink'",
                        "COMMIT");
    }

    @Test
    void whatWasNotConfirmedComesAgain() throws Exception {
        assertThat(run(LogicalReplication::main, Roles.REPLICATION))
                .filteredOn(line -> !line.equals("nothing new"))
                .containsExactly(
                        "LOGICAL of a database: true",
                        "PHYSICAL of a database: false",
                        "howdah_logical_replication with test_decoding, from a place on: true",
                        "BEGIN",
                        "table public.logical_item: INSERT: id[integer]:1 name[text]:'pen'",
                        "COMMIT",
                        "again: BEGIN",
                        "again: table public.logical_item: INSERT: id[integer]:2 name[text]:'ink'",
                        "again: table public.logical_item: DELETE: id[integer]:1",
                        "in use: true");
    }

    @Test
    void aConsumerReadsWal2json() throws Exception {
        List<String> lines = run(LogicalReplicationConsumer::main, Roles.REPLICATION);
        // The servers of the tests have no wal2json, and new ones would refuse it: the recorded messages are read.
        assertThat(lines.getFirst()).matches("no wal2json: (58P01|42501) \\w+");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(
                        "I public.consumer_item {\"id\": 1, \"name\": \"O'Hara \\\"pen\\\"\", \"price\": 2.50}",
                        "D public.consumer_item {\"id\": 1}",
                        "Created slot howdah_app_changes",
                        "Slot howdah_app_changes already exists",
                        "BEGIN",
                        "table public.consumer_item: INSERT: id[integer]:1 name[text]:'O''Hara \"pen\"'"
                                + " price[numeric]:2.50",
                        "table public.consumer_item: DELETE: id[integer]:1",
                        "COMMIT");
    }

    @Test
    void theLogIsReceivedAsItIsWritten() throws Exception {
        List<String> lines = run(PhysicalReplication::main, Roles.REPLICATION);
        assertThat(lines.getFirst()).matches("[0-9A-F]{24} at 0: \\d+ bytes");
        assertThat(lines.subList(0, lines.size() - 1))
                .allMatch(line -> line.matches("0000000[0-9A-F]{17} at \\d+: \\d+ bytes"));
        assertThat(lines.getLast()).isEqualTo("from the beginning of a file to the row: true");
    }

    @Test
    void slotsAndStreamsAreMonitored() throws Exception {
        // What others stream is shown to members of pg_monitor only.
        List<String> lines = Output.of(SlotMonitoring::main, database.uri());
        assertThat(lines)
                .anyMatch(line ->
                        line.matches("howdah_slot_monitoring keeps \\d+ bytes \\(reserved\\), not confirmed: \\d+"));
        assertThat(lines)
                .anyMatch(line -> line.matches("howdah_slot_monitoring is (streaming|catchup|startup), not sent: .*"));
    }

    @Test
    void aCopyIsKeptInStep() throws Exception {
        List<String> lines = Output.of(FollowingChanges::main, database.uri());
        assertThat(lines)
                .contains("copying 1 table", "public.account: 2 rows")
                .anyMatch(line -> line.startsWith("following from 0/"))
                .anyMatch(line -> line.startsWith("1 transaction, "))
                .endsWith("[id=1, owner=Ann, balance=5]", "[id=2, owner=Bob, balance=25]");
    }

    @Test
    void streamsAreReadBySelectorsAndStages() throws Exception {
        List<String> lines = run(ReplicationFaces::main, Roles.REPLICATION);
        assertThat(lines).startsWith("Timeout");
        assertThat(lines).filteredOn(line -> !line.equals("Timeout")).containsExactly("changes: true", "3 messages");
    }

    @Test
    void transactionsAreStoredExactlyOnce() throws Exception {
        // Publications are for who may make them in the database.
        assertThat(Output.of(TransactionStreaming::main, database.uri()))
                .containsExactly(
                        "table public.stock as it is from here on",
                        "new: pen",
                        "new: ink",
                        "transactions stored: 2",
                        "transactions stored: 1",
                        "copied: red ink, paper",
                        "stored: true",
                        "table public.stock as it is from here on",
                        "now: card");
    }

    private List<String> run(Output.Example example, Role role) throws Exception {
        return Output.of(example, database.uri(role));
    }
}
