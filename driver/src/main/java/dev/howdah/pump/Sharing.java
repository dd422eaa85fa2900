package dev.howdah.pump;

import dev.howdah.error.ConnectionClosedException;
import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.session.Exchange;
import dev.howdah.session.Session;
import dev.howdah.session.Shareable;
import dev.howdah.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs conversations of many threads on one connection at once: each thread appends its request and sends it, the loop
 * reads the answers, in order, and wakes the thread that each is for. So the requests are pipelined on the wire.
 *
 * <p>Whoever runs here shares the turn; while anybody has it alone, nothing of this class touches the session.
 */
final class Sharing {

    private static final Logger LOG = System.getLogger(Sharing.class.getName());

    /** How often something is run again that a cancel request for another statement has hit. */
    private static final int MAX_RESTARTS = 100;

    /** Behind a request that the server has worked on for so long nothing more is sent. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** After so many requests without another beside them the connection is not crowded any more. */
    private static final int LONELY = 64;

    private final Session session;
    private final Transport transport;
    private final Waiting waiting;
    private final Traffic traffic;
    private final Turn turn;
    private final Canceller canceller;
    private final Runnable ended;
    private final Runnable left;

    /** Guards the session and what is below while the turn is shared. */
    private final ReentrantLock guard = new ReentrantLock();
    /** What has been submitted and not answered, in order. */
    private final ArrayDeque<Seat> seats = new ArrayDeque<>();
    /** What waits behind a request that takes long: it has not been submitted, and can be withdrawn. */
    private final ArrayDeque<Seat> held = new ArrayDeque<>();

    private final Deadlines deadlines = new Deadlines(this::wakeLate);
    /** Since when the server works on the first, as {@link System#nanoTime()}. */
    private long headSince;
    /** The loop found the guard taken: who has it reads. */
    private volatile boolean unread;
    /** The loop reads when there is something to read. */
    private volatile boolean armed;

    private boolean awaitingRoom;
    /** The connection is being closed. */
    private boolean closing;

    /** How many more requests make it count as crowded. */
    private volatile int crowd;

    /**
     * Makes one.
     *
     * @param ended is run under the guard when the session has ended
     * @param left is run when one who has abandoned his request has left the turn for it
     */
    Sharing(
            Session session,
            Transport transport,
            Waiting waiting,
            Traffic traffic,
            Turn turn,
            Canceller canceller,
            Runnable ended,
            Runnable left) {
        this.session = session;
        this.transport = transport;
        this.waiting = waiting;
        this.traffic = traffic;
        this.turn = turn;
        this.canceller = canceller;
        this.ended = ended;
        this.left = left;
        turn.whenAlone(this::awaitLoop);
    }

    /** Returns whether several threads have used the connection at the same time of late. */
    boolean isCrowded() {
        return crowd > 0;
    }

    /** Returns whether the current thread is in the middle of making a request. */
    boolean isMine() {
        return guard.isHeldByCurrentThread();
    }

    /**
     * Runs a conversation to its end. The caller shares the turn, and leaves it unless {@link Call#hasAbandoned()}.
     *
     * @throws PgException why it failed
     */
    <R> R run(Shareable<R> conversation, Call call) {
        int restarts = 0;
        boolean cancelled = false;
        while (true) {
            Seat seat = begin(conversation, call, cancelled);
            if (seat == null) {
                return result(conversation);
            }
            await(seat, call);
            if (seat.refusal != null) {
                throw seat.refusal;
            }
            if (isCollateral(seat, call) && restarts < MAX_RESTARTS) {
                restarts++;
                restart(conversation);
                continue;
            }
            if (!seat.exchange.isOptional()) {
                call.check(seat.exchange.failure());
            }
            cancelled |= seat.victim || call.isCancelling();
        }
    }

    private <R> R result(Shareable<R> conversation) {
        guard.lock();
        try {
            return conversation.result();
        } finally {
            unlock();
        }
    }

    private void restart(Shareable<?> conversation) {
        guarded(conversation::restart);
    }

    /**
     * A cancel request names a session, not a statement: it may have hit one behind the one it was meant for. What an optional
     * exchange belongs to has been done, and must not be done again.
     */
    private boolean isCollateral(Seat seat, Call call) {
        return seat.exchange.failure() instanceof QueryCanceledException
                && !seat.exchange.isOptional()
                && !seat.victim
                && !call.isCancelling()
                && canceller.begun() != seat.cancelsEnded;
    }

