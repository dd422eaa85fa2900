package dev.howdah.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A wire between a client and a server on which things go wrong when a test says so. The client connects to the wire, on loopback or on a
 * Unix socket; for each connection the wire makes one to the server, and passes the bytes on in both directions, subject to the
 * {@link Faults} of each. Safe for several threads; {@link #close()} ends all its connections and threads (they are daemons).
 */
public final class FaultyWire implements AutoCloseable {

    private static final int CAPACITY = 64 * 1024;

    private final ServerSocketChannel listener;
    private final SocketAddress target;
    private final Faults toServer = new Faults();
    private final Faults toClient = new Faults();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean blackHole;

    private FaultyWire(ServerSocketChannel listener, SocketAddress target) {
        this.listener = listener;
        this.target = target;
    }

    /** A wire from a free loopback port to the server's TCP port. */
    public static FaultyWire to(PostgresServer server) {
        return to(new InetSocketAddress(server.host(), server.port()));
    }

    /** A wire from a free loopback port to any address: TCP, or a {@link UnixDomainSocketAddress}. */
    public static FaultyWire to(SocketAddress target) {
        return listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), target);
    }

    /**
     * A wire from a Unix socket to the server's Unix socket.
     *
     * @param folder where to make the socket, under the name that libpq looks for there; give it to the client as its host, and
     *     {@link PostgresServer#port()} as its port
     */
    public static FaultyWire onSocket(Path folder, PostgresServer server) {
        Path file = folder.resolve(".s.PGSQL." + server.port());
        return listen(UnixDomainSocketAddress.of(file), UnixDomainSocketAddress.of(server.socketFile()));
    }

    private static FaultyWire listen(SocketAddress address, SocketAddress target) {
        try {
            ServerSocketChannel listener = address instanceof UnixDomainSocketAddress
                    ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    : ServerSocketChannel.open();
            try {
                listener.bind(address);
            } catch (IOException e) {
                listener.close();
                throw e;
            }
            FaultyWire wire = new FaultyWire(listener, target);
            daemon("accept", wire::acceptAll);
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException("no wire on " + address, e);
        }
    }

    /** The address that a TCP client connects to: 127.0.0.1. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port that a TCP client connects to. */
    public int port() {
        try {
            return ((InetSocketAddress) listener.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException("the wire is closed", e);
        }
    }

    /** The keyword/value text that connects a role to a database through this wire over TCP. */
    public String dsn(String database, Role role) {
        return ConnectionText.dsn(host(), port(), database, role);
    }

    /** What goes wrong from client to server. */
    public Faults toServer() {
        return toServer;
    }

    /** What goes wrong from server to client. */
    public Faults toClient() {
        return toClient;
    }

    /** Whether new connections are accepted and then get no answer ever; their bytes are not read either. */
    public FaultyWire blackHole(boolean on) {
        blackHole = on;
        return this;
    }

    /** How many connections clients have made, since the beginning. */
    public int connections() {
        return connections.get();
    }

    /** How many connections are open now. */
    public int openConnections() {
        return open.size();
    }

    /** Resets all connections now (TCP RST; on a Unix socket they are just closed). */
    public void resetAll() {
        new ArrayList<>(open).forEach(Connection::reset);
    }

    /** Closes all connections now, in order (TCP FIN). */
    public void closeAll() {
        new ArrayList<>(open).forEach(Connection::end);
    }

    /** Ends all connections and takes no more. */
    @Override
    public void close() {
        try {
            SocketAddress address = listener.isOpen() ? listener.getLocalAddress() : null;
            listener.close();
            if (address instanceof UnixDomainSocketAddress unix) {
                Files.deleteIfExists(unix.getPath());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the wire", e);
        } finally {
            closeAll();
        }
    }

    private void acceptAll() {
        while (listener.isOpen()) {
            try {
                SocketChannel client = listener.accept();
                connections.incrementAndGet();
                Connection connection = new Connection(client);
                open.add(connection);
                if (!listener.isOpen()) {
                    connection.end();
                } else if (!blackHole) {
                    daemon("connect", connection::connect);
                }
            } catch (IOException e) {
                if (listener.isOpen()) {
                    throw new UncheckedIOException("the wire cannot accept", e);
                }
            }
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread.ofPlatform().daemon().name("faulty wire: " + name).start(work);
    }

    /** One client's connection, and the one to the server made for it. */
    final class Connection {
        private final SocketChannel client;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicInteger finished = new AtomicInteger();
        private volatile @Nullable SocketChannel server;

        Connection(SocketChannel client) {
            this.client = client;
        }

        boolean isOpen() {
            return !ended.get();
        }

        void connect() {
            try {
                SocketChannel server = SocketChannel.open(target);
                this.server = server;
                if (!isOpen()) {
                    server.close();
                    return;
                }
                noDelay(client);
                noDelay(server);
                daemon("to client", () -> pass(server, client, toClient));
                pass(client, server, toServer);
            } catch (IOException e) {
                // No server there: the client learns it as it would without the wire.
                reset();
            }
        }

        private void pass(SocketChannel from, SocketChannel to, Faults faults) {
            ByteBuffer buffer = ByteBuffer.allocate(CAPACITY);
            long at = 0;
            try {
                while (true) {
                    switch (faults.next(at, this)) {
                        case RESET -> {
                            reset();
                            return;
                        }
                        case CLOSE -> {
                            end();
                            return;
                        }
                        case PASS -> buffer.clear().limit(faults.limit(at, CAPACITY));
                    }
                    int count = from.read(buffer);
                    if (count < 0) {
                        finish(to);
                        return;
                    }
                    faults.pause(this);
                    buffer.flip();
                    at += count;
                    // Before they go on: what somebody has received has been counted.
                    faults.passed(count);
                    while (buffer.hasRemaining()) {
                        to.write(buffer);
                    }
                }
            } catch (IOException e) {
                // One side broke: so does the other. That is what a wire does.
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reset();
            }
        }

        /** One side says no more: the other is told; when both have said so it is over. */
        private void finish(SocketChannel to) throws IOException {
            if (to.isOpen()) {
                to.shutdownOutput();
            }
            if (finished.incrementAndGet() == 2) {
                end();
            }
        }

        void end() {
            over(false);
        }

        void reset() {
            over(true);
        }

        private void over(boolean reset) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            open.remove(this);
            toServer.wake();
            toClient.wake();
            SocketChannel server = this.server;
            try (client;
                    server) {
                if (reset) {
                    lingerNot(client);
                    if (server != null) {
                        lingerNot(server);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot end a connection of the wire", e);
            }
        }
    }

    private static void noDelay(SocketChannel channel) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    /** With this, closing sends RST instead of FIN. */
    private static void lingerNot(SocketChannel channel) throws IOException {
        if (channel.isOpen() && channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
    }
}
