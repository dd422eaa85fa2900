package dev.howdah.pump;

import dev.howdah.error.ProtocolException;
import dev.howdah.session.Session;
import dev.howdah.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;

/** Moves the bytes between a session and its transport, without waiting. Used only by who has the turn. */
final class Traffic {

    private static final Logger LOG = System.getLogger(Traffic.class.getName());

    /** How many buffers are read before deadlines are looked at. */
    private static final int ROUNDS = 16;

    private final Session session;
    private final Transport transport;
    private final Runnable heard;

    /**
     * Makes one.
     *
     * @param heard is run after each read, whatever became of it
     */
    Traffic(Session session, Transport transport, Runnable heard) {
        this.session = session;
        this.transport = transport;
        this.heard = heard;
    }

    /** Sends what waits to be sent; returns whether nothing is left. */
    boolean send() throws IOException {
        while (session.transmit()) {
            ByteBuffer bytes = session.outbound();
            int count;
            try {
                count = transport.write(bytes);
            } catch (IOException e) {
                hearLastWords();
                throw e;
            }
            session.sent(count);
            if (bytes.hasRemaining()) {
                return false;
            }
        }
        return transport.flush();
    }

    /**
     * Reads what is there while nobody waits for it, and sends what a stream has to say by itself; returns how many bytes came.
     *
     * @param once whether only what one buffer takes
     */
    long hear(boolean once) throws IOException {
        long count = session.isFull() ? 0 : receive(once ? 1 : ROUNDS);
        if (session.isOpen() && session.speaksWhilePaused()) {
            send();
        }
        return count;
    }

    /**
     * Reads what is there, but not so much that a deadline or a close has to wait for a server that never pauses.
     *
     * @return how many bytes came
     * @throws ProtocolException if the server broke the protocol; the session is lost then
     */
    long receive() throws IOException {
        return receive(ROUNDS);
    }

    private long receive(int rounds) throws IOException {
        try {
            return read(rounds);
        } finally {
            heard.run();
        }
    }

    private long read(int rounds) throws IOException {
        long total = 0;
        for (int round = 0; round < rounds; round++) {
            ByteBuffer space = session.inbound();
            int room = space.remaining();
            int count = transport.read(space);
            if (count < 0) {
                session.endOfStream(null);
                return total;
            }
            if (count > 0) {
                session.received(count);
            }
            total += count;
            if (count < room || session.isFull()) {
                break;
            }
        }
        return total;
    }

    /** The peer does not take bytes any more: what it said before it went is worth more than our error. */
    private void hearLastWords() {
        try {
            receive(Integer.MAX_VALUE);
        } catch (IOException e) {
            LOG.log(Level.TRACE, "nothing more could be read from a broken connection", e);
        }
    }
}
