package dev.howdah.pump;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.message.BackendKeyData;
import dev.howdah.session.Conversation;
import dev.howdah.session.Exchange;
import dev.howdah.session.Session;
import dev.howdah.session.SessionState;
import dev.howdah.transport.Dialed;
import dev.howdah.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs conversations on the thread that asks for them: it writes its own request, reads its own answer, and waits in
 * between. Several threads take turns. While nobody has the turn and somebody listens, the loop watches the connection
 * and gives way to callers.
 *
 * <p>Safe for several threads.
 */
public final class BlockingPump {

    private static final Logger LOG = System.getLogger(BlockingPump.class.getName());

    /** How long a cancel request may take, and how long the server may take to obey. */
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(5);

    /** How many buffers are read before deadlines are looked at. */
    private static final int ROUNDS = 16;

    private final Session session;
    private final Transport transport;
    private final Waiting waiting;
    private final Dialed dialed;
    private final PumpListener listener;
    private final Turn turn = new Turn();
    private final CancelGate gate = new CancelGate();
    /** Somebody called close: whoever has the turn says goodbye when he gives it back. */
    private volatile boolean closing;
    /** The grace of a close has passed: whoever has the turn drops his operation. */
    private volatile boolean cut;

    /** Another thread has cancelled what runs now; the server does not hear that while it waits for more of it. */
    private volatile boolean cancelled;

    private volatile boolean watching;
    private boolean lossReported;

    /** Takes over a connection whose server is ready. */
    public BlockingPump(Dialed dialed, PumpListener listener) {
        this.session = dialed.session();
        this.transport = dialed.transport();
        this.dialed = dialed;
        this.listener = listener;
        this.waiting = new Waiting(transport.channel());
    }

    /** Returns the session that this pump moves the bytes of; to be looked at only. */
    public Session session() {
        return session;
    }

    /** Returns the transport below. */
    public Transport transport() {
        return transport;
    }

    /**
     * Runs a conversation to its end.
     *
     * @throws PgException why it failed
     * @throws QueryTimeoutException if the time was up; the statement was cancelled, the connection stays usable unless
     *     the server did not obey
     * @throws InterruptedWaitException likewise, if the thread was interrupted; its flag is set again
     */
    public <R> R run(Conversation<R> conversation, CallLimits limits) {
        Call call = new Call(limits);
        try {
            acquire(call, limits);
            try {
                gate.open(call);
                cancelled = false;
                try {
                    return converse(conversation, call);
                } finally {
                    gate.close();
                }
            } finally {
                release();
            }
        } finally {
            call.restoreInterrupt();
        }
    }

    private <R> R converse(Conversation<R> conversation, Call call) {
        for (Exchange<?> exchange = conversation.next(); exchange != null; exchange = conversation.next()) {
            converse(conversation, exchange, call);
        }
        return conversation.result();
    }

    /** Runs one exchange to its end; see {@link #run(Conversation, CallLimits)}. */
    public <R> R run(Exchange<R> exchange, CallLimits limits) {
        return run(Conversation.of(exchange), limits);
    }

    /** Makes a lease valid, when the turn comes. */
    public void lease(Lease lease, CallLimits limits) {
        inTurn(limits, () -> turn.lease(lease));
    }

    /** Makes a lease valid when the turn comes, unless the thread has one already; returns whether it did. */
    public boolean leaseUnlessMine(Lease lease, CallLimits limits) {
        boolean[] granted = {false};
        inTurn(limits, () -> {
            if (!turn.isLeased()) {
                turn.lease(lease);
                granted[0] = true;
            }
        });
        return granted[0];
    }

    /** Returns the lease of the transaction that the current thread works for, or null. */
    public @Nullable Lease leaseOfCurrentThread() {
        return turn.leaseOfCurrentThread();
    }

    /** Returns whether a lease has not ended. */
    public boolean isValid(Lease lease) {
        return turn.isValid(lease);
    }

    /** Runs something short while nobody else uses the connection. */
    public void inTurn(Runnable action) {
        inTurn(CallLimits.CLEANUP, action);
    }

    /** Returns whether an operation is under way. */
    public boolean isBusy() {
        return gate.isRunning();
    }

    /** Ends a lease. */
    public void endLease(Lease lease) {
        inTurn(CallLimits.CLEANUP.under(lease), () -> turn.endLease(lease));
    }

    /** Puts one lease in the place of another. */
    public void exchangeLease(Lease ended, Lease begun) {
        inTurn(CallLimits.CLEANUP.under(ended), () -> {
            turn.endLease(ended);
            turn.lease(begun);
        });
    }

