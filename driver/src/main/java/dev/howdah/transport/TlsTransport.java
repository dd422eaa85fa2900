package dev.howdah.transport;

import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS over another transport, by an {@link SSLEngine}. The handshake is driven by {@link #handshake()}, which never
 * blocks; afterwards reading and writing look like those of any transport.
 *
 * <p>A peer that ends the stream between two records without saying so (close_notify) has just ended it: the messages
 * inside tell whether something is missing.
 */
public final class TlsTransport implements Transport {

    private static final Logger LOG = System.getLogger(TlsTransport.class.getName());
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /** How many of the longest records fit into a buffer for encrypted bytes: fewer system calls for big data. */
    private static final int RECORDS = 4;

    /** How much a server may say before the handshake is done, in bytes; a long chain of certificates has 20,000. */
    private static final int MAX_HANDSHAKE = 1024 * 1024;

    private final Transport below;
    private final SSLEngine engine;
    /** The longest record, in bytes. */
    private int record;
    /** Held while something is wrapped or sent, so that {@link #close()} does not write into it; never waited for there. */
    private final ReentrantLock sending = new ReentrantLock();
    /** Encrypted bytes received and not unwrapped, ready to be drained. */
    private ByteBuffer netIn;
    /** Encrypted bytes not yet sent, ready to be drained. */
    private ByteBuffer netOut;
    /** Decrypted bytes of a record that the reader had no space for, ready to be drained. */
    private ByteBuffer appIn = NOTHING.duplicate();

    private @Nullable TlsInfo info;
    private int handshakeBytes;
    private boolean peerEnded;
    private boolean closed;
    /** Whether the last read stopped for want of space rather than of bytes. */
    private boolean mayHaveMore;
    /** What went wrong after bytes that had to be given first. */
    private @Nullable IOException failure;

    /** Makes a TLS client; the handshake has not begun. */
    public TlsTransport(Transport below, SSLEngine engine) throws SSLException {
        this.below = below;
        this.engine = engine;
        this.record = engine.getSession().getPacketBufferSize();
        this.netIn = ByteBuffer.allocate(record * RECORDS).flip();
        this.netOut = ByteBuffer.allocate(record * RECORDS).flip();
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

    /** How an attempt to unwrap a record ended. */
    private enum Unwrapped {
        /** One was unwrapped, maybe with nothing for us in it. */
        RECORD,
        /** There is no whole record. */
        NO_RECORD,
        /** There is one, and it does not fit. */
        NO_SPACE
    }

    /**
     * Goes on with the handshake as far as it can without waiting. When it fails the server is told why, as far as that is
     * possible without waiting.
     *
     * @throws SSLException if the peer or its certificate is not accepted
     */
    public Step handshake() throws IOException {
        try {
            return tryHandshake();
        } catch (SSLException e) {
            sayLast();
            throw e;
        }
    }

    private Step tryHandshake() throws IOException {
        while (true) {
            if (!flush()) {
                return Step.WRITE;
            }
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> answer();
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (unwrapAside() == Unwrapped.NO_RECORD && !fill()) {
                        return Step.READ;
                    }
                    if (peerEnded) {
                        throw new EOFException("the server ended the connection during the TLS handshake");
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    info = TlsCertificates.info(engine);
                    record = Math.max(record, engine.getSession().getPacketBufferSize());
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

    /** Unwraps one record into a buffer of the reader's. */
    private Unwrapped unwrap(ByteBuffer target) throws IOException {
        if (!netIn.hasRemaining()) {
            return Unwrapped.NO_RECORD;
        }
        SSLEngineResult result = engine.unwrap(netIn, target);
        return switch (result.getStatus()) {
            case OK -> Unwrapped.RECORD;
            case CLOSED -> {
                peerEnded = true;
                yield Unwrapped.RECORD;
            }
            case BUFFER_OVERFLOW -> Unwrapped.NO_SPACE;
            case BUFFER_UNDERFLOW -> Unwrapped.NO_RECORD;
        };
    }

    /** Unwraps one record into our own buffer, which is empty before and big enough. */
    private Unwrapped unwrapAside() throws IOException {
        int enough = engine.getSession().getApplicationBufferSize();
        if (appIn.capacity() < enough) {
            appIn = ByteBuffer.allocate(enough);
        }
        appIn.clear();
        try {
            Unwrapped result = unwrap(appIn);
            if (result == Unwrapped.NO_SPACE) {
                throw new SSLException("a TLS record is longer than it may be");
            }
            return result;
        } finally {
            appIn.flip();
        }
    }

    /** Reads encrypted bytes; returns false if there are none now. */
    private boolean fill() throws IOException {
        netIn.compact();
        int count;
        try {
            if (!netIn.hasRemaining()) {
                throw new SSLException("a TLS record is longer than it may be");
            }
            count = below.read(netIn);
        } finally {
            netIn.flip();
        }
        if (count < 0) {
            if (netIn.hasRemaining()) {
                throw new EOFException("the server ended the connection in the middle of a TLS record");
            }
            peerEnded = true;
            return true;
        }
        if (info == null) {
            handshakeBytes += count;
            if (handshakeBytes > MAX_HANDSHAKE) {
                throw new SSLException("the server said more than " + MAX_HANDSHAKE + " bytes before TLS had begun");
            }
        }
        return count > 0;
    }

    /** Wraps what the engine itself has to say. */
    private void answer() throws IOException {
        sending.lock();
        try {
            netOut.compact();
            try {
                wrap(NOTHING);
            } finally {
                netOut.flip();
            }
        } finally {
            sending.unlock();
        }
    }

    /** Wraps one record after those in netOut, which is being filled; returns how many bytes were taken. */
    private int wrap(ByteBuffer source) throws IOException {
        SSLEngineResult result = engine.wrap(source, netOut);
        return switch (result.getStatus()) {
            case OK -> result.bytesConsumed();
            case CLOSED -> {
                if (result.bytesProduced() == 0 && source.hasRemaining()) {
                    throw new EOFException("the TLS connection is closed");
                }
                yield result.bytesConsumed();
            }
            case BUFFER_OVERFLOW -> throw new SSLException("TLS has more to say than fits");
            case BUFFER_UNDERFLOW -> throw new IllegalStateException("TLS wants more bytes to wrap");
        };
    }

    @Override
    public SocketChannel channel() {
        return below.channel();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        mayHaveMore = false;
        if (failure != null) {
            IOException thrown = failure;
            failure = null;
            throw thrown;
        }
        int before = target.position();
        try {
            decrypt(target);
        } catch (IOException e) {
            if (target.position() == before) {
                throw e;
            }
            failure = e;
            mayHaveMore = true;
        }
        int count = target.position() - before;
        return count == 0 && peerEnded && !appIn.hasRemaining() ? -1 : count;
    }

    /** Puts what is there into the buffer. Once there is something the channel is not asked for more. */
    private void decrypt(ByteBuffer target) throws IOException {
        int before = target.position();
        while (target.hasRemaining()) {
            if (appIn.hasRemaining()) {
                int count = Math.min(target.remaining(), appIn.remaining());
                target.put(target.position(), appIn, appIn.position(), count).position(target.position() + count);
                appIn.position(appIn.position() + count);
                continue;
            }
            if (peerEnded) {
                return;
            }
            // An engine says NO_SPACE also for a record that is not whole yet.
            Unwrapped result = unwrap(target);
            if (result == Unwrapped.NO_SPACE) {
                result = unwrapAside();
            }
            if (result == Unwrapped.RECORD) {
                afterUnwrap();
            } else if (target.position() != before || !fill()) {
                return;
            }
        }
        mayHaveMore = true;
    }

    /** After the handshake a record may still ask for work: a new key, a session ticket. */
    private void afterUnwrap() throws IOException {
        HandshakeStatus status = engine.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks();
            status = engine.getHandshakeStatus();
        }
        if (status == HandshakeStatus.NEED_WRAP && !peerEnded && netOut.capacity() - netOut.remaining() >= record) {
            answer();
            flush();
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int total = 0;
        sending.lock();
        try {
            while (source.hasRemaining() && flush()) {
                netOut.clear();
                try {
                    do {
                        total += wrap(source);
                    } while (source.hasRemaining() && netOut.remaining() >= record);
                } finally {
                    netOut.flip();
                }
            }
            flush();
        } finally {
            sending.unlock();
        }
        return total;
    }

    @Override
    public boolean flush() throws IOException {
        sending.lock();
        try {
            while (netOut.hasRemaining()) {
                if (below.write(netOut) == 0) {
                    return false;
                }
            }
            return below.flush();
        } finally {
            sending.unlock();
        }
    }

    @Override
    public boolean hasBuffered() {
        return appIn.hasRemaining() || mayHaveMore || below.hasBuffered();
    }

    @Override
    public @Nullable TlsInfo tls() {
        return info;
    }

    /** Says what the engine has to say at the end, an alert or close_notify, if that needs no waiting. */
    private void sayLast() {
        try {
            if (netOut.capacity() - netOut.remaining() >= record) {
                answer();
                flush();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the end of TLS could not be told to the server", e);
        }
    }

    /** Closes; the server is told (close_notify) unless that would need waiting. */
    @Override
    public void close() {
        if (sending.tryLock()) {
            try {
                if (!closed) {
                    closed = true;
                    engine.closeOutbound();
                    sayLast();
                }
            } finally {
                sending.unlock();
            }
        }
        below.close();
    }
}
