package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ServerException;
import dev.howdah.sql.Sql;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cursor of the server: how it is opened, and that its rows come page by page, each once. */
class ServerCursorIT extends DriverContract {

    private static final String SERIES = "select g from generate_series(1, $1::int) as g";

    /** Every way to open one: by a portal of the protocol and by DECLARE. */
    private static final List<UnaryOperator<ServerCursor>> KINDS = List.of(
            c -> c,
            c -> c.scrollable(true),
            c -> c.withHold(true),
            c -> c.scrollable(true).withHold(true));

    private static List<Integer> ints(Iterable<Row> rows) {
        List<Integer> values = new ArrayList<>();
        rows.forEach(row -> values.add(row.getInt(0)));
        return values;
    }

    private static List<Integer> upTo(int count) {
        return IntStream.rangeClosed(1, count).boxed().toList();
    }

    @Test
    void allRowsComeOnceAndInOrderWhateverThePage() {
        try (Transaction tx = db.begin()) {
            for (UnaryOperator<ServerCursor> kind : KINDS) {
                for (int count : new int[] {0, 1, 6, 7, 8, 100}) {
                    for (int page : new int[] {1, 7, 1000}) {
                        try (ServerCursor cursor = kind.apply(db.cursor("c")).fetchSize(page)) {
                            assertThat(ints(cursor.execute(SERIES, count))).isEqualTo(upTo(count));
                            assertThat(cursor.fetchOne()).isNull();
                            assertThat(cursor.rowCount()).isEqualTo(count);
                            assertThat(cursor.rowNumber()).isEqualTo(count);
                        }
                    }
                }
            }
            tx.commit();
        }
    }

    @Test
    void noRowIsLostOrDoubledHoweverTheCallsAreMixed() {
        try (Transaction tx = db.begin()) {
            for (UnaryOperator<ServerCursor> kind : KINDS) {
                for (int page : new int[] {1, 2, 3, 5, 100}) {
                    try (ServerCursor cursor = kind.apply(db.cursor("c")).fetchSize(page)) {
                        cursor.execute(SERIES, 30);
                        Iterator<Row> iterator = cursor.iterator();
                        List<Integer> seen = new ArrayList<>();
                        for (int i = 0; i < 3; i++) {
                            seen.add(iterator.next().getInt(0));
                        }
                        seen.add(cursor.fetchOne().getInt(0));
                        seen.addAll(ints(cursor.fetchMany(4)));
                        assertThat(cursor.rowNumber()).isEqualTo(8);
                        assertThat(cursor.fetchMany(0).size()).isZero();
                        seen.add(cursor.iterator().next().getInt(0));
                        seen.addAll(ints(cursor.fetchMany()));
                        cursor.arraySize(6);
                        seen.addAll(ints(cursor.fetchMany()));
                        assertThat(iterator.hasNext()).isTrue();
                        seen.addAll(cursor.fetchMany(2, Integer.class));
                        assertThat(cursor.rowCount()).isEqualTo(page == 100 ? 30 : -1);
                        seen.addAll(ints(cursor.fetchAll()));
                        assertThat(seen).isEqualTo(upTo(30));
                        assertThat(cursor.fetchAll().size()).isZero();
                        assertThat(cursor.fetchMany(5).size()).isZero();
                        assertThat(cursor.rowCount()).isEqualTo(30);
                    }
                }
            }
            tx.commit();
        }
    }

    @Test
    void aPageIsOneRoundTripAndTheFirstComesWithExecute(@TempDir Path folder) {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        try (Transaction tx = traced.begin()) {
            traced.cursor("c").execute(SERIES, 5).close();
            TraceReader trace = new TraceReader(folder.resolve("trace"));
            trace.news();
            try (ServerCursor cursor = traced.cursor("c").fetchSize(10).execute(SERIES, 1_000_000)) {
                List<String> opening = trace.news();
                assertThat(TraceReader.roundTrips(opening)).isEqualTo(1);
                assertThat(opening.stream().filter("B DataRow"::equals)).hasSize(10);
                cursor.fetchMany(0);
                for (int i = 1; i <= 25; i++) {
                    assertThat(cursor.fetchOne().getInt(0)).isEqualTo(i);
                }
                List<String> reading = trace.news();
                assertThat(TraceReader.roundTrips(reading)).isEqualTo(2);
                assertThat(reading.stream().filter("B DataRow"::equals)).hasSize(20);
                assertThat(cursor.fetchMany(105).size()).isEqualTo(105);
                assertThat(TraceReader.roundTrips(trace.news())).isEqualTo(1);
                assertThat(cursor.fetchOne().getInt(0)).isEqualTo(131);
            }
            try (ServerCursor cursor = traced.cursor("c").fetchSize(10).scrollable(true)) {
                trace.news();
                cursor.execute(SERIES, 1_000_000);
                assertThat(TraceReader.roundTrips(trace.news())).isEqualTo(1);
                for (int i = 1; i <= 25; i++) {
                    assertThat(cursor.fetchOne().getInt(0)).isEqualTo(i);
                }
                List<String> reading = trace.news();
                assertThat(TraceReader.roundTrips(reading)).isEqualTo(3);
                assertThat(reading.stream().filter("B DataRow"::equals)).hasSize(30);
            }
            tx.commit();
        }
    }

