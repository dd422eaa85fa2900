package dev.howdah.transport;

import dev.howdah.error.ConfigException;
import dev.howdah.message.SSLRequest;
import dev.howdah.wire.WireWriter;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * From nothing to a transport that is ready for the first message: socket, TLS request, TLS handshake. Goes on without
 * ever waiting; not safe for several threads, except {@link #close()}.
 */
public final class Attempt {

    private final Endpoint endpoint;
    private final TlsSettings tls;
    private final boolean askForTls;
    private final SocketChannel channel;
    private final Transport plain;
    private final ByteBuffer request;
    private final ByteBuffer reply = ByteBuffer.allocate(1);
    private Phase phase = Phase.CONNECTING;
    private @Nullable TlsTransport secured;

    /** How far it has come. */
    private enum Phase {
        CONNECTING,
        TLS_REQUEST,
        TLS_REPLY,
        TLS_HANDSHAKE,
        READY
    }

    /**
     * Begins.
     *
     * @param askForTls whether to ask the server for TLS
     */
    public Attempt(Endpoint endpoint, TlsSettings tls, SocketSettings sockets, boolean askForTls) throws IOException {
        this.endpoint = endpoint;
        this.tls = tls;
        this.askForTls = askForTls;
        this.channel = endpoint.isUnix() ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        this.plain = new PlainTransport(channel);
        WireWriter writer = new WireWriter(8);
        SSLRequest.INSTANCE.write(writer);
        this.request = ByteBuffer.wrap(writer.toByteArray());
        try {
            channel.configureBlocking(false);
            if (!endpoint.isUnix()) {
                sockets.apply(channel);
            }
            SocketAddress address = endpoint.address();
            channel.connect(address);
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /**
     * Goes on as far as it can without waiting.
     *
     * @return what the channel has to be ready for (operations of {@link SelectionKey}), or 0 when the transport is ready
     * @throws IOException if the server cannot be reached or TLS fails
     * @throws ConfigException if the server has no TLS and it is required
     */
    public int step() throws IOException {
        while (true) {
            switch (phase) {
                case CONNECTING -> {
                    if (!channel.finishConnect()) {
                        return SelectionKey.OP_CONNECT;
                    }
                    phase = askForTls ? Phase.TLS_REQUEST : Phase.READY;
                }
                case TLS_REQUEST -> {
                    channel.write(request);
                    if (request.hasRemaining()) {
                        return SelectionKey.OP_WRITE;
                    }
                    phase = Phase.TLS_REPLY;
                }
                case TLS_REPLY -> {
                    int count = channel.read(reply);
                    if (count < 0) {
                        throw new EOFException("the server closed the connection when asked for TLS");
                    }
                    if (count == 0) {
                        return SelectionKey.OP_READ;
                    }
                    answered((char) reply.get(0));
                }
                case TLS_HANDSHAKE -> {
                    int wanted = handshake();
                    if (wanted != 0) {
                        return wanted;
                    }
                    phase = Phase.READY;
                }
                case READY -> {
                    return 0;
                }
            }
        }
    }

    private void answered(char answer) throws IOException {
        switch (answer) {
            case 'S' -> {
                secured = new TlsTransport(plain, TlsCertificates.engine(tls, endpoint.host(), endpoint.port()));
                phase = Phase.TLS_HANDSHAKE;
            }
            case 'N' -> {
                if (tls.policy().isRequired()) {
                    throw new ConfigException(
                            "sslmode", "TLS is required, and the server at " + endpoint + " has none");
                }
                phase = Phase.READY;
            }
            default ->
                throw new IOException("the server answered the request for TLS with "
                        + (answer > ' ' && answer < 0x7f ? "'" + answer + "'" : "0x" + Integer.toHexString(answer))
                        + "; is it PostgreSQL?");
        }
    }

    private int handshake() throws IOException {
        if (secured == null) {
            throw new IllegalStateException("no TLS handshake has begun");
        }
        return switch (secured.handshake()) {
            case READ -> SelectionKey.OP_READ;
            case WRITE -> SelectionKey.OP_WRITE;
            case DONE -> 0;
        };
    }

    /** Returns the channel to wait for. */
    public SocketChannel channel() {
        return channel;
    }

    /** Returns the address that is tried. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Returns whether the TLS handshake was under way or done. */
    public boolean isSecured() {
        return secured != null;
    }

    /** Returns the transport, once {@link #step()} has returned 0. */
    public Transport transport() {
        if (phase != Phase.READY) {
            throw new IllegalStateException("the attempt is still " + phase);
        }
        return secured != null ? secured : plain;
    }

    /** Gives the attempt up. */
    public void close() {
        plain.close();
    }
}
