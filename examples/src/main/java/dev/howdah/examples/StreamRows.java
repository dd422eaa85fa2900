package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import java.util.stream.Stream;

/** A result of any size in constant memory: a page of rows at a time, without a transaction. */
public final class StreamRows {

    private StreamRows() {}

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            // @start region=stream
            String sql = "select n, n::bigint * n as square from (select generate_series(1, $1) as n) as numbers";
            try (Stream<Row> rows = db.stream(sql, 1_000, 200_000)) {
                System.out.println(
                        "sum: " + rows.mapToLong(row -> row.getLong("square")).sum());
            }
            // @end
            try (Stream<Row> rows = db.stream(sql, 100, 1_000_000)) {
                System.out.println("found: "
                        + rows.filter(row -> row.getLong("square") > 1_000_000)
                                .findFirst()
                                .map(row -> row.getInt("n"))
                                .orElseThrow());
            }
            // The rest was not read: the portal is closed, the connection is free.
            System.out.println("free: " + db.queryValue("select true", Boolean.class));
        }
    }
}
