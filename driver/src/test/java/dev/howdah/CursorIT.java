package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.CommitRolledBackException;
import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.ConversionException;
import dev.howdah.error.DataException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SyntaxOrAccessException;
import dev.howdah.error.UnexpectedCopyException;
import dev.howdah.sql.Literal;
import dev.howdah.sql.Sql;
import dev.howdah.type.AsIs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** A cursor whose result is in memory. */
class CursorIT extends DriverContract {

    private static final String SIX = "select g from generate_series(1, 6) g";

    private static List<Integer> ints(Iterable<Row> rows) {
        List<Integer> ints = new ArrayList<>();
        rows.forEach(row -> ints.add(row.getInt(0)));
        return ints;
    }

    @Test
    void rowsAreFetchedOneByOneManyOrAll() {
        try (Cursor cursor = db.cursor()) {
            assertThat(cursor.execute(SIX)).isSameAs(cursor);
            assertThat(cursor.fetchOne().getInt(0)).isEqualTo(1);
            assertThat(ints(cursor.fetchMany(2))).containsExactly(2, 3);
            assertThat(ints(cursor.fetchAll())).containsExactly(4, 5, 6);
            assertThat(cursor.fetchOne()).isNull();
            assertThat(cursor.fetchMany(2)).isEmpty();
            assertThat(cursor.fetchAll()).isEmpty();
        }
    }

