package dev.howdah.pump;

import dev.howdah.message.BackendKeyData;
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

    Canceller(Dialed dialed, CancelGate gate) {
        this.dialed = dialed;
        this.gate = gate;
    }

    private Cancellation cancellation(BackendKeyData key) {
        return new Cancellation(
                dialed.endpoint(), dialed.plan(), dialed.transport().tls() != null, key);
    }

    /** Cancels what the call runs; its deadline is now that for the server to obey. */
    void cancelOwn(Call call, Call.Reason reason) {
        long deadline = System.nanoTime() + CANCEL_GRACE.toNanos();
        call.cancelling(reason, deadline);
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
            return true;
        } finally {
            gate.endCancel();
        }
    }
}