    /**
     * Submits the next exchange of a conversation, and sends what can be sent.
     *
     * @param cancelled a cancel request was meant for it; one that met the server between two steps has hit nothing there
     * @return null if there is none
     */
    private @Nullable Seat begin(Shareable<?> conversation, Call call, boolean cancelled) {
        guard.lock();
        try {
            Exchange<?> exchange = conversation.next();
            if (exchange == null) {
                return null;
            }
            if (cancelled && !exchange.isOptional()) {
                throw call.betweenSteps();
            }
            if (closing) {
                throw closed();
            }
            Seat seat = new Seat(exchange, canceller.ended());
            Seat head = seats.peekFirst();
            crowd = head == null ? Math.max(0, crowd - 1) : LONELY;
            if (head == null) {
                headSince = System.nanoTime();
                awaitingRoom = false;
            } else if (!held.isEmpty() || System.nanoTime() - headSince > LONG_NANOS) {
                held.add(seat);
                return seat;
            }
            submit(seat);
            return seat;
        } finally {
            unlock();
        }
    }

    private static ConnectionClosedException closed() {
        return new ConnectionClosedException("close() was called meanwhile", Delivery.NOT_SENT);
    }

    private void submit(Seat seat) {
        session.submit(seat.exchange);
        seats.add(seat);
        if (!armed) {
            arm();
        }
    }

    private void guarded(Runnable action) {
        guard.lock();
        try {
            action.run();
        } finally {
            unlock();
        }
    }

    /** Whoever is the last of those who want the guard now sends for all of them. */
    private void unlock() {
        try {
            if (!guard.hasQueuedThreads() && !seats.isEmpty()) {
                flush();
            }
        } finally {
            guard.unlock();
        }
        if (unread) {
            readUnread();
        }
    }

    private void flush() {
        if (awaitingRoom || !session.isOpen()) {
            return;
        }
        try {
            if (!traffic.send()) {
                awaitingRoom = true;
                waiting.inLoop().await(SelectionKey.OP_READ | SelectionKey.OP_WRITE, this::writable);
            }
        } catch (IOException | RuntimeException e) {
            broken(e);
        }
        settle();
    }

    /** Bytes are half sent or half read, or make no sense: nobody could use this connection. */
    private void broken(Exception cause) {
        LOG.log(Level.DEBUG, "a connection that threads share broke", cause);
        session.endOfStream(cause);
    }

    private void arm() {
        try {
            waiting.inLoop().read(this::readable);
            armed = true;
        } catch (IOException e) {
            session.endOfStream(e);
            settle();
        }
    }

    /** Runs on the loop, where nothing may wait. */
    private void writable() {
        if (guard.tryLock()) {
            try {
                awaitingRoom = false;
            } finally {
                unlock();
            }
            return;
        }
        // Whoever has the guard needs no longer than that.
        Thread.ofVirtual().name("howdah-writer").start(() -> guarded(() -> awaitingRoom = false));
    }

    /** Runs on the loop, where nothing may wait: takes what has arrived, or leaves it to who has the guard. */
    private void readable() {
        waiting.pauseReading();
        unread = true;
        readUnread();
    }

    private void readUnread() {
        if (!guard.tryLock()) {
            return;
        }
        try {
            if (!unread) {
                return;
            }
            unread = false;
            if (seats.isEmpty() && turn.isAlone() || !session.isOpen()) {
                // Who has the turn alone reads for himself.
                waiting.stopReading();
                armed = false;
                return;
            }
            arm();
            receive();
        } finally {
            unlock();
        }
    }

    private void receive() {
        try {
            do {
                traffic.receive();
            } while (session.isOpen() && transport.hasBuffered());
        } catch (IOException | RuntimeException e) {
            broken(e);
        }
        settle();
    }

