package dev.howdah.pump;

import dev.howdah.error.ProtocolException;
import dev.howdah.pump.Waiter.Woken;
import dev.howdah.session.Conversation;
import dev.howdah.session.Exchange;
import dev.howdah.session.Session;
import dev.howdah.transport.Transport;
import java.io.IOException;
import java.nio.channels.SelectionKey;

/** Runs conversations to their end on the thread that has the turn, and heeds the limits of its call. */
final class Runner {

    private final Session session;
    private final Transport transport;
    private final Waiting waiting;
    private final Traffic traffic;
    private final Canceller canceller;
    private final Runnable ended;
    /** The grace of a close has passed: whoever has the turn drops his operation. */
    private volatile boolean cut;

    private final Patience patience = new Patience();

    /**
     * Makes one.
     *
     * @param ended is run when the session has ended while one ran
     */
    Runner(
            Session session,
            Transport transport,
            Waiting waiting,
            Traffic traffic,
            Canceller canceller,
            Runnable ended) {
        this.session = session;
        this.transport = transport;
        this.waiting = waiting;
        this.traffic = traffic;
        this.canceller = canceller;
        this.ended = ended;
    }

    /** Has whoever runs something drop it, and end the session. */
    void cut() {
        cut = true;
        waiting.wakeup();
    }

    <R> R run(Conversation<R> conversation, Call call) {
        Exchange<?> exchange = conversation.next();
        if (exchange != null && conversation.continues()) {
            heed(conversation, exchange, call);
        }
        while (exchange != null) {
            converse(conversation, exchange, call);
            exchange = conversation.next();
            if (exchange != null && !exchange.isOptional() && session.isIdle() && isCancelled(call)) {
                throw call.betweenSteps();
            }
        }
        return conversation.result();
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
                    heed(conversation, exchange, call);
                } else if (!exchange.isDone() && !exchange.isPaused()) {
                    await(conversation, exchange, sent, call);
                }
            }
        } catch (IOException e) {
            broken(e);
        } catch (ProtocolException e) {
            ended.run();
            throw e;
        } catch (RuntimeException | Error e) {
            // Bytes are half sent or half read: nobody could use this connection.
            session.endOfStream(e);
            ended.run();
            throw e;
        }
        if (!session.isOpen()) {
            ended.run();
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

    private void broken(IOException cause) {
        session.endOfStream(cause);
        ended.run();
    }

    /** A request that met the server between two exchanges has hit nothing there. */
    private boolean isCancelled(Call call) {
        if (call.cancelsOnInterrupt()) {
            canceller.awaitQuiet();
            return canceller.hasCancelled();
        }
        return call.isCancelling();
    }

    /** Looks at the limits of a call that feeds its exchange, and so may never have to wait for the server. */
    private void heed(Conversation<?> conversation, Exchange<?> exchange, Call call) {
        if (exchange.isDone()) {
            return;
        }
        if (cut) {
            session.terminate();
        } else if (call.isDue() && !call.isCancelling()) {
            cancel(conversation, exchange, call, Call.Reason.TIMEOUT);
        } else if (Thread.interrupted()) {
            call.interrupted();
            if (call.cancelsOnInterrupt()) {
                cancel(conversation, exchange, call, Call.Reason.INTERRUPT);
            }
        } else if (canceller.hasCancelled() && !call.isCancelling() && exchange.stop()) {
            call.stopped(Call.Reason.REQUEST);
        }
    }

    /** Has a call end whose limits are reached. */
    private void cancel(Conversation<?> conversation, Exchange<?> exchange, Call call, Call.Reason reason) {
        if (!conversation.leave()) {
            canceller.cancelOwn(exchange, call, reason);
        }
    }

    private void await(Conversation<?> conversation, Exchange<?> exchange, boolean sent, Call call) throws IOException {
        if (cut) {
            session.terminate();
            return;
        }
        if (transport.hasBuffered() && !call.isDue()) {
            traffic.receive();
            return;
        }
        if (sent && mayLookFirst(call) && lookFirst()) {
            return;
        }
        int operations = sent ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        switch (await(operations, exchange, call)) {
            case READY -> traffic.receive();
            case INTERRUPTED -> {
                call.interrupted();
                if (call.cancelsOnInterrupt()) {
                    cancel(conversation, exchange, call, Call.Reason.INTERRUPT);
                }
            }
            case TIMEOUT -> {
                if (!call.isCancelling()) {
                    cancel(conversation, exchange, call, Call.Reason.TIMEOUT);
                } else if (call.isDue()) {
                    session.endOfStream(new IOException("the server did not obey a cancel request"));
                } else {
                    canceller.cancelOwnAgain(call);
                }
            }
        }
    }

    /** A server that never pauses must not keep a call from its limits, which the wait looks at; nor must a hook miss a wait. */
    private boolean mayLookFirst(Call call) {
        return !waiting.isHooked()
                && !call.isCancelling()
                && !call.isDue()
                && !Thread.currentThread().isInterrupted()
                && patience.isWorthwhile();
    }

    /** Looks before it waits; returns whether something has come. */
    private boolean lookFirst() throws IOException {
        boolean come = traffic.receive() > 0 || !session.isOpen();
        patience.tried(come);
        return come;
    }

    private Woken await(int operations, Exchange<?> exchange, Call call) throws IOException {
        if (call.hookHasFailed()) {
            return waiting.awaitUsually(operations, call.wakeUp());
        }
        try {
            return waiting.await(operations, call.wakeUp());
        } catch (HookFailedException e) {
            if (call.hookFailed(e)) {
                canceller.cancelOwn(exchange, call, Call.Reason.HOOK);
            }
            return Woken.READY;
        }
    }
}
