package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.RowTally;
import dev.howdah.benchmarks.Workload;
import dev.howdah.benchmarks.WorkloadId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** One page of rows after another: a fetch size, which pgjdbc heeds only with autocommit off. */
final class FetchPages implements Workload {

    private final Connection connection;
    private final PreparedStatement select;

    FetchPages(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        this.connection = connection;
        this.select = connection.prepareStatement(Data.SELECT_ALL);
        select.setFetchSize(WorkloadId.PAGE);
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws SQLException {
        RowTally tally = new RowTally();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                AllColumns.read(rows, tally);
            }
        }
        connection.commit();
        return Answer.of(tally);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
