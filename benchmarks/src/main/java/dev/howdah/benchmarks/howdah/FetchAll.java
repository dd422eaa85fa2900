package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.Rows;
import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.RowTally;
import dev.howdah.benchmarks.Workload;
import java.time.OffsetDateTime;
import java.util.Objects;

/** All rows in memory, every column read as its Java type. */
final class FetchAll implements Workload {

    private final PgConnection connection;

    FetchAll(PgConnection connection) {
        this.connection = connection;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        RowTally tally = new RowTally();
        Rows rows = connection.query(Data.SELECT_ALL);
        for (Row row : rows) {
            tally.add(
                    row.getInt(0),
                    row.getLong(1),
                    row.getDouble(2),
                    Objects.requireNonNull(row.getString(3)),
                    Objects.requireNonNull(row.get(4, OffsetDateTime.class)),
                    Objects.requireNonNull(row.getBigDecimal(5)),
                    row.getBoolean(6));
        }
        return new Answer(tally.toString(), rows);
    }

    @Override
    public void close() {
        connection.close();
    }
}
