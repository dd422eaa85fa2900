package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.RaiseException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.sql.Identifier;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions and procedures called by name. */
class CursorCallIT extends DriverContract {

    private Cursor cursor;

    @BeforeEach
    void makeCursor() {
        database().execute("grant create on database " + database().name() + " to public");
        cursor = db.cursor();
    }

    private Object only() {
        assertThat(cursor.rowCount()).isEqualTo(1);
        return cursor.fetchOne().get(0);
    }

    private static SqlState refused(ThrowingCallable call) {
        return thrown(ServerException.class, call).sqlState();
    }

    @Test
    void functionsAreCalledWithArgumentsInOrder() {
        assertThat(cursor.call("lower", "ABC")).isSameAs(cursor);
        assertThat(only()).isEqualTo("abc");
        cursor.call("round", new BigDecimal("2.345"), 2);
        assertThat(only()).isEqualTo(new BigDecimal("2.35"));
        cursor.call("pg_backend_pid");
        assertThat(only()).isEqualTo(db.info().backendPid());
        cursor.call("pg_catalog.concat_ws", ",", "a", 1, true);
        assertThat(only()).as("variadic any").isEqualTo("a,1,t");
        cursor.call("lower", (Object[]) null);
        assertThat(only()).isNull();
    }

    @Test
    void functionsThatReturnSetsAndRows() {
        cursor.call("generate_series", 1, 5, 2);
        assertThat(cursor.fetchAll().values(Integer.class)).containsExactly(1, 3, 5);
        db.execute("""
                create function pg_temp.pair(a int, out twice int, out text text) as
                $$ select a * 2, 'n' || a $$ language sql;
                create function pg_temp.listed(a int) returns table (x int, y int) as
                $$ select i, a from generate_series(1, a) i $$ language sql;
                create function pg_temp.nothing() returns void as $$ $$ language sql""");
        cursor.call("pg_temp.pair", 4);
        Row pair = cursor.fetchOne();
        assertThat(pair.getInt("twice")).isEqualTo(8);
        assertThat(pair.getString("text")).isEqualTo("n4");
        cursor.call("pg_temp.listed", 3);
        assertThat(cursor.columns()).extracting(Column::name).containsExactly("x", "y");
        assertThat(cursor.rowCount()).isEqualTo(3);
        cursor.call("pg_temp.nothing");
        assertThat(cursor.rowCount()).isEqualTo(1);
    }

