package dev.howdah.benchmarks.howdah;

import dev.howdah.Row;
import dev.howdah.benchmarks.RowTally;
import java.time.OffsetDateTime;
import java.util.Objects;

/** Reads every column of a row of r as its Java type. */
final class AllColumns {

    private AllColumns() {}

    static void read(Row row, RowTally tally) {
        tally.add(
                row.getInt(0),
                row.getLong(1),
                row.getDouble(2),
                Objects.requireNonNull(row.getString(3)),
                Objects.requireNonNull(row.get(4, OffsetDateTime.class)),
                Objects.requireNonNull(row.getBigDecimal(5)),
                row.getBoolean(6));
    }
}
