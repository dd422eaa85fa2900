package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.howdah.error.ServerException;
import dev.howdah.event.QueryEvent;
import dev.howdah.event.QueryEvent.Kind;
import dev.howdah.sql.Sql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every operation of every form is logged, each once. */
class QueryLoggerKindsIT extends DriverContract {

    private final List<QueryEvent> events = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void listen() {
        db.addQueryLogger(events::add);
    }

    /** Kind, text and rows of what was logged since the last time. */
    private List<Tuple> logged() {
        List<Tuple> told =
                events.stream().map(e -> tuple(e.kind(), e.sql(), e.rows())).toList();
        events.clear();
        return told;
    }

    private List<Tuple> kindsAndRows() {
        List<Tuple> told = events.stream().map(e -> tuple(e.kind(), e.rows())).toList();
        events.clear();
        return told;
    }

    @Test
    void eachVerb() {
        db.query("select 1");
        db.queryOne("select 2");
        db.queryValue("select 3", Integer.class);
        db.execute("select 4 from generate_series(1, 2)");
        db.execute("select $1::int", 5);
        db.script("create temporary table logged_verb (id int); insert into logged_verb values (1), (2)");
        db.query(Sql.named("select :a::int").bind("a", 7));
        assertThat(logged())
                .containsExactly(
                        tuple(Kind.QUERY, "select 1", 1L),
                        tuple(Kind.QUERY, "select 2", 1L),
                        tuple(Kind.QUERY, "select 3", 1L),
                        tuple(Kind.SCRIPT, "select 4 from generate_series(1, 2)", 2L),
                        tuple(Kind.QUERY, "select $1::int", 1L),
                        tuple(
                                Kind.SCRIPT,
                                "create temporary table logged_verb (id int); insert into logged_verb values (1), (2)",
                                2L),
                        tuple(Kind.QUERY, "select $1::int", 1L));
    }

    @Test
    void whatTheDriverAsksForItselfIsNotLogged() {
        db.execute("create type logged_mood as enum ('ok')");
        logged();
        try {
            db.query("select 'ok'::logged_mood");
            db.cursor().call("pg_catalog.abs", -1);
            assertThat(events).hasSize(2);
            assertThat(events.get(0).sql()).isEqualTo("select 'ok'::logged_mood");
            assertThat(events.get(1).sql()).contains("abs");
        } finally {
            db.execute("drop type logged_mood");
        }
    }

    @Test
    void batchesOfEveryMode() {
        db.execute("create temporary table logged_sets (id int)");
        logged();
        String insert = "insert into logged_sets values ($1)";
        List<List<Integer>> sets = List.of(List.of(1), List.of(2), List.of(3));
        db.executeMany(insert, sets);
        db.executeMany(insert, sets, BatchMode.ARRAYS);
        db.executeMany(insert, sets, BatchMode.PIPELINED, (first, page) -> {});
        db.executeMany(insert, sets, BatchMode.ARRAYS, (first, page) -> {});
        db.cursor().executeValues("insert into logged_sets values %s", sets);
        assertThat(events).extracting(QueryEvent::sets).containsExactly(3, 3, 3, 3, 3);
        assertThat(events).allMatch(event -> event.parameters().isEmpty());
        assertThat(logged())
                .containsExactly(
                        tuple(Kind.BATCH, insert, 3L),
                        tuple(Kind.BATCH, insert, 3L),
                        tuple(Kind.BATCH, insert, 3L),
                        tuple(Kind.BATCH, insert, 3L),
                        tuple(Kind.BATCH, "insert into logged_sets values %s", 3L));
    }

    @Test
    void aBatchThatFailsSaysHowManySetsItTook() {
        thrown(
                ServerException.class,
                () -> db.executeMany("select 1 / $1::int", List.of(List.of(1), List.of(0), List.of(1))));
        assertThat(events).extracting(QueryEvent::sets, QueryEvent::rows).containsExactly(tuple(3, -1L));
    }

    @Test
    void preparedQueries() {
        try (PreparedQuery query = db.prepare("select n from generate_series(1, $1::int) n")) {
            query.query(2);
            query.executeMany(List.of(List.of(1), List.of(2)));
            query.explain(3);
            query.explainAnalyze(4);
        }
        assertThat(logged())
                .containsExactly(
                        tuple(Kind.PREPARE, "select n from generate_series(1, $1::int) n", -1L),
                        tuple(Kind.QUERY, "select n from generate_series(1, $1::int) n", 2L),
                        tuple(Kind.BATCH, "select n from generate_series(1, $1::int) n", 3L),
                        explained("EXPLAIN (FORMAT JSON) "),
                        tuple(Kind.TRANSACTION, "BEGIN", -1L),
                        explained("EXPLAIN (FORMAT JSON, ANALYZE) "),
                        tuple(Kind.TRANSACTION, "ROLLBACK", -1L));
    }

    private static Tuple explained(String before) {
        // An EXPLAIN has no count in its command tag.
        return tuple(Kind.QUERY, before + "select n from generate_series(1, $1::int) n", -1L);
    }

    @Test
    void aPreparedQueryThatWasComposedTellsItsValues() {
        try (PreparedQuery query =
                db.prepare(Sql.named("select :a::int + :b::int").bind("a", 1).bind("b", 2))) {
            logged();
            query.query();
            assertThat(events.getFirst().parameters()).containsExactly(1, 2);
        }
    }

