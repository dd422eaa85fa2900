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
        return Answer.of(select(0, count, count, round, latencies));
    }

    /**
     * Does a part of the selects.
     *
     * @param from the first of them
     * @param to the one that is not of them any more
     * @param lane how many one lane has of all that are numbered through, lane after lane
     */
    SelectTally select(int from, int to, int lane, int round, Latencies latencies) {
        SelectTally tally = new SelectTally();
        long before = System.nanoTime();
        for (int i = from; i < to; i++) {
            Row row = select.query(Data.key(i % lane, i / lane, round, keys)).first();
            tally.add(row.getLong(0), Objects.requireNonNull(row.getString(1)));
            long after = System.nanoTime();
            latencies.set(i, after - before);
            before = after;
        }
        return tally;
    }

    @Override
    public void close() {
        connection.close();
    }
}
