package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.LargeObjectTally;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/** A large object read from its beginning to its end. */
final class LargeObjectReads implements Workload {

    private final Connection connection;
    private final byte[] piece;
    private final long oid;

    LargeObjectReads(Connection connection, int size) throws SQLException {
        connection.setAutoCommit(false);
        this.connection = connection;
        this.piece = new byte[size];
        try (Statement find = connection.createStatement();
                ResultSet row = find.executeQuery(LargeObjectTally.FIND)) {
            row.next();
            this.oid = row.getLong(1);
        }
        connection.commit();
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws SQLException {
        LargeObjectTally tally = new LargeObjectTally();
        LargeObjectManager objects = connection.unwrap(PGConnection.class).getLargeObjectAPI();
        try (LargeObject object = objects.open(oid, LargeObjectManager.READ)) {
            for (int got = object.read(piece, 0, piece.length); got > 0; got = object.read(piece, 0, piece.length)) {
                tally.add(piece, got);
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
