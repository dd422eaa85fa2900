package dev.howdah.replication;

import dev.howdah.ConnectOptions;
import dev.howdah.ConnectionFactory;
import dev.howdah.Howdah;
import dev.howdah.OpenedConnection;

/** A connection for the write-ahead log of a whole server; commands for slots can be run on it, SQL cannot. */
public final class PhysicalReplicationConnection extends ReplicationConnection {

    /** Has {@link Howdah#connect(ConnectOptions, ConnectionFactory)} make one; the option {@code replication} is set by it. */
    public static final ConnectionFactory<PhysicalReplicationConnection> FACTORY =
            factory("true", PhysicalReplicationConnection::new);

    private PhysicalReplicationConnection(OpenedConnection opened) {
        super(opened);
    }

    /** Connects; see {@link Howdah#connect(String)}. The database is of no interest. */
    public static PhysicalReplicationConnection connect(String text) {
        return connect(ConnectOptions.parse(text));
    }

    /** Connects; see {@link Howdah#connect(ConnectOptions)}. The database is of no interest. */
    public static PhysicalReplicationConnection connect(ConnectOptions options) {
        return Howdah.connect(options, FACTORY);
    }
}
