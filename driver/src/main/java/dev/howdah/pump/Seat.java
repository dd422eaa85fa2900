package dev.howdah.pump;

import dev.howdah.error.PgException;
import dev.howdah.session.Exchange;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One request under way on a connection that several threads share. What is not final is written under the guard of the
 * {@link Sharing}.
 */
final class Seat {
    final Exchange<?> exchange;
    final Thread thread = Thread.currentThread();
    final long cancelsEnded;
    volatile boolean done;
    /** Until when its thread waits, as {@link System#nanoTime()}; {@link Long#MAX_VALUE} for ever. Written by that alone. */
    volatile long until = Long.MAX_VALUE;
    /** It is meant by a cancel request. */
    volatile boolean victim;
    /** Its thread wants it cancelled as soon as the server works on it. */
    boolean cancelAtHead;
    /** Its thread waits for it no more. */
    boolean abandoned;
    /** Why it could not be submitted. */
    @Nullable
    PgException refusal;

    Seat(Exchange<?> exchange, long cancelsEnded) {
        this.exchange = exchange;
        this.cancelsEnded = cancelsEnded;
    }

    /** Wakes the threads that have waited too long; returns as {@link Deadlines.Sleepers#wakeLate}. Under the guard. */
    static long wakeLate(Iterable<Seat> seats) {
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (Seat seat : seats) {
            long until = seat.abandoned ? Long.MAX_VALUE : seat.until;
            if (until != Long.MAX_VALUE && until - now <= 0) {
                LockSupport.unpark(seat.thread);
                until = now + Deadlines.AGAIN;
            }
            next = Deadlines.earlier(next, until);
        }
        return next;
    }
}
