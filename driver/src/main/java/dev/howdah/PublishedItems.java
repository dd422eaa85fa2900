package dev.howdah;

import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.error.QueryTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a publisher gives, one item after the other, on a thread that waits for it. No more is asked for than a few
 * items.
 *
 * @param <T> an item
 */
final class PublishedItems<T> implements Flow.Subscriber<T>, AutoCloseable {

    /** So many items may wait here. */
    private static final int AHEAD = 8;

    private final LinkedBlockingQueue<Signal<T>> signals = new LinkedBlockingQueue<>();
    private final Runnable atEnd = () -> signals.add(new Signal.Lost<>());
    private final Core core;
    private final long deadline;
    private final Duration timeout;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;

    private sealed interface Signal<T> {
        record Item<T>(T value) implements Signal<T> {}

        record Complete<T>() implements Signal<T> {}

        record Failed<T>(Throwable cause) implements Signal<T> {}

        /** The connection has ended. */
        record Lost<T>() implements Signal<T> {}
    }

    /**
     * Subscribes.
     *
     * @param core whose end ends a wait
     * @param deadline until when to wait, as {@link System#nanoTime()}, or {@link Long#MAX_VALUE}
     * @param timeout how long that was in all, null for ever
     */
    PublishedItems(Flow.Publisher<? extends T> publisher, Core core, long deadline, @Nullable Duration timeout) {
        this.core = core;
        this.deadline = deadline;
        this.timeout = timeout == null ? Duration.ZERO : timeout;
        core.events().atEnd(atEnd);
        core.events().waiting(1);
        try {
            publisher.subscribe(this);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given, "subscription");
        if (subscription != null || closed) {
            given.cancel();
            return;
        }
        subscription = given;
        given.request(AHEAD);
    }

    @Override
    public void onNext(T item) {
        Objects.requireNonNull(item, "item");
        if (closed) {
            return;
        }
        if (signals.size() > 2 * AHEAD) {
            closed = true;
            signals.add(new Signal.Failed<>(
                    new IllegalStateException("the publisher gives more than was asked for (Reactive Streams 1.1)")));
            cancel();
            return;
        }
        signals.add(new Signal.Item<>(item));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Signal.Failed<>(Objects.requireNonNull(cause, "cause")));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.Complete<>());
    }

    /**
     * Waits for the next item.
     *
     * @return null at the end, and when the connection has ended, which who uses that next is told
     * @throws Failure with what the publisher failed with
     * @throws Stopped if the time is up or the thread was interrupted; its flag is set again
     */
    @Nullable
    T next() throws Failure, Stopped {
        Signal<T> signal;
        try {
            signal = deadline == Long.MAX_VALUE
                    ? signals.take()
                    : signals.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped(new InterruptedWaitException(Delivery.REFUSED, e));
        }
        return switch (signal) {
            case Signal.Item<T> item -> {
                Flow.Subscription current = subscription;
                if (current != null) {
                    current.request(1);
                }
                yield item.value();
            }
            case Signal.Failed<T> failed -> throw new Failure(failed.cause());
            case Signal.Complete<T> complete -> null;
            case Signal.Lost<T> lost -> null;
            case null -> throw new Stopped(new QueryTimeoutException(timeout, Delivery.REFUSED, null));
        };
    }

    /** A publisher's failure. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(Throwable cause) {
            super(cause);
        }
    }

    /** It is not waited for any longer. */
    static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient RuntimeException reason;

        Stopped(RuntimeException reason) {
            super(reason);
            this.reason = reason;
        }

        /** Returns what the caller is told. */
        RuntimeException reason() {
            return reason;
        }
    }

    @Override
    public void close() {
        closed = true;
        core.events().notAtEnd(atEnd);
        core.events().waiting(-1);
        cancel();
    }

    private void cancel() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }
}
