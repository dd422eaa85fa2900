package dev.howdah.pump;

import dev.howdah.message.BackendKeyData;
import dev.howdah.message.CancelRequest;
import dev.howdah.transport.Attempt;
import dev.howdah.transport.DialPlan;
import dev.howdah.transport.Endpoint;
import dev.howdah.transport.Transport;
import dev.howdah.wire.WireWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * Asks a server to cancel what a session runs, over a connection of its own to the same address and by the same means,
 * TLS included. It returns when the server has closed that connection, that is after it has passed the request on: what
 * is sent to the session afterwards is not hit.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS">Canceling
 *     requests in progress</a>
 */
final class Cancellation {

    private final Endpoint endpoint;
    private final DialPlan plan;
    private final boolean secured;
    private final BackendKeyData key;
    private final Waits waits;

    Cancellation(Endpoint endpoint, DialPlan plan, boolean secured, BackendKeyData key, Waits waits) {
        this.endpoint = endpoint;
        this.plan = plan;
        this.secured = secured;
        this.key = key;
        this.waits = waits;
    }

    /**
     * Sends the request and waits for the end of the connection. An interrupt of the calling thread is deferred.
     *
     * @param deadline until when, as {@link System#nanoTime()}
     * @throws IOException if the server could not be reached in time
     */
    void send(long deadline) throws IOException {
        Attempt attempt = new Attempt(endpoint, plan.tls(), plan.sockets(), secured);
        Waiting waiting = new Waiting(attempt.channel(), waits);
        boolean interrupted = false;
        try {
            for (int wanted = attempt.step(); wanted != 0; wanted = attempt.step()) {
                interrupted |= await(waiting, wanted, deadline);
            }
            Transport transport = attempt.transport();
            if (secured && transport.tls() == null) {
                throw new IOException("the server does not offer TLS for a cancel request");
            }
            WireWriter writer = new WireWriter(64);
            CancelRequest.of(key).write(writer);
            ByteBuffer request = ByteBuffer.wrap(writer.array(), 0, writer.position());
            while (request.hasRemaining() || !transport.flush()) {
                if (transport.write(request) == 0 && request.hasRemaining()) {
                    interrupted |= await(waiting, SelectionKey.OP_WRITE, deadline);
                }
            }
            ByteBuffer nothing = ByteBuffer.allocate(64);
            while (transport.read(nothing) >= 0) {
                nothing.clear();
                interrupted |= await(waiting, SelectionKey.OP_READ, deadline);
            }
        } finally {
            waiting.close();
            attempt.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits; returns whether the thread was interrupted meanwhile. */
    private static boolean await(Waiting waiting, int operations, long deadline) throws IOException {
        return switch (waiting.await(operations, deadline)) {
            case READY -> false;
            case INTERRUPTED -> true;
            case TIMEOUT -> throw new IOException("the server did not take a cancel request in time");
        };
    }
}
