package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.Rows;
import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.RowTally;
import dev.howdah.benchmarks.Workload;

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
            AllColumns.read(row, tally);
        }
        return new Answer(tally.toString(), rows);
    }

    @Override
    public void close() {
        connection.close();
    }
}
