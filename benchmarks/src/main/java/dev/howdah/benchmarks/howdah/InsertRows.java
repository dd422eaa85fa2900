package dev.howdah.benchmarks.howdah;

import dev.howdah.BatchMode;
import dev.howdah.PgConnection;
import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import java.util.ArrayList;
import java.util.List;

/** One executeMany of all rows, which is a transaction of its own. */
final class InsertRows implements Workload {

    private final PgConnection connection;
    private final BatchMode mode;
    private List<Data.R> rows = List.of();

    InsertRows(PgConnection connection, BatchMode mode) {
        this.connection = connection;
        this.mode = mode;
    }

    @Override
    public void prepare(int count) {
        if (rows.size() != count) {
            rows = Data.rows(count);
        }
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        List<Object[]> sets = new ArrayList<>(rows.size());
        for (Data.R row : rows) {
            sets.add(new Object[] {row.id(), row.big(), row.f8(), row.txt(), row.ts(), row.amount(), row.ok()});
        }
        return Answer.of(connection.executeMany(Data.INSERT, sets, mode).rowCount());
    }

    @Override
    public void close() {
        connection.close();
    }
}