    @Test
    void aStreamWithEachPage() {
        try (Stream<Row> rows = db.stream("select n from generate_series(1, 5) n", 2)) {
            assertThat(rows.count()).isEqualTo(5);
        }
        assertThat(kindsAndRows()).startsWith(tuple(Kind.OPEN, 2L), tuple(Kind.FETCH, 2L), tuple(Kind.FETCH, 1L));
        try (Stream<Row> rows = db.stream("select n from generate_series(1, 5) n", 2)) {
            assertThat(rows.findFirst()).isPresent();
        }
        assertThat(logged())
                .containsExactly(
                        tuple(Kind.OPEN, "select n from generate_series(1, 5) n", 2L),
                        tuple(Kind.CLOSE, "select n from generate_series(1, 5) n", -1L));
    }

    @Test
    void aPublishersQuery() throws Exception {
        CollectingSubscriber<Row> subscriber = new CollectingSubscriber<>();
        db.publish("select n from generate_series(1, $1::int) n", 2, 3).subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        subscriber.awaitEnd();
        assertThat(events.getFirst().parameters()).containsExactly(3);
        assertThat(kindsAndRows()).startsWith(tuple(Kind.OPEN, 2L), tuple(Kind.FETCH, 1L));
    }

    @Test
    void cursors() {
        try (Cursor cursor = db.cursor()) {
            cursor.execute("select $1::int", 1);
            cursor.fetchOne();
        }
        assertThat(logged()).containsExactly(tuple(Kind.QUERY, "select $1::int", 1L));
        db.inTransaction(tx -> {
            try (ServerCursor cursor = db.cursor("logged")) {
                cursor.fetchSize(2);
                cursor.execute("select n from generate_series(1, $1::int) n", 9);
                cursor.fetchMany(3);
            }
            return null;
        });
        assertThat(events.get(1).parameters()).containsExactly(9);
        assertThat(logged())
                .extracting(Tuple::toList)
                .extracting(List::getFirst)
                .containsExactly(Kind.TRANSACTION, Kind.OPEN, Kind.FETCH, Kind.CLOSE, Kind.TRANSACTION);
    }

    @Test
    void aScrollableCursorTellsWhatWasSentForIt() {
        db.inTransaction(tx -> {
            try (ServerCursor cursor = db.cursor("logged")) {
                cursor.scrollable(true).fetchSize(2);
                cursor.execute("select n from generate_series(1, 9) n");
                cursor.scroll(7, ScrollMode.ABSOLUTE);
            }
            return null;
        });
        List<QueryEvent> told = List.copyOf(events);
        assertThat(told.get(1).sql())
                .isEqualTo("DECLARE \"logged\" SCROLL CURSOR FOR select n from generate_series(1, 9) n");
        assertThat(told.get(2).sql()).contains("FETCH");
        assertThat(told.get(told.size() - 2).sql()).isEqualTo("CLOSE \"logged\"");
        assertThat(told.get(told.size() - 2).kind()).isEqualTo(Kind.CLOSE);
    }

    @Test
    void transactions() {
        try (Transaction tx = db.begin(Isolation.SERIALIZABLE)) {
            try (Transaction inner = db.begin()) {
                inner.commit();
            }
            db.savepoint("a");
            db.rollbackTo("a");
            db.release("a");
            tx.commit();
        }
        db.begin().rollback();
        assertThat(events).allMatch(event -> event.kind() == Kind.TRANSACTION);
        assertThat(events)
                .extracting(QueryEvent::sql)
                .containsExactly(
                        "BEGIN ISOLATION LEVEL SERIALIZABLE",
                        "SAVEPOINT howdah_savepoint_1",
                        "RELEASE SAVEPOINT howdah_savepoint_1",
                        "SAVEPOINT \"a\"",
                        "ROLLBACK TO SAVEPOINT \"a\"",
                        "RELEASE SAVEPOINT \"a\"",
                        "COMMIT",
                        "BEGIN",
                        "ROLLBACK");
    }

    @Test
    void theBeginOfAutocommitOff() {
        db.setAutocommit(false);
        db.query("select 1");
        db.query("select 2");
        db.commit();
        assertThat(events).extracting(QueryEvent::sql).containsExactly("BEGIN", "select 1", "select 2", "COMMIT");
        assertThat(events.getFirst().elapsed())
                .isLessThanOrEqualTo(events.get(1).elapsed());
        logged();
        thrown(ServerException.class, () -> db.query("select 1 / 0"));
        db.rollback();
        assertThat(events)
                .extracting(QueryEvent::sql, QueryEvent::isFailed)
                .containsExactly(tuple("BEGIN", false), tuple("select 1 / 0", true), tuple("ROLLBACK", false));
    }

    @Test
    void twoPhaseTransactions() {
        TwoPhase two = db.twoPhase();
        two.begin(Xid.of(1, "logged", "q"));
        two.rollback();
        two.recover();
        assertThat(events).extracting(QueryEvent::kind).containsExactly(Kind.TRANSACTION, Kind.TRANSACTION, Kind.QUERY);
    }

    @Test
    void listenAndUnlisten() throws Exception {
        CountDownLatch told = new CountDownLatch(3);
        db.addQueryLogger(event -> told.countDown());
        NotificationListener listener = (connection, notification) -> {};
        db.addListener("logged", listener);
        db.removeListener("logged", listener);
        db.query("select 1");
        // Whoever gives the turn away sends the UNLISTEN, and that may be the thread that hears what comes unasked.
        assertThat(told.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(logged())
                .containsExactlyInAnyOrder(
                        tuple(Kind.SESSION, "LISTEN \"logged\"", -1L),
                        tuple(Kind.SESSION, "UNLISTEN \"logged\"", -1L),
                        tuple(Kind.QUERY, "select 1", 1L));
    }

    @Test
    void theModesOfTheSession() {
        db.setSession(TransactionMode.of(Isolation.SERIALIZABLE));
        assertThat(logged())
                .containsExactly(tuple(Kind.SESSION, "SET default_transaction_isolation TO 'SERIALIZABLE';", -1L));
    }
}