    /**
     * Runs something while nobody else uses the connection, whoever has leased it: the lease ends. An interrupt is kept
     * for later while waiting for the turn.
     *
     * @param action gets what the lease was for, or null if there was none
     */
    public void takeOver(CallLimits limits, Consumer<Lease.@Nullable Kind> action) {
        requireIdle();
        Call call = new Call(limits);
        try {
            if (!turn.acquireIgnoringLease(call.deadline())) {
                throw call.timedOut(Delivery.NOT_SENT, null);
            }
            try {
                Lease.Kind broken = turn.leasedFor();
                turn.endAnyLease();
                action.accept(broken);
            } finally {
                release();
            }
        } finally {
            call.restoreInterrupt();
        }
    }

    /** Runs something short while nobody else uses the connection; operations of this connection may be part of it. */
    public void inTurn(CallLimits limits, Runnable action) {
        Call call = new Call(limits);
        try {
            acquire(call, limits);
            try {
                action.run();
            } finally {
                release();
            }
        } finally {
            call.restoreInterrupt();
        }
    }

    private void requireIdle() {
        if (turn.isMine() && !session.isIdle()) {
            throw new IllegalStateException("this connection is in the middle of an operation that calls this code;"
                    + " use another connection here");
        }
    }

    private void acquire(Call call, CallLimits limits) {
        requireIdle();
        while (true) {
            switch (turn.acquire(limits.lease(), call.deadline())) {
                case MINE -> {
                    return;
                }
                case TIMEOUT -> throw call.timedOut(Delivery.NOT_SENT, null);
                case INTERRUPTED -> {
                    call.interrupted();
                    if (call.cancelsOnInterrupt()) {
                        throw new InterruptedWaitException(Delivery.NOT_SENT, null);
                    }
                }
            }
        }
    }

    private void release() {
        boolean outermost = turn.isHeldOnce();
        if (outermost && closing) {
            sayGoodbye();
        }
        turn.release();
        if (outermost && watching && !waiting.isWatched()) {
            arm();
        }
    }

    private void converse(Conversation<?> conversation, Exchange<?> exchange, Call call) {
        Throwable thrownByCaller = null;
        session.submit(exchange);
        try {
            while (!exchange.isDone()) {
                boolean sent = send();
                if (exchange.isFull() || exchange.suspended() && sent) {
                    try {
                        conversation.feed();
                    } catch (RuntimeException | Error e) {
                        thrownByCaller = e;
                    }
                    receiveNow();
                    heed(exchange, call);
                } else if (!exchange.isDone()) {
                    await(exchange, sent, call);
                }
            }
        } catch (IOException e) {
            broken(e);
        } catch (ProtocolException e) {
            ended();
            throw e;
        } catch (RuntimeException | Error e) {
            // Bytes are half sent or half read: nobody could use this connection.
            session.endOfStream(e);
            ended();
            throw e;
        }
        if (!session.isOpen()) {
            ended();
        }
        if (thrownByCaller instanceof Error error) {
            throw error;
        } else if (thrownByCaller instanceof RuntimeException exception) {
            throw exception;
        }
        if (!exchange.isOptional()) {
            call.check(exchange.failure());
        }
    }

    /** Looks at the limits of a call that feeds its exchange, and so may never have to wait for the server. */
    private void heed(Exchange<?> exchange, Call call) {
        if (exchange.isDone()) {
            return;
        }
        if (cut) {
            session.terminate();
        } else if (call.isDue() && !call.isCancelling()) {
            cancelOwn(exchange, call, Call.Reason.TIMEOUT);
        } else if (Thread.interrupted()) {
            call.interrupted();
            if (call.cancelsOnInterrupt()) {
                cancelOwn(exchange, call, Call.Reason.INTERRUPT);
            }
        } else if (cancelled && !call.isCancelling() && exchange.stop()) {
            call.stopped(Call.Reason.REQUEST);
        }
    }

