package dev.howdah.pump;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryTimeoutException;
import dev.howdah.message.TransactionStatus;
import dev.howdah.session.Conversation;
import dev.howdah.session.Exchange;
import dev.howdah.session.Session;
import dev.howdah.session.SessionState;
import dev.howdah.session.Shareable;
import dev.howdah.transport.Dialed;
import dev.howdah.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Supplier;
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

    private final Session session;
    private final Transport transport;
    private final Waits waits;
    private final Waiting waiting;
    private final PumpListener listener;
    private final Turn turn = new Turn();
    private final Leases leases = new Leases(this, turn);
    private final CancelGate gate = new CancelGate();
    private final Traffic traffic;
    private final Canceller canceller;
    private final Runner runner;
    private final Sharing sharing;
    private final Listening listening;
    /** Somebody called close: whoever has the turn says goodbye when he gives it back. */
    private volatile boolean closing;

    private boolean lossReported;

    /**
     * Takes over a connection whose server is ready.
     *
     * @param waits how threads wait for it
     */
    public BlockingPump(Dialed dialed, PumpListener listener, Waits waits) {
        this.session = dialed.session();
        this.transport = dialed.transport();
        this.listener = listener;
        this.waits = waits;
        this.waiting = new Waiting(transport.channel(), waits);
        this.traffic = new Traffic(session, transport, this::heard);
        this.canceller = new Canceller(dialed, gate, waits);
        this.runner = new Runner(session, transport, waiting, traffic, canceller, this::ended);
        this.sharing =
                new Sharing(session, transport, waiting, traffic, turn, canceller, this::closeRest, this::abandoned);
        this.listening = new Listening(session, transport, waiting, traffic, listener, new ListeningHost());
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
        if (conversation instanceof Shareable<R> shareable && mayShare(shareable, limits)) {
            return runSharing(shareable, limits);
        }
        Call call = new Call(limits);
        try {
            acquire(call, limits);
            try {
                if (waits.apply()) {
                    canceller.awaitQuiet();
                }
                gate.open(call, session.isIdle());
                if (!conversation.continues()) {
                    canceller.begin();
                }
                try {
                    return runner.run(conversation, call);
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

    /** A thread that is alone reads its own answer, which is faster, unless it would wait for the loop anyway. */
    private boolean mayShare(Shareable<?> conversation, CallLimits limits) {
        return limits.lease() == null
                && session.isOpen()
                && session.transactionStatus() == TransactionStatus.IDLE
                && (waiting.isBesideLoop() || !turn.isFree() || sharing.isCrowded())
                && waits.letLoopRead()
                && !waits.apply()
                && !turn.isMine()
                && turn.leaseOfCurrentThread() == null
                && !isUpkeepDue()
                && conversation.mayShare();
    }

    private <R> R runSharing(Shareable<R> conversation, CallLimits limits) {
        requireIdle();
        Call call = new Call(limits);
        try {
            share(call);
            try {
                gate.open(call, true);
                try {
                    return sharing.run(conversation, call);
                } finally {
                    if (!call.hasAbandoned()) {
                        gate.close(true);
                    }
                }
            } finally {
                if (!call.hasAbandoned()) {
                    leave();
                }
            }
        } finally {
            call.restoreInterrupt();
        }
    }

    private void share(Call call) {
        if (Thread.currentThread().isInterrupted() && call.cancelsOnInterrupt()) {
            call.takeInterrupt();
            throw new InterruptedWaitException(Delivery.NOT_SENT, null);
        }
        if (!turn.tryShare()) {
            takeTurn(() -> turn.share(call.deadline()), call);
        }
    }

    private static void takeTurn(Supplier<Turn.Outcome> attempt, Call call) {
        while (true) {
            switch (attempt.get()) {
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

    private void abandoned() {
        gate.close(true);
        leave();
    }

    /** Shares the turn no more; the last to go sees to what is due between two operations. */
    private void leave() {
        if (turn.leave() && (closing || isUpkeepDue() || listening.isWanted() != waiting.isWatched())) {
            refresh();
        }
        listener.released();
    }

    /** Returns whether the current thread waits in the usual way, and may be parked: no hook waits in its place. */
    public boolean mayPark() {
        return !waits.apply();
    }

    /** Runs one exchange to its end; see {@link #run(Conversation, CallLimits)}. */
    public <R> R run(Exchange<R> exchange, CallLimits limits) {
        return run(Conversation.of(exchange), limits);
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
        if (turn.isMine() && !session.isIdle() && !session.isPaused() || sharing.isMine()) {
            throw new IllegalStateException("this connection is in the middle of an operation that calls this code;"
                    + " use another connection here");
        }
    }

    private void acquire(Call call, CallLimits limits) {
        requireIdle();
        takeTurn(() -> turn.acquire(limits.lease(), call.deadline()), call);
        keepUpFirst();
    }

    /** Takes the turn if nobody has it. */
    private boolean tryAcquire() {
        return !sharing.isMine() && turn.tryAcquire();
    }

    /** Gives the turn back; whoever gives it away altogether does first what is due between two operations. */
    void release() {
        if (!turn.isHeldOnce()) {
            turn.release();
            return;
        }
        giveAway();
        while (isUpkeepDue() && tryAcquire()) {
            // It may have become due when we had looked already, and who wanted it found the turn taken.
            if (!giveAway()) {
                break;
            }
        }
        listening.watchIfWanted();
        listener.released();
    }

    private boolean giveAway() {
        try {
            boolean done = keepUp();
            if (closing) {
                sayGoodbye();
            }
            while (transport.hasBuffered() && listening.isWanted()) {
                // What has been taken off the socket would not make it readable again.
                listening.hearNow();
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
        canceller.awaitQuiet();
        try {
            runner.run(due, call);
        } catch (PgException e) {
            LOG.log(Level.DEBUG, "what was due between two operations failed", e);
        } finally {
            call.restoreInterrupt();
        }
        return true;
    }

    /** Closes what is left of a connection that has ended, and tells the listener once. */
    private void ended() {
        turn.endAnyLease();
        closeRest();
    }

    private void closeRest() {
        transport.close();
        waiting.close();
        sharing.close();
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
        sharing.cancelHead();
        return canceller.cancel();
    }

    /**
     * Cancels likewise, and does not wait until the server has the request, which is repeated until the operation has ended.
     *
     * @return false if nothing was running
     */
    public boolean cancelLater() {
        sharing.cancelHead();
        return canceller.cancelLater();
    }

    /** Asks the listener again whether to watch, and does what has become due, unless somebody is at it, who will. */
    public void refresh() {
        listening.refresh();
    }

    /** Has what a stream says by itself sent now: here, or by whoever is at it. */
    public void nudge() {
        hear();
        waiting.nudge();
    }

    /** Takes what has arrived, without waiting, unless somebody is at it, who will. */
    public void hear() {
        if (!turn.isMine()) {
            listening.hear();
        }
    }

    /** Returns whether what comes unasked would be heard now. */
    public boolean isWatched() {
        return waiting.isWatched();
    }

    /**
     * Has the current thread watch the connection itself while nobody uses it, until it {@linkplain WatchingThread#leave() leaves}.
     *
     * @return null if it cannot: another one does, or it waits in a way of its own
     */
    public @Nullable WatchingThread watchHere() {
        return waits.apply() ? null : waiting.watchHere(listening::hear);
    }

    /**
     * Closes the connection. If an operation is under way it is cancelled; if that does not end it within {@code grace}, the connection is
     * cut, and the operation ends with a {@link ConnectionClosedException}. Does nothing if it is closed already.
     */
    public void close(Duration grace) {
        if (turn.isMine() || sharing.isMine()) {
            closing = true;
            return;
        }
        Call call = new Call(new CallLimits(grace, Interrupts.DEFER, null));
        try {
            boolean free = tryAcquire();
            if (!free) {
                sharing.endAll();
                sharing.cancelHead();
            }
            if (!free || !session.isIdle()) {
                canceller.cancelForClose(free);
            }
            if (!free) {
                closing = true;
                if (!turn.acquireIgnoringLease(call.deadline())) {
                    runner.cut();
                    sharing.cut();
                    return;
                }
            }
            closing = true;
            release();
        } finally {
            call.restoreInterrupt();
        }
    }

    /** What hearing needs of the pump. */
    private final class ListeningHost implements Listening.Host {
        @Override
        public boolean tryAcquire() {
            return BlockingPump.this.tryAcquire();
        }

        @Override
        public void release() {
            BlockingPump.this.release();
        }

        @Override
        public void releaseOnly() {
            if (closing) {
                sayGoodbye();
            }
            turn.release();
        }

        @Override
        public boolean isUpkeepDue() {
            return BlockingPump.this.isUpkeepDue();
        }

        @Override
        public void heard() {
            gate.settle(session.isIdle());
            if (!session.isOpen()) {
                ended();
            }
        }
    }

    private void heard() {
        listener.heard(listening.handsOn());
    }

    /** Gives the connection up, because its peer seems to be dead. */
    public void lose(IOException cause, CallLimits limits) {
        inTurn(limits, () -> {
            session.endOfStream(cause);
            ended();
        });
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
        sharing.close();
    }
}
