package dev.howdah.benchmarks.vertx;

import dev.howdah.benchmarks.RowTally;
import io.vertx.sqlclient.Row;

/** Reads every column of a row of r as its Java type. */
final class AllColumns {

    private AllColumns() {}

    static void read(Row row, RowTally tally) {
        tally.add(
                row.getInteger(0),
                row.getLong(1),
                row.getDouble(2),
                row.getString(3),
                row.getOffsetDateTime(4),
                row.getBigDecimal(5),
                row.getBoolean(6));
    }
}
