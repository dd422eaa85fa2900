package dev.howdah.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A stream of bytes to a server and back that never blocks. One thread at a time may use it, except {@link #close()},
 * which any thread may call.
 */
public interface Transport {

    /** Returns the channel to wait for. */
    SocketChannel channel();

    /**
     * Reads what is there.
     *
     * @return how many bytes were read, 0 if none are there now, -1 if the peer has ended the stream
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Takes bytes to send.
     *
     * @return how many were taken; what was taken may still have to be {@linkplain #flush() flushed}
     */
    int write(ByteBuffer source) throws IOException;

    /**
     * Sends what has been taken and not sent.
     *
     * @return true if nothing is left
     */
    boolean flush() throws IOException;

    /** Returns whether {@link #read} can give bytes although the channel has none. */
    boolean hasBuffered();

    /** Returns what TLS agreed on, or null without TLS. */
    @Nullable
    TlsInfo tls();

    /** Closes the channel. Never throws: whoever closes has no use for an error. */
    void close();
}
