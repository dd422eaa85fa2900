package dev.howdah;

import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query for whoever subscribes: each subscriber has it run for itself.
 *
 * @param <T> what each row becomes
 */
final class RowPublisher<T> implements Flow.Publisher<T> {

    private final Core core;
    private final CallLimits limits;
    private final int fetchSize;
    private final PagedQuery query;
    private final Function<Row, @Nullable T> mapping;
    private final @Nullable Lease transaction;
    private final @Nullable Supplier<Entrance> entrances;

    /**
     * Makes a publisher. If the current thread is in a transaction, what is subscribed to elsewhere while that lasts
     * belongs to it, too.
     *
     * @param limits of each page
     * @param query opened once for each subscriber
     */
    RowPublisher(Core core, CallLimits limits, int fetchSize, PagedQuery query, Function<Row, @Nullable T> mapping) {
        this.core = core;
        this.limits = limits;
        this.fetchSize = fetchSize;
        this.query = query;
        this.mapping = mapping;
        this.transaction = core.pump().leases().ofCurrentThread();
        this.entrances = null;
    }

    private RowPublisher(RowPublisher<T> same, Supplier<Entrance> entrances) {
        this.core = same.core;
        this.limits = same.limits;
        this.fetchSize = same.fetchSize;
        this.query = same.query;
        this.mapping = same.mapping;
        this.transaction = null;
        this.entrances = entrances;
    }

    /**
     * Returns a publisher that lets its subscribers in one by one.
     *
     * @param publisher one of these
     * @param entrances gives one for each subscriber
     */
    static <T> Flow.Publisher<T> behind(Supplier<Entrance> entrances, Flow.Publisher<T> publisher) {
        return new RowPublisher<>((RowPublisher<T>) publisher, entrances);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new RowSubscription<>(subscriber, mapping, core, entrance(), this::open).begin();
    }

    private Entrance entrance() {
        if (entrances != null) {
            return entrances.get();
        }
        Lease mine = core.pump().leases().ofCurrentThread();
        return Entrance.open(
                mine != null || transaction == null || !core.pump().leases().isValid(transaction) ? mine : transaction);
    }

    private Pages open(@Nullable Lease lease, Runnable shared) {
        return Pages.open(core, lease == null ? limits : limits.under(lease), fetchSize, query, shared);
    }
}
