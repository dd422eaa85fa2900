package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.LargeObjectTally;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/** One large object after another, written piece by piece. */
final class LargeObjectWrites implements Workload {

    private final Connection connection;
    private final byte[] piece = LargeObjectTally.random();

    LargeObjectWrites(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        this.connection = connection;
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws SQLException {
        LargeObjectTally tally = new LargeObjectTally();
        LargeObjectManager objects = connection.unwrap(PGConnection.class).getLargeObjectAPI();
        long oid = objects.createLO();
        try (LargeObject object = objects.open(oid, LargeObjectManager.WRITE)) {
            for (long at = 0; at < (long) count << 20; at += piece.length) {
                tally.place(piece, at);
                object.write(piece);
            }
        }
        try (PreparedStatement remember = connection.prepareStatement(LargeObjectTally.REMEMBER.replace("$1", "?"))) {
            remember.setLong(1, oid);
            remember.executeUpdate();
        }
        connection.commit();
        return Answer.of(tally);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
