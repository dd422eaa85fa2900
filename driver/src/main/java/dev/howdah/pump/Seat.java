package dev.howdah.pump;

import dev.howdah.error.PgException;
import dev.howdah.session.Exchange;
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
}
