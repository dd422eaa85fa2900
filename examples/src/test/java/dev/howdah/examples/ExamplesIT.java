package dev.howdah.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs every example against a real server and reads what it prints; those of replication are in {@link ReplicationExamplesIT}. */
@ExtendWith(PostgresExtension.class)
class ExamplesIT {

    @AfterEach
    void nothingIsLeftInTheDatabase(TestDatabase database) {
        assertThat(database.execute("select relname from pg_class where relnamespace = 'public'::regnamespace"))
                .isEmpty();
        assertThat(database.execute("select proname from pg_proc where pronamespace = 'public'::regnamespace"))
                .isEmpty();
    }

    @Test
    void everyExampleIsRun() throws Exception {
        Path here = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        Path folder = here.resolve("src/test/java/dev/howdah/examples");
        String tests = Files.readString(folder.resolve("ExamplesIT.java"))
                + Files.readString(folder.resolve("ReplicationExamplesIT.java"))
                + Files.readString(folder.resolve("BackupExamplesIT.java"));
        try (Stream<Path> files = Files.list(here.resolve("src/main/java/dev/howdah/examples"))) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".java", ""))
                            .filter(name -> !name.equals("package-info"))
                            .filter(name -> !tests.contains(name + "::main") && !tests.contains(name + ".main(")))
                    .isEmpty();
        }
    }

    @Test
    void twentyLines(TestDatabase db) throws Exception {
        assertThat(run(TwentyLines::main, db))
                .containsExactly(
                        "pen costs 2.50", "ink costs 9.00", "all: 23.00", "refused: Key (id)=(2) already exists.");
    }

    @Test
    void gettingStarted(TestDatabase db) throws Exception {
        assertThat(run(GettingStarted::main, db))
                .containsExactly(
                        "connected to " + db.name(),
                        "as getting-started",
                        "inserted 1",
                        "1 pen 2.50",
                        "2 ink 9.90",
                        "3 gift null",
                        "3 items, cheapest [name=pen, price=2.50]",
                        "2 records, Item[id=2, name=ink, price=9.90]",
                        "deleted 0",
                        "taken: item_pkey",
                        "cancelled; the connection is usable: true",
                        "batch of 3",
                        "sum 5000050000",
                        "heard a new pen",
                        "polled all is cheaper");
    }

    @Test
    void dataAreCopied(TestDatabase db) throws Exception {
        List<String> lines = run(CopyingData::main, db);
        assertThat(lines.subList(0, 7))
                .containsExactly(
                        "2 rows from a stream",
                        "1 row in 25 bytes",
                        "2 rows one by one",
                        "100000 records",
                        "100004 rows, 50099508.70 in all",
                        "1 pen",
                        "2 ink, blue");
        assertThat(lines.get(9)).startsWith("Row 1 of the COPY (counted from 0), column price: ");
        assertThat(lines.get(10)).startsWith("COPY item, line 2, column id: \"ten\"");
        assertThat(lines.subList(11, 13))
                .containsExactly(
                        "The sink of the COPY failed: java.lang.IllegalStateException: enough", "0 of them stored");
    }

    @Test
    void largeObjects(TestDatabase db) throws Exception {
        assertThat(run(LargeObjectStorage::main, db))
                .containsExactly(
                        "Large binary data here...",
                        "300000 bytes exported",
                        "at 5 of 6",
                        "2 bytes are left",
                        "100000 bytes unzipped",
                        "3 chars in 4 bytes",
                        "3 bytes, 3",
                        "open: false",
                        "refused: true",
                        "the logo, true",
                        "refused: 42501",
                        "no table refers to 1",
                        "removed 1",
                        "asynchronous");
        assertThat(db.execute("select oid from pg_largeobject_metadata")).isEmpty();
    }

    @Test
    void sqlIsComposed(TestDatabase db) throws Exception {
        assertThat(run(ComposingSql::main, db))
                .containsExactly(
                        "[Ada, O'Hara]",
                        "[Ada, Li]",
                        "[O'Hara, Ada]",
                        "select * from guest where name = 'O''Hara' and visits > (-1)",
                        "1 row");
    }

    @Test
    void aClassOfOnesOwnIsAdapted(TestDatabase db) throws Exception {
        assertThat(run(AdaptingTypes::main, db))
                .containsExactly("insert into atable (apoint) values ('(1.23, 4.56)')", "(1.23,4.56)");
    }

    @Test
    void aTypeIsReadAsAClassOfOnesOwn(TestDatabase db) throws Exception {
        assertThat(run(CastingTypes::main, db))
                .containsExactly("600 600", "Point[x=10.2, y=20.3]", "[Point[x=1.0, y=2.0], null]");
    }

    @Test
    void orderEventsArePushed(TestDatabase db) throws Exception {
        assertThat(run(OrderEvents::main, db))
                .containsExactly(
                        "New order #1 from customer 7",
                        "New order #2 from customer 8",
                        "Order #1 status changed to paid");
    }

    @Test
    void severalListenersOnSeveralChannels(TestDatabase db) throws Exception {
        assertThat(run(SeveralListeners::main, db))
                .containsExactly(
                        "email about a new user",
                        "email about urgent: a stolen password",
                        "text message about urgent: a stolen password",
                        "seen on order_events: order 12",
                        "seen on payment_events: payment 3",
                        "stock of pens",
                        "reorder pens?",
                        "email about bye");
    }

    @Test
    void logListenersGetNoticesAndWarnings(TestDatabase db) throws Exception {
        assertThat(run(LogListener::main, db))
                .containsExactly(
                        "PostgreSQL [NOTICE 00000]: the import begins",
                        "Detail: 3 files",
                        "PostgreSQL [WARNING 01000]: a file is empty",
                        "Hint: Look at its source.",
                        "1 warning; kept: [NOTICE: the import begins (detail: 3 files), WARNING: a file is empty"
                                + " (hint: Look at its source.)]");
    }

    @Test
    void aLostConnectionIsNoticedAndMadeAnew(TestDatabase db) throws Exception {
        List<String> lines = run(ConnectionMonitor::main, db);
        assertThat(lines).hasSizeBetween(3, 4);
        assertThat(lines.get(0)).startsWith("Lost: ").contains("57P01");
        assertThat(lines).contains("Connected again: at work", "The first one is LOST");
    }

    @Test
    void notificationsArePolled(TestDatabase db) throws Exception {
        assertThat(run(NotificationPolling::main, db))
                .containsExactly(
                        "Channel: order_updates",
                        "Payload: Order 12345 shipped",
                        "Sent by the notifier: true",
                        "More of them: 0",
                        "Order update: Order 12346 packed",
                        "Inventory change: pens: 17");
    }

    @Test
    void notificationsAreWaitedFor(TestDatabase db) throws Exception {
        List<String> lines = run(NotificationLoop::main, db);
        assertThat(lines).startsWith("Waiting for notifications on channel 'test'", "Timeout", "Timeout");
        assertThat(lines.getLast()).matches("Got NOTIFY: \\d+ test hello");
    }

    @Test
    void connectionInformation(TestDatabase db) throws Exception {
        assertThat(run(ConnectionInformation::main, db))
                .contains(
                        "Database: " + db.name(),
                        "User: " + Roles.SCRAM.name(),
                        "Password: ***",
                        "SSL in use: true",
                        "  library: JSSE",
                        "Status: OPEN, transaction: IDLE");
    }

    @Test
    void errorDiagnostics(TestDatabase db) throws Exception {
        assertThat(run(ErrorDiagnostics::main, db))
                .containsExactly(
                        "Class: CheckViolationException",
                        "Error: new row for relation \"users\" violates check constraint \"users_email_check\"",
                        "Detail: Failing row contains (1, invalid-email).",
                        "Hint: null",
                        "SQL State: 23514",
                        "Table: users",
                        "Constraint: users_email_check",
                        "Delivery: REFUSED");
    }

    @Test
    void passwordsAreEncrypted(TestDatabase db) throws Exception {
        assertThat(run(EncryptPassword::main, db))
                .containsExactly(
                        "md554fdba1dac1d18ce9c2d57a03502a8ff",
                        "SCRAM-SHA-256$4096:...",
                        "the server's choice: SCRAM-SHA-256$4096:...",
                        "to be sent: 164 characters, the password not among them: true");
    }

    @Test
    void transactionsAreRunAgain(TestDatabase db) throws Exception {
        assertThat(run(TransactionRetry::main, db))
                .containsExactly("moved 10: [90, 110]", "tries: 2, left: 41, [41, 110]");
    }

    @Test
    void transactionsHaveModesAndSavepoints(TestDatabase db) throws Exception {
        assertThat(run(Transactions::main, db))
                .containsExactly(
                        "0 guests, 0 seats",
                        "[1 Ada, 2 Li]",
                        "[1 Ada, 2 Li, 4 Grace]",
                        "read_only_sql_transaction",
                        "[1 Ada, 2 Li] SERIALIZABLE",
                        "IDLE null [1 Ada, 2 Li]");
    }

    @Test
    void twoSessionsCommitTogetherAlsoAfterACrash(TestDatabase db) throws Exception {
        assertThat(run(TwoPhaseCommit::main, db))
                .containsExactly(
                        "moved: [north 40, south 60]",
                        "committed transfer 2 of south",
                        "rolled back transfer 3 of south",
                        "recovered: [north 35, south 65]");
    }

    @Test
    void batchesAreAtomic(TestDatabase db) throws Exception {
        assertThat(run(ExecuteMany::main, db))
                .containsExactly(
                        "10000 rows by 10000 sets",
                        "set 2 was refused by reading_value_check",
                        "still 10000 rows",
                        "returned: [100, 200]");
    }

    @Test
    void bulkWorkIsDone(TestDatabase db) throws Exception {
        assertThat(run(BulkWork::main, db))
                .containsExactly(
                        "3 rows, ids [1, 2, 3]",
                        "the second set made 2",
                        "100000 rows, sum 4999950000",
                        "100000 rows as arrays",
                        "2 of 3 changed",
                        "set 1 was refused",
                        "one of 0 to 2: Key (id)=(1) already exists.",
                        "left: 0");
    }

    @Test
    void cursorsFetch(TestDatabase db) throws Exception {
        assertThat(run(CursorFetching::main, db))
                .containsExactly(
                        "5 rows of [id, name], the first is pen",
                        "then [ink, cap]",
                        "then mug",
                        "then bag",
                        "0 rows are left",
                        "the second again: ink",
                        "SELECT 1",
                        "INSERT 0 1",
                        "{max=6}",
                        "discounted: 1.80",
                        "discounted: 1.50",
                        "{items=6, cheapest=0.50}");
    }

    @Test
    void aCursorOfOnesOwnLogs(TestDatabase db) throws Exception {
        assertThat(run(LoggingCursorExample::main, db))
                .containsExactly(
                        "INSERT INTO mytable VALUES (10, 20, 30)",
                        "INSERT INTO mytable VALUES (10, 20, 30)",
                        "UniqueViolationException: 23505 unique_violation",
                        "select 30",
                        "30");
    }

    @Test
    void resultsAreStreamed(TestDatabase db) throws Exception {
        assertThat(run(StreamRows::main, db)).containsExactly("sum: 2666686666700000", "found: 1001", "free: true");
    }

    @Test
    void queriesArePrepared(TestDatabase db) throws Exception {
        assertThat(run(PreparedQueries::main, db))
                .containsExactly(
                        "[int4, float8] [station, value]",
                        "Reading[station=1, value=21.5]",
                        "42.0",
                        "true",
                        "true",
                        "still 3",
                        "2 1",
                        "1",
                        "2",
                        "3",
                        "timestamptz");
    }

    @Test
    void rowsArePublished(TestDatabase db) throws Exception {
        assertThat(run(PublishRows::main, db))
                .containsExactly(
                        "sums: 50005000, 50005000", "inside: 42", "ERROR: division by zero (22012 division_by_zero)");
    }

    @Test
    void cursorsOfTheServer(TestDatabase db) throws Exception {
        assertThat(run(ServerCursors::main, db))
                .containsExactly(
                        "sum 495000",
                        "1, then 2 to 11, then 19989 of 20000",
                        "last 20000",
                        "the one before 19999",
                        "first 1",
                        "changed 200",
                        "readings of one value: [42, 142, 242]",
                        "deleted 200");
    }

    @Test
    void rowsBecomeRecords(TestDatabase db) throws Exception {
        assertThat(run(RowsToRecords::main, db))
                .containsExactly(
                        "[Item[id=1, itemName=pen, quantity=12]]",
                        "[Order[id=1, customer=Customer[id=7, name=Ann]], Order[id=2, customer=null]]",
                        "the same: true",
                        "Row 0: the column id (int4) is NULL, which the component id of"
                                + " dev.howdah.examples.RowsToRecords$Customer cannot be, since it is the primitive int;"
                                + " make it a wrapper class or an Optional",
                        "[Price[item=pen, cents=Optional[250]], Price[item=gift, cents=Optional.empty]]",
                        "[Optional[1], Optional.empty, Optional[3]] [Customer[id=7, name=Ann]]",
                        "User[id=1, email=Email[value=ann@example.org]] 1",
                        "Customer[id=7, name=Ann]");
    }

    @Test
    void typesThatUsersMadeAreFound(TestDatabase db) throws Exception {
        db.execute("grant create on database " + db.name() + " to public");
        assertThat(run(DatabaseTypes::main, db))
                .containsExactly(
                        "[Stay[guest=Guest[name=Ada, mood=VERY_HAPPY], nights=[2026-08-01,2026-08-04)]]",
                        "sea",
                        "(name=Li, mood=ok) empty",
                        "[Guest[name=Ada, mood=VERY_HAPPY], Guest[name=Li, mood=OK]] [SAD, OK, VERY_HAPPY] 1 [2:3][7, 8]");
    }

    @Test
    void queriesAreAnalyzed(TestDatabase db) throws Exception {
        assertThat(run(QueryAnalyzer::main, db).stream().map(line -> line.replaceAll("\\d+ ms", "N ms")))
                .containsExactly(
                        "query: select $1::int + 1",
                        "  args: [41]",
                        "BEGIN: 1, on average N ms",
                        "COMMIT: 1, on average N ms",
                        "CREATE: 1, on average N ms",
                        "INSERT: 1, on average N ms",
                        "SELECT: 3, on average N ms",
                        "SLOW: select pg_sleep(1.01), rows: 1",
                        "DEBUG QUERY select 'within'",
                        "fast ones are not logged: true");
    }

    @Test
    void eventsOfAllKindsAreProcessed(TestDatabase db) throws Exception {
        assertThat(run(EventProcessor::main, db))
                .containsExactly(
                        "confirm order 12345", "refund order 12344", "slow: select pg_sleep($1) with [***]", "lost");
    }

    @Test
    void ordersAreFoundThatCameInAGap(TestDatabase db) throws Exception {
        List<String> lines = run(OrderSubscription::main, db);
        assertThat(lines)
                .filteredOn(line -> line.startsWith("order"))
                .containsExactly("order 1: pen", "order 2: ink", "order 3: cap");
        assertThat(lines).contains("deaf for a while: look what there is");
        assertThat(lines).anyMatch(line -> line.startsWith("deaf: ") && line.contains("57P01"));
        assertThat(lines).anyMatch(line -> line.startsWith("up, heard ") && line.endsWith("reconnects 1"));
        assertThat(lines.getLast()).isEqualTo("channels: [orders, prices]");
    }

    @Test
    void aConnectionIsPolled(TestDatabase db) throws Exception {
        assertThat(run(PollingWait::main, db))
                .containsExactly(
                        "executing: true",
                        "answer: 42",
                        "failed: 22012 division_by_zero",
                        "done: true, usable: true",
                        "sum: 7");
    }

    @Test
    void manyConnectionsArePolledByOneThread(TestDatabase db) throws Exception {
        assertThat(run(PollingMany::main, db)).containsExactly("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]");
    }

    @Test
    void notificationsAreSelectedFor(TestDatabase db) throws Exception {
        List<String> lines = run(PollingNotifications::main, db);
        assertThat(lines).startsWith("Waiting for notifications on channel 'test'", "Timeout");
        assertThat(lines).anyMatch(line -> line.matches("Got NOTIFY: \\d+ test hello"));
        assertThat(lines.getLast()).matches("Got NOTIFY: \\d+ test again");
    }

    @Test
    void aCallbackWaits(TestDatabase db) throws Exception {
        assertThat(run(CustomWaitCallback::main, db))
                .containsExactly("answer: 42", "waited through the callback: true");
    }

    @Test
    void aConnectionForThoseWhoDoNotWait(TestDatabase db) throws Exception {
        assertThat(run(AsynchronousWork::main, db))
                .containsExactly("stock: 30", "left: 7", "sum: 50005000", "cancelled", "timeout: true", "open: false");
    }

    @Test
    void statementsArePipelined(TestDatabase db) throws Exception {
        assertThat(run(PipelinedStatements::main, db))
                .containsExactly(
                        "changed 1, sold [1, 0]",
                        "refused: Key (id)=(7) already exists.",
                        "skipped because of that: true",
                        "UNDONE REFUSED ABORTED RAN",
                        "inserted 1",
                        "REFUSED RAN");
    }

    @Test
    void aThousandThreadsShareAConnection(TestDatabase db) throws Exception {
        assertThat(run(SharedConnection::main, db)).containsExactly("sum: 333833501");
    }

    @Test
    void changesAreDecoded(TestDatabase db) throws Exception {
        assertThat(Output.of(DecodedChanges::main, db.uri()))
                .contains("about public.article", "new article 1", "emptied: [public.article]")
                .contains("article 1 is now id: 1; price: 3; text: UNCHANGED; ", "gone: id: 2; price: 3; text: NULL; ");
    }

    private static List<String> run(Output.Example example, TestDatabase database) throws Exception {
        return Output.of(example, database.uri(Roles.SCRAM));
    }
}
