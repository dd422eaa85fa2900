package dev.howdah;

import dev.howdah.wire.WireWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A peer on loopback that says what a test tells it to, to every client, on a thread for each. Closing it ends all
 * of its connections.
 */
final class ScriptedServer implements AutoCloseable {

    /** What the server does with one connection; when it returns the connection is closed. */
    interface Script {
        void talk(Peer peer) throws IOException;
    }

    private final ServerSocket listener;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    ScriptedServer(Script script) {
        this.script = script;
        try {
            listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("scripted server").start(this::acceptAll);
    }

    String dsn(String more) {
        return "host=127.0.0.1 port=" + listener.getLocalPort() + " user=app_user dbname=d " + more;
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofPlatform().daemon().name("scripted peer").start(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.talk(new Peer(socket));
        } catch (IOException e) {
            // The client went away, as a client of such a server should.
            open.remove(socket);
        }
        open.remove(socket);
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One client, seen from the server. */
    static final class Peer {
        private final Socket socket;
        private final DataInputStream in;

        private Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(socket.getInputStream());
        }

        /** Reads a message without a type: a request for TLS, the startup message. */
        void readUntyped() throws IOException {
            in.readFully(new byte[in.readInt() - 4]);
        }

        /** Returns the first byte of what comes next, or -1 when the client has gone. */
        int readType() throws IOException {
            return in.read();
        }

        /** Reads a message; returns its body. */
        byte[] read() throws IOException {
            in.readUnsignedByte();
            byte[] body = new byte[in.readInt() - 4];
            in.readFully(body);
            return body;
        }

        void say(byte[]... pieces) throws IOException {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            for (byte[] piece : pieces) {
                all.write(piece);
            }
            socket.getOutputStream().write(all.toByteArray());
            socket.getOutputStream().flush();
        }

        void say(String text) throws IOException {
            say(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Refuses the client. */
        void refuse(String code, String message) throws IOException {
            WireWriter writer = new WireWriter(64);
            writer.begin('E').int8('S').cstring("FATAL").int8('V').cstring("FATAL");
            writer.int8('C').cstring(code).int8('M').cstring(message).int8(0).end();
            say(writer.toByteArray());
        }

        /** Returns when the client has gone. */
        void waitForTheEnd() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }

        /** Returns when the client has begun to say something, and takes the first byte of it. */
        void waitForTheBeginning() throws IOException {
            in.readUnsignedByte();
        }
    }
}
