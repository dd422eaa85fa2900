package dev.howdah.transport;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectStep;
import dev.howdah.error.Delivery;
import dev.howdah.error.ProtocolException;
import dev.howdah.message.SSLRequest;
import dev.howdah.wire.WireWriter;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * From nothing to a transport that is ready for the first message: socket, TLS request, TLS handshake. Goes on without
 * ever waiting; not safe for several threads, except {@link #close()}.
 */
public final class Attempt {

    private final Endpoint endpoint;
    private final TlsSettings tls;
    private final Consumer<ConnectStep.Kind> entering;
    private final SocketChannel channel;
    private final Transport plain;
    private final ByteBuffer request;
    /** One byte is the answer; a second one would be too much. */
    private final ByteBuffer reply = ByteBuffer.allocate(2);

    private Phase phase = Phase.CONNECTING;
    private @Nullable TlsClient client;
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
     * Begins, with nobody who wants to know how far it comes.
     *
     * @param askForTls whether to ask the server for TLS
     * @throws IOException if the server cannot be reached or TLS cannot be set up
     * @throws ConfigException if the options of TLS or their files cannot be used
     */
    public Attempt(Endpoint endpoint, TlsSettings tls, SocketSettings sockets, boolean askForTls) throws IOException {
        this(endpoint, tls, sockets, askForTls, step -> {});
    }

    /**
     * Begins.
     *
     * @param askForTls whether to ask the server for TLS
     * @param entering is told each step when it begins
     * @throws IOException if the server cannot be reached or TLS cannot be set up
     * @throws ConfigException if the options of TLS or their files cannot be used
     */
    Attempt(
            Endpoint endpoint,
            TlsSettings tls,
            SocketSettings sockets,
            boolean askForTls,
            Consumer<ConnectStep.Kind> entering)
            throws IOException {
        this.endpoint = endpoint;
        this.tls = tls;
        this.entering = entering;
        if (askForTls) {
            entering.accept(ConnectStep.Kind.TLS_SETUP);
            client = TlsClient.of(tls, endpoint.host());
        }
        entering.accept(ConnectStep.Kind.SOCKET);
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
        } catch (UnsupportedAddressTypeException e) {
            plain.close();
            throw new IOException("this machine has no addresses of this kind", e);
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
     * @throws ConfigException if the server has no TLS and it is required, or if it is not whose it has to be
     * @throws ProtocolException if the server sends more than an answer before TLS has begun
     */
    public int step() throws IOException {
        while (true) {
            switch (phase) {
                case CONNECTING -> {
                    if (!channel.finishConnect()) {
                        return SelectionKey.OP_CONNECT;
                    }
                    connected();
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
                    if (count > 1 && reply.get(0) == 'S') {
                        throw new ProtocolException(
                                "the server sent bytes before TLS began; somebody may be in between",
                                Delivery.NOT_SENT,
                                null);
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

    private void connected() throws IOException {
        if (endpoint.isUnix()) {
            checkPeer();
        }
        if (client == null) {
            withoutTls();
            phase = Phase.READY;
            return;
        }
        entering.accept(ConnectStep.Kind.TLS);
        if (tls.direct()) {
            begin();
        } else {
            phase = Phase.TLS_REQUEST;
        }
    }

    /** A server behind a socket shows by its owner who it is, before anything is sent. */
    private void checkPeer() throws IOException {
        String required = tls.requiredPeer();
        if (required == null) {
            return;
        }
        if (!channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)) {
            throw new ConfigException("requirepeer", "this system does not tell who owns a server");
        }
        String owner =
                channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        if (!owner.equals(required)) {
            throw new ConfigException(
                    "requirepeer", "the server at " + endpoint + " belongs to " + owner + ", not to " + required);
        }
    }

    /** A client certificate cannot be shown without TLS. */
    private void withoutTls() throws IOException {
        if (tls.identity().mode() != TlsSettings.CertificateMode.REQUIRE) {
            return;
        }
        if (tls.policy() == TlsPolicy.ALLOW && !endpoint.isUnix()) {
            throw new SSLException("sslcertmode=require needs TLS");
        }
        throw new ConfigException("sslcertmode", "require needs TLS, and the connection to " + endpoint + " has none");
    }

    private void begin() throws SSLException {
        if (client == null) {
            throw new IllegalStateException("TLS was not asked for");
        }
        secured = new TlsTransport(plain, client.engine());
        phase = Phase.TLS_HANDSHAKE;
    }

    private void answered(char answer) throws IOException {
        switch (answer) {
            case 'S' -> begin();
            case 'N' -> {
                if (tls.policy().isRequired()) {
                    throw new ConfigException(
                            "sslmode",
                            "TLS is required (" + tls.policy().keyword() + "), and the server at " + endpoint
                                    + " has none");
                }
                withoutTls();
                phase = Phase.READY;
            }
            case 'E' ->
                throw new IOException("the server answered the request for TLS with an error; its text is not shown,"
                        + " because anybody could have sent it");
            case 'H' ->
                throw new IOException("the server answered the request for TLS with 'H'; is it an HTTP server?");
            default ->
                throw new IOException("the server answered the request for TLS with "
                        + (answer > ' ' && answer < 0x7f ? "'" + answer + "'" : "0x" + Integer.toHexString(answer))
                        + "; is it PostgreSQL?");
        }
    }

    private int handshake() throws IOException {
        if (secured == null || client == null) {
            throw new IllegalStateException("no TLS handshake has begun");
        }
        try {
            return switch (secured.handshake()) {
                case READ -> SelectionKey.OP_READ;
                case WRITE -> SelectionKey.OP_WRITE;
                case DONE -> {
                    client.check(Objects.requireNonNull(secured.tls()));
                    yield 0;
                }
            };
        } catch (EOFException e) {
            if (!tls.direct()) {
                throw e;
            }
            EOFException explained =
                    new EOFException(e.getMessage() + "; sslnegotiation=direct needs PostgreSQL 17 or later");
            explained.initCause(e);
            throw explained;
        }
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
        Transport transport = secured != null ? secured : plain;
        transport.close();
    }
}