    @Test
    void argumentsAreNamed() {
        db.execute("""
                create function pg_temp.sub(a int, "B c" int, d int default 100) returns int as
                $$ select a - "B c" + d $$ language sql""");
        cursor.call("pg_temp.sub", Map.of("B c", 1, "a", 10));
        assertThat(only()).isEqualTo(109);
        cursor.call(Identifier.of("pg_temp", "sub"), Map.of("d", 0, "B c", 1, "a", 10));
        assertThat(only()).isEqualTo(9);
        Map<String, Object> withNull = new HashMap<>();
        withNull.put("a", null);
        withNull.put("B c", 1);
        cursor.call("pg_temp.sub", withNull);
        assertThat(only()).isNull();
        assertThat(cursor.call("pg_backend_pid", Map.of()).rowCount()).isEqualTo(1);
        assertThat(refused(() -> cursor.call("pg_temp.sub", Map.of("a", 1, "b c", 2))))
                .isEqualTo(SqlState.UNDEFINED_FUNCTION);
        assertThat(refused(() -> cursor.call("pg_temp.sub", Map.of("a", 1, "B c\" => 1, d => 2)--", 2))))
                .isEqualTo(SqlState.UNDEFINED_FUNCTION);
        assertThatThrownBy(() -> cursor.call("pg_temp.sub", Map.of("", 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.call("pg_temp.sub", Collections.singletonMap(null, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name of an argument");
    }

    @Test
    void oneStatementServesNamedCallsInAnyOrder() {
        Map<String, Object> forth = new LinkedHashMap<>();
        forth.put("str", "a,b");
        forth.put("delimiter", ",");
        db.execute("create function pg_temp.cut(str text, delimiter text) returns int as $$ select 1 $$ language sql");
        cursor.call("pg_temp.cut", forth);
        String sql = cursor.queryText();
        Map<String, Object> back = new LinkedHashMap<>();
        back.put("delimiter", ",");
        back.put("str", "a,b");
        cursor.call("pg_temp.cut", back);
        assertThat(cursor.queryText()).isEqualTo(sql);
    }

    @Test
    void namesAreThoseOfSql() {
        db.execute("""
                create schema "My Schema";
                create function "My Schema"."Do ""it""()--"(a int) returns int as $$ select a + 1 $$ language sql""");
        cursor.call("\"My Schema\".\"Do \"\"it\"\"()--\"", 1);
        assertThat(only()).isEqualTo(2);
        cursor.call(Identifier.of("My Schema", "Do \"it\"()--"), 2);
        assertThat(only()).isEqualTo(3);
        cursor.call("UPPER", "a");
        assertThat(only()).isEqualTo("A");
        cursor.call(db.info().dbname() + ".pg_catalog.upper", "b");
        assertThat(only()).isEqualTo("B");
        db.execute("drop schema \"My Schema\" cascade");
        for (String bad : List.of(
                "",
                " ",
                "lower ",
                "a.",
                ".a",
                "a..b",
                "lower('x')",
                "f;drop table x",
                "\"open",
                "\"\"",
                "1a",
                "'f'",
                "a b",
                "a/**/",
                "U&\"f\"",
                "a\0",
                "a-b",
                "$1")) {
            assertThatThrownBy(() -> cursor.call(bad, 1)).as(bad).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> cursor.call(bad, Map.of("a", 1)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void proceduresAreCalledAndTheirOutParametersFetched() {
        db.execute("""
                create temp table log (line text);
                create procedure pg_temp.note(line text, times int default 1) language sql as
                $$ insert into pg_temp.log select line from generate_series(1, times) $$;
                create procedure pg_temp.both(in a int, out twice int, inout c text, out d int, in e int)
                language plpgsql as $$ begin twice := a * 2; c := c || '!'; d := e; end $$;
                create procedure pg_temp.onlyout(out a int, out b int) language plpgsql as
                $$ begin a := 1; b := 2; end $$""");
        cursor.call("pg_temp.note", "x");
        assertThat(cursor.statusMessage()).isEqualTo("CALL");
        assertThatThrownBy(cursor::fetchOne)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CALL");
        cursor.call("pg_temp.note", Map.of("line", "y", "times", 2));
        cursor.call("pg_temp.note", "z", 3);
        assertThat(db.query("select line, count(*) from log group by 1 order by 1")
                        .asMaps()
                        .toString())
                .isEqualTo("[{line=x, count=1}, {line=y, count=2}, {line=z, count=3}]");
        cursor.call("pg_temp.both", 4, "hi", 7);
        assertThat(cursor.fetchAll().asMaps().toString()).isEqualTo("[{twice=8, c=hi!, d=7}]");
        cursor.call("pg_temp.both", 4, null, "hi", null, 7);
        assertThat(cursor.fetchAll().asMaps().toString()).isEqualTo("[{twice=8, c=hi!, d=7}]");
        cursor.call("pg_temp.both", Map.of("e", 9, "c", "ho", "a", 1));
        assertThat(cursor.fetchAll().asMaps().toString()).isEqualTo("[{twice=2, c=ho!, d=9}]");
        cursor.call("pg_temp.onlyout");
        assertThat(cursor.fetchAll().asMaps().toString()).isEqualTo("[{a=1, b=2}]");
        assertThat(refused(() -> cursor.call("pg_temp.both", 4))).isEqualTo(SqlState.UNDEFINED_FUNCTION);
    }

    @Test
    void aProcedureMayCommit() {
        db.execute("""
                create table committed (x int);
                create procedure two_steps() language plpgsql as
                $$ begin insert into committed values (1); commit; insert into committed values (2); rollback; end $$""");
        try {
            cursor.call("two_steps");
            assertThat(db.query("select x from committed").values(Integer.class))
                    .containsExactly(1);
            try (Transaction tx = db.begin()) {
                assertThat(refused(() -> cursor.call("two_steps"))).isEqualTo(SqlState.INVALID_TRANSACTION_TERMINATION);
                tx.rollback();
            }
        } finally {
            db.execute("drop procedure two_steps; drop table committed");
        }
    }

    @Test
    void aRoutineThatWasMadeAnewIsCalledAsItIsNow() {
        for (String type : List.of("int", "text", "int")) {
            db.execute(
                    "create procedure anew(inout a " + type + ") language plpgsql as $$ begin a := a || '1'; end $$");
            cursor.call("anew", "int".equals(type) ? (Object) 4 : "4");
            assertThat(only()).isEqualTo("int".equals(type) ? (Object) 41 : "41");
            db.execute("drop procedure anew");
            db.execute("create function anew(a " + type + ") returns " + type
                    + " language plpgsql as $$ begin return a || '2'; end $$");
            cursor.call("anew", "int".equals(type) ? (Object) 4 : "4");
            assertThat(only()).isEqualTo("int".equals(type) ? (Object) 42 : "42");
            db.execute("drop function anew");
        }
    }

    @Test
    void theClassOfAnArgumentDecidesBetweenOverloads() {
        db.execute("""
                create function pg_temp.over(a int) returns text as $$ select 'int' $$ language sql;
                create function pg_temp.over(a bigint) returns text as $$ select 'bigint' $$ language sql;
                create function pg_temp.over(a text) returns text as $$ select 'text' $$ language sql;
                create function pg_temp.over(a int[]) returns text as $$ select 'int[]' $$ language sql;
                create function pg_temp.over(a int, b text) returns text as $$ select 'two' $$ language sql;
                create procedure pg_temp.proc(a int, out b text) language plpgsql as $$ begin b := 'int'; end $$;
                create procedure pg_temp.proc(out b text, a text) language plpgsql as $$ begin b := 'text'; end $$""");
        assertThat(cursor.call("pg_temp.over", 1).fetchOne().get(0)).isEqualTo("int");
        assertThat(cursor.call("pg_temp.over", 1L).fetchOne().get(0)).isEqualTo("bigint");
        assertThat(cursor.call("pg_temp.over", "1").fetchOne().get(0)).isEqualTo("text");
        assertThat(cursor.call("pg_temp.over", List.of(1)).fetchOne().get(0)).isEqualTo("int[]");
        assertThat(cursor.call("pg_temp.over", Map.of("a", 1)).fetchOne().get(0))
                .isEqualTo("int");
        assertThat(cursor.call("pg_temp.over", 1L, "2").fetchOne().get(0))
                .as("only one takes two")
                .isEqualTo("two");
        assertThat(cursor.call("pg_temp.proc", 1).fetchOne().get(0)).isEqualTo("int");
        assertThat(cursor.call("pg_temp.proc", "1").fetchOne().get(0)).isEqualTo("text");
        assertThat(cursor.call("abs", -1).fetchOne().get(0)).isEqualTo(1);
        assertThat(cursor.call("to_json", 5).fetchOne().getString(0))
                .as("polymorphic")
                .isEqualTo("5");
        assertThat(cursor.call("array_append", List.of(1, 2), 3).fetchOne().getString(0))
                .isEqualTo("{1,2,3}");
        db.execute(
                "create function pg_temp.lst(variadic a int[]) returns int as $$ select cardinality(a) $$ language sql");
        assertThat(cursor.call("pg_temp.lst", 7, 8, 9).fetchOne().get(0)).isEqualTo(3);
    }

    @Test
    void theSearchPathIsRespected() {
        db.execute("""
                create schema one; create schema two;
                create function one.which() returns text as $$ select 'one' $$ language sql;
                create procedure two.which(inout a text default 'two') language plpgsql as $$ begin end $$""");
        try {
            db.execute("set search_path = one, two");
            assertThat(cursor.call("which").queryText()).startsWith("select");
            assertThat(only()).isEqualTo("one");
            db.execute("set search_path = two");
            assertThat(cursor.call("which").queryText()).startsWith("call");
            assertThat(only()).isEqualTo("two");
            assertThat(cursor.call("one.which").fetchOne().get(0)).isEqualTo("one");
            db.execute("set search_path = ''");
            assertThat(refused(() -> cursor.call("which"))).isEqualTo(SqlState.UNDEFINED_FUNCTION);
        } finally {
            db.execute("reset search_path; drop schema one, two cascade");
        }
    }

    @Test
    void whatCannotBeCalledIsTheServersToRefuse() {
        assertThat(refused(() -> cursor.call("no_such_function", 1))).isEqualTo(SqlState.UNDEFINED_FUNCTION);
        assertThat(refused(() -> cursor.call("no_such_schema.f"))).isEqualTo(SqlState.INVALID_SCHEMA_NAME);
        assertThat(refused(() -> cursor.call("sum", 1))).isEqualTo(SqlState.GROUPING_ERROR);
        assertThat(refused(() -> cursor.call("row_number"))).isEqualTo(SqlState.WRONG_OBJECT_TYPE);
        assertThat(refused(() -> cursor.call("lower", 1, 2))).isEqualTo(SqlState.UNDEFINED_FUNCTION);
        assertThat(refused(() -> cursor.call("a.b.c.d"))).isEqualTo(SqlState.SYNTAX_ERROR);
        assertThat(refused(() -> cursor.call("x".repeat(100)))).isEqualTo(SqlState.UNDEFINED_FUNCTION);
        assertThatThrownBy(cursor::fetchOne).isInstanceOf(IllegalStateException.class);
        db.execute("""
                create function pg_temp.loud() returns int as $$ begin raise 'so loud'; end $$ language plpgsql""");
        assertThatThrownBy(() -> cursor.call("pg_temp.loud"))
                .isInstanceOf(RaiseException.class)
                .hasMessageContaining("so loud");
    }

    @Test
    void inAFailedTransactionTheServerSaysSo() {
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> cursor.execute("select 1 / 0")).isInstanceOf(ServerException.class);
            assertThatThrownBy(() -> cursor.call("lower", "A")).isInstanceOf(FailedTransactionException.class);
            tx.rollback();
        }
        assertThat(cursor.call("lower", "A").fetchOne().get(0)).isEqualTo("a");
    }

    @Test
    void whatIsRegisteredForStringsDoesNotDisturbTheLookUp() {
        db.types().registerAdapter(String.class, text -> "<" + text + ">");
        db.types().registerType(StringBuilder.class, text -> text == null ? null : new StringBuilder(text), 25, 1009);
        db.execute("create procedure pg_temp.p(a int, out b int) language plpgsql as $$ begin b := a; end $$");
        cursor.call("pg_temp.p", Map.of("a", 3));
        assertThat(only()).isEqualTo(3);
        cursor.call("lower", "X");
        assertThat(only().toString()).isEqualTo("<x>");
    }

    @Test
    void nullsAmongTheArguments() {
        cursor.call("concat", Arrays.asList("a", null).toArray());
        assertThat(only()).isEqualTo("a");
        cursor.call("array_append", null, 3);
        assertThat(cursor.fetchOne().getString(0)).isEqualTo("{3}");
        cursor.call("mod", 7, null);
        assertThat(only()).isNull();
    }
}
