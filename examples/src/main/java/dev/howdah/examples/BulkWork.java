package dev.howdah.examples;

import dev.howdah.BatchMode;
import dev.howdah.BatchResult;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.CheckViolationException;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.sql.Sql;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Many rows at once: pipelined, with what they yield kept or handed over, and bound as arrays. */
public final class BulkWork {

    private BulkWork() {}

    // @start region=record
    private record Reading(int sensor, BigDecimal value) {}
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("create temp table reading (id int generated always as identity primary key, sensor int,"
                    + " value numeric check (value >= 0))");
            pipelined(db);
            handedOver(db);
            arrays(db);
            failures(db);
        }
    }

    private static void pipelined(PgConnection db) {
        // @start region=pipelined
        Sql insert = Sql.named("insert into reading (sensor, value) values (:sensor, :value) returning id");
        BatchResult made = db.executeMany(
                insert,
                List.of(
                        new Reading(1, new BigDecimal("20.5")),
                        new Reading(2, new BigDecimal("21.0")),
                        new Reading(1, new BigDecimal("20.75"))));
        System.out.println(made.rowCount() + " rows, ids " + made.rows().values(Integer.class));
        System.out.println("the second set made " + made.rows(1).first().getInt("id"));
        // @end
    }

    private static void handedOver(PgConnection db) {
        // @start region=handedOver
        Iterable<Object[]> sets = () -> IntStream.range(0, 100_000)
                .mapToObj(i -> new Object[] {i % 10, new BigDecimal(i)})
                .iterator();
        AtomicLong sum = new AtomicLong();
        long rows = db.executeMany(
                "insert into reading (sensor, value) values ($1, $2) returning value",
                sets,
                (firstSet, page) ->
                        page.rows().values(BigDecimal.class).forEach(value -> sum.addAndGet(value.longValue())));
        System.out.println(rows + " rows, sum " + sum);
        // @end
    }

    private static void arrays(PgConnection db) {
        Iterable<Object[]> sets = () -> IntStream.range(0, 100_000)
                .mapToObj(i -> new Object[] {i % 10, new BigDecimal(i)})
                .iterator();
        // @start region=arrays
        long made = db.executeMany("insert into reading (sensor, value) values ($1, $2)", sets, BatchMode.ARRAYS)
                .rowCount();
        // @end
        System.out.println(made + " rows as arrays");
        // @start region=ownArrays
        BatchResult changed = db.executeMany(
                "update reading set value = u.value from unnest($1::int[], $2::numeric[]) as u (id, value)"
                        + " where reading.id = u.id",
                List.of(List.of(1, 19), List.of(2, 18), List.of(-1, 17)),
                BatchMode.ARRAYS);
        System.out.println(changed.rowCount() + " of " + changed.size() + " changed");
        // @end
    }

    private static void failures(PgConnection db) {
        // @start region=failure
        try {
            db.executeMany(
                    "insert into reading (sensor, value) values ($1, $2)",
                    List.of(List.of(1, 5), List.of(2, -6), List.of(3, 7)));
        } catch (CheckViolationException e) {
            System.out.println("set " + e.batchSet() + " was refused");
        }
        // @end
        db.execute("create temp table item (id int primary key)");
        // @start region=arraysFailure
        try {
            db.executeMany(
                    "insert into item values ($1)", List.of(List.of(1), List.of(2), List.of(1)), BatchMode.ARRAYS);
        } catch (UniqueViolationException e) {
            System.out.println("one of " + e.batchFirst() + " to " + e.batchLast() + ": "
                    + e.diagnostics().messageDetail());
        }
        // @end
        System.out.println("left: " + db.queryValue("select count(*) from item", Long.class));
    }
}
