package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.RowTally;
import dev.howdah.benchmarks.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** All rows in memory (pgjdbc's default when no fetch size is set), every column read as its Java type. */
final class FetchAll implements Workload {

    private final Connection connection;
    private final PreparedStatement select;

    FetchAll(Connection connection) throws SQLException {
        this.connection = connection;
        this.select = connection.prepareStatement(Data.SELECT_ALL);
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws SQLException {
        RowTally tally = new RowTally();
        // Closed by the caller, who measures first what it holds.
        ResultSet rows = select.executeQuery();
        while (rows.next()) {
            AllColumns.read(rows, tally);
        }
        return new Answer(tally.toString(), rows);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
