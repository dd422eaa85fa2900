package dev.howdah;

import dev.howdah.error.ConversionException;
import dev.howdah.error.Delivery;
import dev.howdah.pump.Lease;
import dev.howdah.pump.SubscriberThread;
import dev.howdah.pump.SubscriberThread.Woken;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's run of a query.
 *
 * @param <S> what comes from the server, a row for example
 * @param <T> what each becomes
 */
final class RowSubscription<S, T> implements SubscriberThread.Source<T> {

    private final Function<S, @Nullable T> mapping;
    private final Core core;
    private final Entrance entrance;
    private final Opening<S> opening;
    /** Whose transaction it works for; of its own thread. */
    private @Nullable Lease transaction;

    /** What the end of the connection does; of its own thread. */
    private @Nullable Runnable atEnd;

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

    RowSubscription(Function<S, @Nullable T> mapping, Core core, Entrance entrance, Opening<S> opening) {
        this.mapping = mapping;
        this.core = core;
        this.entrance = entrance;
        this.opening = opening;
    }

    /** Gives rows as they are asked for. When it returns or throws, the portal is closed and the connection free. */
    @Override
    public void publish(SubscriberThread<T> to) {
        Runnable wake = to::wake;
        atEnd = wake;
        core.events().atEnd(wake);
        if (await(to, true) == Woken.CANCELLED) {
            return;
        }
        try {
            to.interruptibly(true, () -> enter(to.thread()));
            publishEntered(to);
        } finally {
            entrance.leave();
        }
    }

    @Override
    public void ended(SubscriberThread<T> by) {
        Lease admittedBy = transaction;
        if (admittedBy != null) {
            admittedBy.dismiss(by.thread());
        }
        Runnable wake = atEnd;
        if (wake != null) {
            core.events().notAtEnd(wake);
        }
    }

    private void enter(Thread thread) {
        Lease lease = entrance.enter();
        transaction = lease;
        if (lease != null) {
            lease.admit(thread);
        }
    }

    private void publishEntered(SubscriberThread<T> to) {
        AtomicReference<@Nullable PulledItems<S>> opened = new AtomicReference<>();
        to.interruptibly(transaction == null, () -> opened.set(opening.open(transaction, to::untouchable)));
        try (PulledItems<S> pages = Objects.requireNonNull(opened.get())) {
            if (pages.admitsOthers()) {
                entrance.leave();
            }
            while (!to.isCancelled()) {
                if (pages.hasItem()) {
                    switch (await(to, !pages.isEnded())) {
                        case ASKED -> to.give(map(pages.take()));
                        case CANCELLED -> {
                            return;
                        }
                        // Says what has become of the connection.
                        case OVER -> pages.fetch();
                    }
                } else if (pages.isEnded()) {
                    return;
                } else {
                    to.interruptibly(!pages.isShared(), pages::fetch);
                }
                if (pages.isEnded()) {
                    pages.close();
                    entrance.leave();
                }
            }
        }
    }

    private T map(S item) {
        T value = mapping.apply(item);
        if (value == null) {
            throw new ConversionException(
                    "a row is SQL NULL, which a publisher cannot give: publish rows or records instead",
                    Delivery.COMPLETED,
                    null);
        }
        return value;
    }

    /**
     * Waits until a row is asked for.
     *
     * @param connected whether the connection is needed for what comes
     */
    private Woken await(SubscriberThread<T> to, boolean connected) {
        // A close may have been told of before whoever uses the connection just now has done and closes it.
        BooleanSupplier over =
                () -> connected && (!core.session().isOpen() || core.events().isTerminated());
        Woken woken = to.look(over);
        if (woken != null) {
            return woken;
        }
        if (!connected) {
            return to.await(over, SubscriberThread.UNTIL_WOKEN);
        }
        // While nobody asks for a row, a loss of the connection is noticed all the same.
        core.events().waiting(1);
        try {
            return to.await(over, SubscriberThread.UNTIL_WOKEN);
        } finally {
            core.events().waiting(-1);
        }
    }
}
