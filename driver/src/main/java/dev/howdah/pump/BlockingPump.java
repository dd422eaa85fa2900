package dev.howdah.pump;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.session.Conversation;
import dev.howdah.session.Exchange;
import dev.howdah.session.Session;
import dev.howdah.session.SessionState;
import dev.howdah.transport.Dialed;
import dev.howdah.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectionKey;
import java.time.Duration;

/**
 * Runs conversations on the thread that asks for them: it writes its own request, reads its own answer, and waits in
 * between. Several threads take turns. While nobody has the turn and somebody listens, the loop watches the connection
 * and gives way to callers.
 *
 * <p>Safe for several threads.
 */
public final class BlockingPump {

    private static final Logger LOG = System.getLogger(BlockingPump.class.getName());

    private final Session session;
    private final Transport transport;
    private final Waiting waiting;
    private final PumpListener listener;
    private final Turn turn = new Turn();
    private final Leases leases = new Leases(this, turn);
    private final CancelGate gate = new CancelGate();
    private final Traffic traffic;
    private final Canceller canceller;
    /** Somebody called close: whoever has the turn says goodbye when he gives it back. */
    private volatile boolean closing;
    /** The grace of a close has passed: whoever has the turn drops his operation. */
    private volatile boolean cut;

    private boolean lossReported;

    /** Takes over a connection whose server is ready. */
    public BlockingPump(Dialed dialed, PumpListener listener) {
        this.session = dialed.session();
        this.transport = dialed.transport();
        this.listener = listener;
        this.waiting = new Waiting(transport.channel());
        this.traffic = new Traffic(session, transport, listener::heard);
        this.canceller = new Canceller(dialed, gate);
    }

    /** Returns the session that this pump moves the bytes of; to be looked at only. */
    public Session session() {
        return session;
    }

