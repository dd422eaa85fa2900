package dev.howdah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.howdah.cli.Cli.Outcome;
import dev.howdah.testkit.PerClass;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryIT {

    private static final char ESCAPE = '\u001b';

    private String dsn = "";

    @BeforeAll
    void connect(@PerClass TestDatabase db) {
        dsn = db.uri(Roles.SCRAM);
    }

    private Outcome query(String... arguments) {
        return query(new Cli(), arguments);
    }

    private Outcome query(Cli cli, String... arguments) {
        List<String> all = new ArrayList<>(List.of("query", "--dsn", dsn));
        all.addAll(Arrays.asList(arguments));
        return cli.run(all.toArray(String[]::new));
    }

    @Test
    void aTableIsAlignedAndCountsItsRows() {
        Outcome outcome =
                query("select * from (values (1, 'één'), (20, '日本'), (300, null)) as t(n, \"the name\") order by n");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines())
                .containsExactly("  n  the name", "───  ────────", "  1  één", " 20  日本", "300  (null)", "(3 rows)");
    }

    @Test
    void everyStatementOfAScriptIsAnswered() {
        Outcome outcome = query("create temp table s (x int); insert into s values (1), (2); select x from s");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out().lines()).containsExactly("CREATE TABLE", "INSERT 0 2", "x", "─", "1", "2", "(2 rows)");
    }

    @Test
    void jsonHasOneObjectALineWithEveryDigit() {
        Outcome outcome = query(
                "--json",
                "select 1::int2 as s, 9007199254740993::int8 as l, 1.2300::numeric as n, 'NaN'::numeric as nan,"
                        + " 0.1::float8 as f, '-Infinity'::float8 as i, true as b, null as nothing,"
                        + " '12345678901234567890.123456789012345678901234567890'::numeric as big");
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out().lines())
                .containsExactly("{\"s\":1,\"l\":9007199254740993,\"n\":1.2300,\"nan\":\"NaN\",\"f\":0.1,"
                        + "\"i\":\"-Infinity\",\"b\":true,\"nothing\":null,"
                        + "\"big\":12345678901234567890.123456789012345678901234567890}");
    }

    @Test
    void jsonHasTimesAsIsoAndBytesAsHex() {
        Outcome outcome = query(
                "--json",
                "set timezone to 'Asia/Kolkata'; select '2026-01-02 03:04:05.678+00'::timestamptz as tz,"
                        + " '2026-01-02 03:04:05'::timestamp as ts, date '2026-01-02' as d, '\\x00ff'::bytea as raw,"
                        + " 'infinity'::timestamptz as forever, interval '1 day 2 hours' as i");
        assertThat(outcome.out().lines())
                .containsExactly(
                        "{\"tz\":\"2026-01-02T08:34:05.678+05:30\",\"ts\":\"2026-01-02T03:04:05\","
                                + "\"d\":\"2026-01-02\",\"raw\":\"\\\\x00ff\",\"forever\":\"infinity\",\"i\":\"1 day 02:00:00\"}");
    }

    @Test
    void jsonHasArraysAsArraysAndJsonAsItIs() {
        Outcome outcome = query(
                "--json",
                "select '{{1,2},{3,null}}'::int4[] as a, '{}'::text[] as e, array['x\"y', 'null', null] as t,"
                        + " array[1.50, 'NaN'] as n, '[0:1]={t,f}'::bool[] as b,"
                        + " E'{\"k\":\\n[1, 2.50]}'::json as j, '{\"k\": \"v\"}'::jsonb as jb");
        assertThat(outcome.out().lines())
                .containsExactly("{\"a\":[[1,2],[3,null]],\"e\":[],\"t\":[\"x\\\"y\",\"null\",null],"
                        + "\"n\":[1.50,\"NaN\"],\"b\":[true,false],\"j\":{\"k\": [1, 2.50]},\"jb\":{\"k\": \"v\"}}");
    }

    @Test
    void jsonEscapesWhatJsonMustEscape() throws IOException {
        String text = "quote \" backslash \\ newline \n tab \t bell \u0007 euro € elephant 🐘";
        Outcome outcome = query("--json", "select $1::text as \"a \"\"b\"\" \\c\"", "--param", text);
        assertThat(outcome.out().lines()).hasSize(1);
        try (JsonParser parser = new JsonFactory().createParser(outcome.out())) {
            parser.nextToken();
            parser.nextToken();
            assertThat(parser.currentName()).isEqualTo("a \"b\" \\c");
            parser.nextToken();
            assertThat(parser.getText()).isEqualTo(text);
        }
    }

    @Test
    void csvIsRfc4180() {
        Outcome outcome = query(
                "--csv",
                "select * from (values (1, 'plain', 'a,b'), (2, '', E'line\\nline'), (3, null, 'say \"hi\"'))"
                        + " as t(id, \"x,y\", z)");
        assertThat(outcome.out())
                .isEqualTo("id,\"x,y\",z\r\n1,plain,\"a,b\"\r\n2,\"\",\"line\nline\"\r\n3,,\"say \"\"hi\"\"\"\r\n");
    }

    @Test
    void csvAndJsonPrintNothingForStatementsWithoutRows() {
        assertThat(query("--csv", "create temp table e ()").out()).isEmpty();
        assertThat(query("--json", "create temp table e ()").out()).isEmpty();
        assertThat(query("--csv", "select 1 as a where false").out()).isEqualTo("a\r\n");
        assertThat(query("--json", "select 1 as a where false").out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int2|7|7",
                "int4|-2147483648|-2147483648",
                "int8|9223372036854775807|9223372036854775807",
                "oid|4294967295|4294967295",
                "float4|1e3|1000",
                "float8|Infinity|Infinity",
                "numeric|0012.3400|12.3400",
                "bool|yes|true",
                "text|it's|it's",
                "varchar(3)|abc|abc",
                "uuid|A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                "date|tomorrow|",
                "date|2026-02-28|2026-02-28",
                "time|23:59:60|24:00:00",
                "timestamptz|2026-01-01 00:00+00|2026-01-01 00:00:00+00",
                "interval|90 minutes|01:30:00",
                "bytea|\\xDEADbeef|\\xdeadbeef",
                "json|{\"a\": 1}|{\"a\": 1}",
                "jsonb|{\"b\":1,\"a\":2}|{\"a\": 2, \"b\": 1}",
                "int4[]|{1,2,NULL}|{1,2,NULL}",
                "text[]|{a,\"b c\"}|{a,\"b c\"}",
                "int4range|[1,5]|[1,6)",
                "inet|10.0.0.1/8|10.0.0.1/8",
                "point|(1,2)|(1,2)",
                "money|12.34|$12.34",
                "tstzmultirange|{}|{}",
                "xid8|18446744073709551615|18446744073709551615",
                "pg_class[]|{}|{}"
            })
    void aParameterIsWhatTheServerMakesOfItsText(String type, String text, String printed) {
        Outcome outcome = query("--csv", "select $1::" + type + "::text as v", "-p", text);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        if (printed != null) {
            assertThat(outcome.out()).isEqualTo("v\r\n" + CsvAnswer.quoted(printed) + "\r\n");
        }
    }

    @Test
    void aParameterIsNeverPartOfTheSql() {
        String evil = "'; drop table pg_class; --";
        assertThat(query("--csv", "select $1 as v, $2::int + 1 as w", "-p", evil, "-p", "41")
                        .out())
                .isEqualTo("v,w\r\n" + evil + ",42\r\n");
    }

    @Test
    void aParameterMayBeginWithADash() {
        assertThat(query("--csv", "select $1::int as v", "--param=-5").out()).isEqualTo("v\r\n-5\r\n");
    }

    @Test
    void aServersErrorIsOneLineWithItsCodeAndEndsWithOne() {
        Outcome outcome = query("select * from nosuchtable");
        assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).startsWith("howdah: ERROR: ").contains("nosuchtable", "42P01");
    }

    @Test
    void aParameterTheServerCannotReadIsItsError() {
        Outcome outcome = query("select $1::int", "-p", "many");
        assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(outcome.err()).contains("22P02");
    }

    @Test
    void verboseShowsTheServersFields() {
        Outcome outcome = query("--verbose", "select 1/0");
        assertThat(outcome.code()).isEqualTo(ExitCode.SERVER_ERROR);
        assertThat(outcome.err()).contains("sqlState", "22012", "sourceFile", "\tat ");
    }

    @Test
    void aTimeoutCancelsAndEndsWithFour() {
        Outcome outcome = query("--timeout", "200ms", "select pg_sleep(60)");
        assertThat(outcome.code()).isEqualTo(ExitCode.STOPPED);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).contains("200 ms");
    }

    @Test
    void anInterruptCancelsAndEndsWithFour() {
        Thread.currentThread().interrupt();
        Outcome outcome = query("select pg_sleep(60)");
        boolean still = Thread.interrupted();
        assertThat(outcome.code()).isEqualTo(ExitCode.STOPPED);
        assertThat(outcome.err()).contains("nterrupt");
        assertThat(still || !outcome.err().isEmpty()).isTrue();
    }

    @Test
    void noticesGoToStandardErrorAndLeaveTheOutputAlone() {
        Outcome outcome = query("--csv", "do $$ begin raise notice 'look at %', 'this'; end $$; select 1 as a");
        assertThat(outcome.out()).isEqualTo("a\r\n1\r\n");
        assertThat(outcome.err()).isEqualTo("howdah: NOTICE: look at this" + System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--csv"})
    void outputForProgramsHasNoColours(String format) {
        assertThat(query(new Cli().onATerminal(), format, "select null as a, 1 as b")
                        .out())
                .doesNotContain(ESCAPE + "[");
    }

    @Test
    void aTableHasColoursOnATerminalOnly() {
        assertThat(query(new Cli().onATerminal(), "select null as a").out()).contains(ESCAPE + "[");
        assertThat(query(new Cli().onATerminal().on("NO_COLOR", "1"), "select null as a")
                        .out())
                .doesNotContain(ESCAPE + "[");
        assertThat(query("select null as a").out()).doesNotContain(ESCAPE + "[");
    }

    @Test
    void aWrongPasswordEndsWithThreeAndIsNotShown() {
        Outcome outcome = new Cli().run("query", "--dsn", dsn.replaceFirst(":[^:@]*@", ":wr0ng@"), "select 1");
        assertThat(outcome.code()).isEqualTo(ExitCode.NO_CONNECTION);
        assertThat(outcome.err()).contains("28P01").doesNotContain("wr0ng");
    }
}
