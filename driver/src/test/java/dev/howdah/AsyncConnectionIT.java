package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.error.RowCountException;
import dev.howdah.error.SyntaxErrorException;
import dev.howdah.event.Notification;
import dev.howdah.event.QueryEvent;
import dev.howdah.sql.Sql;
import dev.howdah.testkit.Await;
import dev.howdah.type.TypeRef;
import dev.howdah.type.TypeRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of the asynchronous face: the same as elsewhere, in the order of the calls. */
@SuppressWarnings("FutureReturnValueIgnored") // what a stage tells is often told by the next one
class AsyncConnectionIT extends AsyncContract {

    record Item(int id, String name) {}

    private static final String ITEMS = "select * from (values (1, 'pen'), (2, 'ink')) as item (id, name)";

    @Test
    void theVerbsYieldWhatTheBlockingOnesDo() throws Exception {
        assertThat(got(async.query(ITEMS)).as(Item.class)).containsExactly(new Item(1, "pen"), new Item(2, "ink"));
        assertThat(got(async.execute("select generate_series(1, $1::int)", 3)).rowCount())
                .isEqualTo(3);
        assertThat(got(async.script("select 1; select 2, 3"))).hasSize(2);
        assertThat(got(async.queryOne("select $1::int + $2", 40, 2)).getInt(0)).isEqualTo(42);
        assertThat(got(async.queryOne(ITEMS + " where id = $1", Item.class, 2))).isEqualTo(new Item(2, "ink"));
        assertThat(got(async.queryValue("select $1::text", String.class, (Object) null)))
                .isNull();
        assertThat(got(async.queryValue("select 7", new TypeRef<Optional<Integer>>() {})))
                .contains(7);
        Sql sum = Sql.named("select :a::int + :b").bind("a", 1).bind("b", 2);
        assertThat(got(async.query(sum)).first().getInt(0)).isEqualTo(3);
        assertThat(got(async.execute(sum)).rowCount()).isEqualTo(1);
        assertThat(got(async.script(Sql.of("select 1; select 2")))).hasSize(2);
        assertThat(got(async.queryOne(sum)).getInt(0)).isEqualTo(3);
        assertThat(got(async.queryOne(sum, Integer.class))).isEqualTo(3);
        assertThat(got(async.queryValue(sum, Integer.class))).isEqualTo(3);
        assertThat(got(async.queryValue(sum, new TypeRef<Optional<Integer>>() {})))
                .contains(3);
        assertThat(async.mogrify("select $1", "it's")).isEqualTo(db.mogrify("select $1", "it's"));
        assertThat(got(async.encryptPassword("secret", "app"))).startsWith("SCRAM-SHA-256$");
        assertThat(async.options().user()).isEqualTo(async.info().user());
        assertThat(async).hasToString("AsyncConnection[" + async.info() + "]");
    }

    @Test
    void batchesRunInEachForm() throws Exception {
        got(async.execute("create temp table batch (x int)"));
        String insert = "insert into batch values ($1) returning x";
        List<List<Integer>> sets = List.of(List.of(1), List.of(2), List.of(3));
        assertThat(got(async.executeMany(insert, sets)).rows().as(Integer.class))
                .containsExactly(1, 2, 3);
        assertThat(got(async.executeMany("insert into batch values ($1)", sets, BatchMode.ARRAYS))
                        .rowCount())
                .isEqualTo(3);
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        BatchConsumer consumer = (first, page) -> seen.addAll(page.rows().as(Integer.class));
        assertThat(got(async.executeMany(insert, sets, consumer))).isEqualTo(3);
        assertThat(seen).containsExactly(1, 2, 3);
        Sql named = Sql.named("insert into batch values (:x)");
        assertThat(got(async.executeMany(named, List.of(Map.of("x", 8), Map.of("x", 9))))
                        .rowCount())
                .isEqualTo(2);
        assertThat(got(async.executeMany(named, List.of(Map.of("x", 8)), BatchMode.ARRAYS))
                        .rowCount())
                .isEqualTo(1);
        assertThat(got(async.executeMany(named, List.of(Map.of("x", 8)), (first, page) -> {})))
                .isEqualTo(1);
        IllegalStateException within =
                failure(IllegalStateException.class, async.executeMany(insert, sets, (first, page) -> {
                    throw failed(async.query("select 1"));
                }));
        assertThat(within).hasMessageContaining("in the middle of an operation");
        assertThat(got(async.queryValue("select count(*) from batch", Long.class)))
                .isEqualTo(13);
    }

