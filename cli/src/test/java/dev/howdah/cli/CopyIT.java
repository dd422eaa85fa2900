package dev.howdah.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.cli.Cli.Outcome;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PostgresExtension.class)
class CopyIT {

    private static final String ITEM =
            "create table item (id int primary key, name text, price numeric(8, 2));" + "grant all on item to public;";
    private static final String SAME =
            "select count(*) from (select * from item except select * from \"Shop\".\"My Table, 2\") t";

    @TempDir
    private Path folder;

    private String dsn = "";

    @BeforeEach
    void connectTo(TestDatabase db) {
        dsn = db.uri(Roles.SCRAM);
    }

    private Outcome copy(String... arguments) {
        return copy(new Cli(), arguments);
    }

    private Outcome copy(Cli cli, String... arguments) {
        List<String> all = new ArrayList<>(List.of("copy"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--dsn", dsn));
        return cli.run(all.toArray(String[]::new));
    }

    private static void assertWell(Outcome outcome, String... said) {
        assertThat(outcome.err()).startsWith("howdah: ").contains("row").hasLineCount(1);
        assertThat(outcome.err()).satisfies(err -> assertThat(List.of(said)).allMatch(err::contains));
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.OK);
    }

    private static void assertRefused(Outcome outcome, int code, String... said) {
        assertThat(outcome.err()).startsWith("howdah: ").contains(said).hasLineCount(1);
        assertThat(outcome.code()).isEqualTo(code);
        assertThat(outcome.out()).isEmpty();
    }

    private static @Nullable String value(TestDatabase db, String sql) {
        return db.execute(sql).getFirst().getFirst();
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @ParameterizedTest
    @PostgresVersions
    void whatComesOutGoesInAgainInEachFormat(TestDatabase db) {
        dsn = db.uri(Roles.SCRAM);
        db.execute(ITEM + """
                insert into item values (1, 'two
                lines', 1.5), (2, 'a "quote", a comma	a tab \\ \\N', null), (3, null, 0), (4, '', -1), (5, E'\\\\.', 2),
                    (6, 'NULL', 3), (7, '\u20ac', 4);
                create schema "Shop";
                create table "Shop"."My Table, 2" (like item);
                grant all on schema "Shop" to public; grant all on "Shop"."My Table, 2" to public""");
        String other = "\"Shop\".\"My Table, 2\"";
        for (String name : List.of("items.csv", "items.txt", "items.bin")) {
            List<String> header = name.endsWith("csv") ? List.of("--header") : List.of();
            List<String> out = new ArrayList<>(List.of("out", "item", path(name)));
            out.addAll(header);
            assertWell(copy(out.toArray(String[]::new)), "7 rows, ");
            db.execute("truncate " + other);
            List<String> in = new ArrayList<>(List.of("in", other, path(name)));
            in.addAll(header);
            assertWell(copy(in.toArray(String[]::new)), "7 rows, ");
            assertThat(value(db, SAME)).isEqualTo("0");
            assertThat(value(db, "select count(*) from " + other)).isEqualTo("7");
            assertThat(folder.resolve(name + ".part")).doesNotExist();
        }
        assertThat(folder.resolve("items.csv")).content().startsWith("id,name,price\n1,\"two\nlines\",1.50\n");
        assertThat(folder.resolve("items.txt")).content().startsWith("1\ttwo\\nlines\t1.50\n");
        assertThat(folder.resolve("items.bin")).content(ISO_8859_1).startsWith("PGCOPY\n");
    }

    @Test
    void standardInputAndOutputAreTheDefault(TestDatabase db) {
        db.execute(ITEM);
        Outcome in = copy(new Cli().reading("1,pen,2\n2,\"i\nk\",3\n"), "in", "ITEM");
        assertWell(in, "2 rows, 18 bytes in ");
        assertThat(in.out()).isEmpty();
        Cli cli = new Cli();
        assertWell(copy(cli, "out", "item", "-"), "2 rows, ");
        assertThat(new String(cli.bytes(), UTF_8)).isEqualTo("1,pen,2.00\n2,\"i\nk\",3.00\n");
        assertWell(copy(new Cli().reading(""), "in", "public.item", "-"), "0 rows, 0 bytes");
    }

    @Test
    void columnsAndTheLookOfValuesMayBeChosen(TestDatabase db) {
        db.execute("create table t (a int, \"B,c\" text, d text); grant all on t to public");
        String[] look = {
            "--columns",
            "\"B,c\", A",
            "--delimiter",
            ";",
            "--null",
            "-",
            "--quote",
            "'",
            "--escape",
            "\\",
            "--encoding",
            "latin1"
        };
        List<String> in = new ArrayList<>(List.of("in", "t", "--where", "a > 1 and d is null"));
        in.addAll(List.of(look));
        Cli latin = new Cli().reading("'it\\'s';2\n-;3\nx;1\n");
        assertWell(copy(latin, in.toArray(String[]::new)), "2 rows of 3, 18 bytes");
        assertThat(db.execute("select a::text, \"B,c\" from t order by a"))
                .isEqualTo(List.of(List.of("2", "it's"), Arrays.asList("3", null)));
        db.execute("insert into t values (4, '\u00fc')");
        List<String> out = new ArrayList<>(List.of("out", "t", "--force-quote", "a"));
        out.addAll(List.of(look));
        Cli cli = new Cli();
        assertWell(copy(cli, out.toArray(String[]::new)), "3 rows");
        assertThat(new String(cli.bytes(), ISO_8859_1)).isEqualTo("'it\\'s';'2'\n-;'3'\n\u00fc;'4'\n");
        assertWell(copy(
                new Cli().reading("7\t\"\"\n"),
                "in",
                "t",
                "--columns",
                "a,d",
                "--delimiter",
                "\\t",
                "--force-null",
                "d"));
        assertThat(value(db, "select d is null from t where a = 7")).isEqualTo("t");
    }

    @Test
    void aQueryIsCopiedToo(TestDatabase db) {
        db.execute(ITEM + "insert into item values (1, 'pen', 2), (2, 'ink', 3)");
        Cli cli = new Cli();
        assertWell(
                copy(cli, "out", "--query", "select name as \"N\" from item where price < 3 -- cheap", "--header"),
                "1 row,");
        assertThat(new String(cli.bytes(), UTF_8)).isEqualTo("N\npen\n");
        assertWell(copy(new Cli(), "out", "--query", "table item;", path("q.csv")), "2 rows,");
        assertThat(folder.resolve("q.csv")).content().isEqualTo("1,pen,2.00\n2,ink,3.00\n");
    }

    @Test
    void programsGetJson(TestDatabase db) throws IOException {
        db.execute(ITEM);
        String items = file("items.csv", "1,pen,2\n2,ink,3\n");
        Outcome in = copy("in", "item", items, "--json", "--where", "id > 1");
        assertThat(in.err()).isEmpty();
        assertThat(in.out()).matches("\\{\"rows\":1,\"read\":2,\"bytes\":16,\"seconds\":\\d+\\.\\d+(E-\\d+)?}\n");
        Outcome out = copy("out", "item", path("o.csv"), "--json");
        assertThat(out.out()).startsWith("{\"rows\":1,\"read\":1,\"bytes\":11,");
        assertRefused(copy("out", "item", "--json"), ExitCode.USAGE, "--json needs a FILE");
    }

    @ParameterizedTest
    @PostgresVersions
    void anErrorIsNamedByFileLineAndColumnAndNothingIsStored(TestDatabase db) throws IOException {
        dsn = db.uri(Roles.SCRAM);
        db.execute(ITEM);
        String items = file("items.csv", "id,name,price\n1,\"a\nb\",1\n2,c,abc\n");
        assertRefused(
                copy("in", "item", items, "--header"),
                ExitCode.SERVER_ERROR,
                "howdah: " + items + ", line 4, column price: invalid input syntax for type numeric: \"abc\" (22P02");
        assertRefused(
                copy(new Cli().reading("1\tpen\t1\n2\tink\n"), "in", "item", "--format", "text"),
                ExitCode.SERVER_ERROR,
                "howdah: standard input, line 2: missing data for column \"price\"");
        assertRefused(
                copy(new Cli().reading("1,a,1\n1,b,1\n"), "in", "item"),
                ExitCode.SERVER_ERROR,
                "standard input, line 2: duplicate key",
                "; Detail: Key (id)=(1) already exists.");
        assertWell(copy("out", "--query", "select 1, 'x', 'abc'", path("wrong.bin")));
        assertRefused(copy("in", "item", path("wrong.bin")), ExitCode.SERVER_ERROR, "wrong.bin, row 1, column price: ");
        Outcome verbose = copy("in", "item", items, "--header", "--verbose");
        assertThat(verbose.err()).contains("context", "COPY item, line 4, column price", "\tat ");
        assertThat(value(db, "select count(*) from item")).isEqualTo("0");
    }

    @Test
    void aHeaderMayHaveToMatch(TestDatabase db) throws IOException {
        db.execute(ITEM);
        String right = file("right.csv", "id,name,price\n1,a,1\n");
        String wrong = file("wrong.csv", "id,title,price\n1,a,1\n");
        assertWell(copy("in", "item", right, "--match-header"), "1 row,");
        assertRefused(
                copy("in", "item", wrong, "--match-header"),
                ExitCode.SERVER_ERROR,
                "wrong.csv, line 1: column name mismatch");
        assertWell(copy("in", "item", wrong, "--header", "--truncate"), "1 row,");
    }

    @Test
    void rowsWithErrorsMayBeLeftOutAndAreNamedWhenAsked(TestDatabase db) throws IOException {
        db.execute(ITEM);
        String items = file("items.csv", "1,a,1\nx,b,2\n3,c,y\n4,d,4\n");
        Outcome outcome = copy("in", "item", items, "--on-error", "ignore", "--verbose");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.err().lines().toList()).hasSize(4);
        assertThat(outcome.err())
                .contains(
                        "line 2 for column \"id\": \"x\"", "line 3 for column \"price\": \"y\"", "2 rows were skipped")
                .contains("howdah: 2 rows of 4, ");
        Outcome quiet = copy("in", "item", items, "--truncate", "--on-error", "ignore");
        assertThat(quiet.err().lines().toList()).hasSize(2);
        assertThat(value(db, "select string_agg(name, '' order by id) from item"))
                .isEqualTo("ad");
    }

    @Test
    void aTableIsEmptiedOnlyIfTheCopyGoesWell(TestDatabase db) throws IOException {
        dsn = db.uri();
        db.execute(ITEM + "insert into item values (7, 'old', 7)");
        assertRefused(copy(new Cli().reading("1,new\n"), "in", "item", "--truncate"), ExitCode.SERVER_ERROR, "line 1");
        assertThat(value(db, "select name from item")).isEqualTo("old");
        assertWell(copy(new Cli().reading("1,new,1\n"), "in", "item", "--truncate", "--freeze"), "1 row,");
        assertThat(value(db, "select string_agg(name, ',') from item")).isEqualTo("new");
        assertRefused(copy(new Cli(), "in", "item", "--freeze"), ExitCode.USAGE, "--freeze needs --truncate");
    }

    @Test
    void whatACommitRefusesIsNotReported(TestDatabase db) {
        dsn = db.uri();
        db.execute("create table t (a int unique deferrable initially deferred)");
        for (String[] more : new String[][] {{}, {"--truncate"}}) {
            List<String> arguments = new ArrayList<>(List.of("in", "t"));
            arguments.addAll(List.of(more));
            Outcome outcome = copy(new Cli().reading("1\n1\n"), arguments.toArray(String[]::new));
            assertRefused(outcome, ExitCode.SERVER_ERROR, "ERROR: duplicate key");
        }
    }

    @Test
    void aFileIsReplacedAtTheEndAndStaysAsItWasIfSomethingFails(TestDatabase db) throws IOException {
        db.execute(ITEM + "insert into item values (1, 'pen', 2)");
        Path old = Files.writeString(folder.resolve("old.csv"), "old");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), old);
        Outcome failed = copy("out", "--query", "select 1 / (3 - i) from generate_series(1, 3) i", old.toString());
        assertRefused(failed, ExitCode.SERVER_ERROR, "division by zero");
        assertThat(old).hasContent("old");
        assertWell(copy("out", "item", link.toString()));
        assertThat(link).isSymbolicLink();
        assertThat(old).content().isEqualTo("1,pen,2.00\n");
        assertThat(Files.getPosixFilePermissions(old)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertRefused(copy("out", "nosuch", path("new.csv")), ExitCode.SERVER_ERROR, "ERROR: relation \"nosuch\"");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(old, link);
        }
        Files.writeString(folder.resolve("old.csv.part"), "of another");
        assertRefused(
                copy("out", "item", old.toString()), ExitCode.USAGE, "cannot write", "old.csv.part is there already");
        assertThat(folder.resolve("old.csv.part")).hasContent("of another");
    }

    @Test
    void aFileThatCannotBeReadOrWrittenIsNamed(TestDatabase db) {
        db.execute(ITEM + "insert into item values (1, 'pen', 2)");
        assertRefused(
                copy("in", "item", path("no.csv")), ExitCode.USAGE, "cannot read ", "no.csv: there is no such file");
        assertRefused(copy("in", "item", folder.toString()), ExitCode.USAGE, "cannot read " + folder);
        assertRefused(copy("out", "item", folder.toString()), ExitCode.USAGE, "cannot write " + folder);
        assertRefused(
                copy("out", "item", path("no/o.csv")), ExitCode.USAGE, "cannot write ", "there is no such folder");
        if (Files.exists(Path.of("/dev/full"))) {
            assertRefused(copy("out", "item", "/dev/full"), ExitCode.USAGE, "cannot write /dev/full: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "item; drop table item", "", "item.", "\"item", "item (id)"})
    void whatIsNoNameOfATableIsRefused(String table) {
        assertRefused(copy("out", table), ExitCode.USAGE, "no name of a table");
        assertRefused(copy("in", table), ExitCode.USAGE, "no name of a table");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a,", "a.b", "a) from stdin --", "\"a"})
    void whatIsNoNameOfAColumnIsRefused(String columns) {
        assertRefused(copy("in", "item", "--columns", columns), ExitCode.USAGE, "no name of a column");
        assertRefused(copy("in", "item", "--force-null", columns), ExitCode.USAGE, "no name of a column");
        assertRefused(copy("out", "item", "--force-quote", columns), ExitCode.USAGE, "no name of a column");
    }

    @Test
    void whatDoesNotFitTogetherIsSaid(TestDatabase db) {
        assertRefused(copy("out"), ExitCode.USAGE, "nothing to copy");
        assertRefused(copy("out", "--query", "select 1", "item", "o.csv"), ExitCode.USAGE, "only a FILE: item o.csv");
        assertRefused(copy("out", "--query", "select 1", "--columns", "a"), ExitCode.USAGE, "--columns");
        assertRefused(
                copy(new Cli().onATerminal().on("NO_COLOR", "1"), "out", "item", "--format", "binary"),
                ExitCode.USAGE,
                "not for a terminal");
        db.execute(ITEM);
        assertRefused(copy("out", "item", path("o.txt"), "--quote", "'"), ExitCode.SERVER_ERROR, "QUOTE");
        assertRefused(copy("out", "item", "--delimiter", "ab"), ExitCode.SERVER_ERROR, "delimiter");
        assertRefused(copy("out", "item", "--null", "a'); drop table item; --\n"), ExitCode.SERVER_ERROR, "null");
        assertRefused(copy("out", "--query", "delete from item"), ExitCode.SERVER_ERROR, "RETURNING");
        assertThat(value(db, "select count(*) from item")).isEqualTo("0");
    }

    @Test
    void aBarIsDrawnOnATerminal(TestDatabase db) throws IOException {
        db.execute(ITEM + "insert into item select i, 'item ' || i, i from generate_series(1, 5000) i; analyze item");
        Cli wide = new Cli().onATerminal().on("COLUMNS", "120");
        Outcome out = copy(wide, "out", "item", path("o.csv"));
        assertThat(out.err()).contains("copying", "5000/5000 rows", "howdah: 5,000 rows, ");
        Outcome in = copy(wide, "in", "item", path("o.csv"), "--truncate");
        assertThat(in.err()).contains("copying", "MiB", " 5,000 rows\r", "howdah: 5,000 rows, ");
        Outcome standard = copy(wide, "out", "item");
        assertThat(standard.err()).as("a bar in what is looked at").doesNotContain("copying");
        assertThat(copy(wide, "out", "--query", "table item", path("o.csv")).err())
                .contains("5000/? rows");
    }
}
