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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** What goes wrong is told in full, and the connection lives on. */
final class ErrorsChapter implements Chapter {

    private static final Duration LIMIT = Duration.ofMillis(150);
    private static final String SLEEP = "select pg_sleep(10)";

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
        CompletableFuture<Boolean> cancelling = new CompletableFuture<>();
        Thread other = Thread.ofPlatform().name("canceller").start(() -> {
            try {
                cancelling.complete(isRunning(stage, over) && db.cancel());
            } catch (RuntimeException e) {
                cancelling.completeExceptionally(e);
            }
        });
        long start = System.nanoTime();
        QueryCanceledException canceled;
        try {
            canceled = stage.expectThrown(QueryCanceledException.class, () -> db.query(SLEEP));
        } finally {
            over.set(true);
            other.join();
        }
        stage.narrator()
                .got(
                        "after",
                        Timing.since(start) + ": " + canceled.diagnostics().messagePrimary());
        stage.expectEqual(SqlState.QUERY_CANCELED, canceled.sqlState(), "the SQLSTATE");
        stage.expectEqual(true, cancelling.join(), "what cancel() said");
        usable(stage, db, 3);
    }

    /** Returns true once the server runs the query, seen from a second connection; false when it is over before. */
    private static boolean isRunning(Stage stage, AtomicBoolean over) {
        try (PgConnection watcher = stage.connect()) {
            while (!over.get()) {
                Boolean running = watcher.queryValue(
                        "select exists (select from pg_stat_activity where query = $1 and state = 'active'"
                                + " and wait_event = 'PgSleep' and datname = current_database())",
                        Boolean.class,
                        SLEEP);
                if (Boolean.TRUE.equals(running)) {
                    return true;
                }
            }
            return false;
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
