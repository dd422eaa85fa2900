package dev.howdah.pump;

import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What serves one subscriber: a virtual thread of its own that waits for what is to be given. All signals after the first come from
 * that thread, with no lock held; {@link #request} and {@link #cancel} may be called by any.
 *
 * @param <T> an item
 * @see <a href="https://github.com/reactive-streams/reactive-streams-jvm/blob/v1.0.4/README.md#specification">Reactive
 *     Streams</a>
 */
public final class SubscriberThread<T> implements Flow.Subscription {

    /** Waits without looking by itself whether it is over. */
    public static final long UNTIL_WOKEN = Long.MAX_VALUE;

    private static final Logger LOG = System.getLogger(SubscriberThread.class.getName());

    private final Source<T> source;
    private final Thread thread;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.UNTOUCHABLE);
    private volatile Flow.@Nullable Subscriber<? super T> subscriber;
    private volatile boolean cancelled;
    private volatile @Nullable IllegalArgumentException refused;

    /**
     * Where the items come from. All of it is called on the thread.
     *
     * @param <T> an item
     */
    public interface Source<T> {
        /**
         * Gives items as they are asked for. When it returns or throws, nothing is held any more; the subscriber is told of the end
         * then, unless it has cancelled.
         */
        void publish(SubscriberThread<T> to);

        /** Called when the subscriber has had its last signal. */
        default void ended(SubscriberThread<T> by) {}
    }

    /** What a cancel may do to the thread. */
    private enum Phase {
        /** Nothing: code of the user's runs, or something whose end would do harm. */
        UNTOUCHABLE,
        /** Interrupt it: it waits for the server, or the connection, for something that nobody wants any more. */
        INTERRUPTIBLE,
        /** It has been done. */
        INTERRUPTED
    }

    /** How a wait for demand ended. */
    public enum Woken {
        /** Something is asked for. */
        ASKED,
        /** Nothing is wanted any more. */
        CANCELLED,
        /** What was waited for otherwise has happened. */
        OVER
    }

    /** Makes one that has not begun. */
    public SubscriberThread(Flow.Subscriber<? super T> subscriber, Source<T> source) {
        this.subscriber = subscriber;
        this.source = source;
        this.thread = Thread.ofVirtual().name("howdah-publisher").unstarted(this::run);
    }

    /** Tells the subscriber and begins; the other signals come once that has returned. */
    public void begin() {
        Flow.Subscriber<? super T> target = Objects.requireNonNull(subscriber);
        try {
            target.onSubscribe(this);
        } catch (RuntimeException | Error e) {
            failedSubscriber(e);
        }
        // For who has cancelled already, too: something may have to be closed.
        thread.start();
    }

    @Override
    public void request(long items) {
        if (items > 0) {
            demand.getAndUpdate(before -> before > Long.MAX_VALUE - items ? Long.MAX_VALUE : before + items);
            wake();
        } else if (!cancelled && refused == null) {
            refused = new IllegalArgumentException(
                    "at least one item has to be requested, not " + items + " (Reactive Streams 3.9)");
            wake();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        if (phase.compareAndSet(Phase.INTERRUPTIBLE, Phase.INTERRUPTED)) {
            thread.interrupt();
        } else {
            wake();
        }
    }

    /** Has a wait for demand look again. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** Returns whether nothing is wanted any more. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Returns the thread. */
    public Thread thread() {
        return thread;
    }

    private void run() {
        Flow.Subscriber<? super T> target = Objects.requireNonNull(subscriber);
        try {
            Throwable failure = null;
            try {
                source.publish(this);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            end(target, failure);
        } finally {
            source.ended(this);
            subscriber = null;
        }
    }

    /** Gives an item that was asked for. */
    public void give(T item) {
        give(item, () -> null);
    }

    /**
     * Gives an item that was asked for, and that the subscriber reads from the source while it has it.
     *
     * @param failure returns what has failed there meanwhile, or null
     * @throws RuntimeException that failure, whatever the subscriber has made of it
     */
    public void give(T item, Supplier<@Nullable RuntimeException> failure) {
        if (demand.get() != Long.MAX_VALUE) {
            demand.decrementAndGet();
        }
        Throwable thrown = null;
        try {
            Objects.requireNonNull(subscriber).onNext(item);
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        } else if (thrown != null) {
            failedSubscriber(thrown);
        }
    }

    /**
     * Waits until an item is asked for.
     *
     * @param over what ends the wait otherwise
     * @param every how many nanoseconds pass before it is looked at again, if nobody wakes the thread
     * @throws IllegalArgumentException if the subscriber has asked for less than one
     * @throws InterruptedWaitException if somebody else has interrupted the thread
     */
    public Woken await(BooleanSupplier over, long every) {
        Woken woken = look(over);
        while (woken == null) {
            if (every == UNTIL_WOKEN) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, every);
            }
            woken = look(over);
        }
        return woken;
    }

    /** Returns what there is to do now, or null; throws as {@link #await} does. */
    public @Nullable Woken look(BooleanSupplier over) {
        IllegalArgumentException wrong = refused;
        if (cancelled) {
            return Woken.CANCELLED;
        } else if (wrong != null) {
            throw wrong;
        } else if (demand.get() > 0) {
            return Woken.ASKED;
        } else if (over.getAsBoolean()) {
            return Woken.OVER;
        } else if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedWaitException(Delivery.NOT_SENT, null);
        }
        return null;
    }

    /** Runs something that a cancel may interrupt; after a cancel, no code of the user's runs that an interrupt could hit. */
    public void interruptibly(boolean allowed, Runnable action) {
        phase.set(allowed ? Phase.INTERRUPTIBLE : Phase.UNTOUCHABLE);
        try {
            if (cancelled) {
                throw new InterruptedWaitException(Delivery.NOT_SENT, null);
            }
            action.run();
        } finally {
            phase.set(Phase.UNTOUCHABLE);
        }
    }

    /** From here on a cancel waits: it would do harm. */
    public void untouchable() {
        if (!phase.compareAndSet(Phase.INTERRUPTIBLE, Phase.UNTOUCHABLE) && phase.get() == Phase.INTERRUPTED) {
            throw new InterruptedWaitException(Delivery.NOT_SENT, null);
        }
    }

    private void end(Flow.Subscriber<? super T> target, @Nullable Throwable failure) {
        if (cancelled) {
            if (failure != null) {
                LOG.log(Level.DEBUG, "a cancelled subscription has ended", failure);
            }
            return;
        }
        IllegalArgumentException wrong = refused;
        try {
            if (wrong != null) {
                target.onError(wrong);
            } else if (failure != null) {
                target.onError(failure);
            } else {
                target.onComplete();
            }
        } catch (RuntimeException | Error e) {
            failedSubscriber(e);
        }
    }

    /** Who throws from a signal is cancelled, as Reactive Streams 2.13 says. */
    private void failedSubscriber(Throwable thrown) {
        cancelled = true;
        LOG.log(Level.ERROR, "a subscriber failed; its subscription is cancelled", thrown);
    }
}