    /** Sends what waits to be sent; returns whether nothing is left. */
    private boolean send() throws IOException {
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

    private void await(Exchange<?> exchange, boolean sent, Call call) throws IOException {
        if (cut) {
            session.terminate();
            return;
        }
        if (transport.hasBuffered() && !call.isDue()) {
            receiveNow();
            return;
        }
        int operations = sent ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        switch (waiting.await(operations, call.deadline())) {
            case READY -> receiveNow();
            case INTERRUPTED -> {
                call.interrupted();
                if (call.cancelsOnInterrupt()) {
                    cancelOwn(exchange, call, Call.Reason.INTERRUPT);
                }
            }
            case TIMEOUT -> {
                if (call.isCancelling()) {
                    session.endOfStream(new IOException("the server did not obey a cancel request"));
                } else {
                    cancelOwn(exchange, call, Call.Reason.TIMEOUT);
                }
            }
        }
    }

    /** Reads what is there, but not so much that a deadline or a close has to wait for a server that never pauses. */
    private void receiveNow() throws IOException {
        receive(ROUNDS);
    }

    /** Reads all that is there, for who does not come back for the rest. */
    private void receiveAll() throws IOException {
        receive(Integer.MAX_VALUE);
    }

    private void receive(int rounds) throws IOException {
        for (int round = 0; round < rounds; round++) {
            ByteBuffer space = session.inbound();
            int room = space.remaining();
            int count = transport.read(space);
            if (count < 0) {
                session.endOfStream(null);
                return;
            }
            if (count > 0) {
                session.received(count);
            }
            if (count < room || session.isFull()) {
                return;
            }
        }
    }

    /** The peer does not take bytes any more: what it said before it went is worth more than our error. */
    private void hearLastWords() {
        try {
            receiveAll();
        } catch (IOException e) {
            LOG.log(Level.TRACE, "nothing more could be read from a broken connection", e);
        }
    }

    private void broken(IOException cause) {
        session.endOfStream(cause);
        ended();
    }

    /** Closes what is left of a connection that has ended, and tells the listener once. */
    private void ended() {
        turn.endAnyLease();
        transport.close();
        waiting.close();
        if (!lossReported && session.state() instanceof SessionState.Lost lost) {
            lossReported = true;
            listener.lost(lost.cause());
        }
    }

    private Cancellation cancellation(BackendKeyData key) {
        return new Cancellation(dialed.endpoint(), dialed.plan(), transport.tls() != null, key);
    }

    private void cancelOwn(Exchange<?> exchange, Call call, Call.Reason reason) {
        long deadline = System.nanoTime() + CANCEL_GRACE.toNanos();
        call.cancelling(reason, deadline);
        if (exchange.stop()) {
            call.stopped(reason);
        }
        BackendKeyData key = session.key();
        if (key == null) {
            return;
        }
        try {
            cancellation(key).send(deadline);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a cancel request could not be sent", e);
        }
    }

    /**
     * Cancels what runs now, if anything does. What is run afterwards is never hit.
     *
     * @return false if nothing was running
     * @throws IOException if the request could not be sent
     */
    public boolean cancel() throws IOException {
        BackendKeyData key = session.key();
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

    /** Watches the connection while nobody uses it, so that what the server says unasked is heard at once. */
    public void watch(boolean on) {
        watching = on;
        if (on && turn.tryAcquire()) {
            release();
        }
    }

    private void arm() {
        try {
            waiting.watch(this::readable);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "an idle connection cannot be watched any more", e);
        }
    }

    /** Runs on the loop: hears what came unasked, unless a caller is at it. */
    private void readable() {
        if (!turn.tryAcquire()) {
            return;
        }
        try {
            if (session.isOpen()) {
                receiveAll();
            }
        } catch (IOException e) {
            session.endOfStream(e);
        } catch (ProtocolException e) {
            LOG.log(Level.DEBUG, "the server broke the protocol while idle", e);
        } finally {
            if (!session.isOpen()) {
                watching = false;
                ended();
            }
            release();
        }
    }

    /**
     * Closes the connection. If an operation is under way it is cancelled; if that does not end it within {@code grace},
     * the connection is cut, and the operation ends with a {@link ConnectionClosedException}. Does nothing if it is
     * closed already.
     */
    public void close(Duration grace) {
        if (turn.isMine()) {
            closing = true;
            return;
        }
        Call call = new Call(new CallLimits(grace, Interrupts.DEFER, null));
        try {
            if (!turn.tryAcquire()) {
                cancelForClose();
                closing = true;
                if (!turn.acquireIgnoringLease(call.deadline())) {
                    cut = true;
                    waiting.wakeup();
                    return;
                }
            }
            closing = true;
            release();
        } finally {
            call.restoreInterrupt();
        }
    }

    private void cancelForClose() {
        try {
            cancel();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a cancel request could not be sent", e);
        }
    }

    /** Ends the session, politely if that does not block, and frees what it used; the caller has the turn. */
    private void sayGoodbye() {
        boolean wasOpen = session.isOpen();
        session.terminate();
        try {
            if (wasOpen) {
                send();
            }
        } catch (IOException e) {
            LOG.log(Level.TRACE, "the server had gone before the goodbye", e);
        }
        turn.endAnyLease();
        transport.close();
        waiting.close();
    }
}
