package dev.howdah;

import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import dev.howdah.pump.SubscriberThread;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query, or the data of a COPY, for whoever subscribes: each subscriber has it run for itself.
 *
 * @param <S> what comes from the server
 * @param <T> what each becomes
 */
final class RowPublisher<S, T> implements Flow.Publisher<T> {

    private final Core core;
    private final CallLimits limits;
    private final Opener<S> opener;
    private final Function<S, @Nullable T> mapping;
    private final @Nullable Lease transaction;
    private final @Nullable Supplier<Entrance> entrances;

    /**
     * Opens what the items come from, for each subscriber.
     *
     * @param <S> an item
     */
    interface Opener<S> {
        /**
         * Opens it.
         *
         * @param limits of the opening and of each fetch
         * @param shared called if it is going to be part of a transaction, before anything is sent
         */
        PulledItems<S> open(CallLimits limits, Runnable shared);
    }

    /**
     * Makes a publisher. If the current thread is in a transaction, what is subscribed to elsewhere while that lasts
     * belongs to it, too.
     *
     * @param limits of each page
     */
    RowPublisher(Core core, CallLimits limits, Opener<S> opener, Function<S, @Nullable T> mapping) {
        this.core = core;
        this.limits = limits;
        this.opener = opener;
        this.mapping = mapping;
        this.transaction = core.pump().leases().ofCurrentThread();
        this.entrances = null;
    }

    private RowPublisher(RowPublisher<S, T> same, Supplier<Entrance> entrances) {
        this.core = same.core;
        this.limits = same.limits;
        this.opener = same.opener;
        this.mapping = same.mapping;
        this.transaction = null;
        this.entrances = entrances;
    }

    /** Makes a publisher of the rows of a query. */
    static <T> RowPublisher<Row, T> of(
            Core core, CallLimits limits, int fetchSize, PagedQuery query, Function<Row, @Nullable T> mapping) {
        return new RowPublisher<>(
                core, limits, (within, shared) -> Pages.open(core, within, fetchSize, query, shared), mapping);
    }

    /**
     * Returns a publisher that lets its subscribers in one by one.
     *
     * @param publisher one of these
     * @param entrances gives one for each subscriber
     */
    static <T> Flow.Publisher<T> behind(Supplier<Entrance> entrances, Flow.Publisher<T> publisher) {
        return ((RowPublisher<?, T>) publisher).behind(entrances);
    }

    private RowPublisher<S, T> behind(Supplier<Entrance> others) {
        return new RowPublisher<>(this, others);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new SubscriberThread<>(subscriber, new RowSubscription<>(mapping, core, entrance(), this::open)).begin();
    }

    private Entrance entrance() {
        if (entrances != null) {
            return entrances.get();
        }
        Lease mine = core.pump().leases().ofCurrentThread();
        return Entrance.open(
                mine != null || transaction == null || !core.pump().leases().isValid(transaction) ? mine : transaction);
    }

    private PulledItems<S> open(@Nullable Lease lease, Runnable shared) {
        return opener.open(lease == null ? limits : limits.under(lease), shared);
    }
}
