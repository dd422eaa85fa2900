package dev.howdah.replication;

import dev.howdah.ConnectOptions;
import dev.howdah.ConnectionFactory;
import dev.howdah.Howdah;
import dev.howdah.OpenedConnection;

/** A connection for the changes of one database; commands for slots of any kind and SQL can be run on it, too. */
public final class LogicalReplicationConnection extends ReplicationConnection {

    /** Has {@link Howdah#connect(ConnectOptions, ConnectionFactory)} make one; the option {@code replication} is set by it. */
    public static final ConnectionFactory<LogicalReplicationConnection> FACTORY =
            factory("database", LogicalReplicationConnection::new);

    private LogicalReplicationConnection(OpenedConnection opened) {
        super(opened);
    }

    /** Connects; see {@link Howdah#connect(String)}. */
    public static LogicalReplicationConnection connect(String text) {
        return connect(ConnectOptions.parse(text));
    }

    /** Connects; see {@link Howdah#connect(ConnectOptions)}. */
    public static LogicalReplicationConnection connect(ConnectOptions options) {
        return Howdah.connect(options, FACTORY);
    }
}