    @Test
    void theServerSeesItAsACursorOfItsName() {
        try (Transaction tx = db.begin()) {
            for (UnaryOperator<ServerCursor> kind : KINDS) {
                try (ServerCursor cursor =
                        kind.apply(db.cursor("Some \"odd\" name")).execute("select 1")) {
                    assertThat(cursor.name()).isEqualTo("Some \"odd\" name");
                    assertThat(db.queryValue(
                                    "select count(*) from pg_cursors where name = $1", Long.class, cursor.name()))
                            .isEqualTo(1);
                }
                assertThat(db.queryValue("select count(*) from pg_cursors where name <> ''", Long.class))
                        .isZero();
            }
            tx.commit();
        }
    }

    @Test
    void typesThatAreNotKnownAreLookedUpBeforeRowsAreRead() {
        for (UnaryOperator<ServerCursor> kind : KINDS) {
            PgConnection fresh = connect();
            fresh.execute("create type pg_temp.mood as enum ('sad', 'ok');"
                    + " create type pg_temp.guest as (name text, mood pg_temp.mood)");
            try (Transaction tx = fresh.begin();
                    ServerCursor cursor = kind.apply(fresh.cursor("c"))) {
                cursor.execute(
                        "select $1::bytea, $2::numeric, array[$3::pg_temp.mood], row($4::text, $3)::pg_temp.guest,"
                                + " row(1, row($3))",
                        new byte[] {1, 2},
                        new BigDecimal("1.50"),
                        "ok",
                        null);
                Row row = cursor.fetchOne();
                assertThat(row.get(0, byte[].class)).containsExactly(1, 2);
                assertThat(row.get(1)).isEqualTo(new BigDecimal("1.50"));
                assertThat(row.get(2)).isEqualTo(List.of("ok"));
                assertThat(row.get(3)).hasToString("(name=null, mood=ok)");
                assertThat(row.get(4).toString()).contains("ok");
                assertThat(cursor.columns()).extracting(Column::typeName).contains("bytea", "numeric");
                tx.commit();
            }
        }
    }

    @Test
    void typesOfTheCursorsOwnDecodeItsRows() {
        try (Transaction tx = db.begin()) {
            for (UnaryOperator<ServerCursor> kind : KINDS) {
                try (ServerCursor cursor = kind.apply(db.cursor("c"))) {
                    cursor.types().registerConverter(Celsius.class, Double.class, Celsius::new, Celsius::degrees);
                    cursor.execute("select $1::float8", new Celsius(21.5));
                    assertThat(cursor.fetchOne().get(0, Celsius.class)).isEqualTo(new Celsius(21.5));
                }
            }
            tx.commit();
        }
    }

    private record Celsius(double degrees) {}

