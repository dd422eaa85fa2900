package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.SelectTally;
import dev.howdah.benchmarks.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** One connection, one select after another. */
final class SingleSelects implements Workload {

    private final Connection connection;
    private final PreparedStatement select;
    private final int keys;

    SingleSelects(Connection connection, int keys) throws SQLException {
        this.connection = connection;
        this.select = connection.prepareStatement(Data.SELECT_ONE.replace("$1", "?"));
        this.keys = keys;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws SQLException {
        return Answer.of(select(count, 0, round, latencies));
    }

    SelectTally select(int count, int lane, int round, Latencies latencies) throws SQLException {
        SelectTally tally = new SelectTally();
        long before = System.nanoTime();
        for (int i = 0; i < count; i++) {
            select.setLong(1, Data.key(i, lane, round, keys));
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException("no row");
                }
                tally.add(rows.getLong(1), rows.getString(2));
            }
            long after = System.nanoTime();
            latencies.set(lane * count + i, after - before);
            before = after;
        }
        return tally;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
