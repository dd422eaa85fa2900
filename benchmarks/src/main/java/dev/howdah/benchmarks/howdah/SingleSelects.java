package dev.howdah.benchmarks.howdah;

import dev.howdah.PgConnection;
import dev.howdah.PreparedQuery;
import dev.howdah.Row;
import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.SelectTally;
import dev.howdah.benchmarks.Workload;
import java.util.Objects;

/** One connection, one select after another. */
final class SingleSelects implements Workload {

    private final PgConnection connection;
    private final PreparedQuery select;
    private final int keys;

    SingleSelects(PgConnection connection, int keys) {
        this.connection = connection;
        this.select = connection.prepare(Data.SELECT_ONE);
        this.keys = keys;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) {
        return Answer.of(select(count, 0, round, latencies));
    }

    SelectTally select(int count, int lane, int round, Latencies latencies) {
        SelectTally tally = new SelectTally();
        long before = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Row row = select.query(Data.key(i, lane, round, keys)).first();
            tally.add(row.getLong(0), Objects.requireNonNull(row.getString(1)));
            long after = System.nanoTime();
            latencies.set(lane * count + i, after - before);
            before = after;
        }
        return tally;
    }

    @Override
    public void close() {
        connection.close();
    }
}
