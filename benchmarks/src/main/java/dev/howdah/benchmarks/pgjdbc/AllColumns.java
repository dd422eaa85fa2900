package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.RowTally;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;

/** Reads every column of a row of r as its Java type. */
final class AllColumns {

    private AllColumns() {}

    static void read(ResultSet rows, RowTally tally) throws SQLException {
        tally.add(
                rows.getInt(1),
                rows.getLong(2),
                rows.getDouble(3),
                rows.getString(4),
                rows.getObject(5, OffsetDateTime.class),
                rows.getBigDecimal(6),
                rows.getBoolean(7));
    }
}
