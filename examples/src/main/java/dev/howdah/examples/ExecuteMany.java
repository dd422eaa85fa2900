package dev.howdah.examples;

import dev.howdah.BatchResult;
import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.error.CheckViolationException;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;

/** One statement with many sets of parameters, pipelined: all of it happens or nothing. */
public final class ExecuteMany {

    private ExecuteMany() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            db.execute("create temp table reading (sensor int, value numeric check (value >= 0))");
            String sql = "insert into reading values ($1, $2)";

            // The sets are made as they are sent: a million of them need no memory of their own.
            Iterable<List<Object>> sets = () -> IntStream.rangeClosed(1, 10_000)
                    .<List<Object>>mapToObj(i -> List.of(i % 10, new BigDecimal(i)))
                    .iterator();
            BatchResult result = db.executeMany(sql, sets);
            System.out.println(result.rowCount() + " rows by " + result.size() + " sets");

            try {
                db.executeMany(sql, List.of(List.of(1, 5), List.of(2, 6), List.of(3, -1), List.of(4, 7)));
            } catch (CheckViolationException e) {
                System.out.println("set " + e.batchSet() + " was refused by "
                        + e.diagnostics().constraintName());
            }
            System.out.println("still " + db.queryValue("select count(*) from reading", Long.class) + " rows");

            BatchResult returned = db.executeMany(
                    "insert into reading values ($1, $2) returning sensor * 100 as code",
                    List.of(List.of(1, 1), List.of(2, 2)));
            System.out.println("returned: " + returned.rows().values(Integer.class));
        }
    }
}
