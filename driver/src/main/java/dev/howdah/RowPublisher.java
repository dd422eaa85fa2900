package dev.howdah;

import dev.howdah.pump.CallLimits;
import dev.howdah.pump.Lease;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
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
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Lease mine = core.pump().leases().ofCurrentThread();
        Lease lease =
                mine != null || transaction == null || !core.pump().leases().isValid(transaction) ? mine : transaction;
        new RowSubscription<>(subscriber, mapping, core, lease, this::open).begin();
    }

    private Pages open(@Nullable Lease lease, Runnable shared) {
        return Pages.open(core, lease == null ? limits : limits.under(lease), fetchSize, query, shared);
    }
}