    @Test
    void columnsAreThoseThatTheTableHasNow() {
        db.execute("create temp table altered (a int, b text)");
        db.execute("insert into altered values (1, 'x')");
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("c").scrollable(true)) {
            assertThat(cursor.execute("select * from altered").fetchAll().columns())
                    .hasSize(2);
            cursor.execute("select 1");
            db.execute("alter table altered add column c int default 7");
            cursor.execute("select * from altered");
            assertThat(cursor.columns()).extracting(Column::name).containsExactly("a", "b", "c");
            assertThat(cursor.fetchOne().get("c")).isEqualTo(7);
            tx.commit();
        }
    }

    @Test
    void statementsEndAsTheyLike() {
        try (Transaction tx = db.begin()) {
            for (UnaryOperator<ServerCursor> kind : KINDS) {
                for (String sql : List.of(
                        "select 7;",
                        "select 7 -- all of them",
                        "/* x */ select 7 /* y */ ;  ",
                        "-- a\nselect 7 -- b\n")) {
                    try (ServerCursor cursor = kind.apply(db.cursor("c")).execute(sql)) {
                        assertThat(ints(cursor)).containsExactly(7);
                    }
                }
                try (ServerCursor cursor = kind.apply(db.cursor("c"))
                        .execute(Sql.named("select :x::int + 3").bind("x", 4))) {
                    assertThat(ints(cursor)).containsExactly(7);
                }
            }
            tx.commit();
        }
    }

    @Test
    void severalStatementsInOneTextAreRefused() {
        for (UnaryOperator<ServerCursor> kind : KINDS) {
            try (Transaction tx = db.begin();
                    ServerCursor cursor = kind.apply(db.cursor("c"))) {
                assertThatThrownBy(() -> cursor.execute("select 1; select 2"))
                        .isInstanceOf(ServerException.class)
                        .hasMessageContaining("42601");
                tx.rollback();
            }
        }
    }

    @Test
    void whatReturnsNoRowsIsRefusedBeforeItIsRun() {
        db.execute("create temp table written (x int)");
        try (Transaction tx = db.begin()) {
            for (UnaryOperator<ServerCursor> kind : KINDS) {
                for (String sql : List.of(
                        "insert into written values (1)", "commit", "", "-- nothing", "copy written to stdout")) {
                    try (ServerCursor cursor = kind.apply(db.cursor("c"))) {
                        assertThatThrownBy(() -> cursor.execute(sql))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("returns rows");
                    }
                }
            }
            assertThat(db.queryValue("select count(*) from written", Long.class))
                    .isZero();
            assertThatThrownBy(() -> db.cursor("c").execute(SERIES)).isInstanceOf(IllegalArgumentException.class);
            tx.commit();
        }
    }

    @Test
    void whatAStatementReturnsWhileItWritesComesByAPortal() {
        db.execute("create temp table returned (x int)");
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("c").fetchSize(10)) {
            cursor.execute("insert into returned select generate_series(1, 25) returning x");
            assertThat(ints(cursor)).isEqualTo(upTo(25));
            assertThat(cursor.statusMessage()).as("of what came last").isEqualTo("INSERT 0 5");
            tx.commit();
        }
        assertThat(db.queryValue("select count(*) from returned", Long.class)).isEqualTo(25);
    }

    @Test
    void aStatementThatRulesTurnIntoSeveralIsRefusedBeforeItIsRun() {
        db.execute("create temp table target (x int); create temp view ruled as select x from target;"
                + " create rule twice as on insert to ruled do instead"
                + " (insert into target values (new.x) returning x; insert into target values (-new.x))");
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("c")) {
            assertThatThrownBy(() -> cursor.execute("insert into ruled values (1) returning x"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(db.queryValue("select count(*) from target", Long.class)).isZero();
            tx.commit();
        }
    }

    @Test
    void aPreparedQueryIsReadPageByPageAndBothWays() {
        try (Transaction tx = db.begin();
                PreparedQuery prepared = db.prepare("select g as id from generate_series(1, $1::int) g");
                ServerCursor forward = db.cursor("forward").fetchSize(3);
                ServerCursor scrolling = db.cursor("scrolling").fetchSize(3).scrollable(true)) {
            assertThat(forward.execute(prepared, 10).fetchAll().values(Integer.class))
                    .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            scrolling.execute(prepared, 5).scroll(4, ScrollMode.ABSOLUTE);
            assertThat(scrolling.fetchOne(Integer.class)).isEqualTo(5);
            scrolling.scroll(-2);
            assertThat(scrolling.fetchOne(Integer.class)).isEqualTo(4);
            prepared.close();
            assertThat(scrolling.fetchOne(Integer.class)).isEqualTo(5);
            assertThatThrownBy(() -> forward.execute(prepared, 1)).isInstanceOf(IllegalStateException.class);
            tx.commit();
        }
    }

    @Test
    void aPreparedQueryOfAnotherConnectionIsRefused() {
        PgConnection other = connect();
        try (PreparedQuery prepared = other.prepare("select 1");
                Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("c")) {
            assertThatThrownBy(() -> cursor.execute(prepared))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another connection");
            tx.commit();
        }
    }

    @Test
    void aPreparedQueryWhoseTableWasAlteredIsPreparedAnew() {
        db.execute("create table changing_" + place + " (a int); insert into changing_" + place + " values (1)");
        try (PreparedQuery prepared = db.prepare("select * from changing_" + place)) {
            prepared.query();
            db.execute("alter table changing_" + place + " add b text default 'x'");
            try (ServerCursor cursor = db.cursor("held").withHold(true)) {
                assertThat(cursor.execute(prepared).fetchAll().asMaps().getFirst())
                        .containsKeys("a", "b");
            }
        } finally {
            db.execute("drop table changing_" + place);
        }
    }
}
