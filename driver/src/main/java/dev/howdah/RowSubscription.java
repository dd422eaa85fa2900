package dev.howdah;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.error.InterruptedWaitException;
import dev.howdah.pump.Lease;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's run of a query, on a virtual thread of its own. All signals after the first come from that thread, with
 * no lock held; {@link #request} and {@link #cancel} may be called by any.
 *
 * @param <S> what comes from the server, a row for example
 * @param <T> what each becomes
 * @see <a href="https://github.com/reactive-streams/reactive-streams-jvm/blob/v1.0.4/README.md#specification">Reactive
 *     Streams</a>
 */
final class RowSubscription<S, T> implements Flow.Subscription {

    private static final Logger LOG = System.getLogger(RowSubscription.class.getName());

    private final Function<S, @Nullable T> mapping;
    private final Core core;
    private final Entrance entrance;
    private final Opening<S> opening;
    private final Thread thread;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.UNTOUCHABLE);
    private volatile Flow.@Nullable Subscriber<? super T> subscriber;
    /** Whose transaction it works for; of its own thread. */
    private @Nullable Lease transaction;

    private volatile boolean cancelled;
    private volatile @Nullable IllegalArgumentException refused;

    /**
     * Opens what the items come from.
     *
     * @param <S> an item
     */
    interface Opening<S> {
        /**
         * Opens it.
         *
         * @param lease of the transaction that it is part of, or null
         * @param shared called if it is going to be part of a transaction, before anything is sent
         */
        PulledItems<S> open(@Nullable Lease lease, Runnable shared);
    }

    /** What a cancel may do to the thread. */
    private enum Phase {
        /** Nothing: code of the user's runs, or a statement whose end would fail a transaction. */
        UNTOUCHABLE,
        /** Interrupt it: it waits for the connection, or for a page that nobody wants any more. */
        INTERRUPTIBLE,
        /** It has been done. */
        INTERRUPTED
    }

    /** How a wait for demand ended. */
    private enum Woken {
        ASKED,
        CANCELLED,
        CONNECTION_ENDED
    }

    RowSubscription(
            Flow.Subscriber<? super T> subscriber,
            Function<S, @Nullable T> mapping,
            Core core,
            Entrance entrance,
            Opening<S> opening) {
        this.subscriber = subscriber;
        this.mapping = mapping;
        this.core = core;
        this.entrance = entrance;
        this.opening = opening;
        this.thread = Thread.ofVirtual().name("howdah-publisher").unstarted(this::run);
    }

    /** Tells the subscriber and begins; the other signals come once that has returned. */
    void begin() {
        Flow.Subscriber<? super T> target = Objects.requireNonNull(subscriber);
        try {
            target.onSubscribe(this);
        } catch (RuntimeException | Error e) {
            failedSubscriber(e);
        }
        if (cancelled) {
            subscriber = null;
        } else {
            thread.start();
        }
    }

    @Override
    public void request(long rows) {
        if (rows > 0) {
            demand.getAndUpdate(before -> before > Long.MAX_VALUE - rows ? Long.MAX_VALUE : before + rows);
            LockSupport.unpark(thread);
        } else if (!cancelled && refused == null) {
            refused = new IllegalArgumentException(
                    "at least one row has to be requested, not " + rows + " (Reactive Streams 3.9)");
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        if (phase.compareAndSet(Phase.INTERRUPTIBLE, Phase.INTERRUPTED)) {
            thread.interrupt();
        } else {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        Flow.Subscriber<? super T> target = Objects.requireNonNull(subscriber);
        Runnable wake = () -> LockSupport.unpark(thread);
        core.events().atEnd(wake);
        try {
            Throwable failure = null;
            try {
                publish(target);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            end(target, failure);
        } finally {
            Lease admittedBy = transaction;
            if (admittedBy != null) {
                admittedBy.dismiss(thread);
            }
            core.events().notAtEnd(wake);
            subscriber = null;
        }
    }

    /** Gives rows as they are asked for. When it returns or throws, the portal is closed and the connection free. */
    private void publish(Flow.Subscriber<? super T> target) {
        if (await(true) == Woken.CANCELLED) {
            return;
        }
        try {
            interruptibly(true, this::enter);
            publishEntered(target);
        } finally {
            entrance.leave();
        }
    }

    private void enter() {
        Lease lease = entrance.enter();
        transaction = lease;
        if (lease != null) {
            lease.admit(thread);
        }
    }

    private void publishEntered(Flow.Subscriber<? super T> target) {
        AtomicReference<@Nullable PulledItems<S>> opened = new AtomicReference<>();
        interruptibly(transaction == null, () -> opened.set(opening.open(transaction, this::untouchable)));
        try (PulledItems<S> pages = Objects.requireNonNull(opened.get())) {
            if (pages.isShared()) {
                entrance.leave();
            }
            while (!cancelled) {
                if (pages.hasItem()) {
                    switch (await(!pages.isEnded())) {
                        case ASKED -> give(target, pages.take());
                        case CANCELLED -> {
                            return;
                        }
                        // Says what has become of the connection.
                        case CONNECTION_ENDED -> pages.fetch();
                    }
                } else if (pages.isEnded()) {
                    return;
                } else {
                    interruptibly(!pages.isShared(), pages::fetch);
                }
                if (pages.isEnded()) {
                    pages.close();
                    entrance.leave();
                }
            }
        }
    }

    private void give(Flow.Subscriber<? super T> target, S item) {
        T value = mapping.apply(item);
        if (value == null) {
            throw new ConversionException(
                    "a row is SQL NULL, which a publisher cannot give: publish rows or records instead",
                    Delivery.COMPLETED,
                    null);
        }
        if (demand.get() != Long.MAX_VALUE) {
            demand.decrementAndGet();
        }
        try {
            target.onNext(value);
        } catch (RuntimeException | Error e) {
            failedSubscriber(e);
        }
    }

    /**
     * Waits until a row is asked for.
     *
     * @param connected whether the connection is needed for what comes
     */
    private Woken await(boolean connected) {
        Woken woken = look(connected);
        if (woken != null) {
            return woken;
        }
        if (connected) {
            // While nobody asks for a row, a loss of the connection is noticed all the same.
            core.events().waiting(1);
        }
        try {
            woken = look(connected);
            while (woken == null) {
                LockSupport.park(this);
                woken = look(connected);
            }
            return woken;
        } finally {
            if (connected) {
                core.events().waiting(-1);
            }
        }
    }

    /** Returns what there is to do now, or null. */
    private @Nullable Woken look(boolean connected) {
        IllegalArgumentException wrong = refused;
        if (cancelled) {
            return Woken.CANCELLED;
        } else if (wrong != null) {
            throw wrong;
        } else if (demand.get() > 0) {
            return Woken.ASKED;
        } else if (connected && !core.session().isOpen()) {
            return Woken.CONNECTION_ENDED;
        } else if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedWaitException(Delivery.NOT_SENT, null);
        }
        return null;
    }

    /** Runs something that a cancel may interrupt; after a cancel, no code of the user's runs that an interrupt could hit. */
    private void interruptibly(boolean allowed, Runnable action) {
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

    /** From here on a cancel waits: it would fail the transaction that the query is part of. */
    private void untouchable() {
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
