package dev.howdah;

import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a contract has to hold: a server's version, a way to reach it, and a way to wait for it. Ways to wait know nothing of
 * versions and transports, so each place has one of them, and each is had by several places.
 */
enum Place {
    TCP_18(18, Transport.TCP, Face.BLOCKING),
    TLS_18(18, Transport.TLS, Face.CALLBACK),
    SOCKET_18(18, Transport.SOCKET, Face.POLLING),
    TCP_17(17, Transport.TCP, Face.ASYNC),
    TCP_16(16, Transport.TCP, Face.POLLING),
    TCP_15(15, Transport.TCP, Face.CALLBACK),
    TCP_14(14, Transport.TCP, Face.BLOCKING);

    /** How whoever uses a connection waits. */
    enum Face {
        /** A platform thread of the test's. */
        BLOCKING,
        /** The same by a callback. */
        CALLBACK,
        /** The test runs within a polling connection, while another thread polls. */
        POLLING,
        /** The test runs within an asynchronous connection. */
        ASYNC
    }

    private enum Transport {
        TCP,
        TLS,
        SOCKET
    }

    private final int version;
    private final Transport transport;
    private final Face face;

    Place(int version, Transport transport, Face face) {
        this.version = version;
        this.transport = transport;
        this.face = face;
    }

    /** The places of this run: all, or those that the property {@code howdah.test.places} names. */
    static List<Place> chosen() {
        String names = System.getProperty("howdah.test.places", "");
        return names.isEmpty()
                ? List.of(values())
                : Stream.of(names.split(",")).map(Place::valueOf).toList();
    }

    Face face() {
        return face;
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
