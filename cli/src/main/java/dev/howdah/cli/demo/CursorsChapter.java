package dev.howdah.cli.demo;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.ScrollMode;
import dev.howdah.ServerCursor;
import dev.howdah.Transaction;
import dev.howdah.cli.Progress;
import dev.howdah.cli.Timing;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Locale;
import java.util.Objects;

/** Many rows in little memory, and a cursor that walks both ways. */
final class CursorsChapter implements Chapter {

    private static final String MANY =
            "select g as id, 'row ' || g as name, g % 100 as hundredth from (select generate_series(1, $1::int) as g) as numbers";
    private static final int STEP = 10_000;
    private static final long MOST_BYTES = 64L << 20;

    @Override
    public String name() {
        return "cursors";
    }

    @Override
    public String summary() {
        return "many rows in constant memory, a cursor walked both ways";
    }

    @Override
    public void tell(Stage stage) {
        try (PgConnection db = stage.connect()) {
            many(stage, db);
            bothWays(stage, db);
            held(stage, db);
        }
    }

    private static void many(Stage stage, PgConnection db) {
        int rows = stage.manyRows();
        stage.narrator()
                .code("""
                        try (Transaction tx = db.begin(); ServerCursor cursor = db.cursor("many")) {
                            for (Row row : cursor.execute("select ... from generate_series(1, $1::int)", %s)) { ... }
                        }""".formatted(String.format(Locale.ROOT, "%,d", rows).replace(',', '_')));
        long sum = 0;
        long count = 0;
        long characters = 0;
        long most = 0;
        long before = usedAfterCollection();
        long start = System.nanoTime();
        try (Transaction tx = db.begin();
                ServerCursor cursor = db.cursor("many");
                Progress progress = stage.progress("streaming", rows, "rows")) {
            for (Row row : cursor.execute(MANY, rows)) {
                sum += row.getInt("id");
                characters += Objects.requireNonNull(row.getString("name")).length();
                if (++count % STEP == 0) {
                    progress.step(STEP);
                }
                if (count % (rows / 4) == 0) {
                    most = Math.max(most, usedAfterCollection() - before);
                }
            }
            tx.rollback();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        stage.narrator()
                .got(
                        "streamed",
                        String.format(
                                Locale.ROOT,
                                "%,d rows, %,d characters in %s: %,d rows a second",
                                count,
                                characters,
                                Timing.since(start),
                                Math.round(count / seconds)));
        stage.narrator().got("memory", String.format(Locale.ROOT, "%.1f MiB held at most", most / 1048576.0));
        stage.expectEqual((long) rows * (rows + 1L) / 2, sum, "the sum of all ids");
        stage.expect(most < MOST_BYTES, "every row was there, and the memory held does not grow with their number");
    }

    /** What the heap holds when garbage is gone. */
    private static long usedAfterCollection() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static void bothWays(Stage stage, PgConnection db) {
        stage.narrator().code("""
                        ServerCursor cursor = db.cursor("walk").scrollable(true).fetchSize(3)
                                .execute("select ... order by id", 10)
                        cursor.fetchOne(); cursor.scroll(-1); cursor.scroll(7, ScrollMode.ABSOLUTE); ...""");
        try (Transaction tx = db.begin();
                ServerCursor cursor =
                        db.cursor("walk").scrollable(true).fetchSize(3).execute(MANY + " order by id", 10)) {
            StringBuilder path = new StringBuilder();
            step(path, cursor, 1);
            step(path, cursor, 2);
            cursor.scroll(7, ScrollMode.ABSOLUTE);
            step(path, cursor, 8);
            cursor.scroll(-4);
            step(path, cursor, 5);
            cursor.scroll(0, ScrollMode.ABSOLUTE);
            step(path, cursor, 1);
            int left = cursor.fetchAll().size();
            path.append(" ... ").append(left).append(" more, then backwards:");
            for (int id = 10; id > 6; id--) {
                cursor.scroll(id - 1, ScrollMode.ABSOLUTE);
                step(path, cursor, id);
            }
            stage.narrator().got("rows", path.toString().strip());
            stage.expectEqual(9, left, "the rows that were left");
            stage.expectThrown(IndexOutOfBoundsException.class, () -> {
                cursor.scroll(100);
                return null;
            });
            stage.expectEqual(7L, cursor.rowNumber(), "the place after a step into nowhere");
            tx.rollback();
        }
        stage.narrator().holds("each row is the one that stands there, and a step into nowhere moves nothing");
    }

    private static void step(StringBuilder path, ServerCursor cursor, int expected) {
        Row row = cursor.fetchOne();
        if (row == null || row.getInt("id") != expected) {
            throw new UnmetException("row " + expected + " was expected, got " + row);
        }
        path.append(' ').append(expected);
    }

    private static void held(Stage stage, PgConnection db) {
        stage.narrator().code("db.cursor(\"report\").withHold(true).execute(...)      // outlives the transaction");
        int count = 0;
        try (ServerCursor cursor = db.cursor("report").withHold(true).execute(MANY, 1_000)) {
            db.execute("create temp table between_the_pages (x int)");
            for (Row row : cursor) {
                count += row.getInt("hundredth") == 0 ? 1 : 0;
            }
        }
        stage.narrator().got("counted", count + " of 1,000");
        stage.expectEqual(10, count, "every hundredth row");
        stage.narrator().holds("a held cursor needs no transaction; other statements ran between its pages");
    }
}