    /** Wakes those whose requests have been answered, or never will be. */
    private void settle() {
        boolean any = false;
        for (Seat first = seats.peekFirst(); first != null && first.exchange.isDone(); first = seats.peekFirst()) {
            seats.removeFirst();
            any = true;
            first.done = true;
            if (first.abandoned) {
                Thread.ofVirtual().name("howdah-events").start(left);
            } else {
                LockSupport.unpark(first.thread);
            }
        }
        if (any) {
            headSince = System.nanoTime();
            release();
        }
        Seat head = seats.peekFirst();
        if (head != null && head.cancelAtHead && !head.victim) {
            head.victim = true;
            if (canceller.ask()) {
                canceller.passRepeatedly(() -> askAgainFor(head));
            }
        }
        if (!session.isOpen()) {
            ended.run();
        }
    }

    /** Asks whether a further cancel request may be sent; while the seat is not done nobody can get the turn alone. */
    private boolean askAgainFor(Seat seat) {
        guard.lock();
        try {
            return !seat.done && canceller.ask();
        } finally {
            unlock();
        }
    }

    /** Submits what was held, now that the server goes on. */
    private void release() {
        for (Seat next = held.pollFirst(); next != null; next = held.pollFirst()) {
            try {
                if (closing) {
                    throw closed();
                }
                submit(next);
            } catch (PgException e) {
                next.refusal = e;
                next.done = true;
                LockSupport.unpark(next.thread);
            }
        }
    }

    // Waiting for an answer

    private void await(Seat seat, Call call) {
        while (!seat.done) {
            if (Thread.interrupted()) {
                call.interrupted();
                if (call.cancelsOnInterrupt()) {
                    cancel(seat, call, Call.Reason.INTERRUPT);
                }
            } else if (call.isDue()) {
                if (call.isCancelling()) {
                    giveUp(seat);
                } else {
                    cancel(seat, call, Call.Reason.TIMEOUT);
                }
            } else {
                if (seat.until != call.deadline()) {
                    seat.until = call.deadline();
                    deadlines.note(call.deadline());
                }
                LockSupport.park(this);
            }
        }
    }

    /** Wakes those who have waited too long; on a thread that must not block, so another does it. */
    private long wakeLate(long now) {
        Thread.ofVirtual()
                .name("howdah-deadlines")
                .start(() -> guarded(() -> {
                    deadlines.note(Seat.wakeLate(seats));
                    deadlines.note(Seat.wakeLate(held));
                }));
        return Long.MAX_VALUE;
    }

    /**
     * Cancels a request that the server works on. One that has not been sent is withdrawn; one that waits behind another is
     * cancelled when its time comes, and this thread does not wait for that.
     */
    private void cancel(Seat seat, Call call, Call.Reason reason) {
        call.cancelling(reason, System.nanoTime() + Canceller.GRACE.toNanos());
        guard.lock();
        try {
            if (seat.done) {
                return;
            }
            if (held.remove(seat)) {
                throw call.gaveUp(Delivery.NOT_SENT);
            }
            seat.cancelAtHead = true;
            if (seats.peekFirst() != seat) {
                seat.abandoned = true;
                call.abandoned();
                throw call.gaveUp(Delivery.UNKNOWN);
            }
            settle();
        } finally {
            unlock();
        }
    }

    /** The server did not obey: nobody can use it. */
    private void giveUp(Seat seat) {
        guarded(() -> {
            if (!seat.done) {
                session.endOfStream(new IOException("the server did not obey a cancel request"));
                settle();
            }
        });
    }

    /** Notes that the request which the server works on now is meant by a cancel request. */
    void cancelHead() {
        guarded(() -> {
            Seat head = seats.peekFirst();
            if (head != null) {
                head.victim = true;
            }
        });
    }

    /** Has the loop read no more, for somebody has the turn alone; it may be reading just now. */
    private void awaitLoop() {
        if (!armed) {
            return;
        }
        guarded(() -> {
            waiting.stopReading();
            armed = false;
        });
    }

    /** Has no request begin any more, and those under way cancelled one after another. */
    void endAll() {
        guarded(() -> {
            closing = true;
            release();
            seats.forEach(seat -> seat.cancelAtHead = true);
            settle();
        });
    }

    /** Nobody waits any more. */
    void close() {
        deadlines.close();
    }

    /** Drops all requests, and ends the session. */
    void cut() {
        guarded(() -> {
            if (!seats.isEmpty()) {
                session.terminate();
                settle();
            }
        });
    }
}
