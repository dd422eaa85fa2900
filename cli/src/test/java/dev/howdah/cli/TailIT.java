package dev.howdah.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.cli.Cli.Outcome;
import dev.howdah.testkit.Await;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class TailIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final AtomicInteger SLOTS = new AtomicInteger();
    private static final char ESCAPE = '\u001b';

    private static final String EVERY_KIND =
            "insert into item values (1, 'pen', 12345678901234567890.10, '{1,2}', null);"
                    + " update item set price = 3 where id = 1; update item set id = 2 where id = 1;"
                    + " delete from item; truncate item;"
                    + " select pg_logical_emit_message(true, 'note', 'inside');";

    /** No other test has it. */
    private final String slot = "tail_" + ProcessHandle.current().pid() + "_" + SLOTS.incrementAndGet();

    private final List<TestDatabase> databases = new ArrayList<>();

    @TempDir
    private Path folder;

    private TestDatabase database(int version) {
        TestDatabase database = SharedServers.get(version).createDatabase();
        databases.add(database);
        return database;
    }

    @AfterEach
    void dropAll() {
        for (TestDatabase database : databases) {
            String own = " from pg_replication_slots where database = '" + database.name() + "'";
            database.execute("select pg_terminate_backend(active_pid)" + own + " and active");
            await(database, "count(*)" + own + " and active", "0");
            database.execute("select pg_drop_replication_slot(slot_name)" + own);
            database.close();
        }
    }

    private static void await(TestDatabase database, String question, String answer) {
        String sql = "select " + question;
        Await.until(
                sql, SOON, () -> answer.equals(database.execute(sql).getFirst().getFirst()));
    }

    /** Waits until what is committed from now on will come. */
    private static void awaitSlot(TestDatabase database) {
        await(
                database,
                "count(*) from pg_replication_slots where database = '" + database.name()
                        + "' and confirmed_flush_lsn is not null and not temporary",
                "1");
    }

    private static void assertNothingIsLeft(TestDatabase database) {
        await(database, "count(*) from pg_replication_slots where database = '" + database.name() + "'", "0");
        assertThat(database.execute("select pubname from pg_publication where pubname like 'howdah%'"))
                .isEmpty();
    }

    private static Outcome tail(Cli cli, TestDatabase database, String... arguments) {
        List<String> all = new ArrayList<>(List.of("tail", "--dsn", database.dsn()));
        all.addAll(List.of(arguments));
        return cli.run(all.toArray(String[]::new));
    }

    private static CompletableFuture<Outcome> begin(Cli cli, TestDatabase database, String... arguments) {
        return CompletableFuture.supplyAsync(() -> tail(cli, database, arguments), task -> new Thread(task).start());
    }

    private static List<String> lines(Cli cli) {
        return new String(cli.bytes(), UTF_8).lines().toList();
    }

    private void lasting(TestDatabase database) {
        database.execute("create table item (id int primary key, name text, price numeric, tags int[], doc text)");
        database.execute("create publication shop for table item");
        database.execute("select pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void programsReadEachChangeAsAnObject(int version) {
        TestDatabase database = database(version);
        lasting(database);
        database.execute("begin; " + EVERY_KIND + " commit");
        database.execute("select pg_logical_emit_message(false, 'note', 'outside')");
        Cli cli = new Cli();
        Outcome outcome =
                tail(cli, database, "--slot", slot, "--publication", "shop", "-f", "json", "--until-lsn", "now");
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.OK);
        assertThat(outcome.err()).contains("following shop");
        List<String> lines = lines(cli).stream()
                .map(line ->
                        line.replaceFirst(",\"xid\":\\d+,\"commit_lsn\":\"[0-9A-F/]+\",\"time\":\"[0-9T:.Z-]+\"", " T"))
                .toList();
        assertThat(lines).hasSize(10);
        assertThat(lines.subList(0, 9))
                .containsExactly(
                        "{\"kind\":\"begin\" T}",
                        "{\"kind\":\"relation\",\"schema\":\"public\",\"table\":\"item\",\"identity\":\"default\",\"columns\":["
                                + "{\"name\":\"id\",\"type\":\"int4\",\"key\":true},{\"name\":\"name\",\"type\":\"text\",\"key\":false},"
                                + "{\"name\":\"price\",\"type\":\"numeric\",\"key\":false},{\"name\":\"tags\",\"type\":\"_int4\",\"key\":false},"
                                + "{\"name\":\"doc\",\"type\":\"text\",\"key\":false}]}",
                        "{\"kind\":\"insert\" T,\"number\":1,\"schema\":\"public\",\"table\":\"item\",\"new\":{\"id\":1,"
                                + "\"name\":\"pen\",\"price\":12345678901234567890.10,\"tags\":[1,2],\"doc\":null}}",
                        "{\"kind\":\"update\" T,\"number\":2,\"schema\":\"public\",\"table\":\"item\",\"new\":{\"id\":1,"
                                + "\"name\":\"pen\",\"price\":3,\"tags\":[1,2],\"doc\":null}}",
                        "{\"kind\":\"update\" T,\"number\":3,\"schema\":\"public\",\"table\":\"item\",\"old\":{\"id\":1},"
                                + "\"new\":{\"id\":2,\"name\":\"pen\",\"price\":3,\"tags\":[1,2],\"doc\":null}}",
                        "{\"kind\":\"delete\" T,\"number\":4,\"schema\":\"public\",\"table\":\"item\",\"old\":{\"id\":2}}",
                        "{\"kind\":\"truncate\" T,\"number\":5,\"tables\":[{\"schema\":\"public\",\"table\":\"item\"}],"
                                + "\"cascade\":false,\"restart_identity\":false}",
                        lines.get(7),
                        lines.get(8));
        assertThat(lines.get(7))
                .startsWith("{\"kind\":\"message\" T,\"number\":6,\"lsn\":\"")
                .endsWith("\"transactional\":true,\"prefix\":\"note\",\"content\":\"inside\"}");
        assertThat(lines.get(8))
                .startsWith("{\"kind\":\"commit\" T,\"end_lsn\":\"")
                .containsPattern("\"changes\":6,\"token\":\"\\d+:1:" + slot + ":[0-9A-F/]+\"}$");
        assertThat(lines.get(9))
                .startsWith("{\"kind\":\"message\"")
                .endsWith("\"transactional\":false,\"prefix\":\"note\",\"content\":\"outside\"}");
        // It has been confirmed, and the slot stays.
        cli = new Cli();
        tail(cli, database, "--slot", slot, "--publication", "shop", "--until-lsn", "now");
        assertThat(lines(cli)).isEmpty();
        assertThat(database.execute("select pubname from pg_publication")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void peopleReadALineForEachChange(int version) {
        TestDatabase database = database(version);
        lasting(database);
        String rest = "'" + "x".repeat(100) + "'";
        database.execute("begin; " + EVERY_KIND + " commit");
        database.execute("alter table item replica identity full; insert into item values (1, " + rest + ")");
        database.execute("update item set price = 4 where id = 1");
        Cli cli = new Cli();
        Outcome outcome = tail(cli, database, "--slot", slot, "-p", "shop", "--transactions", "3");
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.OK);
        List<String> lines = lines(cli).stream()
                .map(line -> line.replaceFirst("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  ", ""))
                .toList();
        assertThat(lines.getFirst()).matches("── transaction \\d+  [0-9A-F]+/[0-9A-F]+");
        assertThat(lines.subList(1, 7))
                .containsExactly(
                        "insert  public.item  id=1  name='pen'  price=12345678901234567890.10  tags='{1,2}'  doc=null",
                        "update  public.item  id=1  name='pen'  price=3  tags='{1,2}'  doc=null",
                        "update  public.item  id: 1 → 2  name='pen'  price=3  tags='{1,2}'  doc=null",
                        "delete  public.item  id=2",
                        "truncate public.item",
                        "message note  inside");
        assertThat(lines.getLast())
                .isEqualTo("update  public.item  price: null → 4  of  id=1  name=" + rest + "  tags=null  doc=null");
        assertThat(String.join("\n", lines)).doesNotContain(ESCAPE + "");

        database.execute("update item set price = 5, doc = E'\\x1b[31m' where id = 1");
        cli = new Cli().onATerminal();
        tail(cli, database, "--slot", slot, "-p", "shop", "--count", "1");
        assertThat(lines(cli).getLast())
                .contains(ESCAPE + "[33mupdate" + ESCAPE + "[0m", ESCAPE + "[?7l", "x".repeat(59) + "…", "'\\x1b[31m'")
                .endsWith(ESCAPE + "[?7h")
                .doesNotContain("x".repeat(60));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void theRowsThatAreThereComeFirstAndNothingIsLeftBehind(int version) throws Exception {
        TestDatabase database = database(version);
        database.execute(
                "create table item (id int primary key, at timestamptz, f float8); create table \"Other\" (id int"
                        + " primary key); insert into item values (1, '2026-01-02 03:04:05.6+00', 0.1); insert into \"Other\""
                        + " values (7)");
        Cli cli = new Cli();
        CompletableFuture<Outcome> tail = begin(
                cli, database, "--snapshot=2", "--format", "json", "--transactions", "1", "item", "public.\"Other\"");
        awaitSlot(database);
        database.execute("insert into item values (2, '2026-01-02 03:04:05.6+00', 0.1)");
        Outcome outcome = tail.get(60, TimeUnit.SECONDS);
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.OK);
        List<String> lines = lines(cli);
        assertThat(lines.getFirst()).startsWith("{\"kind\":\"snapshot_begin\",\"tables\":2,\"lsn\":\"");
        String row = "\"at\":\"2026-01-02T03:04:05.6+00:00\",\"f\":0.1}}";
        assertThat(lines.subList(1, 3))
                .containsExactlyInAnyOrder(
                        "{\"kind\":\"snapshot\",\"schema\":\"public\",\"table\":\"item\",\"new\":{\"id\":1," + row,
                        "{\"kind\":\"snapshot\",\"schema\":\"public\",\"table\":\"Other\",\"new\":{\"id\":7}}");
        assertThat(lines.get(3)).startsWith("{\"kind\":\"snapshot_end\",\"rows\":2,");
        assertThat(lines).anyMatch(line -> line.startsWith("{\"kind\":\"insert\"") && line.endsWith("\"id\":2," + row));
        assertNothingIsLeft(database);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void twoRunsAndAKillBetweenLoseAndRepeatNothing(int version) throws Exception {
        TestDatabase database = database(version);
        lasting(database);
        Path token = folder.resolve("shop.token");
        List<String> all = new ArrayList<>();
        int last = 0;
        for (int run = 0; run < 2; run++) {
            Cli cli = new Cli();
            CompletableFuture<Outcome> tail = begin(
                    cli,
                    database,
                    "--slot",
                    slot,
                    "-p",
                    "shop",
                    "-f",
                    "json",
                    "--transactions",
                    "40",
                    "--resume",
                    token.toString());
            for (int i = 0; i < 20; i++) {
                database.execute("insert into item values (" + ++last + ")");
            }
            Await.until("some have come", SOON, () -> lines(cli).size() > 20);
            database.execute("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '"
                    + slot + "'");
            for (int i = 0; i < 25; i++) {
                database.execute("insert into item values (" + ++last + ")");
            }
            Outcome outcome = tail.get(60, TimeUnit.SECONDS);
            assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.OK);
            assertThat(outcome.err()).contains("; the next try is in ", "streaming again");
            lines(cli).stream()
                    .filter(line -> line.startsWith("{\"kind\":\"insert\""))
                    .map(line -> line.replaceFirst(".*\"id\":(\\d+).*", "$1"))
                    .forEach(all::add);
        }
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 80; i++) {
            expected.add(Integer.toString(i));
        }
        assertThat(all).isEqualTo(expected);
        assertThat(Files.readString(token)).matches("\\d+:1:" + slot + ":[0-9A-F/]+\n");

        database.execute("select pg_replication_slot_advance('" + slot + "', pg_current_wal_lsn())");
        Outcome gap = tail(new Cli(), database, "--slot", slot, "-p", "shop", "--resume", token.toString());
        assertThat(gap.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(gap.err()).contains("is lost to the sink", "To begin anew remove " + token);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aTransactionThatIsCutOffGoesOnWhereItWas(int version) throws Exception {
        TestDatabase database = database(version);
        lasting(database);
        int rows = 200_000;
        database.execute("insert into item select generate_series(1, " + rows + ")");
        Cli cli = new Cli();
        CompletableFuture<Outcome> tail =
                begin(cli, database, "--slot", slot, "-p", "shop", "-f", "json", "--transactions", "1");
        Await.until("some have come", SOON, () -> cli.bytes().length > 0);
        database.execute(
                "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '" + slot + "'");
        Outcome outcome = tail.get(120, TimeUnit.SECONDS);
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.OK);
        assertThat(outcome.err()).contains("streaming again");
        int next = 0;
        for (String line : lines(cli)) {
            if (line.contains("\"number\"")) {
                next++;
                assertThat(line).contains("\"number\":" + next + ",", "\"id\":" + next + ",");
            }
        }
        assertThat(next).isEqualTo(rows);
        assertThat(lines(cli)).filteredOn(line -> line.contains("\"begin\"")).hasSize(1);
        assertThat(lines(cli).getLast()).contains("\"changes\":" + rows + ",");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void writersAreNotBrokenWhereNothingIdentifiesRows(int version) throws Exception {
        TestDatabase database = database(version);
        database.execute("create table keyless (id int, n int); create table item (id int primary key, n int);"
                + " create table whole (id int, twice int generated always as (id * 2) stored);"
                + " alter table whole replica identity full;"
                + " create table part (id int primary key, n int) partition by range (id);"
                + " create table part_1 partition of part for values from (0) to (10);"
                + " create table parent (id int primary key); create table child () inherits (parent)");
        Cli cli = new Cli();
        CompletableFuture<Outcome> tail =
                begin(cli, database, "-f", "json", "--until-lsn", "FFFFFFFF/FFFFFFFF", "-n", "9");
        awaitSlot(database);
        database.execute("begin; insert into keyless values (1, 1); update keyless set n = 2; delete from keyless;"
                + " insert into child values (1); update child set id = 2;"
                + " insert into whole values (1); update whole set id = 2;"
                + " create table later (n int); insert into later values (1); update later set n = 2;"
                + " insert into part values (1, 1); update part set n = 2;"
                + " insert into item values (1, 1); update item set n = 2; delete from item; commit");
        Outcome outcome = tail.get(60, TimeUnit.SECONDS);
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.OK);
        assertThat(outcome.err())
                .contains(
                        "no UPDATE and DELETE is shown of \"public\".\"child\", \"public\".\"keyless\", \"public\".\"parent\""
                                + (version < 18 ? ":" : ", \"public\".\"whole\":"),
                        "following all tables");
        List<String> kinds = lines(cli).stream()
                .filter(line -> line.contains("\"number\""))
                .map(line -> line.replaceFirst("\\{\"kind\":\"(\\w+)\".*\"table\":\"(\\w+)\".*", "$1 $2"))
                .toList();
        assertThat(kinds)
                .startsWith("insert keyless", "insert child", "insert whole")
                .contains("insert later", "insert part_1", "update part_1", "insert item")
                .doesNotContain("update keyless", "update child", "update later");
        assertNothingIsLeft(database);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void whoeverOwnsTablesFollowsThemWithoutBeingASuperuser(int version) {
        TestDatabase database = database(version);
        String role = Roles.REPLICATION.name();
        database.execute("create table foreign_item (id int primary key); grant create on database \"" + database.name()
                + "\" to " + role);
        String[] arguments = {"tail", "--dsn", database.dsn(Roles.REPLICATION), "--snapshot", "--until-lsn", "now"};
        Outcome none = new Cli().run(arguments);
        assertThat(none.code()).isEqualTo(ExitCode.USAGE);
        assertThat(none.err()).contains("owns no table").hasLineCount(1);
        database.execute(
                "create table item (id int primary key); insert into item values (1); alter table item owner to "
                        + role);
        Cli cli = new Cli();
        Outcome outcome = cli.run(arguments);
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.OK);
        assertThat(outcome.err()).isEqualTo("howdah: following \"public\".\"item\"\n");
        assertThat(lines(cli)).element(1).asString().endsWith("row     public.item  id=1");
        assertNothingIsLeft(database);
    }

    @Test
    void whatKeepsItFromStartingIsSaidWithAdvice() {
        TestDatabase database = database(18);
        Outcome unknown = tail(new Cli(), database, "nosuch");
        assertThat(unknown.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(unknown.err())
                .contains("42P01", "nosuch", "written with its schema")
                .hasLineCount(1);
        Outcome publication = tail(new Cli(), database, "-p", "nosuch");
        assertThat(publication.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(publication.err()).contains("There is no publication nosuch", "create publication");
        Outcome missing = tail(new Cli(), database, "-p", "nosuch", "-s", slot);
        assertThat(missing.err()).contains("There is no slot " + slot);
        database.execute("create table item (id int primary key); create publication shop for table item");
        Outcome rights = new Cli().run("tail", "--dsn", database.dsn(Roles.SCRAM), "item");
        assertThat(rights.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(rights.err()).contains("has not the attribute REPLICATION", "alter role");
        Outcome owner = new Cli().run("tail", "--dsn", database.dsn(Roles.REPLICATION), "item");
        assertThat(owner.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(owner.err()).contains("42501", "--publication").hasLineCount(1);
        database.execute("select pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        assertThat(tail(new Cli(), database, "-p", "shop", "-s", slot, "--create-slot", "--snapshot")
                        .err())
                .contains("is there already");
        assertThat(database.execute("select pubname from pg_publication")).hasSize(1);
    }

    private static Process process(TestDatabase database, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "tail",
                "--dsn",
                database.dsn()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    @Test
    void aSignalEndsItWithZeroAndRemovesWhatItMade() throws Exception {
        TestDatabase database = database(18);
        database.execute("create table item (id int primary key)");
        Process process = process(database, "--snapshot", "item");
        try (BufferedReader out = process.inputReader(UTF_8);
                BufferedReader err = process.errorReader(UTF_8)) {
            assertThat(err.readLine()).isEqualTo("howdah: following \"public\".\"item\"");
            database.execute("insert into item values (5)");
            String line = "";
            while (line != null && !line.endsWith("public.item  id=5")) {
                line = out.readLine();
            }
            assertThat(line).isNotNull();
            process.toHandle().destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(err.lines()).isEmpty();
            assertThat(process.exitValue()).isEqualTo(ExitCode.OK);
        } finally {
            process.destroyForcibly();
        }
        assertNothingIsLeft(database);
    }

    @Test
    void aPipeThatNobodyReadsAnyMoreEndsItWithZero() throws Exception {
        TestDatabase database = database(18);
        database.execute("create table item (id int primary key)");
        Process process = process(database);
        try (BufferedReader err = process.errorReader(UTF_8)) {
            assertThat(err.readLine()).isEqualTo("howdah: following all tables");
            process.getInputStream().close();
            database.execute("insert into item values (5)");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(err.lines()).isEmpty();
            assertThat(process.exitValue()).isEqualTo(ExitCode.OK);
        } finally {
            process.destroyForcibly();
        }
        assertNothingIsLeft(database);
    }

    /** Nobody could use the slot before that transaction ends, and the server says nothing meanwhile. */
    @Test
    void aSignalWhileTheSlotWaitsForATransactionLeavesNothing() throws Exception {
        TestDatabase database = database(18);
        database.execute("create table item (id int primary key)");
        database.execute("create publication shop for table item");
        Process process = null;
        try (PgConnection open = Howdah.connect(database.dsn())) {
            open.execute("begin");
            open.execute("insert into item values (1)");
            process = process(database, "-p", "shop");
            await(
                    database,
                    "count(*) from pg_replication_slots where database = '" + database.name() + "' and active",
                    "1");
            process.toHandle().destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.OK);
            assertNothingIsLeft(database);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }
}
