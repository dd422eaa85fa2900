package dev.howdah;

import dev.howdah.testkit.FaultyWire;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.SharedServers;
import dev.howdah.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a contract has to hold: a server's version, a way to reach it, and a way to wait for it. These know nothing of each other,
 * so a run has one place for each version, and among them is every transport and every way to wait. The other places are
 * there to be named.
 */
enum Place {
    TCP_18(18, Transport.TCP, Face.BLOCKING),
    TLS_17(17, Transport.TLS, Face.CALLBACK),
    SOCKET_16(16, Transport.SOCKET, Face.POLLING),
    TCP_15(15, Transport.TCP, Face.ASYNC),
    TCP_14(14, Transport.TCP, Face.POLLING),
    TLS_18(18, Transport.TLS, Face.CALLBACK),
    SOCKET_18(18, Transport.SOCKET, Face.POLLING),
    TCP_17(17, Transport.TCP, Face.ASYNC),
    TCP_16(16, Transport.TCP, Face.CALLBACK);

    private static final List<Place> USUAL = List.of(TCP_18, TLS_17, SOCKET_16, TCP_15, TCP_14);

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

    /** The places of this run: one for each version, or those that the property {@code howdah.test.places} names. */
    static List<Place> chosen() {
        String names = System.getProperty("howdah.test.places", "");
        return names.isEmpty()
                ? USUAL
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
        return (transport == Transport.SOCKET ? database.server().socketDsn(database.name(), role) : database.dsn(role))
                + security();
    }

    private String security() {
        return switch (transport) {
            case TCP -> " sslmode=disable";
            case TLS ->
                " sslmode=verify-full sslrootcert='" + server().certificates().ca() + "'";
            case SOCKET -> "";
        };
    }

    /**
     * A wire to the server of this place, of its transport.
     *
     * @param folder for a socket
     */
    FaultyWire wire(Path folder) {
        return transport == Transport.SOCKET ? FaultyWire.onSocket(folder, server()) : FaultyWire.to(server());
    }

    /** The keyword/value text that connects a role to a database over a wire that was made here in this folder. */
    String dsn(FaultyWire wire, Path folder, TestDatabase database, Role role) {
        return transport == Transport.SOCKET
                ? dsn(database, role).replace(server().socketDirectory().toString(), folder.toString())
                : wire.dsn(database.name(), role) + security();
    }

    /** Work enough to prove a point at the first place, and less of it at the others. */
    int amount(int there, int elsewhere) {
        return this == TCP_18 ? there : elsewhere;
    }
}
