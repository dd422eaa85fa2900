package dev.howdah.benchmarks.pgjdbc;

import dev.howdah.benchmarks.Changes;
import dev.howdah.benchmarks.Latencies;
import dev.howdah.benchmarks.Workload;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;

/** All changes of a slot, counted; none is confirmed. pgjdbc does not decode them. */
final class DrainedChanges implements Workload {

    private final Opening opening;
    private final boolean text;
    private @Nullable Connection connection;

    /** Makes a connection for replication. */
    interface Opening {
        Connection open() throws SQLException;
    }

    DrainedChanges(Opening opening, boolean text) {
        this.opening = opening;
        this.text = text;
    }

    @Override
    public void prepare(int count) {
        try {
            close();
            connection = opening.open();
        } catch (SQLException e) {
            throw new IllegalStateException("no connection for replication", e);
        }
    }

    @Override
    public Answer run(int count, int round, Latencies latencies) throws SQLException {
        int inserts = drain(count);
        // The slot is the next client's.
        close();
        return Answer.of(inserts);
    }

    private int drain(int count) throws SQLException {
        int inserts = 0;
        byte insert = (byte) (text ? 't' : 'I');
        ChainedLogicalStreamBuilder builder = Objects.requireNonNull(connection)
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(text ? Changes.TEXT_SLOT : Changes.SLOT)
                .withAutomaticFlush(false);
        if (!text) {
            builder.withSlotOption("proto_version", 1).withSlotOption("publication_names", Changes.PUBLICATION);
        }
        try (PGReplicationStream stream = builder.start()) {
            while (true) {
                ByteBuffer message = stream.read();
                byte type = message.get(message.position());
                if (type == insert) {
                    inserts++;
                } else if (type == 'C' && inserts == count) {
                    return inserts;
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        if (connection != null) {
            connection.close();
        }
    }
}
