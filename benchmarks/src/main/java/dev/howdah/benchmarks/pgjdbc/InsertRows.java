package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.Data;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** addBatch for each row, executeBatch for every thousand, one transaction. */
final class InsertRows implements Workload {

    private static final int BATCH = 1_000;

    private final Connection connection;
    private final PreparedStatement insert;
    private List<Data.R> rows = List.of();

    InsertRows(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        this.connection = connection;
        this.insert = connection.prepareStatement(Data.INSERT.replaceAll("\\$\\d", "?"));
    }

    @Override
    public void prepare(int count) {
        if (rows.size() != count) {
            rows = Data.rows(count);
        }
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws SQLException {
        long inserted = 0;
        int open = 0;
        for (Data.R row : rows) {
            insert.setInt(1, row.id());
            insert.setLong(2, row.big());
            insert.setDouble(3, row.f8());
            insert.setString(4, row.txt());
            insert.setObject(5, row.ts());
            insert.setBigDecimal(6, row.amount());
            insert.setBoolean(7, row.ok());
            insert.addBatch();
            if (++open == BATCH) {
                inserted += execute();
                open = 0;
            }
        }
        if (open > 0) {
            inserted += execute();
        }
        connection.commit();
        return Answer.of(inserted);
    }

    private long execute() throws SQLException {
        long inserted = 0;
        for (int result : insert.executeBatch()) {
            // A rewritten insert tells only that it went well; the server is asked afterwards.
            inserted += result == Statement.SUCCESS_NO_INFO ? 1 : result;
        }
        return inserted;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
