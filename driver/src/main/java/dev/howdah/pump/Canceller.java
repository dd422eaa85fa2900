package dev.howdah.pump;

import dev.howdah.message.BackendKeyData;
import dev.howdah.session.Exchange;
import dev.howdah.session.Session;
import dev.howdah.transport.Dialed;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Sends the cancel requests of one connection. Safe for several threads. */
final class Canceller {

    private static final Logger LOG = System.getLogger(Canceller.class.getName());

    /** How long a cancel request may take, and how long the server may take to obey. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** How long to wait before a cancel request is repeated, at first and at most. */
    static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    static final long LAST_PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final Dialed dialed;
    private final CancelGate gate;
    private final Waits waits;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    /** Another thread has cancelled what runs now; the server does not hear that while it waits for more of it. */
    private volatile boolean cancelled;

    Canceller(Dialed dialed, CancelGate gate, Waits waits) {
        this.dialed = dialed;
        this.gate = gate;
        this.waits = waits.whileCancelling();
    }

    private Cancellation cancellation(BackendKeyData key) {
        return new Cancellation(
                dialed.endpoint(), dialed.plan(), dialed.transport().tls() != null, key, waits);
    }

    /** Notes that an operation begins, which nobody has cancelled. */
    void begin() {
        cancelled = false;
    }

    /** Waits until no cancel request is on its way. */
    void awaitQuiet() {
        if (gate.isCancelling()) {
            waits.aside(() -> {
                gate.awaitQuiet();
                return true;
            });
        }
    }

    /** Returns whether another thread has cancelled the operation that runs. */
    boolean hasCancelled() {
        return cancelled;
    }

    /** Cancels what the call runs; its deadline is now that for the server to obey. */
    void cancelOwn(Exchange<?> exchange, Call call, Call.Reason reason) {
        long deadline = System.nanoTime() + GRACE.toNanos();
        call.cancelling(reason, deadline);
        exchange.giveUp();
        if (exchange.stop()) {
            call.stopped(reason);
        }
        if (waits.isUnattended()) {
            // The server's answer is what whoever waits for this thread will see.
            cancelLater();
        } else {
            sendOwn(deadline);
        }
    }

    /** Cancels it once more: the server had not begun to work on it when it was asked, or does not hear. */
    void cancelOwnAgain(Call call) {
        sendOwn(call.deadline());
        call.asked();
    }

    private void sendOwn(long deadline) {
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

    /** Asks whether a request may be sent now for what runs; if so, it has to be passed on. */
    boolean ask() {
        Session session = dialed.session();
        return asked(session.key() != null && session.isOpen() && gate.beginCancel());
    }

    private boolean asked(boolean may) {
        if (may) {
            begun.incrementAndGet();
        }
        return may;
    }

    /** See {@link BlockingPump#cancel()}. */
    boolean cancel() throws IOException {
        boolean may = ask();
        if (may) {
            pass();
        }
        return may;
    }

    /** Cancels what runs because the connection is going to be closed; whoever has the turn waits until the server has it. */
    void cancelForClose(boolean hasTurn) {
        if (!hasTurn) {
            cancelLater();
            return;
        }
        try {
            cancel();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a cancel request could not be sent", e);
        }
    }

    /** See {@link BlockingPump#cancelLater()}. */
    boolean cancelLater() {
        long operation = gate.operation();
        Patience patience = new Patience(dialed.session());
        BooleanSupplier again =
                () -> asked(dialed.session().key() != null && patience.lasts() && gate.beginCancelOf(operation));
        boolean may = again.getAsBoolean();
        if (may) {
            passRepeatedly(again);
        }
        return may;
    }

    /**
     * How long it is worth while to repeat a request. What was left under way when the session ended does not end here any more,
     * but the server may still be at it.
     */
    private static final class Patience {
        private final Session session;
        private long until = Long.MAX_VALUE;

        Patience(Session session) {
            this.session = session;
        }

        boolean lasts() {
            if (session.isOpen()) {
                return true;
            }
            long now = System.nanoTime();
            if (until == Long.MAX_VALUE) {
                until = now + GRACE.toNanos();
            }
            return now - until < 0;
        }
    }

    /**
     * Passes on a request that has been asked for, and further ones as long as they may be sent, on a thread of its own: one
     * that comes before the server has begun to work on the statement is lost.
     *
     * @param again asks whether a further one may be sent, as {@link #ask()} does
     */
    void passRepeatedly(BooleanSupplier again) {
        Thread.ofVirtual().name("howdah-cancel").start(() -> {
            long pause = FIRST_PAUSE;
            do {
                try {
                    pass();
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "a cancel request could not be delivered", e);
                }
                LockSupport.parkNanos(this, pause);
                pause = Math.min(2 * pause, LAST_PAUSE);
            } while (again.getAsBoolean());
        });
    }

    /** Returns how many requests have been begun. */
    long begun() {
        return begun.get();
    }

    /** Returns how many requests have been passed on, or given up. */
    long ended() {
        return ended.get();
    }

    /** Sends a request for which the gate has been asked. */
    private void pass() throws IOException {
        try {
            BackendKeyData key = dialed.session().key();
            if (key != null) {
                cancellation(key).send(System.nanoTime() + GRACE.toNanos());
                cancelled = true;
            }
        } finally {
            ended.incrementAndGet();
            gate.endCancel();
        }
    }
}