    @Test
    void iterationAndFetchesShareOnePlace() {
        Cursor cursor = db.cursor().execute(SIX);
        Iterator<Row> first = cursor.iterator();
        assertThat(first.next().getInt(0)).isEqualTo(1);
        assertThat(first.hasNext()).isTrue();
        assertThat(cursor.fetchOne().getInt(0)).isEqualTo(2);
        assertThat(cursor.iterator().next().getInt(0)).isEqualTo(3);
        assertThat(ints(cursor.fetchMany(1))).containsExactly(4);
        assertThat(first.next().getInt(0)).isEqualTo(5);
        assertThat(cursor.rowNumber()).isEqualTo(5);
        assertThat(ints(cursor)).containsExactly(6);
        assertThat(first.hasNext()).isFalse();
        assertThatThrownBy(first::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void fetchManyGivesAsManyAsItWasAskedFor() {
        Cursor cursor = db.cursor().execute(SIX);
        assertThat(cursor.fetchMany(0)).isEmpty();
        assertThat(cursor.rowNumber()).isZero();
        assertThatThrownBy(() -> cursor.fetchMany(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThat(ints(cursor.fetchMany())).containsExactly(1);
        cursor.arraySize(2);
        assertThat(ints(cursor.fetchMany())).containsExactly(2, 3);
        assertThat(ints(cursor.fetchMany(Integer.MAX_VALUE))).containsExactly(4, 5, 6);
    }

    @Test
    void fetchedRowsArePartOfTheResult() {
        Cursor cursor = db.cursor().execute("select g as n, 'row ' || g as t from generate_series(1, 5) g");
        cursor.fetchOne();
        Rows part = cursor.fetchMany(3);
        assertThat(part.size()).isEqualTo(3);
        assertThat(part.first().getInt("n")).isEqualTo(2);
        assertThat(part.get(2).getString("t")).isEqualTo("row 4");
        assertThat(part.values(Integer.class)).containsExactly(2, 3, 4);
        assertThat(part.stream().map(row -> row.getInt(0))).containsExactly(2, 3, 4);
        assertThat(part.asMaps().get(1)).containsEntry("n", 3).containsEntry("t", "row 3");
        assertThatThrownBy(() -> part.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> part.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        Iterator<Row> rows = part.iterator();
        rows.next();
        rows.next();
        rows.next();
        assertThat(rows.hasNext()).isFalse();
        assertThatThrownBy(rows::next).isInstanceOf(NoSuchElementException.class);
        cursor.execute("select 1");
        assertThat(part.get(0).getInt(0))
                .as("the next result does not disturb it")
                .isEqualTo(2);
    }

    @Test
    void rowsAreFetchedAsRecordsAndMaps() {
        record Item(int id, String name) {}
        Cursor cursor = db.cursor().execute("select * from (values (1, 'pen'), (2, 'ink'), (3, 'cap')) t(id, name)");
        assertThat(cursor.fetchOne(Item.class)).isEqualTo(new Item(1, "pen"));
        assertThat(cursor.fetchMany(1, Item.class)).containsExactly(new Item(2, "ink"));
        assertThat(cursor.fetchAll(Item.class)).containsExactly(new Item(3, "cap"));
        assertThat(cursor.fetchOne(Item.class)).isNull();
        cursor.scroll(-1);
        assertThat(cursor.fetchAll().asMaps())
                .hasSize(1)
                .first()
                .satisfies(map -> assertThat(map).containsEntry("name", "cap"));
    }

    @Test
    void scrollingStaysWithinTheResult() {
        Cursor cursor = db.cursor().execute(SIX);
        cursor.scroll(4);
        assertThat(cursor.rowNumber()).isEqualTo(4);
        cursor.scroll(-2);
        assertThat(cursor.fetchOne().getInt(0)).isEqualTo(3);
        cursor.scroll(0, ScrollMode.ABSOLUTE);
        assertThat(cursor.fetchOne().getInt(0)).isEqualTo(1);
        cursor.scroll(6, ScrollMode.ABSOLUTE);
        assertThat(cursor.fetchOne()).as("behind the last row").isNull();
        cursor.scroll(2, ScrollMode.ABSOLUTE);
        for (long off : new long[] {5, -3, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> cursor.scroll(off))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("6 rows");
        }
        for (long off : new long[] {7, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> cursor.scroll(off, ScrollMode.ABSOLUTE))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining(String.valueOf(off));
        }
        assertThat(cursor.rowNumber()).isEqualTo(2);
    }

    @Test
    void withoutAResultSetFetchingSaysWhy() {
        Cursor cursor = db.cursor();
        assertThat(cursor.columns()).isEmpty();
        assertThat(cursor.rowNumber()).isEqualTo(-1);
        assertThat(cursor.rowCount()).isEqualTo(-1);
        assertThat(cursor.statusMessage()).isEmpty();
        assertThat(cursor.queryText()).isNull();
        assertNothing(cursor, "execute a statement first");
        cursor.execute("create temp table nothing (x int)");
        assertThat(cursor.columns()).isEmpty();
        assertNothing(cursor, "CREATE TABLE");
        cursor.execute("insert into nothing values ($1)", 1);
        assertNothing(cursor, "INSERT 0 1");
        cursor.execute("");
        assertNothing(cursor, "returns no rows");
        cursor.execute("select x from nothing where false");
        assertThat(cursor.columns()).hasSize(1);
        assertThat(cursor.fetchOne()).isNull();
    }

    private static void assertNothing(Cursor cursor, String why) {
        assertThatThrownBy(cursor::fetchOne)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> cursor.fetchMany(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(cursor::fetchAll).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> cursor.scroll(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> cursor.iterator().hasNext()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatTheServerSaidIsTold() {
        Cursor cursor = db.cursor().execute("create temp table told (x int)");
        assertThat(cursor.statusMessage()).isEqualTo("CREATE TABLE");
        assertThat(cursor.rowCount()).isEqualTo(-1);
        cursor.execute("insert into told select generate_series(1, $1)", 5);
        assertThat(cursor.statusMessage()).isEqualTo("INSERT 0 5");
        assertThat(cursor.rowCount()).isEqualTo(5);
        cursor.execute("update told set x = x + 1 where x > 3 returning x");
        assertThat(cursor.rowCount()).isEqualTo(2);
        assertThat(ints(cursor)).containsExactlyInAnyOrder(5, 6);
        cursor.execute("select * from told");
        assertThat(cursor.statusMessage()).isEqualTo("SELECT 5");
        assertThat(cursor.columns())
                .extracting(Column::name, Column::typeName)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("x", "int4"));
        cursor.execute("show search_path");
        assertThat(cursor.rowCount()).isEqualTo(1);
        assertThat(cursor.connection()).isSameAs(db);
    }

    @Test
    void theTextIsThatWhichWasSentLast() {
        Cursor cursor = db.cursor().execute("select $1::int", 1);
        assertThat(cursor.queryText()).isEqualTo("select $1::int");
        assertThatThrownBy(() -> cursor.execute("select 1 / $1::int", 0)).isInstanceOf(DataException.class);
        assertThat(cursor.queryText()).isEqualTo("select 1 / $1::int");
        cursor.execute(Sql.of("select {}::int, {}").format(Sql.value(7), Literal.of("x")));
        assertThat(cursor.queryText()).isEqualTo("select $1::int, 'x'");
        cursor.execute("select $1::int", new AsIs("3 + 4"));
        assertThat(cursor.queryText()).contains("3 + 4");
        assertThat(cursor.fetchOne().getInt(0)).isEqualTo(7);
    }

    @Test
    void aFailureLeavesNoResultAndTheCursorUsable() {
        Cursor cursor = db.cursor().execute(SIX);
        ServerException failure =
                thrown(SyntaxOrAccessException.class, () -> cursor.execute("select * from no_such_table"));
        assertThat(cursor.rowCount()).isEqualTo(-1);
        assertThat(cursor.rowNumber()).isEqualTo(-1);
        assertThat(cursor.statusMessage()).isEmpty();
        assertThat(cursor.columns()).isEmpty();
        assertThat(cursor.results()).isEmpty();
        assertThatThrownBy(cursor::fetchOne)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("failed")
                .hasCause(failure);
        assertThatThrownBy(() -> cursor.execute("select $1::int", "x")).isInstanceOf(ConversionException.class);
        assertThatThrownBy(() -> cursor.execute("select $1::int")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.execute("select 1\0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.execute("select 'open")).isInstanceOf(SyntaxOrAccessException.class);
        assertThat(cursor.execute("select 7").fetchOne().getInt(0)).isEqualTo(7);
    }

    @Test
    void allResultsOfAScriptAreThere() {
        Cursor cursor =
                db.cursor().execute("create temp table s (x int); insert into s values (1), (2); select x from s");
        assertThat(cursor.results())
                .extracting(Result::commandTag)
                .containsExactly("CREATE TABLE", "INSERT 0 2", "SELECT 2");
        assertThat(ints(cursor)).containsExactly(1, 2);
        cursor.execute("select 1; drop table s");
        assertThat(cursor.results().getFirst().rows().first().getInt(0)).isEqualTo(1);
        assertThat(cursor.statusMessage()).isEqualTo("DROP TABLE");
        assertNothing(cursor, "DROP TABLE");
        cursor.execute("select 5");
        assertThat(cursor.results()).hasSize(1);
        assertThatThrownBy(() -> cursor.results().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aScriptThatFailsInTheMiddleIsUndone() {
        Cursor cursor = db.cursor();
        assertThatThrownBy(() -> cursor.execute("create table half (x int); select 1 / 0; select 1"))
                .isInstanceOf(DataException.class);
        assertThat(cursor.results()).isEmpty();
        assertThat(db.queryValue("select to_regclass('half') is null", Boolean.class))
                .isTrue();
        assertThat(cursor.execute("select 1").fetchAll().size()).isEqualTo(1);
    }

    @Test
    void oneStatementThatReturnsRowsIsBinaryAndKept() {
        Cursor cursor = db.cursor();
        for (String sql : List.of(
                "select 1.5::float8",
                "values (1.5::float8)",
                "with a as (select 1.5::float8) select * from a",
                " /* why */ SELECT 1.5::float8 -- so\n ;; ",
                "(select 1.5::float8) union (select 1.5::float8)")) {
            cursor.execute(sql);
            cursor.execute(sql);
            assertThat(cursor.fetchOne().getDouble(0)).isEqualTo(1.5);
            assertThat(prepared(sql)).as(sql).isEqualTo(1);
        }
        String script = "select 1; select 2";
        cursor.execute(script);
        assertThat(prepared(script)).isZero();
        assertThat(ints(cursor)).containsExactly(2);
    }

    private long prepared(String sql) {
        return db.queryValue("select count(*) from pg_prepared_statements where statement = $1", Long.class, sql);
    }

    @Test
    void whatAnSqlCursorReturnsIsAsTheSqlCursorOfNow() {
        Cursor cursor = db.cursor();
        for (String query : List.of("select 1", "select 'a'::text, 2", "select 3")) {
            try (Transaction tx = db.begin()) {
                cursor.execute("declare c cursor for " + query);
                cursor.execute("fetch all from c");
                assertThat(cursor.fetchOne().getString(0)).isIn("1", "a", "3");
                assertThat(cursor.columns().size()).isEqualTo(query.contains(",") ? 2 : 1);
                tx.commit();
            }
            cursor.execute("prepare p as " + query);
            cursor.execute("execute p");
            assertThat(cursor.columns().size()).isEqualTo(query.contains(",") ? 2 : 1);
            cursor.execute("deallocate p");
        }
    }

    @Test
    void duplicateNamesAndNoColumnsAreFine() {
        Cursor cursor = db.cursor().execute("select 1 as a, 2 as a");
        Row row = cursor.fetchOne();
        assertThat(row.getInt("a")).isEqualTo(1);
        assertThat(row.getInt(1)).isEqualTo(2);
        assertThat(cursor.columns()).extracting(Column::name).containsExactly("a", "a");
        cursor.execute("select");
        assertThat(cursor.rowCount()).isEqualTo(1);
        assertThat(cursor.columns()).isEmpty();
        assertThat(cursor.fetchOne().size()).isZero();
        assertThat(cursor.fetchOne()).isNull();
    }

    @Test
    void aBatchIsCountedAndItsRowsAreFetched() {
        Cursor cursor = db.cursor().execute("create temp table batch (x int primary key)");
        BatchResult made = cursor.executeMany(
                "insert into batch values ($1) returning x * 10", List.of(List.of(1), List.of(2), List.of(3)));
        assertThat(made.size()).isEqualTo(3);
        assertThat(cursor.rowCount()).isEqualTo(3);
        assertThat(ints(cursor)).containsExactly(10, 20, 30);
        assertThat(cursor.queryText()).startsWith("insert into batch");
        cursor.executeMany("update batch set x = x + 100 where x >= $1", List.of(List.of(2), List.of(100)));
        assertThat(cursor.rowCount()).isEqualTo(4);
        assertNothing(cursor, "returns no rows");
        cursor.executeMany(Sql.named("insert into batch values (:x)"), List.of(Map.of("x", 7), Map.of("x", 8)));
        assertThat(cursor.rowCount()).isEqualTo(2);
        assertThat(cursor.executeMany("insert into batch values ($1)", List.of())
                        .size())
                .isZero();
        assertThat(cursor.rowCount()).isZero();
        ServerException failure = thrown(
                ServerException.class,
                () -> cursor.executeMany("insert into batch values ($1)", List.of(List.of(50), List.of(7))));
        assertThat(failure.batchSet()).isEqualTo(1);
        assertThat(cursor.rowCount()).isEqualTo(-1);
        assertThatThrownBy(cursor::fetchOne).hasCause(failure);
    }

    @Test
    void closingTwiceDoesNothingAndLaterUseIsRefused() {
        Cursor cursor = db.cursor().execute(SIX);
        assertThat(cursor.isClosed()).isFalse();
        cursor.close();
        cursor.close();
        assertThat(cursor.isClosed()).isTrue();
        for (org.assertj.core.api.ThrowableAssert.ThrowingCallable use :
                List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                        () -> cursor.execute("select 1"),
                        () -> cursor.execute(Sql.of("select 1")),
                        () -> cursor.executeMany("select $1::int", List.of(List.of(1))),
                        () -> cursor.call("now"),
                        cursor::fetchOne,
                        () -> cursor.fetchMany(0),
                        cursor::fetchAll,
                        cursor::iterator,
                        () -> cursor.scroll(0))) {
            assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
        assertThat(cursor.queryText()).isEqualTo(SIX);
        assertThat(cursor.mogrify("select $1", "it's")).isEqualTo("select 'it''s'");
        assertThat(cursor.mogrify(Sql.of("select {}").format(Sql.value(1)))).isEqualTo("select 1");
    }

    @Test
    void closingACursorLeavesTheTransactionAndAnErrorInItUnmasked() {
        try (Transaction tx = db.begin()) {
            assertThatThrownBy(() -> {
                        try (Cursor cursor = db.cursor()) {
                            cursor.execute("select 1 / 0");
                        }
                    })
                    .isInstanceOf(DataException.class);
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
            tx.rollback();
        }
    }

    @Test
    void rowsStayAfterTheConnectionHasEnded() {
        PgConnection other = connect();
        expectLost(other);
        Cursor cursor = other.cursor().execute(SIX);
        other.close();
        assertThat(cursor.isClosed()).isTrue();
        assertThat(ints(cursor)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() -> cursor.execute("select 1")).isInstanceOf(ConnectionClosedException.class);
        assertThat(other.cursor().mogrify("select $1", 1)).isEqualTo("select 1");
    }

    @Test
    void aTimeLimitIsTheCursorsOwn() {
        Cursor cursor = db.cursor();
        assertThat(cursor.timeout()).isNull();
        cursor.timeout(Duration.ofMillis(50));
        assertThatThrownBy(() -> cursor.execute("select pg_sleep(60)")).isInstanceOf(QueryTimeoutException.class);
        assertThatThrownBy(() -> cursor.execute("select $1::int, pg_sleep(60)", 1))
                .isInstanceOf(QueryTimeoutException.class);
        assertThatThrownBy(() -> cursor.executeMany("select pg_sleep($1)", List.of(List.of(60))))
                .isInstanceOf(QueryTimeoutException.class);
        assertThatThrownBy(() -> cursor.call("pg_sleep", 60)).isInstanceOf(QueryTimeoutException.class);
        assertThat(db.queryValue("select 1 from pg_sleep(0.06)", Integer.class)).isEqualTo(1);
        assertThatThrownBy(() -> cursor.timeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        cursor.timeout(null);
        assertThat(cursor.execute("select 1 from pg_sleep(0.06)").rowCount()).isEqualTo(1);
    }

    @Test
    void typesAreTheCursorsOwn() {
        record Shout(String text) {}
        Cursor cursor = db.cursor();
        cursor.types()
                .registerType(Shout.class, text -> text == null ? null : new Shout(text.toUpperCase(Locale.ROOT)), 25);
        cursor.types().registerAdapter(Shout.class, Shout::text);
        assertThat(cursor.execute("select 'a'::text").fetchOne().get(0)).isEqualTo(new Shout("A"));
        assertThat(cursor.execute("select $1::text", new Shout("b")).fetchOne().get(0))
                .isEqualTo(new Shout("B"));
        assertThat(cursor.execute("select 1; select 'c'::text").fetchOne().get(0))
                .isEqualTo(new Shout("C"));
        assertThat(cursor.mogrify("select $1", new Shout("d"))).isEqualTo("select 'd'");
        assertThat(cursor.call("upper", new Shout("e")).fetchOne().get(0)).isEqualTo(new Shout("E"));
        cursor.executeMany("select $1::text", List.of(List.of(new Shout("f"))));
        assertThat(cursor.fetchOne().get(0)).isEqualTo(new Shout("F"));
        assertThat(db.cursor().execute("select 'a'::text").fetchOne().get(0)).isEqualTo("a");
        assertThatThrownBy(() -> db.cursor().execute("select $1::text", new Shout("b")))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void withAutocommitOffACursorBeginsATransaction() {
        db.setAutocommit(false);
        Cursor cursor = db.cursor().execute("create table begun (x int)");
        assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
        cursor.execute("select 1");
        db.rollback();
        assertThat(cursor.fetchOne().getInt(0)).as("what is in memory stays").isEqualTo(1);
        cursor.execute("select to_regclass('begun') is null");
        assertThat(cursor.fetchOne().getBoolean(0)).isTrue();
        db.rollback();
        db.setAutocommit(true);
    }

    @Test
    void aCommitThatWasARollbackAndACopyByMistakeAreRefused() {
        Cursor cursor = db.cursor().execute("begin");
        assertThatThrownBy(() -> cursor.execute("select 1 / 0")).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> cursor.execute("commit")).isInstanceOf(CommitRolledBackException.class);
        assertThatThrownBy(() -> cursor.execute("copy (select 1) to stdout"))
                .isInstanceOf(UnexpectedCopyException.class);
        assertThat(cursor.execute("select 1").rowCount()).isEqualTo(1);
    }
}
