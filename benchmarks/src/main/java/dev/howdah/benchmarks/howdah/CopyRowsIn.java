package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import dev.howdah.copy.CopyIn;
import java.util.List;

/** Rows of Java values by COPY. */
final class CopyRowsIn implements Workload {

    private final PgConnection connection;
    private List<Data.R> rows = List.of();

    CopyRowsIn(PgConnection connection) {
        this.connection = connection;
    }

    @Override
    public void prepare(int count) {
        if (rows.size() != count) {
            rows = Data.rows(count);
        }
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        try (CopyIn copy = connection.copyIn("r_copy")) {
            for (Data.R row : rows) {
                copy.row(row.id(), row.big(), row.f8(), row.txt(), row.ts(), row.amount(), row.ok());
            }
            return Answer.of(copy.finish());
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
