package dev.howdah;

import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;

/** Where a contract has to hold: a server's version and a way to reach it. */
enum Place {
    TCP_18(18, Transport.TCP),
    TLS_18(18, Transport.TLS),
    SOCKET_18(18, Transport.SOCKET),
    TCP_17(17, Transport.TCP),
    TCP_16(16, Transport.TCP),
    TCP_15(15, Transport.TCP),
    TCP_14(14, Transport.TCP);

    private enum Transport {
        TCP,
        TLS,
        SOCKET
    }

    private final int version;
    private final Transport transport;

    Place(int version, Transport transport) {
        this.version = version;
        this.transport = transport;
    }

    int version() {
        return version;
    }

    PostgresServer server() {
        return SharedServers.get(version);
    }

    /** The keyword/value text that connects a role to a database here. */
    String dsn(TestDatabase database, Role role) {
        return switch (transport) {
            case TCP -> database.dsn(role) + " sslmode=disable";
            case TLS ->
                database.dsn(role) + " sslmode=verify-full sslrootcert='"
                        + database.server().certificates().ca() + "'";
            case SOCKET -> database.server().socketDsn(database.name(), role);
        };
    }

    /** Work enough to prove a point at the first place, and less of it at the others. */
    int amount(int there, int elsewhere) {
        return this == TCP_18 ? there : elsewhere;
    }
}
