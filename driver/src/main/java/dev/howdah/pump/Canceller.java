package dev.howdah.pump;

import dev.howdah.message.BackendKeyData;
import dev.howdah.session.Exchange;
import dev.howdah.transport.Dialed;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Sends the cancel requests of one connection. Safe for several threads. */
final class Canceller {

    private static final Logger LOG = System.getLogger(Canceller.class.getName());

    /** How long a cancel request may take, and how long the server may take to obey. */
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(5);

    private final Dialed dialed;
    private final CancelGate gate;
    /** Another thread has cancelled what runs now; the server does not hear that while it waits for more of it. */
    private volatile boolean cancelled;

    Canceller(Dialed dialed, CancelGate gate) {
        this.dialed = dialed;
        this.gate = gate;
    }

    private Cancellation cancellation(BackendKeyData key) {
        return new Cancellation(
                dialed.endpoint(), dialed.plan(), dialed.transport().tls() != null, key);
    }

    /** Notes that an operation begins, which nobody has cancelled. */
    void begin() {
        cancelled = false;
    }

    /** Returns whether another thread has cancelled the operation that runs. */
    boolean hasCancelled() {
        return cancelled;
    }

    /** Cancels what the call runs; its deadline is now that for the server to obey. */
    void cancelOwn(Exchange<?> exchange, Call call, Call.Reason reason) {
        long deadline = System.nanoTime() + CANCEL_GRACE.toNanos();
        call.cancelling(reason, deadline);
        exchange.giveUp();
        if (exchange.stop()) {
            call.stopped(reason);
        }
        BackendKeyData key = dialed.session().key();
        if (key == null) {
            return;
        }
        try {
            cancellation(key).send(deadline);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a cancel request could not be sent", e);
        }
    }

    /** See {@link BlockingPump#cancel()}. */
    boolean cancel() throws IOException {
        BackendKeyData key = dialed.session().key();
        if (key == null || !gate.beginCancel()) {
            return false;
        }
        try {
            cancellation(key).send(System.nanoTime() + CANCEL_GRACE.toNanos());
            cancelled = true;
            return true;
        } finally {
            gate.endCancel();
        }
    }
}