    /** What is given to the connection on its own thread has been run when the stage comes back. */
    private static RuntimeException failed(CompletableFuture<?> stage) {
        assertThat(stage).isCompletedExceptionally();
        return (RuntimeException) stage.exceptionNow();
    }

    @Test
    void statementsArePreparedAndKept() throws Exception {
        AsyncPreparedQuery query = got(async.prepare("select $1::int + 1 as next"));
        assertThat(query.columns()).extracting(Column::name).containsExactly("next");
        assertThat(query.parameterTypes()).hasSize(1);
        assertThat(got(query.queryValue(Integer.class, 41))).isEqualTo(42);
        assertThat(got(query.query(1)).first().getInt("next")).isEqualTo(2);
        assertThat(got(query.execute(1)).rowCount()).isEqualTo(1);
        assertThat(got(query.queryOne(1)).getInt(0)).isEqualTo(2);
        assertThat(got(query.queryOne(Integer.class, 1))).isEqualTo(2);
        assertThat(got(query.executeMany(List.of(List.of(1), List.of(2))))
                        .rows()
                        .as(Integer.class))
                .containsExactly(2, 3);
        assertThat(got(query.explain(1)).toString()).isNotEmpty();
        assertThat(got(query.withTimeout(PATIENCE).queryValue(Integer.class, 1)))
                .isEqualTo(2);
        AsyncPreparedQuery within = got(async.inTransaction(tx -> {
            CompletableFuture<Integer> there = query.on(tx).queryValue(Integer.class, 5);
            return there.thenCompose(six -> tx.prepare("select " + six));
        }));
        failure(IllegalStateException.class, within.query());
        assertThat(got(within.on(async).queryValue(Integer.class))).isEqualTo(6);
        AsyncConnection other = connectAsync(options());
        assertThatThrownBy(() -> query.on(other)).isInstanceOf(IllegalArgumentException.class);
        got(async.prepare("select 1", "mine"));
        assertThat(got(async.execute("execute mine")).rowCount()).isEqualTo(1);
        query.close();
        assertThat(query.isClosed()).isTrue();
        failure(IllegalStateException.class, query.query(1));
        assertYielded(async.prepare(Sql.named("select :a::int").bind("a", 5))
                        .thenCompose(composed -> composed.queryValue(Integer.class)))
                .isEqualTo(5);
    }

    @Test
    void cursorsGiveTheirRowsAsTheyAreAskedFor() throws Exception {
        AsyncCursor<Cursor> cursor = async.cursor();
        got(cursor.execute("select generate_series(1, $1::int)", 5));
        assertThat(got(cursor.fetchOne(Integer.class))).isEqualTo(1);
        assertThat(got(cursor.fetchMany(2, Integer.class))).containsExactly(2, 3);
        got(cursor.scroll(-1, ScrollMode.RELATIVE));
        assertThat(got(cursor.fetchAll()).as(Integer.class)).containsExactly(3, 4, 5);
        assertThat(got(cursor.fetchOne())).isNull();
        assertThat(cursor.rowCount()).isEqualTo(5);
        assertYielded(cursor.call("abs", -3).thenCompose(called -> called.fetchAll(Integer.class)))
                .isEqualTo(List.of(3));
        got(async.execute("create temp table valued (x int)"));
        assertThat(got(cursor.executeValues("insert into valued values %s", List.of(List.of(1), List.of(2))))
                        .rowCount())
                .isEqualTo(2);
        got(cursor.close());
        assertThat(cursor.isClosed()).isTrue();
        failure(IllegalStateException.class, cursor.execute("select 1"));
        assertYielded(async.cursor(LoggingCursor::new).run(logging -> logging.connection() != null))
                .isEqualTo(true);
        AsyncServerCursor<ServerCursor> held = async.cursor("held");
        got(held.withHold(true).scrollable(true).fetchSize(2).execute("select generate_series(1, 5)"));
        assertThat(got(held.fetchMany(3, Integer.class))).containsExactly(1, 2, 3);
        got(held.scroll(0, ScrollMode.ABSOLUTE));
        assertThat(got(held.fetchAll(Integer.class))).hasSize(5);
        got(held.close());
        List<Integer> rows = got(async.inTransaction(tx -> tx.cursor("paged")
                .fetchSize(2)
                .execute("select generate_series(1, 5)")
                .thenCompose(paged -> paged.fetchAll(Integer.class))));
        assertThat(rows).containsExactly(1, 2, 3, 4, 5);
        AsyncServerCursor<ServerCursor> outlives = got(async.inTransaction(
                tx -> tx.cursor("outlives").withHold(true).execute("select generate_series(1, 3)")));
        assertThat(got(outlives.on(async).fetchAll(Integer.class))).hasSize(3);
        got(outlives.close());
        assertThat(got(async.queryValue("select count(*) from pg_cursors where name <> ''", Long.class)))
                .isZero();
    }