    /** Returns who has the connection for several operations. */
    public Leases leases() {
        return leases;
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
                gate.open(call, session.isIdle());
                canceller.begin();
                try {
                    return converse(conversation, call);
                } finally {
                    gate.close(session.isIdle());
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

    /** Runs something short while nobody else uses the connection. */
    public void inTurn(Runnable action) {
        inTurn(CallLimits.CLEANUP, action);
    }

    /** Returns whether the current thread has the turn. */
    public boolean hasTurn() {
        return turn.isMine();
    }

    /** Returns whether an operation is under way. */
    public boolean isBusy() {
        return gate.isRunning();
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

    void requireIdle() {
        if (turn.isMine() && !session.isIdle() && !session.isPaused()) {
            throw new IllegalStateException("this connection is in the middle of an operation that calls this code;"
                    + " use another connection here");
        }
    }

    private void acquire(Call call, CallLimits limits) {
        requireIdle();
        while (true) {
            switch (turn.acquire(limits.lease(), call.deadline())) {
                case MINE -> {
                    keepUpFirst();
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

    /** Gives the turn back; whoever gives it away altogether does first what is due between two operations. */
    void release() {
        if (!turn.isHeldOnce()) {
            turn.release();
            return;
        }
        giveAway();
        while (isUpkeepDue() && turn.tryAcquire()) {
            // It may have become due when we had looked already, and who wanted it found the turn taken.
            if (!giveAway()) {
                break;
            }
        }
        watchIfWanted();
        listener.released();
    }

    private boolean giveAway() {
        try {
            boolean done = keepUp();
            if (closing) {
                sayGoodbye();
            }
            while (transport.hasBuffered() && wantsWatch()) {
                // What has been taken off the socket would not make it readable again.
                hearNow();
            }
            return done;
        } finally {
            turn.release();
        }
    }

    private boolean isUpkeepDue() {
        return session.isOpen() && listener.isUpkeepDue(session.transactionStatus());
    }

    /** What became due while the loop had the turn is done before anything else, so that the next call sees it. */
    private void keepUpFirst() {
        if (!turn.isHeldOnce() || !isUpkeepDue()) {
            return;
        }
        boolean failed = true;
        try {
            keepUp();
            failed = false;
        } finally {
            if (failed) {
                turn.release();
            }
        }
    }

    /** Runs what is due; returns false if it cannot be run now. The caller has the turn, and nothing under way. */
    private boolean keepUp() {
        if (closing || !isUpkeepDue() || !session.isIdle() || !turn.admitsUpkeep()) {
            return false;
        }
        Conversation<?> due = listener.upkeep();
        if (due == null) {
            return false;
        }
        Call call = new Call(CallLimits.CLEANUP);
        gate.awaitQuiet();
        try {
            converse(due, call);
        } catch (PgException e) {
            LOG.log(Level.DEBUG, "what was due between two operations failed", e);
        } finally {
            call.restoreInterrupt();
        }
        return true;
    }

    private void converse(Conversation<?> conversation, Exchange<?> exchange, Call call) {
        Throwable thrownByCaller = null;
        session.submit(exchange);
        try {
            while (!exchange.isDone() && !exchange.isPaused()) {
                boolean sent = traffic.send();
                if (exchange.isFull() || exchange.suspended() && sent) {
                    try {
                        conversation.feed();
                    } catch (RuntimeException | Error e) {
                        thrownByCaller = e;
                    }
                    traffic.receive();
                    heed(exchange, call);
                } else if (!exchange.isDone() && !exchange.isPaused()) {
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
            call.check(exchange.told());
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
            canceller.cancelOwn(exchange, call, Call.Reason.TIMEOUT);
        } else if (Thread.interrupted()) {
            call.interrupted();
            if (call.cancelsOnInterrupt()) {
                canceller.cancelOwn(exchange, call, Call.Reason.INTERRUPT);
            }
        } else if (canceller.hasCancelled() && !call.isCancelling() && exchange.stop()) {
            call.stopped(Call.Reason.REQUEST);
        }
    }

    private void await(Exchange<?> exchange, boolean sent, Call call) throws IOException {
        if (cut) {
            session.terminate();
            return;
        }
        if (transport.hasBuffered() && !call.isDue()) {
            traffic.receive();
            return;
        }
        int operations = sent ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        switch (waiting.await(operations, call.deadline())) {
            case READY -> traffic.receive();
            case INTERRUPTED -> {
                call.interrupted();
                if (call.cancelsOnInterrupt()) {
                    canceller.cancelOwn(exchange, call, Call.Reason.INTERRUPT);
                }
            }
            case TIMEOUT -> {
                if (call.isCancelling()) {
                    session.endOfStream(new IOException("the server did not obey a cancel request"));
                } else {
                    canceller.cancelOwn(exchange, call, Call.Reason.TIMEOUT);
                }
            }
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

    /**
     * Cancels what runs now, if anything does. What is run afterwards is never hit.
     *
     * @return false if nothing was running
     * @throws IOException if the request could not be sent
     */
    public boolean cancel() throws IOException {
        return canceller.cancel();
    }

    /** Asks the listener again whether to watch, and does what has become due, unless somebody is at it, who will. */
    public void refresh() {
        if (turn.tryAcquire()) {
            release();
        }
    }

    /** Takes what has arrived, without waiting, unless somebody is at it, who will. */
    public void hear() {
        if (turn.isMine() || !turn.tryAcquire()) {
            return;
        }
        try {
            do {
                hearNow();
            } while (session.isOpen() && transport.hasBuffered());
        } finally {
            release();
        }
    }

    /** Watches the connection while nobody uses it, so that what the server says unasked is heard at once. */
    private void watchIfWanted() {
        boolean wanted = wantsWatch();
        if (wanted == waiting.isWatched()) {
            return;
        }
        if (!wanted) {
            waiting.unwatch();
            return;
        }
        try {
            waiting.watch(this::readable);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "an idle connection cannot be watched any more", e);
        }
    }

    private boolean wantsWatch() {
        return session.isOpen() && !session.isFull() && listener.wantsWatch();
    }

    /** Returns whether the loop would hear now what comes unasked. */
    public boolean isWatched() {
        return waiting.isWatched();
    }

    /** Runs on the loop, where nothing may wait: hears what came unasked, unless a caller is at it. */
    private void readable() {
        if (!turn.tryAcquire()) {
            return;
        }
        boolean more = false;
        try {
            hearNow();
            more = session.isOpen() && transport.hasBuffered();
        } finally {
            if (closing) {
                sayGoodbye();
            }
            turn.release();
            if (more || isUpkeepDue()) {
                Thread.ofVirtual().name("howdah-events").start(this::hear);
            }
            watchIfWanted();
        }
    }

    private void hearNow() {
        try {
            if (session.isOpen()) {
                traffic.receive();
            }
        } catch (IOException e) {
            session.endOfStream(e);
        } catch (ProtocolException e) {
            LOG.log(Level.DEBUG, "the server broke the protocol while idle", e);
        }
        if (!session.isOpen()) {
            ended();
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
            boolean free = turn.tryAcquire();
            if (!free || !session.isIdle()) {
                cancelForClose();
            }
            if (!free) {
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
                traffic.send();
            }
        } catch (IOException e) {
            LOG.log(Level.TRACE, "the server had gone before the goodbye", e);
        }
        turn.endAnyLease();
        transport.close();
        waiting.close();
    }
}
