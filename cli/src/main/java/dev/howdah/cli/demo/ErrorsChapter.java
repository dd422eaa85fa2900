package dev.howdah.cli.demo;

import dev.howdah.PgConnection;
import dev.howdah.cli.DiagnosticsTable;
import dev.howdah.cli.Timing;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.error.SqlState;
import dev.howdah.error.UniqueViolationException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** What goes wrong is told in full, and the connection lives on. */
final class ErrorsChapter implements Chapter {

    private static final Duration LIMIT = Duration.ofMillis(150);
    private static final String SLEEP = "select pg_sleep(60)";

    @Override
    public String name() {
        return "errors";
    }

    @Override
    public String summary() {
        return "a unique violation in full, a cancelled query, a timeout";
    }

    @Override
    public void tell(Stage stage) throws InterruptedException {
        try (PgConnection db = stage.connect()) {
            violation(stage, db);
            cancel(stage, db);
            timeout(stage, db);
        }
    }

    private static void violation(Stage stage, PgConnection db) {
        db.execute("drop table if exists customers; create table customers (id int primary key, email text unique)");
        String sql = "insert into customers values ($1, $2)";
        db.execute(sql, 1, "ada@example.org");
        stage.narrator().code("db.execute(\"insert into customers values ($1, $2)\", 2, \"ada@example.org\")");
        UniqueViolationException twice =
                stage.expectThrown(UniqueViolationException.class, () -> db.execute(sql, 2, "ada@example.org"));
        Diagnostics said = twice.diagnostics();
        stage.narrator().got("exception", twice.getClass().getSimpleName() + ", delivery " + twice.delivery());
        stage.narrator().got(DiagnosticsTable.of(said));
        stage.expectEqual(SqlState.UNIQUE_VIOLATION, said.sqlState(), "the SQLSTATE");
        stage.expectEqual("customers_email_key", said.constraintName(), "the constraint");
        usable(stage, db, 2);
    }

    private static void cancel(Stage stage, PgConnection db) throws InterruptedException {
        stage.narrator().code("db.query(\"" + SLEEP + "\")      // and on another thread: db.cancel()");
        AtomicBoolean over = new AtomicBoolean();
        Thread other = Thread.ofVirtual().start(() -> {
            awaitRunning(stage, over);
            if (!over.get()) {
                db.cancel();
            }
        });
        long start = System.nanoTime();
        QueryCanceledException canceled = stage.expectThrown(QueryCanceledException.class, () -> db.query(SLEEP));
        over.set(true);
        stage.narrator()
                .got(
                        "after",
                        Timing.since(start) + ": " + canceled.diagnostics().messagePrimary());
        other.join();
        stage.expectEqual(SqlState.QUERY_CANCELED, canceled.sqlState(), "the SQLSTATE");
        usable(stage, db, 3);
    }

    /** Returns when the server runs the query, seen from a second connection. */
    private static void awaitRunning(Stage stage, AtomicBoolean over) {
        try (PgConnection watcher = stage.connect()) {
            boolean running = false;
            while (!running && !over.get()) {
                running = Boolean.TRUE.equals(watcher.queryValue(
                        "select exists (select from pg_stat_activity where query = $1 and state = 'active'"
                                + " and wait_event = 'PgSleep' and datname = current_database())",
                        Boolean.class,
                        SLEEP));
            }
        }
    }

    private static void timeout(Stage stage, PgConnection db) {
        stage.narrator().code("db.withTimeout(Duration.ofMillis(" + LIMIT.toMillis() + ")).query(\"" + SLEEP + "\")");
        long start = System.nanoTime();
        QueryTimeoutException late = stage.expectThrown(
                QueryTimeoutException.class, () -> db.withTimeout(LIMIT).query(SLEEP));
        stage.narrator().got("after", Timing.since(start) + ": " + late.getMessage());
        stage.expect(System.nanoTime() - start >= LIMIT.toNanos(), "not before its time");
        usable(stage, db, 4);
    }

    private static void usable(Stage stage, PgConnection db, int number) {
        Integer answer = db.queryValue("select $1::int * 2", Integer.class, number);
        stage.expect(answer != null && answer == 2 * number, "the same connection goes on answering");
    }
}
