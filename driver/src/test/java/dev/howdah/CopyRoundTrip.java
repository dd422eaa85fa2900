package dev.howdah;

import dev.howdah.copy.CopyIn;
import dev.howdah.copy.CopyOut;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** A program of its own: writes rows by COPY and reads them back, each value looked at, in whatever heap it was given. */
final class CopyRoundTrip {

    private CopyRoundTrip() {}

    private static OffsetDateTime time(int i) {
        return Instant.ofEpochSecond(1_700_000_000L + i).atOffset(ZoneOffset.UTC);
    }

    /**
     * Runs it.
     *
     * @param arguments where to connect to, and how many rows
     */
    public static void main(String[] arguments) {
        int rows = Integer.parseInt(arguments[1]);
        try (PgConnection db = Howdah.connect(arguments[0])) {
            db.execute(
                    "create unlogged table round_trip (id int, big int8, txt text, ts timestamptz, amount numeric(12,2),"
                            + " ok bool)");
            try (CopyIn copy = db.copyIn("round_trip")) {
                for (int i = 0; i < rows; i++) {
                    copy.row(i, i * 1_000L, "text of row " + i, time(i), BigDecimal.valueOf(i, 2), i % 2 == 0);
                }
                require(copy.finish() == rows, "stored");
            }
            try (CopyOut<Row> read = db.copyOut("round_trip")) {
                int i = 0;
                for (Row row : read) {
                    boolean same = row.getInt(0) == i
                            && row.getLong(1) == i * 1_000L
                            && ("text of row " + i).equals(row.getString(2))
                            && time(i).isEqual(row.get(3, OffsetDateTime.class))
                            && BigDecimal.valueOf(i, 2).compareTo(row.get(4, BigDecimal.class)) == 0
                            && row.getBoolean(5) == (i % 2 == 0);
                    require(same, "row " + i);
                    i++;
                }
                require(i == rows, "count");
            }
            db.execute("drop table round_trip");
        }
        System.out.println("the same " + rows + " rows");
    }

    private static void require(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException("something else came back: " + what);
        }
    }
}