    @Test
    void operationsRunAndCompleteInTheOrderOfTheCalls() throws Exception {
        got(async.execute("create temp table called (n serial, x int)"));
        List<CompletableFuture<Boolean>> afterTheOneBefore = new ArrayList<>();
        int calls = 300;
        CompletableFuture<Void> release = occupy(async);
        CompletableFuture<?> before = CompletableFuture.completedFuture(null);
        for (int i = 0; i < calls; i++) {
            CompletableFuture<?> earlier = before;
            String sql = i % 10 == 3 ? "select 1/0, $1" : "insert into called (x) values ($1)";
            before = async.execute(sql, i);
            afterTheOneBefore.add(before.handle((done, failure) -> earlier.isDone()));
        }
        assertThat(async.pending()).isEqualTo(calls);
        release.complete(null);
        for (CompletableFuture<Boolean> stage : afterTheOneBefore) {
            assertYielded(stage).isEqualTo(true);
        }
        assertThat(got(async.query("select x from called order by n")).as(Integer.class))
                .isEqualTo(IntStream.range(0, calls)
                        .filter(i -> i % 10 != 3)
                        .boxed()
                        .toList());
    }

    @Test
    void whatFailsFailsItsStageAndNoOther() throws Exception {
        CompletableFuture<Rows> syntax = async.query("selec 1");
        CompletableFuture<Row> none = async.queryOne("select 1 where false");
        CompletableFuture<Rows> value = async.query("select $1::int", "no number");
        CompletableFuture<Rows> count = async.query("select $1::int");
        CompletableFuture<Rows> composed = async.query(Sql.named("select :x"));
        CompletableFuture<BatchResult> batch = async.executeMany("select $1::int", List.of("not a set"));
        CompletableFuture<Integer> fine = async.queryValue("select 7", Integer.class);
        failure(SyntaxErrorException.class, syntax);
        failure(RowCountException.class, none);
        failure(ConversionException.class, value);
        failure(IllegalArgumentException.class, count);
        failure(IllegalArgumentException.class, composed);
        failure(IllegalArgumentException.class, batch);
        assertThat(got(fine)).isEqualTo(7);
        assertThatThrownBy(() -> async.query((String) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> async.withTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> async.publish("select 1", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> async.cursor("x".repeat(64))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parametersAreThoseOfTheCall() throws Exception {
        CompletableFuture<Void> release = occupy(async);
        Object[] given = {1};
        CompletableFuture<Integer> value = async.queryValue("select $1::int", Integer.class, given);
        given[0] = 2;
        release.complete(null);
        assertThat(got(value)).isEqualTo(1);
    }

    @Test
    void listenersAndLoggersHearOfIt() throws Exception {
        BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
        NotificationListener listener = (connection, notification) -> heard.add(notification);
        got(async.addListener("News", listener));
        CollectingSubscriber<Notification> subscriber =
                CollectingSubscriber.of(async.notifications().publisher(), Long.MAX_VALUE);
        db.execute("notify \"News\", 'hello'");
        Notification first = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(first).isNotNull();
        assertThat(first.payload()).isEqualTo("hello");
        assertThat(subscriber.next()).isEqualTo(first);
        subscriber.cancel();
        got(async.removeListener("News", listener));
        Await.until(
                "it does not listen any more",
                PATIENCE,
                () -> async.queryValue("select count(*) from pg_listening_channels()", Long.class)
                                .join()
                        == 0);
        failure(IllegalArgumentException.class, async.addListener("x".repeat(64), listener));
        BlockingQueue<String> notices = new LinkedBlockingQueue<>();
        Consumer<dev.howdah.event.Notice> log = notice -> notices.add(notice.message());
        async.addLogListener(log);
        got(async.execute("do $$ begin raise notice 'noted'; end $$"));
        assertThat(notices.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("noted");
        async.removeLogListener(log);
        assertThat(async.notices()).isNotEmpty();
        List<String> logged = Collections.synchronizedList(new ArrayList<>());
        Consumer<QueryEvent> logger = event -> {
            logged.add(event.sql());
            assertThat(async.queryValue("select 1", Integer.class).join()).isEqualTo(1);
        };
        try (QueryLoggerScope scope = async.queryLogger(logger)) {
            got(async.query("select 5"));
            assertThat(scope).isNotNull();
        }
        got(async.query("select 6"));
        assertThat(logged).containsExactly("select 5");
    }

    @Test
    void theSessionIsSetAndReset() throws Exception {
        got(async.setAutocommit(false));
        assertThat(async.autocommit()).isFalse();
        got(async.execute("create temp table implicit (x int)"));
        got(async.savepoint("before"));
        got(async.execute("insert into implicit values (1)"));
        got(async.rollbackTo("before"));
        got(async.release("before"));
        got(async.commit());
        assertThat(got(async.queryValue("select count(*) from implicit", Long.class)))
                .isZero();
        got(async.rollback());
        got(async.setAutocommit(true));
        got(async.setIsolation(Isolation.SERIALIZABLE));
        got(async.setReadOnly(true));
        got(async.setDeferrable(true));
        assertThat(async.isolation()).isEqualTo(Isolation.SERIALIZABLE);
        assertThat(async.readOnly()).isTrue();
        assertThat(async.deferrable()).isTrue();
        assertYielded(async.inTransaction(tx -> tx.queryValue("show transaction_isolation", String.class)))
                .isEqualTo("serializable");
        got(async.setSession(TransactionMode.DEFAULT));
        got(async.setSession(TransactionMode.of(Isolation.REPEATABLE_READ), true));
        CompletableFuture<AsyncTransaction> forgotten = async.begin();
        CompletableFuture<Rows> waits = async.query("select 1");
        AsyncTransaction tx = got(forgotten);
        got(async.reset());
        assertThat(tx.isOpen()).isFalse();
        got(waits);
        assertThat(async.isolation()).isNull();
    }

    @Test
    void typesBelongToTheConnectionOrToAScope() throws Exception {
        got(async.execute("create type pg_temp.mood as enum ('good', 'bad')"));
        assertThat(got(async.queryValue("select 'bad'::pg_temp.mood", Mood.class)))
                .isEqualTo(Mood.bad);
        TypeRegistry scope = async.types().child();
        scope.registerConverter(Item.class, Integer.class, number -> new Item(number, "scoped"));
        assertThat(got(async.withTypes(scope).queryValue("select 4", Item.class)))
                .isEqualTo(new Item(4, "scoped"));
        assertThatThrownBy(() -> async.withTypes(db.types().child())).isInstanceOf(IllegalArgumentException.class);
        assertThat(got(async.withTimeout(PATIENCE).withTypes(scope).queryValue("select 5", Item.class)))
                .isEqualTo(new Item(5, "scoped"));
    }

    enum Mood {
        good,
        bad
    }

    @Test
    void aStatementThatRunsIsCancelledByRequestAndTheNextIsNot() throws Exception {
        assertThat(got(async.cancel())).isFalse();
        String sql = "select pg_sleep(600)";
        CompletableFuture<Rows> sleeps = async.query(sql);
        CompletableFuture<Integer> next = async.queryValue("select 1", Integer.class);
        awaitActive(async, sql);
        assertThat(got(async.cancel())).isTrue();
        failure(dev.howdah.error.QueryCanceledException.class, sleeps);
        assertThat(got(next)).isEqualTo(1);
    }

    @Test
    void theStatementCacheAndTheSharedTypesAreThoseOfTheBlockingFace() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(got(async.queryValue("select $1::int * 2", Integer.class, i)))
                    .isEqualTo(2 * i);
        }
        assertThat(got(async.queryValue(
                        "select count(*) from pg_prepared_statements where statement = 'select $1::int * 2'",
                        Long.class)))
                .isEqualTo(1);
    }

    @Test
    void theFlightRecorderSeesItsQueries(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("recorded.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.howdah.Query").withThreshold(Duration.ZERO);
            recording.start();
            got(async.query("select /* async flight */ $1::int", 1));
            recording.stop();
            recording.dump(file);
        }
        assertThat(RecordingFile.readAllEvents(file).stream()
                        .filter(event -> event.getEventType().getName().equals("dev.howdah.Query"))
                        .filter(event -> event.getString("sql").contains("async flight")))
                .hasSize(1);
    }
}
