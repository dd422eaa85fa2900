package dev.howdah;

import dev.howdah.error.Delivery;
import dev.howdah.error.PgException;
import dev.howdah.error.QueryTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An operation of an asynchronous connection, and the stage that tells how it went. Cancelling it drops it if it has not
 * begun, and cancels on the server what it runs.
 *
 * @param <R> what it yields
 */
@SuppressWarnings("FutureReturnValueIgnored") // timers
final class AsyncOperation<R> extends CompletableFuture<R> implements Completions.Completion {

    /** Longer limits are none. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final AsyncLane lane;
    private final Kind kind;
    private final @Nullable Duration limit;
    private final Work<R> work;
    private final @Nullable Consumer<R> undo;
    /** Its place among all operations of the connection; given by the queue. */
    private long order;
    /** Since when it waits, as {@link System#nanoTime()}; 0 if it began at once. */
    private long waitingSince;

    private volatile @Nullable CompletableFuture<Void> timer;
    private volatile boolean begun;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable failure;
    private @Nullable R result;

    /** What an operation does. */
    @FunctionalInterface
    interface Work<R> {

        /**
         * Does it, on the connection's thread.
         *
         * @param left what is left of its time limit; null if it did not have to wait, or has no limit
         */
        @Nullable
        R run(PgConnection db, @Nullable Duration left);
    }

    /** How an operation gets its turn. */
    enum Kind {
        /** After those before it in its lane, when no transaction is open inside. */
        PLAIN,
        /** Likewise, but it ends the transactions that are open inside instead of waiting for them. */
        ENDS_INNER,
        /** As {@link #PLAIN}, and if its place has ended, that is as good. */
        CLOSE,
        /** As {@link #ENDS_INNER}, and if its place has ended, that is as good. */
        CLOSES_INNER,
        /** Another thread has the connection until it gives it back. */
        HOLD
    }

    /**
     * Makes one that waits for nothing yet.
     *
     * @param limit how long it may wait for its turn, or null
     * @param undo what to do with a result that comes too late, or null
     */
    AsyncOperation(AsyncLane lane, Kind kind, @Nullable Duration limit, Work<R> work, @Nullable Consumer<R> undo) {
        this.lane = lane;
        this.kind = kind;
        this.limit = limit == null || limit.compareTo(FOR_EVER) > 0 ? null : limit;
        this.work = work;
        this.undo = undo;
    }

    AsyncLane lane() {
        return lane;
    }

    Kind kind() {
        return kind;
    }

    boolean endsInner() {
        return kind == Kind.ENDS_INNER || kind == Kind.CLOSES_INNER;
    }

    long order() {
        return order;
    }

    void order(long given) {
        order = given;
    }

    /** Returns whether it has to be told when it has waited too long. */
    boolean isLimited() {
        return limit != null;
    }

    /** Notes that it has to wait for others. */
    void waiting() {
        waitingSince = System.nanoTime() | 1;
    }

    /** Has it expire if it does not begin in time. */
    void startTimer() {
        Duration allowed = limit;
        if (allowed == null) {
            return;
        }
        CompletableFuture<Void> started =
                new CompletableFuture<Void>().completeOnTimeout(null, allowed.toNanos(), TimeUnit.NANOSECONDS);
        timer = started;
        started.thenRun(() -> lane.queue().expire(this));
        if (begun) {
            started.cancel(false);
        }
    }

    /** Notes that it is not waiting any more. */
    void begin() {
        begun = true;
        CompletableFuture<Void> started = timer;
        if (started != null) {
            started.cancel(false);
        }
    }

    /** Does the work; what comes of it is kept for {@link #deliver}. Whoever has given it an outcome wants it no more. */
    void run(PgConnection db) {
        if (isDone()) {
            return;
        }
        Duration left = null;
        try {
            left = left();
            result = work.run(db, left);
        } catch (QueryTimeoutException e) {
            failure = e.timeout().equals(left) ? ofTheWhole(e) : e;
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** What was left of the limit is not what the caller has given. */
    private Throwable ofTheWhole(QueryTimeoutException ofTheRest) {
        return limit == null
                ? ofTheRest
                : new QueryTimeoutException(
                        limit,
                        ofTheRest.delivery(),
                        ofTheRest.getCause() instanceof PgException said ? said : ofTheRest);
    }

    private @Nullable Duration left() {
        if (limit == null || waitingSince == 0) {
            return null;
        }
        Duration left = limit.minusNanos(System.nanoTime() - waitingSince);
        if (left.isNegative() || left.isZero()) {
            throw timedOut();
        }
        return left;
    }

    private QueryTimeoutException timedOut() {
        return new QueryTimeoutException(limit == null ? Duration.ZERO : limit, Delivery.NOT_SENT, null);
    }

    /** Notes that its time passed before it began. */
    void expired() {
        failure = timedOut();
    }

    /** Notes that it cannot be run. */
    void refused(Throwable why) {
        if (kind != Kind.CLOSE && kind != Kind.CLOSES_INNER) {
            failure = why;
        }
    }

    @Override
    public void deliver() {
        Throwable thrown = failure;
        @Nullable R yielded = result;
        result = null;
        // Who cancels completes it himself, and maybe has not come to that.
        boolean wanted = !cancelled;
        if (thrown != null) {
            wanted = wanted && completeExceptionally(thrown);
        } else {
            wanted = wanted && complete(yielded);
        }
        if (!wanted && undo != null && yielded != null) {
            undo.accept(yielded);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (isDone()) {
            return isCancelled();
        }
        cancelled = true;
        lane.queue().abandon(this);
        return super.cancel(mayInterruptIfRunning);
    }
}
