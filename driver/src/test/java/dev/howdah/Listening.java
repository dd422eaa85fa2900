package dev.howdah;

import dev.howdah.testkit.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire that keeps what each client said first, so that a test can see in what form it came. */
final class Listening implements AutoCloseable {

    private final ServerSocket listener;
    private final PostgresServer server;
    private final List<byte[]> first = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Listening(PostgresServer server) throws IOException {
        this.server = server;
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("listening wire").start(this::acceptAll);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Returns what each connection's client sent in its first piece. */
    List<byte[]> firstBytes() {
        return List.copyOf(first);
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket target = new Socket(server.host(), server.port());
                open.add(client);
                open.add(target);
                Thread.ofPlatform().daemon().start(() -> pass(client, target, true));
                Thread.ofPlatform().daemon().start(() -> pass(target, client, false));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void pass(Socket from, Socket to, boolean keep) {
        byte[] buffer = new byte[16 * 1024];
        boolean begun = !keep;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (!begun) {
                    begun = true;
                    first.add(Arrays.copyOf(buffer, count));
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // One side has gone: so does the other.
            open.remove(from);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
