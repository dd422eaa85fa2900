package dev.howdah.replication;

import dev.howdah.error.PgException;
import dev.howdah.pump.SubscriberThread;
import dev.howdah.pump.SubscriberThread.Woken;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a stream brings, for its one subscriber, as it is asked for.
 *
 * @param <T> an item
 */
final class StreamPublisher<T> implements Flow.Publisher<T> {

    /** How often to look, while nothing is asked for, whether the stream has ended. */
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(250);

    private final ReplicationStream stream;
    private final Supplier<? extends @Nullable T> next;
    private final Runnable close;
    private final Function<T, @Nullable RuntimeException> failure;

    private StreamPublisher(
            ReplicationStream stream,
            Supplier<? extends @Nullable T> next,
            Runnable close,
            Function<T, @Nullable RuntimeException> failure) {
        this.stream = stream;
        this.next = next;
        this.close = close;
        this.failure = failure;
    }

    /** Makes one of items that have come when they are given. */
    static <T> StreamPublisher<T> of(ReplicationStream stream, Supplier<? extends @Nullable T> next, Runnable close) {
        return of(stream, next, close, item -> null);
    }

    /**
     * Makes one.
     *
     * @param next waits for the next item; returns null at the end
     * @param close ends the stream, if it has not ended
     * @param failure returns what has failed while the subscriber read an item, null if nothing has
     */
    static <T> StreamPublisher<T> of(
            ReplicationStream stream,
            Supplier<? extends @Nullable T> next,
            Runnable close,
            Function<T, @Nullable RuntimeException> failure) {
        if (!stream.isPublishable()) {
            throw new IllegalStateException(
                    "a stream of a connection that is polled is read by who polls it, it has no publisher");
        }
        return new StreamPublisher<>(stream, next, close, failure);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        boolean first = stream.publish();
        new SubscriberThread<T>(subscriber, to -> publish(to, first)).begin();
    }

    private void publish(SubscriberThread<T> to, boolean first) {
        if (!first) {
            throw new IllegalStateException("the stream has a subscriber: it can be given to one only");
        }
        try {
            give(to);
        } catch (RuntimeException | Error e) {
            try {
                end();
            } catch (RuntimeException other) {
                e.addSuppressed(other);
            }
            throw e;
        }
        end();
    }

    private void end() {
        // What a cancel interrupted has ended; to end the stream must not be cut short.
        boolean interrupted = Thread.interrupted();
        try {
            close.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns whether somebody has stopped it, or it had ended before. */
    private boolean hasEnded() {
        if (stream.isOpen()) {
            return false;
        }
        PgException failed = stream.failure();
        if (failed != null) {
            throw new IllegalStateException("the stream has failed: " + failed.getMessage(), failed);
        }
        return stream.isOver();
    }

    private void give(SubscriberThread<T> to) {
        T here = null;
        while (true) {
            T waiting = here;
            Woken woken = to.await(() -> waiting == null && stream.isOver(), LOOK);
            if (woken == Woken.CANCELLED) {
                return;
            }
            if (here == null && hasEnded()) {
                return;
            }
            if (here == null) {
                AtomicReference<@Nullable T> taken = new AtomicReference<>();
                to.interruptibly(true, () -> taken.set(next.get()));
                here = taken.get();
            }
            if (here == null) {
                return;
            }
            if (woken == Woken.ASKED && !to.isCancelled()) {
                T given = here;
                here = null;
                to.give(given, () -> failure.apply(given));
            }
        }
    }
}
