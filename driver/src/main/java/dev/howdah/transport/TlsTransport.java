package dev.howdah.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS over another transport, by an {@link SSLEngine}. The handshake is driven by {@link #handshake()}, which never
 * blocks; afterwards reading and writing look like those of any transport.
 */
public final class TlsTransport implements Transport {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport below;
    private final SSLEngine engine;
    /** Encrypted bytes received and not unwrapped, ready to be filled. */
    private ByteBuffer netIn;
    /** Encrypted bytes not yet sent, ready to be drained. */
    private ByteBuffer netOut;
    /** Decrypted bytes not yet taken, ready to be drained. */
    private ByteBuffer appIn;

    private @Nullable TlsInfo info;
    private boolean peerEnded;
    /** Whether the last read stopped for want of space rather than of bytes. */
    private boolean mayHaveMore;

    /** Makes a TLS client; the handshake has not begun. */
    public TlsTransport(Transport below, SSLEngine engine) throws SSLException {
        this.below = below;
        this.engine = engine;
        int packet = engine.getSession().getPacketBufferSize();
        this.netIn = ByteBuffer.allocate(packet * 2);
        this.netOut = ByteBuffer.allocate(packet).flip();
        this.appIn = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize())
                .flip();
        engine.beginHandshake();
    }

    /** What a handshake needs to go on. */
    public enum Step {
        /** The channel must become readable. */
        READ,
        /** The channel must become writable. */
        WRITE,
        /** Nothing: it is done. */
        DONE
    }

    /**
     * Goes on with the handshake as far as it can without waiting.
     *
     * @throws SSLException if the peer or its certificate is not accepted
     */
    public Step handshake() throws IOException {
        while (true) {
            if (!flush()) {
                return Step.WRITE;
            }
            HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrap(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrap(status == HandshakeStatus.NEED_UNWRAP_AGAIN)) {
                        return Step.READ;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    info = TlsCertificates.info(engine.getSession());
                    return Step.DONE;
                }
            }
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Unwraps one record into appIn; returns false if more bytes of the channel are needed. */
    private boolean unwrap(boolean buffered) throws IOException {
        appIn.compact();
        try {
            while (true) {
                netIn.flip();
                SSLEngineResult result = engine.unwrap(netIn, appIn);
                netIn.compact();
                switch (result.getStatus()) {
                    case OK -> {
                        return true;
                    }
                    case CLOSED -> {
                        peerEnded = true;
                        return true;
                    }
                    case BUFFER_OVERFLOW ->
                        appIn = larger(appIn, engine.getSession().getApplicationBufferSize());
                    case BUFFER_UNDERFLOW -> {
                        if (buffered || !fill()) {
                            return false;
                        }
                    }
                }
            }
        } finally {
            appIn.flip();
        }
    }

    /** Reads encrypted bytes; returns false if there are none now. */
    private boolean fill() throws IOException {
        if (!netIn.hasRemaining()) {
            netIn = larger(netIn, engine.getSession().getPacketBufferSize());
        }
        int count = below.read(netIn);
        if (count < 0) {
            if (netIn.position() > 0 || engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
                throw new EOFException("the server ended the connection in the middle of TLS");
            }
            peerEnded = true;
            return false;
        }
        return count > 0;
    }

    private static ByteBuffer larger(ByteBuffer filling, int atLeast) {
        ByteBuffer bigger = ByteBuffer.allocate(Math.max(filling.capacity() * 2, filling.position() + atLeast));
        return bigger.put(filling.flip());
    }

    private int wrap(ByteBuffer source) throws IOException {
        netOut.clear();
        try {
            while (true) {
                SSLEngineResult result = engine.wrap(source, netOut);
                switch (result.getStatus()) {
                    case OK -> {
                        return result.bytesConsumed();
                    }
                    case CLOSED -> throw new EOFException("the TLS connection is closed");
                    case BUFFER_OVERFLOW ->
                        netOut = larger(netOut, engine.getSession().getPacketBufferSize());
                    case BUFFER_UNDERFLOW -> throw new IllegalStateException("TLS wants more bytes to wrap");
                }
            }
        } finally {
            netOut.flip();
        }
    }

    @Override
    public SocketChannel channel() {
        return below.channel();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int total = 0;
        mayHaveMore = false;
        while (target.hasRemaining()) {
            if (appIn.hasRemaining()) {
                int count = Math.min(target.remaining(), appIn.remaining());
                target.put(target.position(), appIn, appIn.position(), count).position(target.position() + count);
                appIn.position(appIn.position() + count);
                total += count;
            } else if (peerEnded) {
                return total > 0 ? total : -1;
            } else if (!unwrap(false)) {
                return total > 0 || !peerEnded ? total : -1;
            } else {
                afterUnwrap();
            }
        }
        mayHaveMore = true;
        return total;
    }

    /** After the handshake a record may still ask for work: a new key, a session ticket. */
    private void afterUnwrap() throws IOException {
        HandshakeStatus status = engine.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks();
            status = engine.getHandshakeStatus();
        }
        if (status == HandshakeStatus.NEED_WRAP && !netOut.hasRemaining() && !peerEnded) {
            wrap(NOTHING);
            flush();
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int total = 0;
        while (source.hasRemaining() && flush()) {
            total += wrap(source);
        }
        flush();
        return total;
    }

    @Override
    public boolean flush() throws IOException {
        while (netOut.hasRemaining()) {
            if (below.write(netOut) == 0) {
                return false;
            }
        }
        return below.flush();
    }

    @Override
    public boolean hasBuffered() {
        return appIn.hasRemaining() || mayHaveMore || below.hasBuffered();
    }

    @Override
    public @Nullable TlsInfo tls() {
        return info;
    }

    @Override
    public void close() {
        below.close();
    }
}
