package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.RowTally;
import dev.howdah.benchmarks.Workload;
import dev.howdah.copy.CopyOut;

/** Rows by COPY, every column read as its Java type. */
final class CopyRowsOut implements Workload {

    private final PgConnection connection;

    CopyRowsOut(PgConnection connection) {
        this.connection = connection;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        RowTally tally = new RowTally();
        try (CopyOut<Row> rows = connection.copyOut("r")) {
            for (Row row : rows) {
                AllColumns.read(row, tally);
            }
        }
        return Answer.of(tally);
    }

    @Override
    public void close() {
        connection.close();
    }
}
