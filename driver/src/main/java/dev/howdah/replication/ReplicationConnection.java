package dev.howdah.replication;

import dev.howdah.ConnectOptions;
import dev.howdah.ConnectionFactory;
import dev.howdah.OpenedConnection;
import dev.howdah.PgConnection;

/**
 * A connection to a server process that replicates. It knows the simple protocol only: values become part of the text, results
 * come as text, and there are no prepared statements, server-side cursors by portal or pipelines.
 */
public abstract sealed class ReplicationConnection extends PgConnection
        permits LogicalReplicationConnection, PhysicalReplicationConnection {

    ReplicationConnection(OpenedConnection opened) {
        super(opened);
    }

    /** Makes a cursor for replication. Sends nothing. */
    @Override
    public ReplicationCursor cursor() {
        return cursor(ReplicationCursor::new);
    }

    /** Returns what makes connections of a kind: by its constructor, with the option {@code replication} set. */
    static <C extends ReplicationConnection> ConnectionFactory<C> factory(
            String replication, ConnectionFactory<C> constructor) {
        return new ConnectionFactory<>() {
            @Override
            public ConnectOptions options(ConnectOptions given) {
                return given.toBuilder().option("replication", replication).build();
            }

            @Override
            public C create(OpenedConnection opened) {
                return constructor.create(opened);
            }
        };
    }
}
