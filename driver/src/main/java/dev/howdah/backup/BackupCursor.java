package dev.howdah.backup;

import dev.howdah.pump.ReplicationHost;
import dev.howdah.replication.PhysicalReplicationConnection;
import dev.howdah.replication.ReplicationCursor;

/** A cursor that lets a backup at what it needs of its connection. */
final class BackupCursor extends ReplicationCursor {

    private final ReplicationHost host;
    private final int version;

    BackupCursor(PhysicalReplicationConnection connection) {
        super(connection);
        this.host = replicationHost(connection);
        this.version = connection.info().serverVersion();
    }

    ReplicationHost host() {
        return host;
    }

    /** Returns the server's version, as in 180003. */
    int version() {
        return version;
    }
}
